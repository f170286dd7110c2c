/* Short messages about what just happened, and the live region that speaks them. */

import { useEffect, useState } from 'preact/hooks';
import { t } from '../strings';
import { IconButton } from './controls';

export interface Toast {
  text: string;
  kind?: 'done' | 'problem';
  action?: { label: string; run: () => void };
}

type Shown = Toast & { id: number };

const DONE_FOR = 8000;
const MOST = 3;

let shown: Shown[] = [];
let spoken = '';
let nextId = 1;
let redraw: () => void = () => {};

export function toast(message: Toast) {
  const id = nextId++;
  shown = [...shown, { ...message, id }].slice(-MOST);
  redraw();
  return () => dismiss(id);
}

/** Says something to screen readers only. */
export function announce(text: string) {
  // The same words again would be no change, and not spoken.
  spoken = text === spoken ? `${text}\u00a0` : text;
  redraw();
}

function dismiss(id: number) {
  shown = shown.filter((one) => one.id !== id);
  redraw();
}

function ToastView({ message }: { message: Shown }) {
  const [held, setHeld] = useState(false);
  // A problem stays until it is closed; a success leaves, but not while it is reached for.
  useEffect(() => {
    if (held || message.kind === 'problem') return;
    const timer = setTimeout(() => dismiss(message.id), DONE_FOR);
    return () => clearTimeout(timer);
  }, [held]);

  return (
    <div
      class={`toast ${message.kind ?? 'done'}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span class="toast-text">{message.text}</span>
      {message.action && (
        <button
          type="button"
          class="toast-action"
          onClick={() => {
            dismiss(message.id);
            message.action!.run();
          }}
        >
          {message.action.label}
        </button>
      )}
      <IconButton icon="close" label={t.dismiss} onClick={() => dismiss(message.id)} />
    </div>
  );
}

export function Toasts() {
  const [, setVersion] = useState(0);
  useEffect(() => {
    redraw = () => setVersion((version) => version + 1);
    redraw();
  }, []);
  return (
    <>
      <div class="toasts" role="status" aria-label={t.messages}>
        {shown.map((message) => (
          <ToastView key={message.id} message={message} />
        ))}
      </div>
      <div class="visually-hidden" aria-live="polite">
        {spoken}
      </div>
    </>
  );
}
