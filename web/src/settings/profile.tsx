import { useState } from 'preact/hooks';
import { profile as api, type User } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { chooseTheme, currentTheme, THEMES, type Theme } from '../lib/theme';
import { ownTimeZone, timeZones } from '../lib/time';
import { ShortcutSwitch } from '../screens/keyboard-help';
import { PASSWORD_MIN } from '../screens/set-up';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Problem, Skeleton } from '../ui/feedback';
import { fieldError, Form, PasswordField, SelectField, TextField } from '../ui/form';
import { toast } from '../ui/toast';

export function Profile() {
  const { org } = useHere();
  const user = useLoad(() => api.read(org.id), [org.id]);
  useTitle(t.settings.profile);
  return (
    <>
      <header class="page-head">
        <h1>{t.settings.profile}</h1>
      </header>
      {user.error && <Problem error={user.error} retry={user.reload} />}
      {!user.data && !user.error && <Skeleton rows={4} />}
      {user.data && <AboutYou user={user.data} />}
      <Appearance />
      <ChangePassword email={user.data?.email ?? ''} />
    </>
  );
}

function AboutYou({ user }: { user: User }) {
  const { org, refreshSession } = useHere();
  const [form, setForm] = useState({
    first_name: user.first_name,
    last_name: user.last_name,
    timezone: user.timezone ?? ownTimeZone(),
  });
  const { run, busy, error } = useAction(async () => {
    await api.update(org.id, form);
    await refreshSession();
    toast({ text: t.profile.saved });
  });
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onInput: (value: string) => setForm((old) => ({ ...old, [name]: value })),
    error: fieldError(error, name),
  });
  return (
    <section class="panel">
      <h2>{t.profile.about}</h2>
      <p class="hint">{t.profile.signedInAs(user.email)}</p>
      <Form onSubmit={run} error={error} known={Object.keys(form)}>
        <div class="pair">
          <TextField
            label={t.person.firstName}
            autocomplete="given-name"
            {...field('first_name')}
          />
          <TextField
            label={t.person.lastName}
            autocomplete="family-name"
            {...field('last_name')}
          />
        </div>
        <SelectField
          label={t.person.timezone}
          options={timeZones(form.timezone).map((zone) => [zone, zone])}
          {...field('timezone')}
        />
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.save}
          </Button>
        </div>
      </Form>
    </section>
  );
}

function Appearance() {
  const [theme, setTheme] = useState(currentTheme);
  return (
    <section class="panel">
      <h2>{t.profile.appearance}</h2>
      <SelectField<Theme>
        label={t.theme.label}
        value={theme}
        onInput={(next) => {
          chooseTheme(next);
          setTheme(next);
        }}
        options={THEMES.map((one) => [one, t.theme[one]])}
      />
      <ShortcutSwitch />
    </section>
  );
}

const NO_PASSWORDS = { current_password: '', password: '', password_confirmation: '' };

function ChangePassword({ email }: { email: string }) {
  const { org } = useHere();
  const [form, setForm] = useState(NO_PASSWORDS);
  const { run, busy, error } = useAction(async () => {
    await api.changePassword(org.id, form);
    setForm(NO_PASSWORDS);
    toast({ text: t.profile.passwordChanged });
  });
  const field = (name: keyof typeof form) => ({
    name,
    value: form[name],
    onInput: (value: string) => setForm((old) => ({ ...old, [name]: value })),
    error: fieldError(error, name),
  });
  return (
    <section class="panel">
      <h2>{t.profile.changePassword}</h2>
      <p class="hint">{t.profile.passwordEffect}</p>
      <Form onSubmit={run} error={error} known={Object.keys(form)}>
        {/* So that password managers know whose password this is. */}
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <PasswordField
          label={t.profile.currentPassword}
          autocomplete="current-password"
          {...field('current_password')}
        />
        <PasswordField
          label={t.profile.newPassword}
          hint={t.person.passwordHint(PASSWORD_MIN)}
          autocomplete="new-password"
          {...field('password')}
        />
        <PasswordField
          label={t.profile.repeatPassword}
          autocomplete="new-password"
          {...field('password_confirmation')}
        />
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.profile.changePassword}
          </Button>
        </div>
      </Form>
    </section>
  );
}
