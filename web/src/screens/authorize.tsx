/* Where an application sends somebody to be allowed to act for them (RFC 6749 section 4.1). The
 * query is the application's own and goes to the server as it came. */

import { useState } from 'preact/hooks';
import { consents, type ApiError, type ConsentPath, type ConsentRequest } from '../api';
import { useLoad } from '../lib/load';
import { entry } from '../strings-entry';
import { t } from '../strings';
import { ButtonLink } from '../ui/controls';
import { inWords, Problem } from '../ui/feedback';
import { isolated, Sentence } from '../ui/names';
import { Consent } from './consent';
import type { PersonalPage } from './entry';
import { Standalone, Waiting } from './standalone';

const words = entry.authorize;

const consentPath = (): ConsentPath =>
  location.pathname.startsWith('/mcp/') ? '/mcp/oauth/consent' : '/oauth/consent';

export function Authorize(props: PersonalPage) {
  const [path] = useState(consentPath);
  const [query] = useState(location.search);
  const ask = useLoad(() => consents.read(path, query), []);
  const [leavingTo, setLeavingTo] = useState<string>();

  if (!ask.data) {
    if (!ask.error) return <Waiting />;
    return ask.error.status === 400 ? (
      <BadRequest error={ask.error} />
    ) : (
      <Standalone title={t.appName}>
        <Problem error={ask.error} retry={ask.reload} />
      </Standalone>
    );
  }
  if (leavingTo) return <Leaving to={leavingTo} client={ask.data.client} />;
  return (
    <Consent
      {...props}
      ask={ask.data}
      again={ask.reload}
      send={async (answer) => {
        const { redirect_to: to } = await consents.answer(path, query, answer);
        setLeavingTo(to);
        location.assign(to!);
      }}
    />
  );
}

/** No link to where the request wanted to go: nobody answers for that address. */
function BadRequest({ error }: { error: ApiError }) {
  return (
    <Standalone title={words.badTitle} lead={words.badLead}>
      <p>{words.badAdvice}</p>
      <p class="quoted">{inWords(error)}</p>
      <ButtonLink href="/">{t.goHome}</ButtonLink>
    </Standalone>
  );
}

/** Stays on the screen where the address belongs to a program of this machine. */
function Leaving({ to, client }: { to: string; client: ConsentRequest['client'] }) {
  const place = client.redirect_host ?? isolated(client.name);
  return (
    <Standalone title={words.leavingTitle} lead={words.leaving(place)}>
      <p>{words.leavingHint}</p>
      <a class="button" href={to}>
        <Sentence text={entry.backTo(place)} />
      </a>
    </Standalone>
  );
}
