/* Under a list that has several pages: the ones beside this. The number is in the address. */

import type { Page } from '../api';
import { changeQuery } from '../lib/router';
import { t } from '../strings';
import { ButtonLink } from './controls';

export const pageIn = (search: URLSearchParams) => Math.max(1, Number(search.get('page')) || 1);

export function Pager({
  search,
  page,
  pages,
}: {
  search: URLSearchParams;
  page: number;
  pages: number;
}) {
  if (pages <= 1) return null;
  const link = (to: number, words: string) =>
    to >= 1 &&
    to <= pages && (
      <ButtonLink
        href={location.pathname + changeQuery(search, { page: to > 1 ? String(to) : '' })}
      >
        {words}
      </ButtonLink>
    );
  return (
    <nav class="pager" aria-label={t.pages}>
      {link(page - 1, t.previous)}
      {link(page + 1, t.next)}
    </nav>
  );
}

/** How much of a list this page of it is, and the way to the rest. */
export function ListFoot({ listed, search }: { listed: Page<unknown>; search: URLSearchParams }) {
  const { items, total, page, pages } = listed;
  // The last page may be shorter than the others.
  const from = page < pages ? (page - 1) * items.length + 1 : total - items.length + 1;
  return (
    <footer class="list-foot">
      <span>{t.range(from, from + items.length - 1, total)}</span>
      <Pager search={search} page={page} pages={pages} />
    </footer>
  );
}
