/* The question whether an application may act for somebody: who asks, who answers, in which
 * organization, and what exactly is allowed. Nothing is chosen in advance. */

import { useId, useState } from 'preact/hooks';
import type { ConsentAnswer, ConsentRequest } from '../api';
import { useAction } from '../lib/load';
import { entry } from '../strings-entry';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Badge, Note, Problem } from '../ui/feedback';
import { Icon } from '../ui/icons';
import { isolated } from '../ui/names';
import { When } from '../ui/time';
import { announce } from '../ui/toast';
import { useAccount } from './account-line';
import './entry.css';
import type { PersonalPage } from './entry';
import { Refused } from './refused';
import { Standalone } from './standalone';

const words = entry.consent;

interface Props extends PersonalPage {
  ask: ConsentRequest;
  /** Asks the server anew. */
  again: () => Promise<void>;
  send: (answer: ConsentAnswer) => Promise<void>;
  /** Of a device: its owner compares it with what the device shows. */
  userCode?: string;
}

export function Consent(props: Props) {
  const { refusal } = props.ask;
  return refusal ? <Refused {...props} refusal={refusal} /> : <Question {...props} />;
}

function Question({ ask, session, reload, send, userCode }: Props) {
  const [orgId, setOrgId] = useState(
    ask.organizations.length === 1 ? ask.organizations[0]!.id : undefined,
  );
  const [scopes, setScopes] = useState<string[]>([]);
  const { run, busy, error } = useAction(send);
  const account = useAccount({ session, reload });
  const missingId = useId();

  if (account.signIn) return account.signIn;
  const missing = whatIsMissing(orgId, scopes);
  return (
    <Standalone wide title={words.title(isolated(ask.client.name))}>
      {error && <Problem error={error} />}
      <Application client={ask.client} />
      {userCode && (
        <p class="same-code">
          {entry.device.sameCode} <code>{userCode}</code>
        </p>
      )}
      {account.line}
      {ask.previous && (
        <Note>
          <p>
            {words.previously}
            <When iso={ask.previous.at} />
            {words.previouslyEnd}
          </p>
        </Note>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (orgId && !missing) void run({ allow: true, organization_id: orgId, scopes });
        }}
      >
        <Organizations list={ask.organizations} chosen={orgId} onChoose={setOrgId} />
        <Permissions ask={ask} chosen={scopes} onChoose={setScopes} />
        <div>
          <p class="hint" id={missingId} aria-live="polite">
            {missing ?? words.revocable}
          </p>
          <div class="actions">
            <Button
              kind="primary"
              type="submit"
              busy={busy}
              disabled={missing !== undefined}
              aria-describedby={missingId}
            >
              {words.allow}
            </Button>
            <Button busy={busy} onClick={() => run({ allow: false })}>
              {words.deny}
            </Button>
          </div>
        </div>
      </form>
    </Standalone>
  );
}

function whatIsMissing(orgId: string | undefined, scopes: string[]): string | undefined {
  if (!orgId) return scopes.length ? words.missing.organization : words.missing.both;
  return scopes.length ? undefined : words.missing.permission;
}

function Application({ client }: { client: ConsentRequest['client'] }) {
  const unverified = client.origin === 'registration';
  return (
    <>
      <div class="party">
        <span class="app-mark">
          <Icon name="app" />
        </span>
        <p>
          <strong>
            <bdi>{client.name}</bdi>
          </strong>{' '}
          <Badge tone={unverified ? 'warning' : 'plain'}>{words.origins[client.origin]}</Badge>
          {client.redirect_host && (
            <span class="party-detail">
              {words.sendsBackTo} <strong>{client.redirect_host}</strong>
            </span>
          )}
        </p>
      </div>
      {unverified && <Note kind="warning">{words.unverified}</Note>}
    </>
  );
}

function Organizations({
  list,
  chosen,
  onChoose,
}: {
  list: ConsentRequest['organizations'];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  const only = list.length === 1 && list[0];
  if (only)
    return (
      <p>
        {words.onlyOrganization}{' '}
        <strong>
          <bdi>{only.name}</bdi>
        </strong>
      </p>
    );
  return (
    <fieldset class="field">
      <legend>{words.organization}</legend>
      <div class="choices">
        {list.map(({ id, name, role }) => (
          <label key={id} class="check choice">
            <input
              type="radio"
              name="organization"
              checked={id === chosen}
              onChange={() => onChoose(id)}
            />
            <span>
              <bdi>{name}</bdi>
              <span class="hint">{t.roles[role]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Permissions({
  ask,
  chosen,
  onChoose,
}: {
  ask: ConsentRequest;
  chosen: string[];
  onChoose: (scopes: string[]) => void;
}) {
  const id = useId();
  const all = ask.scopes.map(({ name }) => name);
  const toggleAll = () => {
    const next = chosen.length < all.length ? all : [];
    onChoose(next);
    announce(words.chosen(next.length, all.length));
  };
  return (
    <fieldset class="field">
      <legend>{words.permissions}</legend>
      {all.length > 1 && (
        <p class="select-all">
          <span class="hint">{words.chosen(chosen.length, all.length)}</span>
          <button type="button" class="link" onClick={toggleAll}>
            {chosen.length < all.length ? words.selectAll : words.selectNone}
          </button>
        </p>
      )}
      <div class="choices">
        {ask.scopes.map(({ name, title, text }) => (
          <label key={name} class="check choice">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              aria-describedby={`${id}-${name}`}
              onChange={(event) =>
                onChoose(
                  all.filter((one) =>
                    one === name ? event.currentTarget.checked : chosen.includes(one),
                  ),
                )
              }
            />
            <span>
              {title}{' '}
              {ask.previous?.scopes.includes(name) && <Badge>{words.allowedBefore}</Badge>}
              <span class="hint" id={`${id}-${name}`}>
                {text}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
