import { useState } from 'preact/hooks';
import { organizations } from '../api';
import { useAction } from '../lib/load';
import { go } from '../lib/router';
import { t } from '../strings';
import { Button, ButtonLink } from '../ui/controls';
import { fieldError, Form, TextField } from '../ui/form';
import { Standalone } from './standalone';

export function CreateOrganization({ onDone }: { onDone: () => Promise<void> }) {
  const [name, setName] = useState('');
  const { run, busy, error } = useAction(async () => {
    const created = await organizations.create(name.trim());
    await onDone();
    go(`/${created.id}/tasks`);
  });
  return (
    <Standalone title={t.organization.createTitle} lead={t.organization.createLead}>
      <Form onSubmit={run} error={error} known={['name']}>
        <TextField
          label={t.organization.name}
          name="name"
          autocomplete="organization"
          maxLength={50}
          value={name}
          onInput={setName}
          error={fieldError(error, 'name')}
        />
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.organization.create}
          </Button>
          <ButtonLink href="/">{t.cancel}</ButtonLink>
        </div>
      </Form>
    </Standalone>
  );
}
