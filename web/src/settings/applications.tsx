/* OAuth applications: programs that sign in as themselves, not as a person. */

import { useState } from 'preact/hooks';
import { oauthClients, type OAuthClient } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { changeQuery, go, usePlace } from '../lib/router';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Value } from '../ui/code';
import { ConfirmDialog } from '../ui/confirm';
import { Dialog } from '../ui/dialog';
import { Badge, Empty, Problem, Skeleton } from '../ui/feedback';
import { CheckField, Field, fieldError, Form, TextField } from '../ui/form';
import { Icon } from '../ui/icons';
import { Menu } from '../ui/menu';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { SecretOnce } from './secret';

const GRANTS = ['client_credentials', 'password', 'refresh_token'] as const;

type Asking = { what: 'secret' | 'delete'; client: OAuthClient };

export function Applications() {
  const { org } = useHere();
  const { query } = usePlace();
  const clients = useLoad(() => oauthClients.list(org.id), [org.id]);
  const [asking, setAsking] = useState<Asking>();
  const creating = query.get('new') === 'application';
  const setCreating = (on: boolean) =>
    go(
      location.pathname + changeQuery(query, { new: on ? 'application' : '' }),
      on ? 'push' : 'replace',
    );
  useTitle(t.applications.title);

  return (
    <>
      <header class="page-head">
        <h1>{t.applications.title}</h1>
        <Button kind="primary" icon="add" onClick={() => setCreating(true)}>
          {t.applications.create}
        </Button>
      </header>
      <p class="lead">{t.applications.lead}</p>
      {clients.error && <Problem error={clients.error} retry={clients.reload} />}
      {!clients.data && !clients.error && <Skeleton rows={3} />}
      {clients.data?.length === 0 && (
        <Empty icon="app" title={t.applications.emptyTitle}>
          <p>{t.applications.emptyText}</p>
        </Empty>
      )}
      {clients.data?.map((client) => (
        <ClientPanel
          key={client.id}
          client={client}
          onAsk={(what) => setAsking({ what, client })}
        />
      ))}
      {creating && (
        <NewApplication onClose={() => setCreating(false)} onCreated={clients.reload} />
      )}
      {asking?.what === 'secret' && (
        <NewSecret client={asking.client} onClose={() => setAsking(undefined)} />
      )}
      {asking?.what === 'delete' && (
        <DeleteApplication
          client={asking.client}
          onClose={() => setAsking(undefined)}
          onDeleted={clients.reload}
        />
      )}
    </>
  );
}

function ClientPanel({
  client,
  onAsk,
}: {
  client: OAuthClient;
  onAsk: (what: Asking['what']) => void;
}) {
  const entry = (what: Asking['what'], close: () => void) => (
    <button
      type="button"
      onClick={() => {
        close();
        onAsk(what);
      }}
    >
      <Icon name={what === 'secret' ? 'key' : 'trash'} />
      {what === 'secret' ? t.applications.newSecret : t.applications.delete}
    </button>
  );
  return (
    <section class="panel" aria-label={client.name}>
      <header class="panel-head">
        <h2>{client.name}</h2>
        <Menu label={t.named.actionsFor(client.name)} button={<Icon name="more" />}>
          {(close) => (
            <>
              {entry('secret', close)}
              {entry('delete', close)}
            </>
          )}
        </Menu>
      </header>
      <h3>{t.applications.clientId}</h3>
      <Value value={client.id} label={t.applications.clientId} />
      <dl class="facts">
        <dt>{t.applications.grants}</dt>
        <dd class="scopes">
          {client.grants.map((grant) => (
            <Badge key={grant}>{grant}</Badge>
          ))}
        </dd>
        {client.redirect_uris.length > 0 && (
          <>
            <dt>{t.applications.redirects}</dt>
            <dd>{client.redirect_uris.join(', ')}</dd>
          </>
        )}
        {!client.require_client_header && (
          <>
            <dt>{t.applications.header}</dt>
            <dd>{t.applications.headerNotNeeded}</dd>
          </>
        )}
        <dt>{t.tokens.created}</dt>
        <dd>
          <When iso={client.created_at} />
        </dd>
        <dt>{t.tokens.lastUsed}</dt>
        <dd>
          {client.last_used_at ? (
            <When iso={client.last_used_at} />
          ) : (
            <span class="hint">{t.tokens.neverUsed}</span>
          )}
        </dd>
      </dl>
    </section>
  );
}

function NewApplication({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: () => Promise<void>;
}) {
  const { org } = useHere();
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<string[]>(['client_credentials']);
  const [redirects, setRedirects] = useState('');
  const [header, setHeader] = useState(true);
  const [created, setCreated] = useState<OAuthClient>();
  const { run, busy, error } = useAction(async () => {
    const client = await oauthClients.create(org.id, {
      name: name.trim(),
      grants,
      redirect_uris: redirects.split(/\s+/).filter(Boolean),
      require_client_header: header,
    });
    setCreated(client);
    await onCreated();
  });

  if (created) return <ShowSecret client={created} onClose={onClose} />;
  return (
    <Dialog title={t.applications.create} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['name', 'grants', 'redirect_uris']}>
        <TextField
          label={t.tokens.name}
          name="name"
          autocomplete="off"
          value={name}
          onInput={setName}
          error={fieldError(error, 'name')}
        />
        <fieldset class="field">
          <legend>{t.applications.grants}</legend>
          {GRANTS.map((grant) => (
            <CheckField
              key={grant}
              label={<code>{grant}</code>}
              hint={t.applications.grantHints[grant]}
              checked={grants.includes(grant)}
              onInput={(on) =>
                setGrants(
                  on ? [...grants, grant] : grants.filter((one) => one !== grant),
                )
              }
            />
          ))}
          {fieldError(error, 'grants') && (
            <p class="field-error">{fieldError(error, 'grants')}</p>
          )}
        </fieldset>
        <Field
          label={t.applications.redirects}
          hint={t.applications.redirectsHint}
          error={fieldError(error, 'redirect_uris')}
        >
          {(wiring) => (
            <textarea
              {...wiring}
              rows={2}
              spellcheck={false}
              value={redirects}
              onInput={(event) => setRedirects(event.currentTarget.value)}
            />
          )}
        </Field>
        <CheckField
          label={t.applications.requireHeader}
          hint={t.applications.requireHeaderHint}
          checked={header}
          onInput={setHeader}
        />
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.applications.create}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

function ShowSecret({ client, onClose }: { client: OAuthClient; onClose: () => void }) {
  return (
    <Dialog title={client.name} onClose={onClose} dismissable={false}>
      <h3>{t.applications.clientId}</h3>
      <Value value={client.id} label={t.applications.clientId} />
      <h3>{t.applications.secret}</h3>
      <SecretOnce
        secret={client.client_secret!}
        label={t.applications.secret}
        note={t.applications.shownOnce}
        onDone={onClose}
      />
    </Dialog>
  );
}

function NewSecret({ client, onClose }: { client: OAuthClient; onClose: () => void }) {
  const [renewed, setRenewed] = useState<OAuthClient>();
  const { org } = useHere();
  if (renewed) return <ShowSecret client={renewed} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={t.applications.newSecret}
      action={t.applications.newSecret}
      act={async () => setRenewed(await oauthClients.newSecret(org.id, client.id))}
      onClose={onClose}
    >
      <p>{t.applications.newSecretText(client.name)}</p>
    </ConfirmDialog>
  );
}

function DeleteApplication({
  client,
  onClose,
  onDeleted,
}: {
  client: OAuthClient;
  onClose: () => void;
  onDeleted: () => Promise<void>;
}) {
  const { org } = useHere();
  return (
    <ConfirmDialog
      title={t.applications.deleteTitle(client.name)}
      action={t.applications.delete}
      act={async () => {
        await oauthClients.remove(org.id, client.id);
        toast({ text: t.applications.deleted(client.name) });
        onClose();
        await onDeleted();
      }}
      onClose={onClose}
    >
      <p>{t.applications.deleteText}</p>
    </ConfirmDialog>
  );
}
