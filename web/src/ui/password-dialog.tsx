/* Asks for the password again before something that an open screen alone must not allow. */

import { useState } from 'preact/hooks';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Dialog } from './dialog';
import { fieldError, Form, FormButtons, PasswordField } from './form';

export function PasswordDialog({
  title,
  text,
  action,
  isDangerous,
  act,
  onClose,
}: {
  title: string;
  text: string;
  /** What the button says and does. */
  action: string;
  isDangerous?: boolean;
  act: (password: string) => Promise<void>;
  onClose: () => void;
}) {
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction(() => act(password));
  return (
    <Dialog title={title} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['password']}>
        <p>{text}</p>
        <PasswordField
          label={t.person.password}
          name="password"
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={fieldError(error, 'password')}
        />
        <FormButtons
          action={action}
          busy={busy}
          isDangerous={isDangerous}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}
