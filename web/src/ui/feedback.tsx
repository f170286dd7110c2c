/* What a view shows when there is nothing, when something went wrong, and while it waits. */

import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api';
import type { Loaded } from '../lib/load';
import { t } from '../strings';
import { Button } from './controls';
import { Icon, type IconName } from './icons';

/** The server's own sentence where it has one for people; ours where it has none. */
export function inWords(error: ApiError): string {
  if (error.status === 0) return t.errors.offline;
  if (error.code === 'UNAUTHENTICATED') return t.errors.signedOut;
  if (error.status >= 500) return t.errors.server;
  if (error.status === 404) return t.errors.notFound;
  if (error.status === 422 && Object.keys(error.errors).length) return t.errors.invalid;
  return error.message || t.errors.other(error.status);
}

/** What readers can put right by themselves needs no number to report. */
const isToReport = (error: ApiError) => ![401, 422, 429].includes(error.status);

export function Problem({
  error,
  retry,
  details = [],
}: {
  error: ApiError;
  retry?: () => void;
  details?: string[];
}) {
  return (
    <div class="problem" role="alert" tabIndex={-1}>
      <Icon name="alert" />
      <div>
        <p>{inWords(error)}</p>
        {details.length > 0 && (
          <ul>
            {details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        )}
        {error.requestId && isToReport(error) && (
          <p class="request-id">{t.requestId(error.requestId)}</p>
        )}
        {retry && (
          <Button onClick={retry} icon="reopen">
            {t.tryAgain}
          </Button>
        )}
      </div>
    </div>
  );
}

export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="empty-mark">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Note({
  kind = 'info',
  children,
}: {
  kind?: 'info' | 'warning' | 'good';
  children: ComponentChildren;
}) {
  return (
    <div class={`note ${kind}`}>
      <Icon name={kind === 'good' ? 'check' : 'alert'} />
      <div>{children}</div>
    </div>
  );
}

export function Skeleton({ rows }: { rows: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton-row" />
      ))}
    </div>
  );
}

/** In place of what is not there yet: that it is on its way, or why it is not. */
export function Arriving<T>({ what, rows }: { what: Loaded<T>; rows: number }) {
  if (what.error) return <Problem error={what.error} retry={what.reload} />;
  return what.data === undefined ? <Skeleton rows={rows} /> : null;
}

export function Badge({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'good' | 'warning' | 'danger' | 'accent';
  children: ComponentChildren;
}) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
