/* The page that developers judge us by: where the API is, a token, and a request that works. */

import { useState } from 'preact/hooks';
import { connectedTokens, namedTokens, personalToken, type ApiError } from '../api';
import { useHere, useTitle } from '../context';
import { useLoad } from '../lib/load';
import { t } from '../strings';
import { Arriving, Note } from '../ui/feedback';
import { toast } from '../ui/toast';
import { Value } from '../ui/code';
import { DangerZone } from './danger-zone';
import { NamedTokens } from './named-tokens';
import { PersonalTokenPanel } from './personal-token';
import { RequestSamples } from './request-samples';

/** Light members have no tokens: the server refuses even to list them. */
const isForLightMember = (error: ApiError | undefined) => error?.status === 403;

export function RestApi() {
  const { org } = useHere();
  const personal = useLoad(personalToken.read, []);
  const named = useLoad(namedTokens.list, []);
  const [secret, setSecret] = useState<string>();
  useTitle(t.restApi.title);

  const reloadAll = async () => {
    setSecret(undefined);
    await Promise.all([personal.reload(), named.reload()]);
  };
  const noTokens = isForLightMember(personal.error);

  return (
    <>
      <header class="page-head">
        <h1>{t.restApi.title}</h1>
      </header>
      <p class="lead">{t.restApi.lead}</p>

      <section class="panel" aria-labelledby="where">
        <h2 id="where">{t.restApi.where}</h2>
        <h3>{t.restApi.baseUrl}</h3>
        <Value value={location.origin} label={t.restApi.baseUrl} />
        <h3>
          {t.restApi.orgId} <span class="hint">{t.restApi.orgIdHint(org.name)}</span>
        </h3>
        <Value value={org.id} label={t.restApi.orgId} />
        <h3>{t.restApi.request}</h3>
        <p class="hint">{t.restApi.requestHint}</p>
        <RequestSamples orgId={org.id} token={secret} />
      </section>

      {noTokens ? (
        <Note>
          <p>{t.restApi.lightOnly}</p>
        </Note>
      ) : (
        <>
          <section class="panel" aria-labelledby="personal">
            <h2 id="personal">{t.restApi.personal}</h2>
            <Arriving what={personal} rows={3} />
            {personal.data && (
              <PersonalTokenPanel
                token={personal.data}
                onChange={(token) => {
                  personal.set(token);
                  setSecret(token.access_token);
                }}
              />
            )}
          </section>
          <NamedTokens named={named} onSecret={setSecret} />
          <DeleteAll onDone={reloadAll} />
        </>
      )}
    </>
  );
}

function DeleteAll({ onDone }: { onDone: () => Promise<void> }) {
  return (
    <DangerZone
      id="delete-all"
      action={t.restApi.deleteAll}
      text={t.restApi.deleteAllText}
      question={t.restApi.deleteAllQuestion}
      warning={t.restApi.deleteAllWarning}
      act={async () => {
        await connectedTokens.revokeAll();
        toast({ text: t.restApi.allDeleted });
        await onDone();
      }}
    />
  );
}
