/* Applications that this person has allowed to act for them. */

import { useState } from 'preact/hooks';
import { connectedTokens, type ConnectedToken } from '../api';
import { useTitle } from '../context';
import { useLoad } from '../lib/load';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Arriving, Empty } from '../ui/feedback';
import { Table, type Columns } from '../ui/table';
import { RevokeDialog } from './revoke-dialog';
import {
  createdColumn,
  expiryColumn,
  lastUseColumn,
  ScopeWords,
  useOrganizationName,
} from './token-cells';

const nameOf = (token: ConnectedToken) => token.client_name ?? token.name;

const COLUMNS: Columns<ConnectedToken> = [
  {
    title: t.connected.application,
    cell: (token) => <span class="row-name">{nameOf(token)}</span>,
  },
  { title: t.connected.may, cell: ({ scopes }) => <ScopeWords scopes={scopes} /> },
  { title: t.connected.where, cell: (token) => <Where token={token} /> },
  createdColumn,
  expiryColumn,
  lastUseColumn,
];

function Where({ token }: { token: ConnectedToken }) {
  return <>{useOrganizationName(token.organization_id) ?? t.connected.everywhere}</>;
}

export function Connected() {
  const tokens = useLoad(connectedTokens.list, []);
  const [revoking, setRevoking] = useState<ConnectedToken>();
  useTitle(t.connected.title);
  return (
    <>
      <header class="page-head">
        <h1 id="connected">{t.connected.title}</h1>
      </header>
      <p class="lead">{t.connected.what}</p>
      <Arriving what={tokens} rows={3} />
      {tokens.data?.length === 0 && (
        <Empty icon="link" title={t.connected.emptyTitle}>
          <p>{t.connected.emptyText}</p>
        </Empty>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <Table
          labelledBy="connected"
          columns={COLUMNS}
          rows={tokens.data}
          actions={(token) => (
            <Button
              aria-label={t.connected.revokeFrom(nameOf(token))}
              onClick={() => setRevoking(token)}
            >
              {t.named.revoke}
            </Button>
          )}
        />
      )}
      {revoking && (
        <RevokeDialog
          token={revoking}
          name={nameOf(revoking)}
          text={t.connected.revokeText}
          onClose={() => setRevoking(undefined)}
          revoke={async () => {
            await connectedTokens.revoke(revoking.id);
            setRevoking(undefined);
            await tokens.reload();
          }}
        />
      )}
    </>
  );
}
