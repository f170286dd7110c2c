/* Rows with columns, or cards where columns would not fit: each value then follows the name of its
 * column. The first column names the row. */

import type { ComponentChildren } from 'preact';
import { t } from '../strings';
import './table.css';

export interface Column<R> {
  title: string;
  cell: (row: R) => ComponentChildren;
}

export type Columns<R> = [Column<R>, ...Column<R>[]];

export function Table<R extends { id: string | number }>({
  labelledBy,
  columns: [first, ...others],
  rows,
  actions,
}: {
  /** The id of the heading that says what this is. */
  labelledBy: string;
  columns: Columns<R>;
  rows: R[];
  /** What can be done with a row, if anything. */
  actions?: (row: R) => ComponentChildren;
}) {
  return (
    <div class="table-frame" role="region" aria-labelledby={labelledBy} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[first, ...others].map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {actions && (
              <th scope="col">
                <span class="visually-hidden">{t.moreActions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{first.cell(row)}</th>
              {others.map(({ title, cell }) => (
                <td key={title} data-label={title}>
                  {cell(row)}
                </td>
              ))}
              {actions && <td class="row-actions">{actions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
