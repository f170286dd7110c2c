/* A secret that is shown once. */

import { useState } from 'preact/hooks';
import { tryToken, type OAuthClient, type TestResult } from '../api';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Value } from '../ui/code';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Badge, Note, Problem } from '../ui/feedback';

/** Sends the sample request with a token and says what came back. */
export function TryToken({ token, org }: { token: string; org: string }) {
  const [result, setResult] = useState<TestResult>();
  const { run, busy, error } = useAction(async () => setResult(await tryToken(org, token)));
  return (
    <>
      <Button busy={busy} onClick={run}>
        {t.tokens.test}
      </Button>
      <span role="status" class="test-result">
        {error && <Problem error={error} />}
        {result && (
          <>
            <Badge tone={result.status === 200 ? 'good' : 'danger'}>
              {result.status}
            </Badge>{' '}
            {t.tokens.tested(result)}
          </>
        )}
      </span>
    </>
  );
}

export function SecretOnce({
  secret,
  label,
  note,
  testIn,
  onDone,
}: {
  secret: string;
  label: string;
  note: string;
  /** The organization in which a token can be tried at once. */
  testIn?: string;
  onDone: () => void;
}) {
  return (
    <>
      <Note kind="warning">
        <p>{note}</p>
      </Note>
      <Value value={secret} label={label} />
      <div class="actions">
        <Button kind="primary" onClick={onDone}>
          {t.done}
        </Button>
        {testIn && <TryToken token={secret} org={testIn} />}
      </div>
    </>
  );
}

/** What an application signs in with. */
export function ClientSecret({ client, onClose }: { client: OAuthClient; onClose: () => void }) {
  return (
    <Dialog title={client.name} onClose={onClose} dismissable={false}>
      <h3>{t.applications.clientId}</h3>
      <Value value={client.id} label={t.applications.clientId} />
      <h3>{t.applications.secret}</h3>
      <SecretOnce
        secret={client.client_secret!}
        label={t.applications.secret}
        note={t.applications.shownOnce}
        onDone={onClose}
      />
    </Dialog>
  );
}
