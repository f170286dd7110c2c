/* Named tokens: one for each script, alive until they expire or are revoked. */

import { useState } from 'preact/hooks';
import { namedTokens, type NamedToken } from '../api';
import { useHere } from '../context';
import { useAction, type Loaded } from '../lib/load';
import { changeQuery, go, usePlace } from '../lib/router';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Arriving } from '../ui/feedback';
import { fieldError, Form, FormButtons, TextField } from '../ui/form';
import type { IconName } from '../ui/icons';
import { ActionMenu } from '../ui/menu';
import { Table, type Columns } from '../ui/table';
import { NAME_MAX, NewTokenDialog } from './new-token';
import { OverlapField, type Overlap } from './overlap';
import { RevokeDialog } from './revoke-dialog';
import { SecretOnce } from './secret';
import { createdColumn, expiryColumn, LastUse, Limits, Scopes } from './token-cells';

type Act = 'rename' | 'rotate' | 'revoke';

const ACTS: [Act, IconName][] = [
  ['rename', 'edit'],
  ['rotate', 'reopen'],
  ['revoke', 'trash'],
];

const COLUMNS: Columns<NamedToken> = [
  {
    title: t.tokens.name,
    cell: (token) => (
      <>
        <span class="row-name">{token.name}</span>
        <code>{token.prefix}…</code>
      </>
    ),
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
  createdColumn,
  expiryColumn,
  {
    title: t.tokens.lastUsed,
    cell: (token) => (
      <>
        <LastUse token={token} />
        {token.calls_7_days > 0 && (
          <span class="hint">{t.tokens.calls(token.calls_7_days)}</span>
        )}
      </>
    ),
  },
];

export function NamedTokens({
  named,
  onSecret,
}: {
  named: Loaded<NamedToken[]>;
  onSecret: (secret: string) => void;
}) {
  const { query } = usePlace();
  const [acting, setActing] = useState<{ act: Act; token: NamedToken }>();
  const creating = query.get('new') === 'token';
  const setCreating = (on: boolean) =>
    go(location.pathname + changeQuery(query, { new: on ? 'token' : '' }), on ? 'push' : 'replace');
  const stop = () => setActing(undefined);
  const Acting = acting && DIALOGS[acting.act];

  return (
    <section class="panel" aria-labelledby="named">
      <header class="panel-head">
        <h2 id="named">{t.named.title}</h2>
        <Button kind="primary" icon="add" onClick={() => setCreating(true)}>
          {t.named.create}
        </Button>
      </header>
      <p>{t.named.what}</p>
      <Arriving what={named} rows={3} />
      {named.data?.length === 0 && <p class="empty-line">{t.named.empty}</p>}
      {named.data && named.data.length > 0 && (
        <Table
          labelledBy="named"
          columns={COLUMNS}
          rows={named.data}
          actions={(token) => (
            <ActionMenu
              label={t.named.actionsFor(token.name)}
              entries={ACTS.map(([act, icon]) => ({
                icon,
                words: t.named[act],
                act: () => setActing({ act, token }),
              }))}
            />
          )}
        />
      )}
      {creating && (
        <NewTokenDialog
          onClose={() => setCreating(false)}
          onCreated={async (secret) => {
            onSecret(secret);
            await named.reload();
          }}
        />
      )}
      {Acting && (
        <Acting
          token={acting.token}
          onClose={stop}
          onChanged={named.reload}
          onSecret={onSecret}
        />
      )}
    </section>
  );
}

interface DialogProps {
  token: NamedToken;
  onClose: () => void;
  onChanged: () => Promise<void>;
  onSecret: (secret: string) => void;
}

function RenameDialog({ token, onClose, onChanged }: DialogProps) {
  const [name, setName] = useState(token.name);
  const { run, busy, error } = useAction(async () => {
    await namedTokens.rename(token.id, name.trim());
    await onChanged();
    onClose();
  });
  return (
    <Dialog title={t.named.renameTitle(token.name)} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['name']}>
        <TextField
          label={t.tokens.name}
          maxLength={NAME_MAX}
          value={name}
          onInput={setName}
          error={fieldError(error, 'name')}
        />
        <FormButtons action={t.named.rename} busy={busy} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

function RotateDialog({ token, onClose, onChanged, onSecret }: DialogProps) {
  const { org } = useHere();
  const [overlap, setOverlap] = useState<Overlap>('86400');
  const [secret, setSecret] = useState<string>();
  const { run, busy, error } = useAction(async () => {
    const rotated = await namedTokens.rotate(token.id, Number(overlap));
    setSecret(rotated.accessToken);
    onSecret(rotated.accessToken);
    await onChanged();
  });
  return (
    <Dialog
      key={secret ? 'secret' : 'form'}
      title={t.named.rotateTitle(token.name)}
      onClose={onClose}
      dismissable={!secret}
    >
      {secret ? (
        <SecretOnce
          secret={secret}
          label={token.name}
          note={t.tokens.shownOnce}
          testIn={token.organization_id ?? org.id}
          onDone={onClose}
        />
      ) : (
        <Form onSubmit={run} error={error} known={['overlap_seconds']}>
          <p>{t.named.rotateText}</p>
          <OverlapField
            longest="604800"
            label={t.named.overlap}
            value={overlap}
            onInput={setOverlap}
            error={fieldError(error, 'overlap_seconds')}
          />
          <FormButtons action={t.named.rotate} busy={busy} onCancel={onClose} />
        </Form>
      )}
    </Dialog>
  );
}

function RevokeNamed({ token, onClose, onChanged }: DialogProps) {
  return (
    <RevokeDialog
      token={token}
      name={token.name}
      text={t.named.revokeText}
      onClose={onClose}
      revoke={async () => {
        await namedTokens.revoke(token.id);
        onClose();
        await onChanged();
      }}
    />
  );
}

const DIALOGS = { rename: RenameDialog, rotate: RotateDialog, revoke: RevokeNamed };
