/* What an administrator decides about tokens, and every token that works in the organization. */

import { useState } from 'preact/hooks';
import { memberTokens, organizations, type MemberToken, type Organization } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { usePlace } from '../lib/router';
import { onDate } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Arriving, Badge } from '../ui/feedback';
import { CheckField, fieldError, Form, TextField } from '../ui/form';
import { ListFoot, pageIn } from '../ui/pager';
import { Table, type Columns } from '../ui/table';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { RevokeDialog } from './revoke-dialog';
import { expiryColumn, lastUseColumn, Limits, Scopes } from './token-cells';

export function OrganizationTokens() {
  const { org } = useHere();
  const policy = useLoad(() => organizations.read(org.id), [org.id]);
  useTitle(t.organizationTokens.title);
  return (
    <>
      <header class="page-head">
        <h1>{t.organizationTokens.title}</h1>
      </header>
      <p class="lead">{t.organizationTokens.lead}</p>
      <Arriving what={policy} rows={3} />
      {policy.data && <Policy organization={policy.data} />}
      <AllTokens />
    </>
  );
}

function Policy({ organization }: { organization: Organization }) {
  const { org, refreshSession } = useHere();
  const [days, setDays] = useState(String(organization.token_max_days));
  const [keep, setKeep] = useState(organization.keep_personal_token);
  const { run, busy, error } = useAction(async () => {
    await organizations.setTokenPolicy(org.id, {
      // What is not a number goes as it is, for the server to refuse.
      token_max_days: /^\d+$/.test(days) ? Number(days) : days,
      keep_personal_token: keep,
    });
    // It tells whether signing out ends the personal token.
    await refreshSession();
    toast({ text: t.organizationTokens.saved });
  });
  return (
    <section class="panel" aria-labelledby="policy">
      <h2 id="policy">{t.organizationTokens.policy}</h2>
      <Form onSubmit={run} error={error} known={['token_max_days', 'keep_personal_token']}>
        <TextField
          label={t.organizationTokens.maxDays}
          hint={t.organizationTokens.maxDaysHint}
          name="token_max_days"
          inputMode="numeric"
          autocomplete="off"
          value={days}
          onInput={setDays}
          error={fieldError(error, 'token_max_days')}
        />
        <CheckField
          label={t.organizationTokens.keep}
          hint={t.organizationTokens.keepHint}
          checked={keep}
          onInput={setKeep}
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

const nameOf = (token: MemberToken) =>
  token.name || token.client_name || t.organizationTokens.kinds[token.kind];

const ownerOf = ({ user }: MemberToken) => user?.full_name || user?.email;

const COLUMNS: Columns<MemberToken> = [
  {
    title: t.organizationTokens.token,
    cell: (token) => (
      <>
        <span class="row-name">{nameOf(token)}</span>
        {nameOf(token) !== t.organizationTokens.kinds[token.kind] && (
          <Badge>{t.organizationTokens.kinds[token.kind]}</Badge>
        )}
        {token.prefix && <code> {token.prefix}…</code>}
        <span class="hint">
          {t.tokens.created} <When iso={token.created_at} words={onDate(token.created_at)} />
        </span>
      </>
    ),
  },
  {
    title: t.organizationTokens.owner,
    cell: (token) => ownerOf(token) ?? t.organizationTokens.application,
  },
  {
    title: t.tokens.scopes,
    cell: (token) => (
      <>
        <Scopes scopes={token.scopes} />
        <Limits token={token} />
      </>
    ),
  },
  expiryColumn,
  lastUseColumn,
];

function AllTokens() {
  const { org } = useHere();
  const { query } = usePlace();
  const page = pageIn(query);
  const tokens = useLoad(() => memberTokens.list(org.id, page), [org.id, page]);
  const [revoking, setRevoking] = useState<MemberToken>();
  return (
    <section class="panel" aria-labelledby="all-tokens">
      <h2 id="all-tokens">{t.organizationTokens.all}</h2>
      <Arriving what={tokens} rows={4} />
      {tokens.data?.items.length === 0 && (
        <p class="empty-line">{t.organizationTokens.empty}</p>
      )}
      {tokens.data && tokens.data.items.length > 0 && (
        <>
          <Table
            labelledBy="all-tokens"
            columns={COLUMNS}
            rows={tokens.data.items}
            actions={(token) =>
              token.is_revocable ? (
                <Button
                  aria-label={t.connected.revokeFrom(nameOf(token))}
                  onClick={() => setRevoking(token)}
                >
                  {t.named.revoke}
                </Button>
              ) : (
                <span class="hint">{t.organizationTokens.elsewhere}</span>
              )
            }
          />
          <ListFoot listed={tokens.data} search={query} />
        </>
      )}
      {revoking && (
        <RevokeDialog
          token={revoking}
          name={nameOf(revoking)}
          text={
            ownerOf(revoking)
              ? t.organizationTokens.revokeText(ownerOf(revoking)!)
              : t.named.revokeText
          }
          onClose={() => setRevoking(undefined)}
          revoke={async () => {
            await memberTokens.revoke(org.id, revoking.id);
            setRevoking(undefined);
            await tokens.reload();
          }}
        />
      )}
    </section>
  );
}
