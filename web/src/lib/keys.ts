/* Keyboard shortcuts: single letters, and "g" followed by one. They can be switched off, for people
 * who dictate or whose keyboard sends letters by itself. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { recall, remember } from './storage';

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const PREFIX = 'g';
const PREFIX_WAIT = 1500;

export const shortcutsEnabled = () => recall('shortcuts') !== 'off';
export const enableShortcuts = (on: boolean) => remember('shortcuts', on ? 'on' : 'off');

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

let prefixedAt = -PREFIX_WAIT;

export function useShortcuts(shortcuts: Shortcuts) {
  const current = useRef(shortcuts);
  current.current = shortcuts;

  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]')) return;
      const isEscape = event.key === 'Escape';
      if (!isEscape && (isTyping(event.target) || !shortcutsEnabled())) return;
      const prefixed = event.timeStamp - prefixedAt < PREFIX_WAIT;
      const act = current.current[prefixed ? `${PREFIX} ${event.key}` : event.key];
      if (act) {
        event.preventDefault();
        prefixedAt = -PREFIX_WAIT;
        act(event);
      } else if (event.key === PREFIX) prefixedAt = event.timeStamp;
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
