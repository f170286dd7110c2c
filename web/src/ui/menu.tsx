/* A button that opens a small list beside it: links and buttons, reached with Tab or the arrows. */

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons';

export function Menu({
  label,
  button,
  children,
  buttonClass = 'icon-button',
  align = 'end',
}: {
  /** For a button that shows a picture only; otherwise its words name it. */
  label?: string;
  button: ComponentChildren;
  children: (close: () => void) => ComponentChildren;
  buttonClass?: string;
  align?: 'start' | 'end';
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);

  // Before the next key can arrive, so that fast typists meet the list and not the button.
  useLayoutEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close();
    };
    document.addEventListener('mousedown', outside);
    document.addEventListener('focusin', outside);
    root.current?.querySelector<HTMLElement>('.menu-list :is(a, button)')?.focus();
    return () => {
      document.removeEventListener('mousedown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
      opener.current?.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [
      ...root.current!.querySelectorAll<HTMLElement>('.menu-list :is(a, button)'),
    ];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };

  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={opener}
        class={buttonClass}
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && <div class={`menu-list ${align}`}>{children(close)}</div>}
    </div>
  );
}

/** One thing that can be done from a menu. */
export interface Entry {
  icon: IconName;
  words: string;
  act: () => void;
}

/** What can be done with one thing, behind three dots. */
export function ActionMenu({ label, entries }: { label: string; entries: Entry[] }) {
  return (
    <Menu label={label} button={<Icon name="more" />}>
      {(close) =>
        entries.map(({ icon, words, act }) => (
          <button
            key={words}
            type="button"
            onClick={() => {
              close();
              act();
            }}
          >
            <Icon name={icon} />
            {words}
          </button>
        ))
      }
    </Menu>
  );
}
