/* Where an application sends somebody to be allowed to act for them (RFC 6749 section 4.1). The
 * query is the application's own and goes to the server as it came. */

import { useState } from 'preact/hooks';
import { accounts, ApiError, consents, type ConsentPath, type ConsentRequest } from '../api';
import { useAction, useLoad } from '../lib/load';
import { entry } from '../strings-entry';
import { t } from '../strings';
import { Button, ButtonLink } from '../ui/controls';
import { inWords, Note, Problem } from '../ui/feedback';
import { Consent, useAccount } from './consent';
import type { PersonalPage } from './entry';
import { Standalone, Waiting } from './standalone';

const words = entry.authorize;

const consentPath = (): ConsentPath =>
  location.pathname.startsWith('/mcp/') ? '/mcp/oauth/consent' : '/oauth/consent';

export function Authorize(props: PersonalPage) {
  const [path] = useState(consentPath);
  const [query] = useState(location.search);
  const ask = useLoad(() => consents.read(path, query), []);
  const [leavingTo, setLeavingTo] = useState<string>();

  if (!ask.data) {
    if (!ask.error) return <Waiting />;
    return isBadRequest(ask.error) ? (
      <BadRequest error={ask.error} />
    ) : (
      <Standalone title={t.appName}>
        <Problem error={ask.error} retry={ask.reload} />
      </Standalone>
    );
  }
  const { client, refusal } = ask.data;
  if (leavingTo) return <Leaving to={leavingTo} client={client} />;
  if (refusal)
    return <Refused {...props} refusal={refusal} client={client} again={ask.reload} />;
  return (
    <Consent
      {...props}
      ask={ask.data}
      send={async (answer) => {
        const { redirect_to: to } = await consents.answer(path, query, answer);
        setLeavingTo(to);
        location.assign(to!);
      }}
    />
  );
}

const isBadRequest = ({ status }: ApiError) => status === 400 || status === 401 || status === 404;

/** No link to where the request wanted to go: nobody has registered that address. */
function BadRequest({ error }: { error: ApiError }) {
  return (
    <Standalone title={words.badTitle} lead={words.badLead}>
      <p>{words.badAdvice}</p>
      <p class="quoted">{inWords(error)}</p>
      <ButtonLink href="/">{t.goHome}</ButtonLink>
    </Standalone>
  );
}

const placeOf = (client: ConsentRequest['client']) =>
  client.redirect_host ?? words.theApplication;

/** Stays on the screen where the address belongs to a program of this machine. */
function Leaving({ to, client }: { to: string; client: ConsentRequest['client'] }) {
  return (
    <Standalone title={words.leavingTitle} lead={words.leaving(placeOf(client))}>
      <p>{words.leavingHint}</p>
      <a class="button" href={to}>
        {entry.backTo(placeOf(client))}
      </a>
    </Standalone>
  );
}

function Refused({
  refusal,
  client,
  session,
  reload,
  again,
}: PersonalPage & {
  refusal: NonNullable<ConsentRequest['refusal']>;
  client: ConsentRequest['client'];
  again: () => Promise<void>;
}) {
  const account = useAccount({ session, reload });
  if (account.signIn) return account.signIn;
  return (
    <Standalone title={words.refused[refusal.code] ?? words.refusedOther}>
      <Note kind="warning">{refusal.message}</Note>
      {account.line}
      {refusal.code === 'EMAIL_NOT_VERIFIED' && (
        <Resend email={session.user.email} again={again} />
      )}
      {refusal.redirect_to && (
        <a class="button" href={refusal.redirect_to}>
          {entry.backTo(placeOf(client))}
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
