/* The personal token: one per person, tied to being signed in. */

import { useState } from 'preact/hooks';
import { personalToken, type PersonalToken } from '../api';
import { useHere } from '../context';
import { onDate } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Value } from '../ui/code';
import { Note } from '../ui/feedback';
import { PasswordDialog } from '../ui/password-dialog';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { TryToken } from './secret';
import { LastUse } from './token-cells';

type Purpose = 'reveal' | 'replace';

export function PersonalTokenPanel({
  token,
  onChange,
}: {
  token: PersonalToken;
  onChange: (token: PersonalToken) => void;
}) {
  const { session, org } = useHere();
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
      {session.personal_token?.kept ? (
        <Note>
          <p>{t.personal.kept}</p>
        </Note>
      ) : (
        <Note kind="warning">
          <p>{t.personal.signOutRule}</p>
        </Note>
      )}
      <div class="actions">
        {token.access_token && <Button onClick={hide}>{t.hide}</Button>}
        <Button icon="reopen" onClick={() => setAsking('replace')}>
          {t.personal.replace}
        </Button>
        {token.access_token && <TryToken token={token.access_token} org={org.id} />}
      </div>
      {asking && (
        <PasswordDialog
          {...t.personal.dialogs[asking]}
          isDangerous={asking === 'replace'}
          onClose={() => setAsking(undefined)}
          act={async (password) => {
            onChange(await personalToken[asking](password));
            setAsking(undefined);
            if (asking === 'replace') toast({ text: t.personal.replaced });
          }}
        />
      )}
    </>
  );
}
