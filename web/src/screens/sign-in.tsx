import { useEffect, useState } from 'preact/hooks';
import { session } from '../api';
import { useAction } from '../lib/load';
import { go, safeNext } from '../lib/router';
import { t } from '../strings';
import { Button, ButtonLink } from '../ui/controls';
import { CheckField, fieldError, Form, PasswordField, TextField } from '../ui/form';
import { Standalone } from './standalone';

export function SignIn({ next, onDone }: { next: string; onDone: () => Promise<void> }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [stay, setStay] = useState(false);
  const { run, busy, error } = useAction(async () => {
    await session.signIn(email.trim(), password, stay);
    go(safeNext(next), 'replace');
    await onDone();
  });
  const locked = useCountdown(error?.retryAfter, error);

  return (
    <Standalone title={t.signIn.title} lead={t.signIn.lead}>
      <Form onSubmit={run} error={error} known={['email', 'password']}>
        <TextField
          label={t.person.email}
          type="email"
          name="email"
          autocomplete="username"
          value={email}
          onInput={setEmail}
          error={fieldError(error, 'email')}
        />
        <PasswordField
          label={t.person.password}
          name="password"
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={fieldError(error, 'password')}
        />
        <CheckField
          label={t.signIn.stay}
          hint={t.signIn.stayHint}
          checked={stay}
          onInput={setStay}
        />
        <Button kind="primary" type="submit" class="wide" busy={busy || locked > 0}>
          {locked > 0 ? t.signIn.locked(locked) : t.signIn.action}
        </Button>
      </Form>
    </Standalone>
  );
}

/** Seconds left of a wait that the server asked for; `from` marks when it asked. */
function useCountdown(seconds: number | undefined, from: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    setLeft(seconds ?? 0);
    if (!seconds) return;
    const until = Date.now() + seconds * 1000;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(now);
      if (!now) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [from]);
  return left;
}

export function SignedOut() {
  return (
    <Standalone title={t.signOut.doneTitle} lead={t.signOut.doneText}>
      <ButtonLink href="/login" kind="primary">
        {t.signIn.again}
      </ButtonLink>
    </Standalone>
  );
}
