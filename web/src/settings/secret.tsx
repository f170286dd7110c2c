/* A secret that is shown once. */

import { useState } from 'preact/hooks';
import { tryToken, type TestResult } from '../api';
import { useHere } from '../context';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Value } from '../ui/code';
import { Button } from '../ui/controls';
import { Badge, Note, Problem } from '../ui/feedback';

/** Sends the sample request with a token and says what came back. */
export function TryToken({ token }: { token: string }) {
  const { org } = useHere();
  const [result, setResult] = useState<TestResult>();
  const { run, busy, error } = useAction(async () => setResult(await tryToken(org.id, token)));
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
            {t.tokens.tested(result.status, result.total, result.milliseconds)}
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
  isToken,
  onDone,
}: {
  secret: string;
  label: string;
  note: string;
  /** Can be tried at once; the secret of an application cannot. */
  isToken?: boolean;
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
        {isToken && <TryToken token={secret} />}
      </div>
    </>
  );
}
