/* What is shown when the link of a mail cannot be used. */

import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api';
import { entry } from '../strings-entry';
import { fieldError } from '../ui/form';
import { Standalone } from './standalone';

/** The server's words about the link, if it was the link that was refused. */
export const linkError = (error: ApiError | undefined) => fieldError(error, 'token');

export function BrokenLink({
  why = entry.link.missing,
  title = entry.link.brokenTitle,
  children,
}: {
  why?: string;
  title?: string;
  children?: ComponentChildren;
}) {
  return (
    <Standalone title={title} lead={why}>
      {children}
    </Standalone>
  );
}
