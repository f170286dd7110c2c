/* Signing in: e-mail and password, then the code of the second factor where there is one. */

import { useEffect, useState } from 'preact/hooks';
import { ApiError, session } from '../api';
import { useAction } from '../lib/load';
import { go, safeNext } from '../lib/router';
import { t } from '../strings';
import { Button, ButtonLink, Link } from '../ui/controls';
import { blaming, CheckField, fieldError, Form, PasswordField, TextField } from '../ui/form';
import { Standalone } from './standalone';

export function SignIn({
  next,
  email: givenEmail = '',
  lead = t.signIn.lead,
  signUp = false,
  onDone,
  onCancel,
}: {
  /** Where to go afterwards. */
  next: string;
  email?: string;
  lead?: string;
  /** Offer to make an account. */
  signUp?: boolean;
  onDone: () => Promise<void>;
  onCancel?: () => void;
}) {
  const [email, setEmail] = useState(givenEmail);
  const [password, setPassword] = useState('');
  const [stay, setStay] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);

  const signIn = async (code?: string) => {
    await session.signIn({ email: email.trim(), password, remember: stay, code });
    go(safeNext(next), 'replace');
    await onDone();
  };
  const { run, busy, error } = useAction(async () => {
    try {
      await signIn();
    } catch (reason) {
      if (!(reason instanceof ApiError) || reason.code !== 'SECOND_FACTOR_REQUIRED') throw reason;
      setNeedsCode(true);
    }
  });
  const locked = useCountdown(error?.retryAfter, error);

  if (needsCode)
    return (
      <CodeStep
        send={signIn}
        onStartAgain={() => {
          setPassword('');
          setNeedsCode(false);
        }}
      />
    );
  return (
    <Standalone title={t.signIn.title} lead={lead}>
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
      <p class="ways">
        <Link href="/password/reset">{t.signIn.forgotten}</Link>
        {signUp && <Link href="/register">{t.signIn.register}</Link>}
        {onCancel && (
          <button type="button" class="link" onClick={onCancel}>
            {t.cancel}
          </button>
        )}
      </p>
    </Standalone>
  );
}

function CodeStep({
  send,
  onStartAgain,
}: {
  send: (code: string) => Promise<void>;
  onStartAgain: () => void;
}) {
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const { run, busy, error, clear } = useAction(() =>
    blaming('code', 'SECOND_FACTOR_INVALID', send(code.replace(/\s/g, ''))),
  );
  const locked = useCountdown(error?.retryAfter, error);
  const field = {
    name: 'code',
    value: code,
    onInput: setCode,
    error: fieldError(error, 'code'),
    spellcheck: false,
  };

  return (
    <Standalone
      title={recovery ? t.signIn.recoveryTitle : t.signIn.codeTitle}
      lead={t.signIn.codeLead}
    >
      <Form onSubmit={run} error={error} known={['code']}>
        {recovery ? (
          <TextField
            key="recovery"
            label={t.signIn.recoveryCode}
            hint={t.signIn.recoveryCodeHint}
            autocomplete="off"
            autocapitalize="off"
            {...field}
          />
        ) : (
          <TextField
            key="app"
            label={t.signIn.code}
            hint={t.signIn.codeHint}
            autocomplete="one-time-code"
            inputMode="numeric"
            {...field}
          />
        )}
        <Button kind="primary" type="submit" class="wide" busy={busy || locked > 0}>
          {locked > 0 ? t.signIn.locked(locked) : t.signIn.action}
        </Button>
      </Form>
      <p class="ways">
        <button
          type="button"
          class="link"
          onClick={() => {
            setRecovery(!recovery);
            setCode('');
            clear();
          }}
        >
          {recovery ? t.signIn.useApp : t.signIn.useRecoveryCode}
        </button>
        <button type="button" class="link" onClick={onStartAgain}>
          {t.signIn.startAgain}
        </button>
      </p>
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
