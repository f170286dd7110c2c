/* Who did what: the organization's log for its administrators, one's own for everybody else. */

import { activity as api, type ActivityRow } from '../api';
import { useHere, useTitle } from '../context';
import { useLoad } from '../lib/load';
import { changeQuery, go, usePlace } from '../lib/router';
import { fromLocalInput } from '../lib/time';
import { t } from '../strings';
import { Arriving, Empty } from '../ui/feedback';
import { Field, SelectField } from '../ui/form';
import { Icon } from '../ui/icons';
import { ListFoot, pageIn } from '../ui/pager';
import { Avatar, nameOf } from '../ui/people';
import { When } from '../ui/time';

/** The filters as the address has them. */
type Filter = 'person' | 'kind' | 'from' | 'to';


export function Activity() {
  const { org, isAdmin } = useHere();
  const { query } = usePlace();
  const filter = (name: Filter) => query.get(name) ?? '';
  const asked = {
    page: pageIn(query),
    actor_id: filter('person'),
    type: filter('kind'),
    created_after: filter('from') && fromLocalInput(`${filter('from')}T00:00:00`),
    created_before: filter('to') && fromLocalInput(`${filter('to')}T23:59:59`),
  };
  const rows = useLoad(() => api.list(org.id, asked), [org.id, JSON.stringify(asked)]);
  useTitle(t.activity.title);

  return (
    <>
      <header class="page-head">
        <h1>{t.activity.title}</h1>
      </header>
      <p class="lead">{isAdmin ? t.activity.lead : t.activity.leadOwn}</p>
      <Filters filter={filter} query={query} />
      <Arriving what={rows} rows={6} />
      {rows.data?.items.length === 0 && <Empty icon="list" title={t.activity.empty} />}
      {rows.data && rows.data.items.length > 0 && (
        <div class="panel" aria-busy={rows.loading}>
          <ul class="activity">
            {rows.data.items.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
          <ListFoot listed={rows.data} search={query} />
        </div>
      )}
    </>
  );
}

function Filters({
  filter,
  query,
}: {
  filter: (name: Filter) => string;
  query: URLSearchParams;
}) {
  const { isAdmin, people } = useHere();
  const set = (name: Filter) => (value: string) =>
    go(location.pathname + changeQuery(query, { [name]: value, page: '' }), 'replace');
  const day = (name: 'from' | 'to') => (
    <Field label={t.activity[name]}>
      {(wiring) => (
        <input
          {...wiring}
          type="date"
          value={filter(name)}
          onInput={(event) => set(name)(event.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <search class="activity-filters" aria-label={t.activity.filter}>
      {isAdmin && (
        <SelectField
          label={t.activity.person}
          value={filter('person')}
          onInput={set('person')}
          options={[
            ['', t.activity.anyone],
            ...[...people.values()].map((one) => [String(one.id), nameOf(one)] as const),
          ]}
        />
      )}
      <SelectField
        label={t.activity.kind}
        value={filter('kind')}
        onInput={set('kind')}
        options={[['', t.activity.anything], ...Object.entries(t.activity.kinds)]}
      />
      {day('from')}
      {day('to')}
    </search>
  );
}

function Row({ row }: { row: ActivityRow }) {
  const actor = row.actor?.[0];
  return (
    <li>
      {actor ? (
        <Avatar person={{ ...actor, id: row.actor_id?.[0] ?? 0 }} />
      ) : (
        <span class="avatar more" aria-hidden="true">
          <Icon name="settings" />
        </span>
      )}
      <p>
        {row.description}
        <span class="hint">
          <When iso={row.created_at} />
        </span>
      </p>
    </li>
  );
}
