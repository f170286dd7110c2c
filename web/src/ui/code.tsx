/* A block of source with its copy button. Colours come from a small scanner that knows comments,
 * strings and the words that several languages share: enough to read by, nothing to download. */

import type { ComponentChildren } from 'preact';
import { CopyButton } from './controls';
import { t } from '../strings';

const WORDS =
  'async|await|catch|char|class|const|def|defer|else|for|from|func|function|if|import|in|int|let|' +
  'long|main|namespace|new|null|NULL|package|print|private|public|return|size_t|static|std|' +
  'string|struct|throw|throws|try|using|var|void|while|with';

const TOKENS = new RegExp(
  [
    /(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/.source,
    /(?<comment>\/\*[\s\S]*?\*\/|(?<=^|\s)(?:\/\/|#(?!include))[^\n]*)/.source,
    `(?<word>(?<![-\\w])(?:${WORDS})(?![-\\w])|#include)`,
  ].join('|'),
  'g',
);

function highlighted(source: string) {
  const parts = [];
  let at = 0;
  for (const match of source.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups!).find(([, text]) => text !== undefined)![0];
    parts.push(source.slice(at, match.index), <span class={`code-${kind}`}>{match[0]}</span>);
    at = match.index + match[0].length;
  }
  parts.push(source.slice(at));
  return parts;
}

export function Code({
  source,
  label,
  children,
}: {
  source: string;
  label: string;
  children: ComponentChildren;
}) {
  return (
    <div class="code">
      <div class="code-head">
        <p class="hint">{children}</p>
        <CopyButton text={source} label={t.copyThing(label)} />
      </div>
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{highlighted(source)}</code>
      </pre>
    </div>
  );
}

/** One value to copy: an address, an id, a secret. It may be shown in a form that reads better. */
export function Value({ value, shown, label }: { value: string; shown?: string; label: string }) {
  return (
    <div class="value">
      <code>{shown ?? value}</code>
      <CopyButton text={value} label={t.copyThing(label)} />
    </div>
  );
}
