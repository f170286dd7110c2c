/* Signing out deletes the personal token. Whoever relies on it should hear so before, not after. */

import { useState } from 'preact/hooks';
import { session as sessionApi, sessions, type Session } from '../api';
import { daysSince } from '../lib/time';
import { useAction, useLoad } from '../lib/load';
import { go } from '../lib/router';
import { recall } from '../lib/storage';
import { t } from '../strings';
import { Button, ButtonLink } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Note, Problem, Skeleton } from '../ui/feedback';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { Standalone } from './standalone';
import { useHere } from '../context';

type PersonalUse = NonNullable<Session['personal_token']>;

const LATELY_DAYS = 7;

/** The personal token, if it ends with the session and something used it in the last days. */
function usedLately(session: Session | null): PersonalUse | null {
  const token = session?.personal_token;
  if (!token?.last_used_at || token.kept) return null;
  return daysSince(token.last_used_at) <= LATELY_DAYS ? token : null;
}

function UseWarning({ token }: { token: PersonalUse }) {
  return (
    <Note kind="warning">
      <p>
        <strong>{t.signOut.warning}</strong>
      </p>
      <p>
        {t.signOut.usedBy(token.last_used_client ?? t.unknownClient)}{' '}
        <When iso={token.last_used_at!} />
        {token.last_used_ip && ` ${t.fromAddress(token.last_used_ip)}`}.{' '}
        {t.signOut.consequence}
      </p>
    </Note>
  );
}

const newTokenPath = (org: string) => `/${org}/settings/integrations/rest-api?new=token`;

/** Starts a sign-out from the account menu: at once, or after a warning. */
export function useSignOut() {
  const { org, refreshSession } = useHere();
  const [warnAbout, setWarnAbout] = useState<PersonalUse>();

  const signOut = useAction(async () => {
    await sessionApi.signOut();
    await refreshSession();
    go('/login');
  });
  const start = async () => {
    try {
      // Read again: the token may have been used since this page was opened.
      const lately = usedLately((await sessionApi.read()).session);
      if (lately) setWarnAbout(lately);
      else await signOut.run();
    } catch {
      toast({ kind: 'problem', text: t.errors.offline });
    }
  };

  const dialog = warnAbout && (
    <Dialog title={t.signOut.title} onClose={() => setWarnAbout(undefined)}>
      {signOut.error && <Problem error={signOut.error} />}
      <UseWarning token={warnAbout} />
      <div class="actions">
        <Button
          kind="primary"
          data-autofocus
          onClick={() => {
            setWarnAbout(undefined);
            go(newTokenPath(org.id));
          }}
        >
          {t.signOut.makeNamed}
        </Button>
        <Button kind="danger" busy={signOut.busy} onClick={signOut.run}>
          {t.signOut.anyway}
        </Button>
        <Button onClick={() => setWarnAbout(undefined)}>{t.cancel}</Button>
      </div>
    </Dialog>
  );
  return { start, dialog };
}

/** The page at /logout, for a browser that cannot reach the menu, and to end every session. */
export function SignOut({ onDone }: { onDone: () => Promise<void> }) {
  const current = useLoad(sessionApi.read, []);
  const { run, busy, error } = useAction(async (signOut: () => Promise<void>) => {
    await signOut();
    await onDone();
  });
  const own = current.data?.session ?? null;
  const lately = usedLately(own);
  const text = own?.personal_token?.kept ? t.signOut.textKept : t.signOut.text;
  const org = recall('org');

  return (
    <Standalone title={t.signOut.title}>
      {error && <Problem error={error} />}
      {current.loading && <Skeleton rows={2} />}
      {!current.loading && (lately ? <UseWarning token={lately} /> : <p>{text}</p>)}
      <div class="actions">
        <Button
          kind={lately ? 'danger' : 'primary'}
          busy={busy}
          onClick={() => run(sessionApi.signOut)}
        >
          {lately ? t.signOut.anyway : t.signOut.action}
        </Button>
        {lately && org && (
          <ButtonLink href={newTokenPath(org)}>{t.signOut.makeNamed}</ButtonLink>
        )}
        <ButtonLink href="/">{t.cancel}</ButtonLink>
      </div>
      <hr />
      <p>{t.signOut.everywhereText}</p>
      <Button busy={busy} onClick={() => run(sessions.endAll)}>
        {t.signOut.everywhere}
      </Button>
    </Standalone>
  );
}
