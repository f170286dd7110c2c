/* One OAuth application: what it is, its secret, what it may do, and who has allowed it. */

import { useState } from 'preact/hooks';
import { oauthClients, type ClientForm, type Consent, type OAuthClient } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { go } from '../lib/router';
import { exactly } from '../lib/time';
import { t } from '../strings';
import { Value } from '../ui/code';
import { ConfirmDialog } from '../ui/confirm';
import { Button, Link } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Arriving, Badge, Problem } from '../ui/feedback';
import { fieldError, Form, FormButtons } from '../ui/form';
import { Icon } from '../ui/icons';
import { Table, type Columns } from '../ui/table';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { ApplicationForm, kindOf } from './application-form';
import { DangerZone } from './danger-zone';
import { OverlapField, type Overlap } from './overlap';
import { ClientSecret } from './secret';
import { LastUsed, ScopeWords } from './token-cells';

export function Application({ id, base }: { id: string; base: string }) {
  const { org } = useHere();
  const loaded = useLoad(() => oauthClients.read(org.id, id), [org.id, id]);
  const client = loaded.data;
  useTitle(client?.name ?? t.applications.title);

  return (
    <>
      <header class="page-head with-back">
        <Link href={base} class="back">
          <Icon name="back" />
          {t.applications.title}
        </Link>
        {client && (
          <h1>
            {client.name} <Badge>{t.applications.kinds[kindOf(client)]}</Badge>
          </h1>
        )}
      </header>
      <Arriving what={loaded} rows={6} />
      {client && (
        <>
          <Identity client={client} onChanged={loaded.set} />
          <Users client={client} />
          <Edit client={client} onChanged={loaded.set} />
          <Delete client={client} onDeleted={() => go(base)} />
        </>
      )}
    </>
  );
}

function Identity({
  client,
  onChanged,
}: {
  client: OAuthClient;
  onChanged: (client: OAuthClient) => void;
}) {
  return (
    <section class="panel" aria-labelledby="client-id">
      <h2 id="client-id">{t.applications.clientId}</h2>
      <Value value={client.id} label={t.applications.clientId} />
      <dl class="facts">
        <dt>{t.tokens.created}</dt>
        <dd>
          <When iso={client.created_at} />
        </dd>
        <dt>{t.tokens.lastUsed}</dt>
        <dd>
          <LastUsed at={client.last_used_at} />
        </dd>
        {client.secret_created_at && (
          <>
            <dt>{t.applications.secret}</dt>
            <dd>
              {t.applications.secretMade} <When iso={client.secret_created_at} />
            </dd>
          </>
        )}
      </dl>
      {!client.public && <Secrets client={client} onChanged={onChanged} />}
    </section>
  );
}

function Secrets({
  client,
  onChanged,
}: {
  client: OAuthClient;
  onChanged: (client: OAuthClient) => void;
}) {
  const { org } = useHere();
  const [asking, setAsking] = useState(false);
  const end = useAction(async () => {
    await oauthClients.endOldSecret(org.id, client.id);
    toast({ text: t.applications.oldSecretEnded });
    onChanged({ ...client, old_secret_until: null });
  });
  const until = client.old_secret_until;
  return (
    <>
      {end.error && <Problem error={end.error} />}
      {until && new Date(until) > new Date() && (
        <div class="note warning">
          <Icon name="key" />
          <div>
            <p>
              {t.applications.twoSecrets} <When iso={until} words={exactly(until)} />.
            </p>
            <Button busy={end.busy} onClick={end.run}>
              {t.applications.endOldSecret}
            </Button>
          </div>
        </div>
      )}
      <div class="actions">
        <Button icon="key" onClick={() => setAsking(true)}>
          {t.applications.newSecret}
        </Button>
      </div>
      {asking && (
        <NewSecret client={client} onClose={() => setAsking(false)} onChanged={onChanged} />
      )}
    </>
  );
}

function NewSecret({
  client,
  onClose,
  onChanged,
}: {
  client: OAuthClient;
  onClose: () => void;
  onChanged: (client: OAuthClient) => void;
}) {
  const { org } = useHere();
  const [overlap, setOverlap] = useState<Overlap>('86400');
  const [renewed, setRenewed] = useState<OAuthClient>();
  const { run, busy, error } = useAction(async () => {
    const answer = await oauthClients.newSecret(org.id, client.id, Number(overlap));
    setRenewed(answer);
    onChanged(answer);
  });
  if (renewed) return <ClientSecret client={renewed} onClose={onClose} />;
  return (
    <Dialog title={t.applications.newSecret} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['overlap_seconds']}>
        <p>{t.applications.newSecretText}</p>
        <OverlapField
          longest="2592000"
          label={t.applications.overlap}
          value={overlap}
          onInput={setOverlap}
          error={fieldError(error, 'overlap_seconds')}
        />
        <FormButtons action={t.applications.newSecret} busy={busy} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

function Edit({
  client,
  onChanged,
}: {
  client: OAuthClient;
  onChanged: (client: OAuthClient) => void;
}) {
  const { org } = useHere();
  const { run, busy, error } = useAction(async (form: ClientForm) => {
    onChanged(await oauthClients.update(org.id, client.id, form));
    toast({ text: t.applications.saved });
  });
  return (
    <section class="panel" aria-labelledby="client-settings">
      <h2 id="client-settings">{t.applications.settings}</h2>
      <ApplicationForm first={client} kind={kindOf(client)} onSubmit={run} error={error}>
        <Button kind="primary" type="submit" busy={busy}>
          {t.save}
        </Button>
      </ApplicationForm>
    </section>
  );
}

const withId = (consent: Consent) => ({ ...consent, id: consent.user.id });

const nameOf = ({ user }: Consent) => user.full_name || user.email;

const USER_COLUMNS: Columns<ReturnType<typeof withId>> = [
  {
    title: t.applications.person,
    cell: ({ user }) => (
      <>
        <span class="row-name">{user.full_name}</span>
        <span class="hint">{user.email}</span>
      </>
    ),
  },
  { title: t.connected.may, cell: ({ scopes }) => <ScopeWords scopes={scopes} /> },
  { title: t.applications.since, cell: ({ created_at }) => <When iso={created_at} /> },
  { title: t.tokens.lastUsed, cell: ({ last_used_at }) => <LastUsed at={last_used_at} /> },
];

function Users({ client }: { client: OAuthClient }) {
  const { org } = useHere();
  const users = useLoad(() => oauthClients.users(org.id, client.id), [org.id, client.id]);
  const [revoking, setRevoking] = useState<Consent>();
  return (
    <section class="panel" aria-labelledby="client-users">
      <h2 id="client-users">{t.applications.users}</h2>
      <Arriving what={users} rows={2} />
      {users.data?.length === 0 && <p class="empty-line">{t.applications.usersEmpty}</p>}
      {users.data && users.data.length > 0 && (
        <Table
          labelledBy="client-users"
          columns={USER_COLUMNS}
          rows={users.data.map(withId)}
          actions={(consent) => (
            <Button
              aria-label={t.connected.revokeFrom(nameOf(consent))}
              onClick={() => setRevoking(consent)}
            >
              {t.named.revoke}
            </Button>
          )}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={t.applications.revokeTitle(nameOf(revoking))}
          action={t.named.revoke}
          act={async () => {
            await oauthClients.revokeUser(org.id, client.id, revoking.user.id);
            toast({ text: t.applications.revoked(nameOf(revoking)) });
            setRevoking(undefined);
            await users.reload();
          }}
          onClose={() => setRevoking(undefined)}
        >
          <p>{t.applications.revokeText}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function Delete({ client, onDeleted }: { client: OAuthClient; onDeleted: () => void }) {
  const { org } = useHere();
  return (
    <DangerZone
      id="client-delete"
      action={t.applications.delete}
      text={t.applications.deleteText}
      question={t.applications.deleteTitle(client.name)}
      warning={t.applications.deleteText}
      act={async () => {
        await oauthClients.remove(org.id, client.id);
        toast({ text: t.applications.deleted(client.name) });
        onDeleted();
      }}
    />
  );
}
