/* Named tokens: one for each script, alive until they expire or are revoked. */

import { useState } from 'preact/hooks';
import { namedTokens, type NamedToken } from '../api';
import { useAction, type Loaded } from '../lib/load';
import { changeQuery, go, usePlace } from '../lib/router';
import { onDate } from '../lib/time';
import { t } from '../strings';
import { ConfirmDialog } from '../ui/confirm';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Badge, Problem, Skeleton } from '../ui/feedback';
import { fieldError, Form, SelectField, TextField } from '../ui/form';
import { Icon, type IconName } from '../ui/icons';
import { Menu } from '../ui/menu';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import { LastUse } from './last-use';
import { NAME_MAX, NewTokenDialog } from './new-token';
import { SecretOnce } from './secret';

type Act = 'rename' | 'rotate' | 'revoke';

/** Soon enough to do something about it. */
const SOON_MS = 14 * 86_400_000;

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
      {named.error && <Problem error={named.error} retry={named.reload} />}
      {!named.data && !named.error && <Skeleton rows={3} />}
      {named.data?.length === 0 && <p class="empty-line">{t.named.empty}</p>}
      {named.data && named.data.length > 0 && (
        <Table
          tokens={named.data}
          onAct={(act, token) => setActing({ act, token })}
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

function Table({
  tokens,
  onAct,
}: {
  tokens: NamedToken[];
  onAct: (act: Act, token: NamedToken) => void;
}) {
  return (
    <div class="table-frame" role="region" aria-labelledby="named" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.tokens.name}</th>
            <th scope="col">{t.tokens.scopes}</th>
            <th scope="col">{t.tokens.created}</th>
            <th scope="col">{t.tokens.expires}</th>
            <th scope="col">{t.tokens.lastUsed}</th>
            <th scope="col">
              <span class="visually-hidden">{t.moreActions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row">
                <span class="token-name">{token.name}</span>
                <code>{token.prefix}…</code>
              </th>
              <td data-label={t.tokens.scopes}>
                <Scopes scopes={token.scopes} />
              </td>
              <td data-label={t.tokens.created}>
                <When iso={token.created_at} words={onDate(token.created_at)} />
              </td>
              <td data-label={t.tokens.expires}>
                <Expiry at={token.expires_at} />
              </td>
              <td data-label={t.tokens.lastUsed}>
                <LastUse token={token} />
              </td>
              <td class="row-actions">
                <TokenMenu token={token} onAct={onAct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Scopes({ scopes }: { scopes: string[] }) {
  return (
    <span class="scopes">
      {scopes.map((scope) => (
        <Badge key={scope}>{scope === '*' ? t.scopes.full : scope}</Badge>
      ))}
    </span>
  );
}

export function Expiry({ at }: { at: string | null }) {
  if (!at) return <>{t.tokens.untilRevoked}</>;
  const left = new Date(at).getTime() - Date.now();
  if (left < 0) return <Badge tone="danger">{t.tokens.expired}</Badge>;
  return (
    <>
      <When iso={at} words={onDate(at)} />{' '}
      {left < SOON_MS && (
        <Badge tone="warning">
          <When iso={at} />
        </Badge>
      )}
    </>
  );
}

const ACTS: [Act, IconName][] = [
  ['rename', 'edit'],
  ['rotate', 'reopen'],
  ['revoke', 'trash'],
];

function TokenMenu({
  token,
  onAct,
}: {
  token: NamedToken;
  onAct: (act: Act, token: NamedToken) => void;
}) {
  return (
    <Menu label={t.named.actionsFor(token.name)} button={<Icon name="more" />}>
      {(close) =>
        ACTS.map(([act, icon]) => (
          <button
            key={act}
            type="button"
            onClick={() => {
              close();
              onAct(act, token);
            }}
          >
            <Icon name={icon} />
            {t.named[act]}
          </button>
        ))
      }
    </Menu>
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
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.named.rename}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Seconds for which the old value goes on working. */
const OVERLAPS = ['0', '3600', '86400', '604800'] as const;

function RotateDialog({ token, onClose, onChanged, onSecret }: DialogProps) {
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('86400');
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
          isToken
          onDone={onClose}
        />
      ) : (
        <Form onSubmit={run} error={error} known={['overlap_seconds']}>
          <p>{t.named.rotateText}</p>
          <SelectField
            label={t.named.overlap}
            value={overlap}
            onInput={setOverlap}
            options={OVERLAPS.map((one) => [one, t.named.overlaps[one]])}
            error={fieldError(error, 'overlap_seconds')}
          />
          <div class="actions">
            <Button kind="primary" type="submit" busy={busy}>
              {t.named.rotate}
            </Button>
            <Button onClick={onClose}>{t.cancel}</Button>
          </div>
        </Form>
      )}
    </Dialog>
  );
}

export function RevokeDialog({
  token,
  title,
  onClose,
  revoke,
}: {
  token: NamedToken;
  title: string;
  onClose: () => void;
  revoke: () => Promise<void>;
}) {
  return (
    <ConfirmDialog title={title} action={t.named.revoke} act={revoke} onClose={onClose}>
      <p>{t.named.revokeText}</p>
      <dl class="facts">
        <dt>{t.tokens.lastUsed}</dt>
        <dd>
          <LastUse token={token} />
        </dd>
      </dl>
    </ConfirmDialog>
  );
}

function RevokeNamed({ token, onClose, onChanged }: DialogProps) {
  return (
    <RevokeDialog
      token={token}
      title={t.named.revokeTitle(token.name)}
      onClose={onClose}
      revoke={async () => {
        await namedTokens.revoke(token.id);
        toast({ text: t.named.revoked(token.name) });
        onClose();
        await onChanged();
      }}
    />
  );
}

const DIALOGS = { rename: RenameDialog, rotate: RotateDialog, revoke: RevokeNamed };
