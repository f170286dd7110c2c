/* Making a named token: what it is for, how long it lives, what it may do and where from. */

import { useState } from 'preact/hooks';
import { namedTokens, organizations, type NewNamedTokenRequest, type Organization } from '../api';
import { useHere } from '../context';
import { useAction, useLoad } from '../lib/load';
import { fromLocalInput, toLocalInput } from '../lib/time';
import { t } from '../strings';
import { Dialog } from '../ui/dialog';
import { Field, fieldError, Form, FormButtons, SelectField, TextField } from '../ui/form';
import { LinesField, linesOf } from '../ui/lines-field';
import { ScopeChoice } from './scopes';
import { SecretOnce } from './secret';

export const NAME_MAX = 100;

const EXPIRIES = ['30', '90', '365', 'date', 'never'] as const;
type Expires = (typeof EXPIRIES)[number];

const FIELDS = [
  'name',
  'scopes',
  'expires_at',
  'expires_in_days',
  'organization_id',
  'addresses',
];

interface Choice {
  name: string;
  expires: Expires;
  date: string;
  scopes: string[];
  /** Empty: all of its owner's. */
  organization: string;
  addresses: string;
}

const FIRST_CHOICE: Choice = {
  name: '',
  expires: '90',
  date: '',
  scopes: ['*'],
  organization: '',
  addresses: '',
};

function endOf({ expires, date }: Choice): Partial<NewNamedTokenRequest> {
  if (expires === 'never') return {};
  // The chosen day is the last one on which the token works.
  if (expires === 'date') return { expires_at: date && fromLocalInput(`${date}T23:59:59`) };
  return { expires_in_days: Number(expires) };
}

function requestOf(choice: Choice): NewNamedTokenRequest {
  const addresses = linesOf(choice.addresses);
  return {
    name: choice.name.trim(),
    scopes: choice.scopes,
    ...endOf(choice),
    ...(choice.organization && { organization_id: choice.organization }),
    ...(addresses.length && { addresses }),
  };
}

/** The days that the organizations in which a token works let it live; 0: any number. */
function maxDays(all: Organization[], chosen: string): number {
  const limits = all
    .filter(({ id }) => !chosen || id === chosen)
    .map((one) => one.token_max_days)
    .filter((days) => days > 0);
  return limits.length ? Math.min(...limits) : 0;
}

/** Of the usual choices those that a policy allows, and the one nearest to what was wanted. */
function expiryUnder(max: number, wanted: Expires): { allowed: Expires[]; expires: Expires } {
  const allowed = EXPIRIES.filter(
    (one) => !max || one === 'date' || (one !== 'never' && Number(one) <= max),
  );
  const expires = allowed.includes(wanted) ? wanted : allowed.findLast((one) => one !== 'date');
  return { allowed, expires: expires ?? 'date' };
}

const dayAhead = (days: number) =>
  toLocalInput(new Date(Date.now() + days * 86_400_000)).slice(0, 10);

export function NewTokenDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (secret: string) => Promise<void>;
}) {
  const here = useHere();
  // Read again: an administrator may have changed the policy since this page was opened.
  const mine = useLoad(organizations.list, []).data ?? here.organizations;
  const [wanted, setChoice] = useState(FIRST_CHOICE);
  const [secret, setSecret] = useState<string>();
  const max = maxDays(mine, wanted.organization);
  const { allowed, expires } = expiryUnder(max, wanted.expires);
  const choice = { ...wanted, expires };
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
          testIn={choice.organization || here.org.id}
          onDone={onClose}
        />
      </Dialog>
    );
  return (
    <Dialog key="form" title={t.named.create} onClose={onClose}>
      <Form onSubmit={run} error={error} known={FIELDS}>
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
            hint={max ? t.named.policy(max) : undefined}
            value={expires}
            onInput={(next) => change({ expires: next })}
            options={allowed.map((one) => [one, t.named.expiries[one]])}
            error={fieldError(error, 'expires_in_days')}
          />
          {expires === 'date' && (
            <Field label={t.named.lastDay} error={fieldError(error, 'expires_at')}>
              {(wiring) => (
                <input
                  {...wiring}
                  type="date"
                  required
                  min={dayAhead(0)}
                  max={max ? dayAhead(max) : undefined}
                  value={choice.date}
                  onInput={(event) => change({ date: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </div>
        <ScopeChoice
          legend={t.tokens.scopes}
          full={{ words: t.scopes.full, hint: t.scopes.fullHint }}
          limitedHint={t.scopes.limitedHint}
          value={choice.scopes}
          onInput={(scopes) => change({ scopes })}
          error={fieldError(error, 'scopes')}
        />
        <details class="more-choices" open={!!fieldError(error, 'addresses')}>
          <summary>{t.named.limits}</summary>
          {mine.length > 1 && (
            <SelectField
              label={t.named.where}
              value={choice.organization}
              onInput={(organization) => change({ organization })}
              options={[
                ['', t.named.everywhere],
                ...mine.map(({ id, name }) => [id, name] as const),
              ]}
              error={fieldError(error, 'organization_id')}
            />
          )}
          <LinesField
            label={t.named.addresses}
            hint={t.named.addressesHint}
            value={choice.addresses}
            onInput={(addresses) => change({ addresses })}
            error={fieldError(error, 'addresses')}
          />
        </details>
        <FormButtons action={t.named.create} busy={busy} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
