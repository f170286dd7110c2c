/* A moment in words, with the exact one on hover. */

import { ago, exactly } from '../lib/time';

export function When({ iso, words }: { iso: string; words?: string }) {
  return (
    <time dateTime={iso} title={exactly(iso)}>
      {words ?? ago(iso)}
    </time>
  );
}
