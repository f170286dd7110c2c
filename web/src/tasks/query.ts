/* The address of a task list, and what it asks of the API. */

import { changeQuery } from '../lib/router';

export const VIEWS = ['mine', 'everyone', 'unassigned', 'completed', 'archived'] as const;
export type View = (typeof VIEWS)[number];

export const STATES = ['overdue', 'due_soon', 'hasproblem'] as const;
export type State = (typeof STATES)[number];

const SORTS = ['deadline', 'newest', 'title', 'completed_newest'] as const;
export type Sort = (typeof SORTS)[number];

const PER_PAGE = 50;

export interface ListQuery {
  view: View;
  q: string;
  state: State | '';
  who: string;
  sort: Sort;
  page: number;
}

const oneOf = <T extends string>(known: readonly T[], value: string | null): T | undefined =>
  known.find((one) => one === value);

export const defaultSort = (view: View): Sort =>
  view === 'completed' ? 'completed_newest' : view === 'archived' ? 'newest' : 'deadline';

/** What a list of this view can be narrowed by; the API has no more for it. */
export const hasState = (view: View) => view !== 'completed' && view !== 'archived';
export const hasWho = (view: View) => view !== 'mine' && view !== 'unassigned';

export function readQuery(search: URLSearchParams): ListQuery {
  const view = oneOf(VIEWS, search.get('view')) ?? 'mine';
  return {
    view,
    q: search.get('q') ?? '',
    state: (hasState(view) && oneOf(STATES, search.get('state'))) || '',
    who: (hasWho(view) && search.get('who')) || '',
    sort: oneOf(SORTS, search.get('sort')) ?? defaultSort(view),
    page: Math.max(1, Number(search.get('page')) || 1),
  };
}

export const isFiltered = (list: ListQuery) => Boolean(list.q || list.state || list.who);

/** A change of filters starts again at the first page. */
export const withFilters = (
  search: URLSearchParams,
  changes: Partial<Record<'q' | 'state' | 'who' | 'sort', string>>,
) => changeQuery(search, { ...changes, page: '' });

export const withoutFilters = (search: URLSearchParams) =>
  withFilters(search, { q: '', state: '', who: '' });

export const withView = (view: View) => (view === 'mine' ? '' : `?view=${view}`);

export function request(list: ListQuery) {
  const common = { q: list.q, sort: list.sort, page: list.page, per_page: PER_PAGE };
  const open = list.state || 'active';
  switch (list.view) {
    case 'mine':
      return { path: '/me/tasks', query: { ...common, status: open } } as const;
    case 'everyone':
      return {
        path: '/tasks',
        query: { ...common, status: open, owners: list.who },
      } as const;
    case 'unassigned':
      return { path: '/tasks', query: { ...common, status: open, unassigned: true } } as const;
    case 'completed':
      return {
        path: '/tasks',
        query: { ...common, status: 'completed', owners: list.who },
      } as const;
    case 'archived':
      return {
        path: '/tasks',
        query: { ...common, status: 'all', archived: 'only', owners: list.who },
      } as const;
  }
}

/** The same list with nothing filtered out, only to count it. */
export function unfilteredCount(list: ListQuery) {
  const { path, query } = request({ ...list, q: '', state: '', who: '', page: 1 });
  return { path, query: { ...query, per_page: 1 } };
}

/** The numbers of the tasks on a page, for “51–100 of 124”. */
export const rangeOf = (page: number, count: number): [number, number] => [
  (page - 1) * PER_PAGE + 1,
  (page - 1) * PER_PAGE + count,
];
