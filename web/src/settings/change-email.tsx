/* Another e-mail address, which has to be confirmed before it counts. */

import { useState } from 'preact/hooks';
import { profile as api } from '../api';
import { useHere } from '../context';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Note } from '../ui/feedback';
import { useFields } from '../ui/fields';
import { Form, PasswordField, TextField } from '../ui/form';

const EMPTY = { email: '', password: '' };

export function ChangeEmail() {
  const { org, session, refreshSession } = useHere();
  const [again, setAgain] = useState(false);
  const { values, setValues, wire } = useFields(EMPTY);
  const { run, busy, error } = useAction(async () => {
    await api.changeEmail(org.id, { ...values, email: values.email.trim() });
    setValues(EMPTY);
    setAgain(false);
    await refreshSession();
  });
  const field = wire(error);
  const pending = session.pending_email;

  return (
    <section class="panel" aria-labelledby="email">
      <h2 id="email">{t.security.email}</h2>
      <p class="hint">{t.security.emailNow(session.user.email)}</p>
      {pending && (
        <Note>
          <p role="status">
            <strong>{t.security.emailPending(pending)}</strong>
          </p>
          <p>{t.security.emailPendingText}</p>
        </Note>
      )}
      {pending && !again ? (
        <div class="actions">
          <Button onClick={() => setAgain(true)}>{t.security.changeAgain}</Button>
        </div>
      ) : (
        <Form onSubmit={run} error={error} known={Object.keys(values)}>
          <TextField
            label={t.security.newEmail}
            type="email"
            autocomplete="email"
            {...field('email')}
          />
          <PasswordField
            label={t.security.yourPassword}
            autocomplete="current-password"
            {...field('password')}
          />
          <div class="actions">
            <Button kind="primary" type="submit" busy={busy}>
              {t.security.changeEmail}
            </Button>
          </div>
        </Form>
      )}
    </section>
  );
}
