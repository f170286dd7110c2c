/* From an address to a screen: who is signed in, in which organization, looking at what. */

import { useEffect } from 'preact/hooks';
import { organizations, session as sessionApi, whenSignedOut, type Session } from './api';
import { Frame } from './frame';
import { useLoad } from './lib/load';
import { go, usePlace, safeNext } from './lib/router';
import { recall, remember } from './lib/storage';
import { CreateOrganization } from './screens/create-organization';
import { OPEN_PAGES, PERSONAL_PAGES } from './screens/entry';
import { SetUpScreen } from './screens/set-up';
import { SignedOut, SignIn } from './screens/sign-in';
import { SignOut } from './screens/sign-out';
import { Standalone, Waiting } from './screens/standalone';
import { t } from './strings';
import { ButtonLink } from './ui/controls';
import { Problem } from './ui/feedback';
import { Toasts } from './ui/toast';

const ORG_PATH = /^\/([0-9a-f]{32})(\/.*)?$/;

export function App() {
  return (
    <>
      <Screen />
      <Toasts />
    </>
  );
}

function Screen() {
  const place = usePlace();
  const boot = useLoad(sessionApi.read, []);
  const signedIn = boot.data?.session ?? null;

  useEffect(() => whenSignedOut(() => void boot.reload()), [boot.reload]);

  if (boot.error && !boot.data)
    return (
      <Standalone title={t.appName}>
        <Problem error={boot.error} retry={boot.reload} />
      </Standalone>
    );
  if (!boot.data) return <Waiting />;

  if (place.path === '/setup' || boot.data.setupRequired)
    return <SetUpScreen required={boot.data.setupRequired} onDone={boot.reload} />;

  const { signUp } = boot.data;
  const OpenPage = OPEN_PAGES[place.path];
  if (OpenPage) return <OpenPage session={signedIn} signUp={signUp} reload={boot.reload} />;

  if (!signedIn) {
    if (place.path === '/logout') return <SignedOut />;
    const next = place.path === '/login' ? place.query.get('next') : null;
    return <SignIn next={next ?? fromHere(place)} signUp={signUp} onDone={boot.reload} />;
  }
  if (place.path === '/login') return <Redirect to={safeNext(place.query.get('next'))} />;

  // What one person chose there is not for the next.
  const PersonalPage = PERSONAL_PAGES[place.path];
  if (PersonalPage)
    return <PersonalPage key={signedIn.user.id} session={signedIn} reload={boot.reload} />;
  return <SignedIn session={signedIn} reload={boot.reload} />;
}

/** The query as it stands: an application's may not change on the way. */
const fromHere = ({ path }: ReturnType<typeof usePlace>) =>
  path === '/login' ? '/' : path + location.search;

function SignedIn({ session, reload }: { session: Session; reload: () => Promise<void> }) {
  const { path } = usePlace();
  const orgs = useLoad(organizations.list, [session.user.id]);

  const [, orgId, rest = ''] = ORG_PATH.exec(path) ?? [];
  const org = orgs.data?.find((one) => one.id === orgId);
  useEffect(() => {
    if (org) remember('org', org.id);
  }, [org?.id]);

  if (path === '/logout') return <SignOut onDone={reload} />;
  if (path === '/organizations/create') return <CreateOrganization onDone={orgs.reload} />;
  if (orgs.error && !orgs.data)
    return (
      <Standalone title={t.appName}>
        <Problem error={orgs.error} retry={orgs.reload} />
      </Standalone>
    );
  if (!orgs.data) return <Waiting />;

  if (org)
    return (
      <Frame
        key={org.id}
        session={session}
        refreshSession={reload}
        organizations={orgs.data}
        org={org}
        path={rest || '/tasks'}
      />
    );
  const home = orgs.data.find((one) => one.id === recall('org')) ?? orgs.data[0];
  if (path === '/' && home) return <Redirect to={`/${home.id}/tasks`} />;
  if (path === '/') return <Redirect to="/organizations/create" />;
  const lost = orgId ? t.noOrganization : t.notFound;
  return (
    <Standalone title={lost.title} lead={lost.text}>
      <ButtonLink href="/" kind="primary">
        {t.goHome}
      </ButtonLink>
    </Standalone>
  );
}

function Redirect({ to }: { to: string }) {
  useEffect(() => go(to, 'replace'), [to]);
  return <Waiting />;
}
