/* Who is signed in, on pages where that matters before anything is decided. */

import { useState } from 'preact/hooks';
import { entry } from '../strings-entry';
import { Avatar, nameOf } from '../ui/people';
import './entry.css';
import type { PersonalPage } from './entry';
import { SignIn } from './sign-in';

const words = entry.account;

/** The line that says so, and the sign-in for somebody else once that was wanted.
 * Nobody is signed out for it, since that would also delete their personal token. */
export function useAccount({ session, reload }: PersonalPage) {
  const [switching, setSwitching] = useState(false);
  const line = (
    <div class="party">
      <Avatar person={session.user} />
      <p>
        {words.signedInAs} <strong>{nameOf(session.user)}</strong>
        <span class="party-detail">{session.user.email}</span>
        <button type="button" class="link" onClick={() => setSwitching(true)}>
          {words.notYou}
        </button>
      </p>
    </div>
  );
  const signIn = switching && (
    <SignIn
      next={location.pathname + location.search}
      lead={words.switchLead(session.user.email)}
      onDone={reload}
      onCancel={() => setSwitching(false)}
    />
  );
  return { line, signIn };
}
