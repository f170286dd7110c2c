/* The first page of a new server, opened by the one-time link it printed. */

import { useState } from 'preact/hooks';
import { session, type SetUp } from '../api';
import { useAction } from '../lib/load';
import { go } from '../lib/router';
import { ownTimeZone, timeZones } from '../lib/time';
import { t } from '../strings';
import { Button, ButtonLink } from '../ui/controls';
import { fieldError, Form, PasswordField, SelectField, TextField } from '../ui/form';
import { Note } from '../ui/feedback';
import { Standalone } from './standalone';

export const PASSWORD_MIN = 10;

const codeFromAddress = () => new URLSearchParams(location.hash.slice(1)).get('code') ?? '';

export function SetUpScreen({
  required,
  onDone,
}: {
  required: boolean;
  onDone: () => Promise<void>;
}) {
  const [linkCode] = useState(codeFromAddress);
  const [form, setForm] = useState<SetUp>({
    code: linkCode,
    organization_name: '',
    first_name: '',
    last_name: '',
    email: '',
    password: '',
    timezone: ownTimeZone(),
  });
  const { run, busy, error } = useAction(async () => {
    const done = await session.setUp(form);
    // The code works once; replacing the address also takes it out of the history.
    go(`/${done.organization.id}/tasks`, 'replace');
    await onDone();
  });

  if (!required)
    return (
      <Standalone title={t.setUp.doneTitle} lead={t.setUp.doneText}>
        <ButtonLink href="/" kind="primary">
          {t.goHome}
        </ButtonLink>
      </Standalone>
    );

  const field = (name: keyof SetUp) => ({
    name,
    value: form[name],
    onInput: (value: string) => setForm((old) => ({ ...old, [name]: value })),
    error: fieldError(error, name),
  });
  return (
    <Standalone title={t.setUp.title} lead={t.setUp.lead}>
      <Form onSubmit={run} error={error} known={Object.keys(form)}>
        {!linkCode && (
          <>
            <Note>{t.setUp.noCode}</Note>
            <TextField label={t.setUp.code} autocomplete="off" {...field('code')} />
          </>
        )}
        <TextField
          label={t.organization.name}
          autocomplete="organization"
          maxLength={50}
          {...field('organization_name')}
        />
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
        <TextField
          label={t.person.email}
          type="email"
          autocomplete="username"
          {...field('email')}
        />
        <PasswordField
          label={t.person.password}
          hint={t.person.passwordHint(PASSWORD_MIN)}
          autocomplete="new-password"
          {...field('password')}
        />
        <SelectField
          label={t.person.timezone}
          options={timeZones(form.timezone).map((zone) => [zone, zone])}
          {...field('timezone')}
        />
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {t.setUp.action}
        </Button>
      </Form>
    </Standalone>
  );
}
