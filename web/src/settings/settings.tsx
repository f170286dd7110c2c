/* Settings: a list of pages, and one of them. */

import { Fragment, type ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { useHere, useTitle } from '../context';
import { lazy } from '../lib/lazy';
import { go } from '../lib/router';
import { t } from '../strings';
import { Link } from '../ui/controls';
import { Empty } from '../ui/feedback';
import { Icon, type IconName } from '../ui/icons';
import './settings.css';

/** From where the list of pages stands beside the page, and need not be one of its own. */
const WIDE = '(min-width: 48rem)';

interface PageProps {
  /** What follows the page's own address, if anything: the id of what it shows. */
  rest: string;
  base: string;
}

interface SettingsPage {
  icon: IconName;
  words: string;
  Page: ComponentType<PageProps>;
  adminsOnly?: boolean;
  /** Shows one of several things when its id follows. */
  hasItems?: boolean;
}

/** Each page is fetched when it is first opened. */
const PAGES: Record<string, SettingsPage> = {
  profile: {
    icon: 'user',
    words: t.settings.profile,
    Page: lazy(async () => (await import('./profile')).Profile),
  },
  security: {
    icon: 'shield',
    words: t.settings.security,
    Page: lazy(async () => (await import('./security')).Security),
  },
  connected: {
    icon: 'link',
    words: t.settings.connected,
    Page: lazy(async () => (await import('./connected')).Connected),
  },
  'integrations/rest-api': {
    icon: 'code',
    words: t.settings.restApi,
    Page: lazy(async () => (await import('./rest-api')).RestApi),
  },
  'integrations/applications': {
    icon: 'app',
    words: t.settings.applications,
    Page: lazy(async () => (await import('./applications')).Applications),
    adminsOnly: true,
    hasItems: true,
  },
  'organization/tokens': {
    icon: 'key',
    words: t.settings.tokens,
    Page: lazy(async () => (await import('./organization-tokens')).OrganizationTokens),
    adminsOnly: true,
  },
  'organization/mail': {
    icon: 'mail',
    words: t.settings.mail,
    Page: lazy(async () => (await import('./mail')).MailPage),
    adminsOnly: true,
  },
  'organization/activity': {
    icon: 'list',
    words: t.settings.activity,
    Page: lazy(async () => (await import('./activity')).Activity),
  },
};

const GROUPS: [string, string[]][] = [
  [t.settings.personal, ['profile', 'security', 'connected']],
  [t.settings.integrations, ['integrations/rest-api', 'integrations/applications']],
  [
    t.settings.organization,
    ['organization/tokens', 'organization/mail', 'organization/activity'],
  ],
];

/** The page that an address leads to. */
const find = (path: string) =>
  Object.keys(PAGES).find(
    (name) => path === name || (PAGES[name]!.hasItems && path.startsWith(`${name}/`)),
  );

export function Settings({ page }: { page: string }) {
  const { org, isAdmin } = useHere();
  const base = `/${org.id}/settings`;
  const current = find(page);
  useTitle(page ? undefined : t.nav.settings);
  useEffect(() => {
    if (!page && matchMedia(WIDE).matches) go(`${base}/profile`, 'replace');
  }, [page]);

  return (
    <div class={`settings ${page ? 'has-page' : ''}`}>
      <nav class="settings-nav" aria-label={t.nav.settings}>
        {GROUPS.map(([title, names]) => (
          <Fragment key={title}>
            <h2>{title}</h2>
            <ul>
              {names
                .filter((name) => isAdmin || !PAGES[name]!.adminsOnly)
                .map((name) => (
                  <li key={name}>
                    <Link
                      href={`${base}/${name}`}
                      aria-current={name === current ? 'page' : undefined}
                    >
                      <Icon name={PAGES[name]!.icon} />
                      {PAGES[name]!.words}
                    </Link>
                  </li>
                ))}
            </ul>
          </Fragment>
        ))}
      </nav>
      <div class="settings-page">
        <Link href={base} class="settings-back">
          <Icon name="back" />
          {t.nav.settings}
        </Link>
        {page && <Page name={current} path={page} base={base} />}
      </div>
    </div>
  );
}

function Page({
  name,
  path,
  base,
}: {
  name: string | undefined;
  path: string;
  base: string;
}) {
  const { isAdmin } = useHere();
  const found = name === undefined ? undefined : PAGES[name];
  if (found && (isAdmin || !found.adminsOnly))
    return <found.Page key={name} base={`${base}/${name}`} rest={path.slice(name!.length + 1)} />;
  return (
    <Empty icon="search" title={t.notFound.title}>
      <p>{found ? t.settings.adminsOnly : t.notFound.text}</p>
    </Empty>
  );
}
