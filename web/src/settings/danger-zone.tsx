/* At the end of a page: what cannot be undone, said before and asked about after the button. */

import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../ui/confirm';
import { Button } from '../ui/controls';

export function DangerZone({
  id,
  action,
  text,
  question,
  warning,
  act,
}: {
  id: string;
  /** The heading, and what the buttons say and do. */
  action: string;
  text: string;
  question: string;
  warning: string;
  act: () => Promise<void>;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <section class="panel danger-zone" aria-labelledby={id}>
      <h2 id={id}>{action}</h2>
      <p>{text}</p>
      <div class="actions">
        <Button kind="danger" icon="trash" onClick={() => setAsking(true)}>
          {action}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={question}
          action={action}
          act={async () => {
            await act();
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        >
          <p>{warning}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
