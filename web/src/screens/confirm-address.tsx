/* The links that prove an address: of a new account, and of an account that changes its address.
 * Each asks for a click, since programs that read mail follow links. */

import { useState } from 'preact/hooks';
import { accounts } from '../api';
import { useAction } from '../lib/load';
import { useLinkSecret } from '../lib/secret';
import { entry } from '../strings-entry';
import { Button, ButtonLink } from '../ui/controls';
import { Note, Problem } from '../ui/feedback';
import type { OpenPage } from './entry';
import { BrokenLink, linkError } from './link';
import { Standalone } from './standalone';

export const VerifyEmail = (props: OpenPage) => (
  <Confirm {...props} words={entry.verify} confirm={accounts.verify} />
);

export const ChangeEmail = (props: OpenPage) => (
  <Confirm {...props} words={entry.email} confirm={accounts.confirmEmail} />
);

function Confirm({
  reload,
  words,
  confirm,
}: OpenPage & {
  words: typeof entry.verify;
  confirm: (secret: string) => Promise<void>;
}) {
  const secret = useLinkSecret();
  const [done, setDone] = useState(false);
  const { run, busy, error } = useAction(async () => {
    await confirm(secret);
    setDone(true);
    await reload();
  });
  const goOn = <ButtonLink href="/">{entry.goOn}</ButtonLink>;

  if (done)
    return (
      <Standalone title={words.doneTitle}>
        <Note kind="good">{words.done}</Note>
        {goOn}
      </Standalone>
    );
  const why = linkError(error);
  if (!secret || why) return <BrokenLink why={why}>{goOn}</BrokenLink>;
  return (
    <Standalone title={words.title} lead={words.lead}>
      {error && <Problem error={error} />}
      <Button kind="primary" class="wide" busy={busy} onClick={run}>
        {words.action}
      </Button>
    </Standalone>
  );
}
