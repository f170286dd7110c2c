/* OAuth applications: the list of them, and registering another. */

import { useState } from 'preact/hooks';
import { oauthClients, type ClientForm, type OAuthClient } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { changeQuery, go, usePlace } from '../lib/router';
import { t } from '../strings';
import { Button, Link } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Arriving, Empty } from '../ui/feedback';
import { Table, type Columns } from '../ui/table';
import { Application } from './application';
import { ApplicationForm, grantInWords, kindOf, type Kind } from './application-form';
import { ClientSecret } from './secret';
import { LastUsed } from './token-cells';

/** All of them, or the one whose id the address has. */
export function Applications({ base, rest }: { base: string; rest: string }) {
  return rest ? <Application id={rest} base={base} /> : <List base={base} />;
}

function List({ base }: { base: string }) {
  const { org } = useHere();
  const { query } = usePlace();
  const clients = useLoad(() => oauthClients.list(org.id), [org.id]);
  const creating = query.get('new') === 'application';
  const setCreating = (on: boolean) =>
    go(base + changeQuery(query, { new: on ? 'application' : '' }), on ? 'push' : 'replace');
  useTitle(t.applications.title);

  const columns: Columns<OAuthClient> = [
    {
      title: t.applications.application,
      cell: (client) => (
        <Link class="row-name" href={`${base}/${client.id}`}>
          {client.name}
        </Link>
      ),
    },
    { title: t.applications.kind, cell: (client) => t.applications.kinds[kindOf(client)] },
    {
      title: t.applications.access,
      cell: ({ grants }) => (
        <ul class="scope-words">
          {grants.map((grant) => (
            <li key={grant}>{grantInWords(grant)}</li>
          ))}
        </ul>
      ),
    },
    { title: t.tokens.lastUsed, cell: (client) => <LastUsed at={client.last_used_at} /> },
  ];

  return (
    <>
      <header class="page-head">
        <h1 id="applications">{t.applications.title}</h1>
        <Button kind="primary" icon="add" onClick={() => setCreating(true)}>
          {t.applications.create}
        </Button>
      </header>
      <p class="lead">{t.applications.lead}</p>
      <Arriving what={clients} rows={3} />
      {clients.data?.length === 0 && (
        <Empty icon="app" title={t.applications.emptyTitle}>
          <p>{t.applications.emptyText}</p>
        </Empty>
      )}
      {clients.data && clients.data.length > 0 && (
        <Table labelledBy="applications" columns={columns} rows={clients.data} />
      )}
      {creating && (
        <NewApplication
          onClose={() => setCreating(false)}
          onCreated={(client) => go(`${base}/${client.id}`, 'replace')}
        />
      )}
    </>
  );
}

const KINDS: Kind[] = ['confidential', 'public'];

const EMPTY: ClientForm = {
  name: '',
  grants: ['client_credentials'],
  redirect_uris: [],
  scopes: ['*'],
  require_client_header: true,
};

function NewApplication({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (client: OAuthClient) => void;
}) {
  const { org } = useHere();
  const [kind, setKind] = useState<Kind>('confidential');
  const [created, setCreated] = useState<OAuthClient>();
  const { run, busy, error } = useAction(async (form: ClientForm) => {
    const isPublic = kind === 'public';
    const client = await oauthClients.create(org.id, { ...form, public: isPublic });
    if (isPublic) onCreated(client);
    else setCreated(client);
  });

  if (created) return <ClientSecret client={created} onClose={() => onCreated(created)} />;
  return (
    <Dialog title={t.applications.create} onClose={onClose}>
      <ApplicationForm
        first={EMPTY}
        kind={kind}
        onSubmit={run}
        error={error}
        afterName={
          <fieldset class="field">
            <legend>{t.applications.kind}</legend>
            {KINDS.map((one) => (
              <label key={one} class="check">
                <input
                  type="radio"
                  name="kind"
                  checked={kind === one}
                  onChange={() => setKind(one)}
                />
                <span>
                  {t.applications.kinds[one]}
                  <span class="hint">{t.applications.kindHints[one]}</span>
                </span>
              </label>
            ))}
          </fieldset>
        }
      >
        <Button kind="primary" type="submit" busy={busy}>
          {t.applications.create}
        </Button>
        <Button onClick={onClose}>{t.cancel}</Button>
      </ApplicationForm>
    </Dialog>
  );
}
