/* An invitation into an organization: somebody new makes their account with it; who has one signs
 * in and joins. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { accounts, type ApiError, type Invitation, type NewAccount } from '../api';
import { useAction, useLoad } from '../lib/load';
import { go } from '../lib/router';
import { useLinkSecret } from '../lib/secret';
import { ownTimeZone } from '../lib/time';
import { t } from '../strings';
import { entry } from '../strings-entry';
import { Button, ButtonLink } from '../ui/controls';
import { Note, Problem } from '../ui/feedback';
import { useFields } from '../ui/fields';
import { Form } from '../ui/form';
import { isolated } from '../ui/names';
import { NameFields, NewPasswordField, TimeZoneField } from '../ui/person-fields';
import type { OpenPage } from './entry';
import { BrokenLink, linkError } from './link';
import { SignIn } from './sign-in';
import { Standalone, Waiting } from './standalone';

const words = entry.invitation;

export function AcceptInvitation(props: OpenPage) {
  const secret = useLinkSecret();
  return secret ? <WithSecret key={secret} {...props} secret={secret} /> : <Broken />;
}

function Broken({ why }: { why?: string }) {
  return (
    <BrokenLink title={words.brokenTitle} why={why}>
      <p>{words.brokenAdvice}</p>
      <ButtonLink href="/">{entry.goOn}</ButtonLink>
    </BrokenLink>
  );
}

function WithSecret({ secret, session, reload }: OpenPage & { secret: string }) {
  const loaded = useLoad(() => accounts.invitation(secret), []);
  const { run, busy, error } = useAction(async (account?: NewAccount) => {
    await accounts.acceptInvitation({ token: secret, ...account });
    go(`/${loaded.data!.organization.id}/tasks`, 'replace');
    await reload();
  });
  const why = linkError(loaded.error) ?? linkError(error);

  if (why) return <Broken why={why} />;
  if (loaded.error && !loaded.data)
    return (
      <Standalone title={t.appName}>
        <Problem error={loaded.error} retry={loaded.reload} />
      </Standalone>
    );
  if (!loaded.data) return <Waiting />;

  const invitation = loaded.data;
  const accepting = { invitation, run, busy, error };
  return invitation.needs_password ? (
    <NewMember {...accepting} />
  ) : (
    <KnownMember {...accepting} session={session} reload={reload} />
  );
}

interface Accepting {
  invitation: Invitation;
  run: (account?: NewAccount) => Promise<void>;
  busy: boolean;
  error: ApiError | undefined;
}

function NewMember({ invitation, run, busy, error }: Accepting) {
  const { values, wire } = useFields<NewAccount>({
    first_name: invitation.first_name,
    last_name: invitation.last_name,
    password: '',
    timezone: ownTimeZone(),
  });
  const field = wire(error);
  return (
    <Invited invitation={invitation}>
      <Form onSubmit={() => run(values)} error={error} known={Object.keys(values)}>
        {/* Tells password managers whose password this is. */}
        <input type="hidden" name="email" autocomplete="username" value={invitation.email} />
        <NameFields field={field} />
        <NewPasswordField label={t.person.password} {...field('password')} />
        <TimeZoneField field={field} />
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {words.action}
        </Button>
      </Form>
    </Invited>
  );
}

function KnownMember({
  invitation,
  run,
  busy,
  error,
  session,
  reload,
}: Accepting & Pick<OpenPage, 'session' | 'reload'>) {
  const [signingIn, setSigningIn] = useState(false);
  const current = session?.user.email;
  const isThem = current?.toLowerCase() === invitation.email.toLowerCase();

  if (signingIn && !isThem)
    return (
      <SignIn
        next={location.pathname}
        email={invitation.email}
        lead={words.signInLead(invitation.email)}
        onDone={reload}
        onCancel={() => setSigningIn(false)}
      />
    );
  return (
    <Invited invitation={invitation}>
      {error && <Problem error={error} />}
      {current && !isThem && (
        <Note kind="warning">{words.otherAccount(invitation.email, current)}</Note>
      )}
      {isThem ? (
        <Button kind="primary" class="wide" busy={busy} onClick={() => run()}>
          {words.action}
        </Button>
      ) : (
        <Button kind="primary" class="wide" onClick={() => setSigningIn(true)}>
          {words.signIn}
        </Button>
      )}
    </Invited>
  );
}

function Invited({
  invitation,
  children,
}: {
  invitation: Invitation;
  children: ComponentChildren;
}) {
  const { organization, inviter, role, email } = invitation;
  const joined = isolated(organization.name);
  return (
    <Standalone
      title={words.title(joined)}
      lead={inviter ? words.by(isolated(inviter.name), joined) : words.byNobody(joined)}
    >
      <dl class="facts">
        <dt>{words.role}</dt>
        <dd>
          <strong>{t.roles[role]}</strong>
          <p class="hint">{words.roleHints[role]}</p>
        </dd>
        <dt>{words.address}</dt>
        <dd>{email}</dd>
      </dl>
      {children}
    </Standalone>
  );
}
