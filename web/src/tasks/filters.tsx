/* What narrows the list. Each change is a change of the address. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { useHere } from '../context';
import { go } from '../lib/router';
import { t } from '../strings';
import { Icon } from '../ui/icons';
import { nameOf } from '../ui/people';
import { canHaveTasks } from './assignees';
import {
  defaultSort,
  hasState,
  hasWho,
  isFiltered,
  STATES,
  withFilters,
  withoutFilters,
  type ListQuery,
  type Sort,
} from './query';

const TYPING_PAUSE = 250;

export function Filters({ list, search }: { list: ListQuery; search: URLSearchParams }) {
  const { people } = useHere();
  const change = (changes: Parameters<typeof withFilters>[1]) =>
    go(location.pathname + withFilters(search, changes), 'replace');
  const sorts: Sort[] =
    list.view === 'completed'
      ? ['completed_newest', 'deadline', 'title']
      : ['deadline', 'newest', 'title'];

  return (
    <div class="filters" role="search" aria-label={t.filters.label}>
      <SearchBox value={list.q} onChange={(q) => change({ q })} />
      {hasState(list.view) && (
        <Choice
          label={t.filters.state}
          value={list.state}
          onChange={(state) => change({ state })}
          options={[
            ['', t.filters.anyState],
            ...STATES.map((state) => [state, t.filters.states[state]] as const),
          ]}
        />
      )}
      {hasWho(list.view) && (
        <Choice
          label={t.filters.who}
          value={list.who}
          onChange={(who) => change({ who })}
          options={[
            ['', t.filters.anyone],
            ...[...people.values()]
              .filter((person) => canHaveTasks(person) || String(person.id) === list.who)
              .map((person) => [String(person.id), nameOf(person)] as const),
          ]}
        />
      )}
      <Choice
        label={t.filters.sort}
        value={list.sort}
        onChange={(sort) => change({ sort: sort === defaultSort(list.view) ? '' : sort })}
        options={sorts.map((sort) => [sort, t.filters.sorts[sort]] as const)}
      />
      {isFiltered(list) && <Chips list={list} search={search} change={change} />}
    </div>
  );
}

function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const later = (next: string, wait: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(next.trim()), wait);
  };
  return (
    <div class="search-box">
      <Icon name="search" />
      <input
        type="search"
        aria-label={t.filters.search}
        placeholder={t.filters.search}
        value={text}
        onInput={(event) => later(event.currentTarget.value, TYPING_PAUSE)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') later(text, 0);
        }}
      />
    </div>
  );
}

function Choice<T extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly (readonly [T, string])[];
}) {
  return (
    <select
      aria-label={label}
      title={label}
      class={value && options[0]?.[0] === '' ? 'active' : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as T)}
    >
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  );
}

function Chips({
  list,
  search,
  change,
}: {
  list: ListQuery;
  search: URLSearchParams;
  change: (changes: Parameters<typeof withFilters>[1]) => void;
}) {
  const { people } = useHere();
  const person = people.get(Number(list.who));
  const chips = [
    list.q && (['q', t.filters.chipText(list.q)] as const),
    list.state && (['state', t.filters.states[list.state]] as const),
    list.who && (['who', person ? nameOf(person) : list.who] as const),
  ].filter((chip) => !!chip);
  return (
    <ul class="chips" aria-label={t.filters.active}>
      {chips.map(([name, words]) => (
        <li key={name}>
          <button
            type="button"
            class="chip"
            aria-label={t.filters.remove(words)}
            onClick={() => change({ [name]: '' })}
          >
            {words}
            <Icon name="close" />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          class="chip clear"
          onClick={() => go(location.pathname + withoutFilters(search), 'replace')}
        >
          {t.clear}
        </button>
      </li>
    </ul>
  );
}
