/* The frame around every view of an organization: left bar and top on a wide screen, bottom bar on
 * a phone. */

import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { organizations as organizationsApi, type Organization, type Session } from './api';
import { HereContext, useHere } from './context';
import { useShortcuts } from './lib/keys';
import { lazy } from './lib/lazy';
import { useLoad } from './lib/load';
import { go } from './lib/router';
import { chooseTheme, currentTheme, THEMES } from './lib/theme';
import { KeyboardHelp } from './screens/keyboard-help';
import { useSignOut } from './screens/sign-out';
import { t } from './strings';
import { TasksView } from './tasks/tasks-view';
import { ButtonLink, Link } from './ui/controls';
import { Badge, Empty } from './ui/feedback';
import { Icon, Logo, type IconName } from './ui/icons';
import { Menu } from './ui/menu';
import { Avatar, nameOf } from './ui/people';

const Settings = lazy(async () => (await import('./settings/settings')).Settings);

export function Frame({
  session,
  refreshSession,
  organizations,
  org,
  path,
}: {
  session: Session;
  refreshSession: () => Promise<void>;
  organizations: Organization[];
  org: Organization;
  path: string;
}) {
  const people = useLoad(() => organizationsApi.people(org.id), [org.id]);
  const [helpOpen, setHelpOpen] = useState(false);
  const here = useMemo(
    () => ({
      session,
      refreshSession,
      organizations,
      org,
      isAdmin: org.user_role === 'admin',
      people: new Map(people.data?.map((person) => [person.id, person])),
    }),
    [session, organizations, org, people.data],
  );
  const base = `/${org.id}`;

  useShortcuts({
    '?': () => setHelpOpen(true),
    c: () => go(`${base}/tasks/new`),
    'g t': () => go(`${base}/tasks`),
    'g s': () => go(`${base}/settings`),
  });

  return (
    <HereContext.Provider value={here}>
      <a class="skip" href="#main">
        {t.skipToContent}
      </a>
      <div class="frame">
        <nav class="side" aria-label={t.nav.main}>
          <Link href={`${base}/tasks`} class="brand">
            <Logo />
            <span>{t.appName}</span>
          </Link>
          <ButtonLink href={`${base}/tasks/new`} kind="primary" icon="add">
            {t.nav.create}
          </ButtonLink>
          <NavLinks base={base} path={path} />
          <button type="button" class="nav-link subtle" onClick={() => setHelpOpen(true)}>
            <Icon name="keyboard" />
            {t.nav.shortcuts}
          </button>
        </nav>
        <header class="top">
          <OrganizationSwitcher />
          <AccountMenu onHelp={() => setHelpOpen(true)} />
        </header>
        <Main path={path}>
          <View path={path} />
        </Main>
        <nav class="bottom" aria-label={t.nav.main}>
          <NavLinks base={base} path={path} withCreate />
        </nav>
      </div>
      {helpOpen && <KeyboardHelp onClose={() => setHelpOpen(false)} />}
    </HereContext.Provider>
  );
}

/** The address that a skip link jumps to, and where focus goes when the section changes. */
function Main({ path, children }: { path: string; children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const section = path.split('/').slice(1, path.startsWith('/settings') ? 5 : 2).join('/');
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [section]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {children}
    </main>
  );
}

function View({ path }: { path: string }) {
  const [, section, ...rest] = path.split('/');
  const { org } = useHere();
  if (section === 'tasks' || section === 'dashboard')
    return <TasksView open={rest[0]} mode={rest[1]} />;
  if (section === 'settings') return <Settings page={rest.join('/')} />;
  return (
    <Empty icon="search" title={t.notFound.title}>
      <p>{t.notFound.text}</p>
      <ButtonLink href={`/${org.id}/tasks`} kind="primary">
        {t.goHome}
      </ButtonLink>
    </Empty>
  );
}

function NavLinks({
  base,
  path,
  withCreate,
}: {
  base: string;
  path: string;
  withCreate?: boolean;
}) {
  const link = (to: string, icon: IconName, words: string, current: boolean) => (
    <Link
      href={`${base}${to}`}
      class="nav-link"
      aria-current={current ? 'page' : undefined}
    >
      <Icon name={icon} />
      {words}
    </Link>
  );
  const inSettings = path.startsWith('/settings');
  return (
    <>
      {link('/tasks', 'tasks', t.nav.tasks, !inSettings)}
      {withCreate && link('/tasks/new', 'add', t.nav.create, false)}
      {link('/settings', 'settings', t.nav.settings, inSettings)}
    </>
  );
}

function OrganizationSwitcher() {
  const { org, organizations } = useHere();
  return (
    <Menu
      buttonClass="org-button"
      align="start"
      button={
        <>
          <span class="org-mark" aria-hidden="true">
            {org.name[0]?.toUpperCase()}
          </span>
          <span class="org-name">
            {org.name}
            <span class="visually-hidden">{t.nav.switchOrganization}</span>
          </span>
          <Icon name="switch" />
        </>
      }
    >
      {(close) => (
        <>
          <p class="menu-title">{t.nav.organizations}</p>
          {organizations.map((one) => (
            <Link
              key={one.id}
              href={`/${one.id}/tasks`}
              aria-current={one.id === org.id ? 'true' : undefined}
              onClickCapture={close}
            >
              <span class="org-mark" aria-hidden="true">
                {one.name[0]?.toUpperCase()}
              </span>
              <span class="menu-words">
                {one.name}
                <small>{t.roles[one.user_role]}</small>
              </span>
              {one.id === org.id && <Icon name="check" />}
            </Link>
          ))}
          <hr />
          <Link href="/organizations/create" onClickCapture={close}>
            <Icon name="add" />
            {t.nav.createOrganization}
          </Link>
        </>
      )}
    </Menu>
  );
}

function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { session, org } = useHere();
  const [theme, setTheme] = useState(currentTheme);
  const signOut = useSignOut();

  return (
    <>
      <Menu
        buttonClass="avatar-button"
        button={
          <>
            <Avatar person={session.user} />
            <span class="visually-hidden">{t.nav.account}</span>
          </>
        }
      >
        {(close) => (
          <>
            <p class="menu-person">
              <strong>{nameOf(session.user)}</strong>
              <span>{session.user.email}</span>
              <Badge>{t.roles[org.user_role]}</Badge>
            </p>
            <hr />
            <Link href={`/${org.id}/settings/profile`} onClickCapture={close}>
              <Icon name="user" />
              {t.settings.profile}
            </Link>
            <Link
              href={`/${org.id}/settings/integrations/rest-api`}
              onClickCapture={close}
            >
              <Icon name="code" />
              {t.settings.restApi}
            </Link>
            <button
              type="button"
              onClick={() => {
                close();
                onHelp();
              }}
            >
              <Icon name="keyboard" />
              {t.nav.shortcuts}
            </button>
            <fieldset class="theme-switch">
              <legend class="visually-hidden">{t.theme.label}</legend>
              {THEMES.map((one) => (
                <button
                  key={one}
                  type="button"
                  aria-pressed={one === theme}
                  onClick={() => {
                    chooseTheme(one);
                    setTheme(one);
                  }}
                >
                  {t.theme[one]}
                </button>
              ))}
            </fieldset>
            <hr />
            <button
              type="button"
              onClick={() => {
                close();
                void signOut.start();
              }}
            >
              <Icon name="out" />
              {t.signOut.action}
            </button>
          </>
        )}
      </Menu>
      {signOut.dialog}
    </>
  );
}
