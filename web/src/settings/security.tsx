/* Security: what proves who this person is, and where they are signed in. */

import { useLoad } from '../lib/load';
import { sessions } from '../api';
import { useTitle } from '../context';
import { t } from '../strings';
import { ChangeEmail } from './change-email';
import { ChangePassword } from './change-password';
import { SecondFactorPanel } from './second-factor';
import { Sessions } from './sessions';

export function Security() {
  const open = useLoad(sessions.list, []);
  useTitle(t.settings.security);
  return (
    <>
      <header class="page-head">
        <h1>{t.settings.security}</h1>
      </header>
      <SecondFactorPanel />
      <Sessions open={open} />
      <ChangePassword onChanged={open.reload} />
      <ChangeEmail />
    </>
  );
}
