import { useState } from 'preact/hooks';
import { profile as api, type User } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { chooseTheme, currentTheme, THEMES, type Theme } from '../lib/theme';
import { ownTimeZone } from '../lib/time';
import { ShortcutSwitch } from '../screens/keyboard-help';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Arriving } from '../ui/feedback';
import { useFields } from '../ui/fields';
import { Form, SelectField } from '../ui/form';
import { NameFields, TimeZoneField } from '../ui/person-fields';
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
      <Arriving what={user} rows={4} />
      {user.data && <AboutYou user={user.data} />}
      <Appearance />
    </>
  );
}

function AboutYou({ user }: { user: User }) {
  const { org, refreshSession } = useHere();
  const { values, wire } = useFields({
    first_name: user.first_name,
    last_name: user.last_name,
    timezone: user.timezone ?? ownTimeZone(),
  });
  const { run, busy, error } = useAction(async () => {
    await api.update(org.id, values);
    await refreshSession();
    toast({ text: t.profile.saved });
  });
  const field = wire(error);
  return (
    <section class="panel">
      <h2>{t.profile.about}</h2>
      <p class="hint">{t.profile.signedInAs(user.email)}</p>
      <Form onSubmit={run} error={error} known={Object.keys(values)}>
        <NameFields field={field} />
        <TimeZoneField field={field} />
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
