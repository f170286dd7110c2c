/* A question before something that cannot be undone. Cancel has the focus; what goes wrong is said
 * in place. */

import type { ComponentChildren } from 'preact';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Button } from './controls';
import { Dialog } from './dialog';
import { Problem } from './feedback';

export function ConfirmDialog({
  title,
  action,
  act,
  onClose,
  children,
}: {
  title: string;
  /** What the button says and does. */
  action: string;
  act: () => Promise<void>;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const { run, busy, error } = useAction(act);
  return (
    <Dialog title={title} onClose={onClose}>
      {error && <Problem error={error} />}
      {children}
      <div class="actions">
        <Button kind="danger" busy={busy} onClick={run}>
          {action}
        </Button>
        <Button data-autofocus onClick={onClose}>
          {t.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
