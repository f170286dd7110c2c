/* Making an account of one's own, where the operator lets people. */

import { useState } from 'preact/hooks';
import { accounts } from '../api';
import { useAction } from '../lib/load';
import { ownTimeZone } from '../lib/time';
import { t } from '../strings';
import { entry } from '../strings-entry';
import { Button, ButtonLink, Link } from '../ui/controls';
import { Note } from '../ui/feedback';
import { useFields } from '../ui/fields';
import { Form, TextField } from '../ui/form';
import { NameFields, NewPasswordField, TimeZoneField } from '../ui/person-fields';
import type { OpenPage } from './entry';
import { Standalone } from './standalone';

const words = entry.register;

export function Register({ signUp }: OpenPage) {
  const { values, wire } = useFields({
    first_name: '',
    last_name: '',
    email: '',
    password: '',
    timezone: ownTimeZone(),
    organization_name: '',
  });
  const [done, setDone] = useState(false);
  const { run, busy, error } = useAction(async () => {
    await accounts.register({
      ...values,
      email: values.email.trim(),
      organization_name: values.organization_name.trim() || undefined,
    });
    setDone(true);
  });

  if (!signUp)
    return (
      <Standalone title={words.closedTitle} lead={words.closed}>
        <ButtonLink href="/login">{entry.back}</ButtonLink>
      </Standalone>
    );
  if (done)
    return (
      <Standalone title={words.doneTitle}>
        <Note kind="good">{words.done(values.email.trim())}</Note>
        <ButtonLink href="/login">{entry.back}</ButtonLink>
      </Standalone>
    );

  const field = wire(error);
  return (
    <Standalone title={words.title} lead={words.lead}>
      <Form onSubmit={run} error={error} known={Object.keys(values)}>
        <NameFields field={field} />
        <TextField
          label={t.person.email}
          type="email"
          autocomplete="username"
          {...field('email')}
        />
        <NewPasswordField label={t.person.password} {...field('password')} />
        <TimeZoneField field={field} />
        <TextField
          label={t.organization.name}
          hint={words.organizationHint}
          autocomplete="organization"
          maxLength={50}
          {...field('organization_name')}
        />
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {words.action}
        </Button>
      </Form>
      <p class="ways">
        <Link href="/login">{words.haveOne}</Link>
      </p>
    </Standalone>
  );
}
