/* A window over the page. The browser's own dialog keeps focus inside, closes on Escape and makes
 * the page behind it inert. */

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useId, useRef } from 'preact/hooks';
import { t } from '../strings';
import { IconButton } from './controls';

export function Dialog({
  title,
  children,
  onClose,
  /** False while closing would lose something that cannot be shown again. */
  dismissable = true,
}: {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  dismissable?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current!;
    element.showModal();
    (element.querySelector<HTMLElement>('[data-autofocus]') ??
      element.querySelector<HTMLElement>('input, select, textarea') ??
      element
    ).focus();
    return () => {
      element.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (dismissable) onClose();
      }}
      onMouseDown={(event) => {
        if (dismissable && event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          {dismissable && <IconButton icon="close" label={t.close} onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}
