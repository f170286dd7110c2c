/* The personal token: one per person, tied to being signed in. */

import { useState } from 'preact/hooks';
import { personalToken, type PersonalToken } from '../api';
import { useAction } from '../lib/load';
import { onDate } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Value } from '../ui/code';
import { Dialog } from '../ui/dialog';
import { Note } from '../ui/feedback';
import { fieldError, Form, PasswordField } from '../ui/form';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { LastUse } from './last-use';
import { TryToken } from './secret';

type Purpose = 'reveal' | 'replace';

export function PersonalTokenPanel({
  token,
  onChange,
}: {
  token: PersonalToken;
  onChange: (token: PersonalToken) => void;
}) {
  const [asking, setAsking] = useState<Purpose>();
  const hide = () => onChange({ ...token, access_token: undefined });

  return (
    <>
      <p>{t.personal.what}</p>
      {token.access_token ? (
        <Value value={token.access_token} label={t.restApi.personal} />
      ) : (
        <div class="value">
          <code>{token.masked}</code>
          <Button icon="eye" onClick={() => setAsking('reveal')}>
            {t.personal.reveal}
          </Button>
        </div>
      )}
      <dl class="facts">
        <dt>{t.tokens.created}</dt>
        <dd>
          <When iso={token.created_at} />
        </dd>
        <dt>{t.tokens.expires}</dt>
        <dd>
          {onDate(token.expires_at)}, <When iso={token.expires_at} />
        </dd>
        <dt>{t.tokens.lastUsed}</dt>
        <dd>
          <LastUse token={token} />
        </dd>
      </dl>
      <Note kind="warning">
        <p>{t.personal.signOutRule}</p>
      </Note>
      <div class="actions">
        {token.access_token && <Button onClick={hide}>{t.hide}</Button>}
        <Button icon="reopen" onClick={() => setAsking('replace')}>
          {t.personal.replace}
        </Button>
        {token.access_token && <TryToken token={token.access_token} />}
      </div>
      {asking && (
        <PasswordDialog
          purpose={asking}
          onClose={() => setAsking(undefined)}
          onDone={(answer) => {
            setAsking(undefined);
            onChange(answer);
            if (asking === 'replace') toast({ text: t.personal.replaced });
          }}
        />
      )}
    </>
  );
}

function PasswordDialog({
  purpose,
  onClose,
  onDone,
}: {
  purpose: Purpose;
  onClose: () => void;
  onDone: (token: PersonalToken) => void;
}) {
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction(async () =>
    onDone(await personalToken[purpose](password)),
  );
  const words = t.personal.dialogs[purpose];
  return (
    <Dialog title={words.title} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['password']}>
        <p>{words.text}</p>
        <PasswordField
          label={t.person.password}
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={fieldError(error, 'password')}
        />
        <div class="actions">
          <Button
            kind={purpose === 'replace' ? 'danger' : 'primary'}
            type="submit"
            busy={busy}
          >
            {words.action}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
