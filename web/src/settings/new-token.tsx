/* Making a named token: what it is for, how long it lives, what it may do. */

import { useState } from 'preact/hooks';
import { namedTokens, type NewNamedTokenRequest } from '../api';
import { useAction } from '../lib/load';
import { fromLocalInput, toLocalInput } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Field, fieldError, Form, SelectField, TextField } from '../ui/form';
import { SecretOnce } from './secret';

export const NAME_MAX = 100;

const EXPIRIES = ['30', '90', '365', 'date', 'never'] as const;
type Expires = (typeof EXPIRIES)[number];

const AREAS = ['account', 'organization', 'users', 'tasks'] as const;
type Area = (typeof AREAS)[number];

const LEVELS = ['none', 'read', 'write'] as const;
type Level = (typeof LEVELS)[number];

interface Choice {
  name: string;
  expires: Expires;
  date: string;
  limited: boolean;
  levels: Record<Area, Level>;
  admin: boolean;
}

const FIRST_CHOICE: Choice = {
  name: '',
  expires: '90',
  date: '',
  limited: false,
  levels: { account: 'read', organization: 'read', users: 'read', tasks: 'write' },
  admin: false,
};

function scopesOf({ limited, levels, admin }: Choice): string[] {
  if (!limited) return ['*'];
  const areas = AREAS.filter((area) => levels[area] !== 'none');
  return [...areas.map((area) => `${area}.${levels[area]}`), ...(admin ? ['admin'] : [])];
}

function requestOf(choice: Choice): NewNamedTokenRequest {
  const request = { name: choice.name.trim(), scopes: scopesOf(choice) };
  switch (choice.expires) {
    case 'never':
      return request;
    case 'date':
      // The chosen day is the last one on which the token works.
      return {
        ...request,
        expires_at: choice.date && fromLocalInput(`${choice.date}T23:59:59`),
      };
    default:
      return { ...request, expires_in_days: Number(choice.expires) };
  }
}

export function NewTokenDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (secret: string) => Promise<void>;
}) {
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [secret, setSecret] = useState<string>();
  const change = (some: Partial<Choice>) => setChoice((old) => ({ ...old, ...some }));
  const { run, busy, error } = useAction(async () => {
    const { accessToken } = await namedTokens.create(requestOf(choice));
    setSecret(accessToken);
    await onCreated(accessToken);
  });

  if (secret)
    return (
      <Dialog key="secret" title={t.named.createdTitle} onClose={onClose} dismissable={false}>
        <SecretOnce
          secret={secret}
          label={choice.name}
          note={t.tokens.shownOnce}
          isToken
          onDone={onClose}
        />
      </Dialog>
    );
  return (
    <Dialog key="form" title={t.named.create} onClose={onClose}>
      <Form
        onSubmit={run}
        error={error}
        known={['name', 'scopes', 'expires_at', 'expires_in_days']}
      >
        <TextField
          label={t.tokens.name}
          hint={t.named.nameHint}
          name="name"
          autocomplete="off"
          maxLength={NAME_MAX}
          value={choice.name}
          onInput={(name) => change({ name })}
          error={fieldError(error, 'name')}
        />
        <div class="pair">
          <SelectField
            label={t.tokens.expires}
            value={choice.expires}
            onInput={(expires) => change({ expires })}
            options={EXPIRIES.map((one) => [one, t.named.expiries[one]])}
            error={fieldError(error, 'expires_in_days')}
          />
          {choice.expires === 'date' && (
            <Field label={t.named.lastDay} error={fieldError(error, 'expires_at')}>
              {(wiring) => (
                <input
                  {...wiring}
                  type="date"
                  required
                  min={toLocalInput(new Date()).slice(0, 10)}
                  value={choice.date}
                  onInput={(event) => change({ date: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </div>
        <ScopeChoice choice={choice} change={change} error={scopeError(error)} />
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {t.named.create}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

const scopeError = (error: Parameters<typeof fieldError>[0]) =>
  fieldError(error, 'scopes') ?? fieldError(error, 'scopes.0');

function ScopeChoice({
  choice,
  change,
  error,
}: {
  choice: Choice;
  change: (some: Partial<Choice>) => void;
  error?: string;
}) {
  return (
    <fieldset class="field" aria-invalid={error ? true : undefined} tabIndex={-1}>
      <legend>{t.tokens.scopes}</legend>
      {([false, true] as const).map((limited) => (
        <label key={String(limited)} class="check">
          <input
            type="radio"
            name="limited"
            checked={choice.limited === limited}
            onChange={() => change({ limited })}
          />
          <span>
            {limited ? t.scopes.limited : t.scopes.full}
            <span class="hint">
              {limited ? t.scopes.limitedHint : t.scopes.fullHint}
            </span>
          </span>
        </label>
      ))}
      {choice.limited && (
        <div class="scope-grid">
          {AREAS.map((area) => (
            <SelectField
              key={area}
              label={t.scopes.areas[area]}
              value={choice.levels[area]}
              onInput={(level) =>
                change({ levels: { ...choice.levels, [area]: level } })
              }
              options={LEVELS.map((level) => [level, t.scopes.levels[level]])}
            />
          ))}
          <label class="check">
            <input
              type="checkbox"
              checked={choice.admin}
              onChange={(event) => change({ admin: event.currentTarget.checked })}
            />
            <span>
              {t.scopes.admin}
              <span class="hint">{t.scopes.adminHint}</span>
            </span>
          </label>
        </div>
      )}
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  );
}
