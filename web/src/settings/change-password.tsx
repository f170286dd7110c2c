/* A new password, for whoever knows the old one. */

import { profile as api } from '../api';
import { useHere } from '../context';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { useFields } from '../ui/fields';
import { Form, PasswordField } from '../ui/form';
import { NewPasswordField } from '../ui/person-fields';
import { toast } from '../ui/toast';

const EMPTY = { current_password: '', password: '', password_confirmation: '' };

export function ChangePassword({ onChanged }: { onChanged: () => Promise<void> }) {
  const { org, session } = useHere();
  const { values, setValues, wire } = useFields(EMPTY);
  const { run, busy, error } = useAction(async () => {
    await api.changePassword(org.id, values);
    setValues(EMPTY);
    toast({ text: t.security.passwordChanged });
    await onChanged();
  });
  const field = wire(error);
  return (
    <section class="panel" aria-labelledby="password">
      <h2 id="password">{t.security.changePassword}</h2>
      <p class="hint">{t.security.passwordEffect}</p>
      <Form onSubmit={run} error={error} known={Object.keys(values)}>
        {/* So that password managers know whose password this is. */}
        <input type="hidden" name="username" autocomplete="username" value={session.user.email} />
        <PasswordField
          label={t.security.currentPassword}
          autocomplete="current-password"
          {...field('current_password')}
        />
        <NewPasswordField label={t.security.newPassword} {...field('password')} />
        <PasswordField
          label={t.security.repeatPassword}
          autocomplete="new-password"
          {...field('password_confirmation')}
        />
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.security.changePassword}
          </Button>
        </div>
      </Form>
    </section>
  );
}
