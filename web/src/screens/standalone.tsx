/* A page outside any organization: one card in the middle. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useTitle } from '../context';
import { t } from '../strings';
import { Logo } from '../ui/icons';

export function Standalone({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: string;
  children: ComponentChildren;
}) {
  useTitle(title);
  const main = useRef<HTMLElement>(null);
  useEffect(() => main.current?.querySelector('input')?.focus(), []);
  return (
    <main class="standalone" ref={main}>
      <p class="brand">
        <Logo />
        <span>{t.appName}</span>
      </p>
      <div class="card">
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </div>
    </main>
  );
}
