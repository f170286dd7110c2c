/* A forgotten password: asking for a link, and choosing a new one with it. */

import { useState } from 'preact/hooks';
import { accounts } from '../api';
import { useAction } from '../lib/load';
import { useLinkSecret } from '../lib/secret';
import { t } from '../strings';
import { entry } from '../strings-entry';
import { Button, ButtonLink, Link } from '../ui/controls';
import { Note } from '../ui/feedback';
import { useFields } from '../ui/fields';
import { CheckField, fieldError, Form, PasswordField, TextField } from '../ui/form';
import { NewPasswordField } from '../ui/person-fields';
import type { OpenPage } from './entry';
import { BrokenLink, linkError } from './link';
import { Standalone } from './standalone';

const words = entry.reset;

export function PasswordReset({ reload }: OpenPage) {
  const secret = useLinkSecret();
  const [newLink, setNewLink] = useState(false);

  return secret && !newLink ? (
    <Choose secret={secret} reload={reload} onNewLink={() => setNewLink(true)} />
  ) : (
    <Ask />
  );
}

/** Says the same whether there is such an account or not. */
function Ask() {
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const { run, busy, error } = useAction(async () => {
    await accounts.forgotPassword(email.trim());
    setSent(true);
  });

  if (sent)
    return (
      <Standalone title={words.askedTitle}>
        <Note kind="good">{words.asked(email.trim())}</Note>
        <p>{words.askedHint}</p>
        <div class="actions">
          <ButtonLink href="/login">{entry.back}</ButtonLink>
          <Button kind="quiet" onClick={() => setSent(false)}>
            {words.again}
          </Button>
        </div>
      </Standalone>
    );
  return (
    <Standalone title={words.askTitle} lead={words.askLead}>
      <Form onSubmit={run} error={error} known={['email']}>
        <TextField
          label={t.person.email}
          type="email"
          name="email"
          autocomplete="username"
          value={email}
          onInput={setEmail}
          error={fieldError(error, 'email')}
        />
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {words.ask}
        </Button>
      </Form>
      <p class="ways">
        <Link href="/login">{entry.back}</Link>
      </p>
    </Standalone>
  );
}

function Choose({
  secret,
  reload,
  onNewLink,
}: {
  secret: string;
  reload: () => Promise<void>;
  onNewLink: () => void;
}) {
  const { values, wire } = useFields({ password: '', password_confirmation: '' });
  const [endNamed, setEndNamed] = useState(false);
  const [done, setDone] = useState(false);
  const { run, busy, error } = useAction(async () => {
    await accounts.resetPassword({
      ...values,
      token: secret,
      end_named_tokens: endNamed,
    });
    setDone(true);
    // The session of this browser may have been one of those that ended.
    await reload();
  });

  if (done)
    return (
      <Standalone title={words.doneTitle}>
        <Note kind="good">{words.done}</Note>
        <ButtonLink href="/login" kind="primary">
          {t.signIn.action}
        </ButtonLink>
      </Standalone>
    );
  const why = linkError(error);
  if (why)
    return (
      <BrokenLink why={why}>
        <Button kind="primary" onClick={onNewLink}>
          {words.newLink}
        </Button>
      </BrokenLink>
    );
  const field = wire(error);
  return (
    <Standalone title={words.title} lead={words.lead}>
      <Form onSubmit={run} error={error} known={Object.keys(values)}>
        <NewPasswordField label={words.newPassword} {...field('password')} />
        <PasswordField
          label={words.repeatPassword}
          autocomplete="new-password"
          {...field('password_confirmation')}
        />
        <CheckField
          label={words.endNamed}
          hint={words.endNamedHint}
          checked={endNamed}
          onInput={setEndNamed}
        />
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {words.action}
        </Button>
      </Form>
    </Standalone>
  );
}
