/* Why somebody cannot allow anything just now, and what they can do about it. */

import { useState } from 'preact/hooks';
import { accounts, type ConsentRequest } from '../api';
import { useAction } from '../lib/load';
import { entry } from '../strings-entry';
import { Button } from '../ui/controls';
import { Note, Problem } from '../ui/feedback';
import { isolated, Sentence } from '../ui/names';
import { useAccount } from './account-line';
import type { PersonalPage } from './entry';
import { Standalone } from './standalone';

const words = entry.refused;

export function Refused({
  ask: { client },
  refusal,
  session,
  reload,
  again,
}: PersonalPage & {
  ask: ConsentRequest;
  refusal: NonNullable<ConsentRequest['refusal']>;
  /** Asks the server anew. */
  again: () => Promise<void>;
}) {
  const account = useAccount({ session, reload });
  if (account.signIn) return account.signIn;
  return (
    <Standalone title={words.titles[refusal.code] ?? words.title}>
      <Note kind="warning">{refusal.message}</Note>
      {account.line}
      {refusal.code === 'EMAIL_NOT_VERIFIED' && (
        <Resend email={session.user.email} again={again} />
      )}
      {refusal.redirect_to && (
        <a class="button" href={refusal.redirect_to}>
          <Sentence text={entry.backTo(client.redirect_host ?? isolated(client.name))} />
        </a>
      )}
    </Standalone>
  );
}

function Resend({ email, again }: { email: string; again: () => Promise<void> }) {
  const [sent, setSent] = useState(false);
  const { run, busy, error } = useAction(async () => {
    setSent(false);
    await accounts.resendVerification();
    setSent(true);
  });
  return (
    <>
      {error && <Problem error={error} />}
      <div role="status">{sent && <Note kind="good">{words.resent(email)}</Note>}</div>
      <div class="actions">
        <Button kind="primary" onClick={again}>
          {words.verified}
        </Button>
        <Button busy={busy} onClick={run}>
          {words.resend}
        </Button>
      </div>
    </>
  );
}
