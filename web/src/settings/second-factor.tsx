/* The second factor: codes from an app (RFC 6238), and recovery codes for when the phone is
 * lost. */

import { useState } from 'preact/hooks';
import { secondFactor as api, type SecondFactor } from '../api';
import { useHere } from '../context';
import { lazy } from '../lib/lazy';
import { useAction, useLoad } from '../lib/load';
import { t } from '../strings';
import { Value } from '../ui/code';
import { Button, CopyButton } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Arriving, Badge, Note } from '../ui/feedback';
import { fieldError, Form, FormButtons, TextField } from '../ui/form';
import { PasswordDialog } from '../ui/password-dialog';
import { When } from '../ui/time';
import { toast } from '../ui/toast';

const QrCode = lazy(async () => (await import('../ui/qr-code')).QrCode);

const CODES = 10;
const CODES_FEW = 3;

type Doing = 'turnOn' | 'newCodes' | 'turnOff';

export function SecondFactorPanel() {
  const factor = useLoad(api.read, []);
  const [doing, setDoing] = useState<Doing>();
  const stop = () => setDoing(undefined);
  const Dialogs = doing && DIALOGS[doing];
  return (
    <section class="panel" aria-labelledby="factor">
      <header class="panel-head">
        <h2 id="factor">{t.security.factor}</h2>
        {factor.data && <State factor={factor.data} />}
      </header>
      <p>{t.security.factorText}</p>
      <Arriving what={factor} rows={1} />
      {factor.data?.enabled && <RecoveryCodesLeft left={factor.data.recovery_codes_left} />}
      {factor.data && (
        <div class="actions">
          {factor.data.enabled ? (
            <>
              <Button icon="reopen" onClick={() => setDoing('newCodes')}>
                {t.security.newCodes}
              </Button>
              <Button kind="danger" onClick={() => setDoing('turnOff')}>
                {t.security.turnOff}
              </Button>
            </>
          ) : (
            <Button kind="primary" icon="shield" onClick={() => setDoing('turnOn')}>
              {t.security.turnOn}
            </Button>
          )}
        </div>
      )}
      {Dialogs && <Dialogs onClose={stop} onChanged={factor.reload} />}
    </section>
  );
}

function State({ factor }: { factor: SecondFactor }) {
  if (!factor.enabled) return <Badge>{t.security.factorOff}</Badge>;
  return (
    <span>
      <Badge tone="good">{t.security.factorOn}</Badge>{' '}
      {factor.confirmed_at && (
        <span class="hint">
          <When iso={factor.confirmed_at} />
        </span>
      )}
    </span>
  );
}

function RecoveryCodesLeft({ left }: { left: number }) {
  return (
    <>
      <dl class="facts">
        <dt>{t.security.codesLeft}</dt>
        <dd>{t.security.codesOf(left, CODES)}</dd>
      </dl>
      {left <= CODES_FEW && (
        <Note kind="warning">
          <p>{t.security.codesFew}</p>
        </Note>
      )}
    </>
  );
}

interface DialogProps {
  onClose: () => void;
  onChanged: () => Promise<void>;
}

/** Password, then secret and first code, then recovery codes. */
function TurnOn({ onClose, onChanged }: DialogProps) {
  const [secret, setSecret] = useState<{ secret: string; uri: string }>();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  if (secret)
    return (
      <Confirm
        {...secret}
        onClose={onClose}
        onConfirmed={async (made) => {
          setCodes(made);
          await onChanged();
        }}
      />
    );
  return (
    <PasswordDialog
      title={t.security.turnOnTitle}
      text={t.security.turnOnText}
      action={t.security.continue}
      act={async (password) => setSecret(await api.start(password))}
      onClose={onClose}
    />
  );
}

const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

function Confirm({
  secret,
  uri,
  onClose,
  onConfirmed,
}: {
  secret: string;
  uri: string;
  onClose: () => void;
  onConfirmed: (codes: string[]) => Promise<void>;
}) {
  const [code, setCode] = useState('');
  const { run, busy, error } = useAction(async () =>
    onConfirmed((await api.confirm(code.replace(/\s/g, ''))).recovery_codes),
  );
  return (
    <Dialog key="confirm" title={t.security.turnOnTitle} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['code']}>
        <p>{t.security.scan}</p>
        <QrCode text={uri} label={t.security.qrCode} />
        <p>
          <a href={uri}>{t.security.openInApp}</a>
        </p>
        <div class="field">
          <p>{t.security.typeSecret}</p>
          <Value value={secret} shown={inFours(secret)} label={t.security.secret} />
        </div>
        <TextField
          label={t.security.code}
          hint={t.security.codeHint}
          name="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          value={code}
          onInput={setCode}
          error={fieldError(error, 'code')}
        />
        <FormButtons action={t.security.confirm} busy={busy} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { session } = useHere();
  const text = `${codes.join('\n')}\n`;
  const download = () => {
    const head = t.security.downloadHead(session.user.email, location.origin);
    const file = URL.createObjectURL(new Blob([head, '\n', text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = file;
    link.download = t.security.downloadName;
    link.click();
    URL.revokeObjectURL(file);
  };
  return (
    <Dialog
      key="codes"
      title={t.security.codesTitle}
      onClose={onClose}
      dismissable={false}
    >
      <Note kind="warning">
        <p>{t.security.codesText}</p>
      </Note>
      <ol class="recovery-codes" aria-label={t.security.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="actions">
        <CopyButton text={text} label={t.copyThing(t.security.codes)} />
        <Button icon="download" onClick={download}>
          {t.security.download}
        </Button>
        <Button kind="primary" onClick={onClose}>
          {t.done}
        </Button>
      </div>
    </Dialog>
  );
}

function NewCodes({ onClose, onChanged }: DialogProps) {
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  return (
    <PasswordDialog
      title={t.security.newCodes}
      text={t.security.newCodesText}
      action={t.security.newCodes}
      act={async (password) => {
        setCodes((await api.newCodes(password)).recovery_codes);
        await onChanged();
      }}
      onClose={onClose}
    />
  );
}

function TurnOff({ onClose, onChanged }: DialogProps) {
  return (
    <PasswordDialog
      title={t.security.turnOffTitle}
      text={t.security.turnOffText}
      action={t.security.turnOff}
      isDangerous
      act={async (password) => {
        await api.turnOff(password);
        toast({ text: t.security.turnedOff });
        onClose();
        await onChanged();
      }}
      onClose={onClose}
    />
  );
}

const DIALOGS = { turnOn: TurnOn, newCodes: NewCodes, turnOff: TurnOff };
