/* The browsers in which this person is signed in. */

import { useState } from 'preact/hooks';
import { sessions as api, type OpenSession } from '../api';
import { useHere } from '../context';
import type { Loaded } from '../lib/load';
import { go } from '../lib/router';
import { t } from '../strings';
import { ConfirmDialog } from '../ui/confirm';
import { Button } from '../ui/controls';
import { Arriving, Badge } from '../ui/feedback';
import { Table, type Columns } from '../ui/table';
import { When } from '../ui/time';
import { toast } from '../ui/toast';

const COLUMNS: Columns<OpenSession> = [
  {
    title: t.security.device,
    cell: ({ device, current }) => (
      <>
        <span class="row-name">{device}</span>
        {current && <Badge tone="good">{t.security.thisOne}</Badge>}
      </>
    ),
  },
  { title: t.security.address, cell: ({ address }) => address },
  { title: t.security.lastSeen, cell: ({ last_seen_at }) => <When iso={last_seen_at} /> },
  { title: t.security.signedIn, cell: ({ created_at }) => <When iso={created_at} /> },
];

export function Sessions({ open }: { open: Loaded<OpenSession[]> }) {
  const [ending, setEnding] = useState<OpenSession | 'all'>();
  const stop = () => setEnding(undefined);
  return (
    <section class="panel" aria-labelledby="sessions">
      <h2 id="sessions">{t.security.sessions}</h2>
      <p class="hint">{t.security.sessionsText}</p>
      <Arriving what={open} rows={2} />
      {open.data && (
        <Table
          labelledBy="sessions"
          columns={COLUMNS}
          rows={open.data}
          actions={(session) =>
            !session.current && (
              <Button
                aria-label={t.security.endOn(session.device)}
                onClick={() => setEnding(session)}
              >
                {t.security.end}
              </Button>
            )
          }
        />
      )}
      <div class="actions">
        <Button kind="danger" icon="out" onClick={() => setEnding('all')}>
          {t.security.everywhere}
        </Button>
      </div>
      {ending === 'all' && <EndAll onClose={stop} />}
      {ending && ending !== 'all' && (
        <EndOne session={ending} onClose={stop} onEnded={open.reload} />
      )}
    </section>
  );
}

function EndOne({
  session,
  onClose,
  onEnded,
}: {
  session: OpenSession;
  onClose: () => void;
  onEnded: () => Promise<void>;
}) {
  return (
    <ConfirmDialog
      title={t.security.endTitle}
      action={t.security.end}
      act={async () => {
        await api.end(session.id);
        toast({ text: t.security.ended(session.device) });
        onClose();
        await onEnded();
      }}
      onClose={onClose}
    >
      <p>{t.security.endText(session.device, session.address)}</p>
    </ConfirmDialog>
  );
}

function EndAll({ onClose }: { onClose: () => void }) {
  const { session, refreshSession } = useHere();
  return (
    <ConfirmDialog
      title={t.security.everywhereTitle}
      action={t.security.everywhere}
      act={async () => {
        await api.endAll();
        await refreshSession();
        go('/login', 'replace');
      }}
      onClose={onClose}
    >
      <p>{t.security.everywhereText}</p>
      <p>
        {session.personal_token?.kept ? t.security.everywhereKept : t.security.everywhereToken}
      </p>
    </ConfirmDialog>
  );
}
