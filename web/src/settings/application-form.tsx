/* What an organization says about an application: when it registers one, and later. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError, ClientForm, OAuthClient } from '../api';
import { t } from '../strings';
import { Badge } from '../ui/feedback';
import { CheckField, fieldError, Form, TextField } from '../ui/form';
import { LinesField, linesOf } from '../ui/lines-field';
import { ScopeChoice } from './scopes';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/** The words for each grant, in the order of how often they are the right one. */
const GRANTS = {
  client_credentials: 'client_credentials',
  authorization_code: 'authorization_code',
  refresh_token: 'refresh_token',
  [DEVICE]: 'device_code',
  implicit: 'implicit',
  password: 'password',
} as const;

const GRANT_NAMES = Object.keys(GRANTS) as (keyof typeof GRANTS)[];

/** Kept for old clients: both let the application see what it should not. */
const isOld = (grant: string) => grant === 'implicit' || grant === 'password';

/** Only who can keep a secret can show one. */
const needsSecret = (grant: string) => grant === 'client_credentials';

export const grantInWords = (grant: string) =>
  grant in GRANTS ? t.applications.grantWords[GRANTS[grant as keyof typeof GRANTS]] : grant;

export type Kind = 'confidential' | 'public';

export const kindOf = (client: OAuthClient): Kind => (client.public ? 'public' : 'confidential');

const FIELDS = ['name', 'grants', 'redirect_uris', 'scopes', 'require_client_header'];

/** The same form made for the other kind of application. */
function asKind(form: ClientForm, kind: Kind): ClientForm {
  const kept = form.grants.filter((grant) => kind === 'confidential' || !needsSecret(grant));
  const isLost = !kept.length && form.grants.length > 0;
  return { ...form, grants: isLost ? ['authorization_code', 'refresh_token'] : kept };
}

export function ApplicationForm({
  first,
  kind,
  onSubmit,
  error,
  afterName,
  children,
}: {
  first: ClientForm;
  kind: Kind;
  onSubmit: (form: ClientForm) => void;
  error: ApiError | undefined;
  afterName?: ComponentChildren;
  /** The buttons. */
  children: ComponentChildren;
}) {
  const [form, setForm] = useState(first);
  const [redirects, setRedirects] = useState(first.redirect_uris.join('\n'));
  const change = (some: Partial<ClientForm>) => setForm((old) => ({ ...old, ...some }));
  const { name, grants, scopes, require_client_header } = asKind(form, kind);

  return (
    <Form
      onSubmit={() =>
        onSubmit({
          name: name.trim(),
          grants,
          redirect_uris: linesOf(redirects),
          scopes,
          require_client_header,
        })
      }
      error={error}
      known={FIELDS}
    >
      <TextField
        label={t.tokens.name}
        name="name"
        autocomplete="off"
        maxLength={100}
        value={name}
        onInput={(next) => change({ name: next })}
        error={fieldError(error, 'name')}
      />
      {afterName}
      <GrantChoice
        kind={kind}
        value={grants}
        onInput={(next) => change({ grants: next })}
        error={fieldError(error, 'grants')}
      />
      <LinesField
        label={t.applications.redirects}
        hint={t.applications.redirectsHint}
        value={redirects}
        onInput={setRedirects}
        error={fieldError(error, 'redirect_uris')}
      />
      <ScopeChoice
        legend={t.applications.may}
        full={{ words: t.applications.mayAll, hint: t.applications.mayAllHint }}
        limitedHint={t.applications.mayHint}
        value={scopes}
        onInput={(next) => change({ scopes: next })}
        error={fieldError(error, 'scopes')}
      />
      <CheckField
        label={t.applications.requireHeader}
        hint={t.applications.requireHeaderHint}
        checked={require_client_header}
        onInput={(on) => change({ require_client_header: on })}
      />
      <div class="actions">{children}</div>
    </Form>
  );
}

function GrantChoice({
  kind,
  value,
  onInput,
  error,
}: {
  kind: Kind;
  value: string[];
  onInput: (grants: string[]) => void;
  error?: string;
}) {
  return (
    <fieldset class="field" aria-invalid={error ? true : undefined} tabIndex={-1}>
      <legend>{t.applications.grants}</legend>
      {GRANT_NAMES.filter((grant) => kind === 'confidential' || !needsSecret(grant)).map(
        (grant) => (
          <CheckField
            key={grant}
            label={
              <>
                {grantInWords(grant)} <code class="api-name">{GRANTS[grant]}</code>{' '}
                {isOld(grant) && <Badge tone="warning">{t.applications.old}</Badge>}
              </>
            }
            hint={t.applications.grantHints[GRANTS[grant]]}
            checked={value.includes(grant)}
            onInput={(on) =>
              onInput(GRANT_NAMES.filter((one) => (one === grant ? on : value.includes(one))))
            }
          />
        ),
      )}
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  );
}
