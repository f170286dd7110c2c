/* A page outside any organization: one card in the middle. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useTitle } from '../context';
import { t } from '../strings';
import { Skeleton } from '../ui/feedback';
import { Logo } from '../ui/icons';
import { Sentence } from '../ui/names';

const TEXT_FIELD = 'input:not([type=checkbox], [type=radio], [type=hidden])';

export function Standalone({
  title,
  lead,
  wide,
  children,
}: {
  title: string;
  lead?: string;
  wide?: boolean;
  children?: ComponentChildren;
}) {
  useTitle(title);
  const main = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  // A form begins in its first field to write into. Anything else, and every page that takes the
  // place of another, is read from its heading.
  useEffect(() => {
    const field = main.current?.querySelector<HTMLElement>(TEXT_FIELD);
    (field ?? heading.current)?.focus();
  }, [title]);

  return (
    <main class="standalone" ref={main}>
      <p class="brand">
        <Logo />
        <span>{t.appName}</span>
      </p>
      <div class={wide ? 'card wide' : 'card'}>
        <h1 ref={heading} tabIndex={-1}>
          <Sentence text={title} />
        </h1>
        {lead && (
          <p class="lead">
            <Sentence text={lead} />
          </p>
        )}
        {children}
      </div>
    </main>
  );
}

export function Waiting({ children = <Skeleton rows={4} /> }: { children?: ComponentChildren }) {
  return <div class="waiting">{children}</div>;
}
