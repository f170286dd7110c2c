/* The first page of a new server, opened by the one-time link it printed. */

import { useState } from 'preact/hooks';
import { session, type SetUp } from '../api';
import { useAction } from '../lib/load';
import { go } from '../lib/router';
import { ownTimeZone } from '../lib/time';
import { t } from '../strings';
import { Button, ButtonLink } from '../ui/controls';
import { Note } from '../ui/feedback';
import { useFields } from '../ui/fields';
import { Form, TextField } from '../ui/form';
import { NameFields, NewPasswordField, TimeZoneField } from '../ui/person-fields';
import { Standalone } from './standalone';

const codeFromAddress = () => new URLSearchParams(location.hash.slice(1)).get('code') ?? '';

export function SetUpScreen({
  required,
  onDone,
}: {
  required: boolean;
  onDone: () => Promise<void>;
}) {
  const [linkCode] = useState(codeFromAddress);
  const { values, wire } = useFields<SetUp>({
    code: linkCode,
    organization_name: '',
    first_name: '',
    last_name: '',
    email: '',
    password: '',
    timezone: ownTimeZone(),
  });
  const { run, busy, error } = useAction(async () => {
    const done = await session.setUp(values);
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

  const field = wire(error);
  return (
    <Standalone title={t.setUp.title} lead={t.setUp.lead}>
      <Form onSubmit={run} error={error} known={Object.keys(values)}>
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
        <NameFields field={field} />
        <TextField
          label={t.person.email}
          type="email"
          autocomplete="username"
          {...field('email')}
        />
        <NewPasswordField label={t.person.password} {...field('password')} />
        <TimeZoneField field={field} />
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {t.setUp.action}
        </Button>
      </Form>
    </Standalone>
  );
}
