/* Where the code of a device is entered that cannot show a page itself (RFC 8628 section 3.3). A
 * code in the address is filled in, and goes no further by itself: anybody may have sent it. */

import { useState } from 'preact/hooks';
import { consents, type ConsentRequest } from '../api';
import { useAction } from '../lib/load';
import { go } from '../lib/router';
import { entry } from '../strings-entry';
import { Button } from '../ui/controls';
import { Note } from '../ui/feedback';
import { blaming, fault, fieldError, Form, TextField } from '../ui/form';
import { isolated, Sentence } from '../ui/names';
import { Consent } from './consent';
import type { PersonalPage } from './entry';
import { Standalone } from './standalone';

const words = entry.device;

const WHOLE = /^[A-Z]{4}-[A-Z]{4}$/;

const query = (code: string) => `?${new URLSearchParams({ user_code: code })}`;

/** As devices show it: XXXX-XXXX. */
function tidy(code: string): string {
  const letters = code.toUpperCase().replace(/[^A-Z]/g, '');
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

export function Device(props: PersonalPage) {
  const [code, setCode] = useState(() =>
    tidy(new URLSearchParams(location.search).get('user_code') ?? ''),
  );
  const [ask, setAsk] = useState<ConsentRequest>();
  const [allowed, setAllowed] = useState<boolean>();

  const read = async () => {
    setAsk(await consents.read('/oauth/device', query(tidy(code))));
    setCode(tidy(code));
    // For a reload, or somebody else who signs in to answer.
    go(`/device${query(tidy(code))}`, 'replace');
  };

  if (!ask) return <EnterCode code={code} onInput={setCode} read={read} />;
  if (allowed === undefined)
    return (
      <Consent
        {...props}
        ask={ask}
        again={read}
        userCode={code}
        send={async (answer) => {
          await consents.answer('/oauth/device', query(code), answer);
          setAllowed(answer.allow);
        }}
      />
    );
  const name = isolated(ask.client.name);
  return (
    <Standalone title={allowed ? words.allowedTitle : words.deniedTitle}>
      <Note kind={allowed ? 'good' : 'info'}>
        <Sentence text={allowed ? words.allowed(name) : words.denied(name)} />
      </Note>
      <Button
        onClick={() => {
          go('/device', 'replace');
          setCode('');
          setAllowed(undefined);
          setAsk(undefined);
        }}
      >
        {words.another}
      </Button>
    </Standalone>
  );
}

function EnterCode({
  code,
  onInput,
  read,
}: {
  code: string;
  onInput: (code: string) => void;
  read: () => Promise<void>;
}) {
  const { run, busy, error } = useAction(async () => {
    // Wrong codes are counted, and a slip of the finger is no guess.
    if (!WHOLE.test(tidy(code))) throw fault('user_code', words.codeShort);
    await blaming('user_code', 'DEVICE_CODE_UNKNOWN', read());
  });
  return (
    <Standalone title={words.title} lead={words.lead}>
      <Form onSubmit={run} error={error} known={['user_code']}>
        <div class="user-code">
          <TextField
            label={words.code}
            hint={words.codeHint}
            name="user_code"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={40}
            value={code}
            onInput={onInput}
            error={fieldError(error, 'user_code')}
          />
        </div>
        <Note kind="warning">{words.warning}</Note>
        <Button kind="primary" type="submit" class="wide" busy={busy}>
          {words.next}
        </Button>
      </Form>
    </Standalone>
  );
}
