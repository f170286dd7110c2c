/* Settings: a list of pages, and one of them. */

import { useEffect } from 'preact/hooks';
import { useHere, useTitle } from '../context';
import { go } from '../lib/router';
import { t } from '../strings';
import { Link } from '../ui/controls';
import { Empty } from '../ui/feedback';
import { Icon, type IconName } from '../ui/icons';
import { Applications } from './applications';
import { Profile } from './profile';
import { RestApi } from './rest-api';
import './settings.css';

const REST_API = 'integrations/rest-api';
const APPLICATIONS = 'integrations/applications';

/** From where the list of pages stands beside the page, and need not be one of its own. */
const WIDE = '(min-width: 48rem)';

export function Settings({ page }: { page: string }) {
  const { org, isAdmin } = useHere();
  const base = `/${org.id}/settings`;
  useTitle(page ? undefined : t.nav.settings);
  useEffect(() => {
    if (!page && matchMedia(WIDE).matches) go(`${base}/profile`, 'replace');
  }, [page]);

  const link = (to: string, icon: IconName, words: string) => (
    <li>
      <Link href={`${base}/${to}`} aria-current={to === page ? 'page' : undefined}>
        <Icon name={icon} />
        {words}
      </Link>
    </li>
  );
  return (
    <div class={`settings ${page ? 'has-page' : ''}`}>
      <nav class="settings-nav" aria-label={t.nav.settings}>
        <h2>{t.settings.personal}</h2>
        <ul>{link('profile', 'user', t.settings.profile)}</ul>
        <h2>{t.settings.integrations}</h2>
        <ul>
          {link(REST_API, 'code', t.settings.restApi)}
          {isAdmin && link(APPLICATIONS, 'app', t.settings.applications)}
        </ul>
      </nav>
      <div class="settings-page">
        <Link href={base} class="settings-back">
          <Icon name="back" />
          {t.nav.settings}
        </Link>
        <SettingsPage page={page} isAdmin={isAdmin} />
      </div>
    </div>
  );
}

function SettingsPage({ page, isAdmin }: { page: string; isAdmin: boolean }) {
  if (!page) return null;
  if (page === 'profile') return <Profile />;
  if (page === REST_API) return <RestApi />;
  if (page === APPLICATIONS && isAdmin) return <Applications />;
  return (
    <Empty icon="search" title={t.notFound.title}>
      <p>{page === APPLICATIONS ? t.settings.adminsOnly : t.notFound.text}</p>
    </Empty>
  );
}
