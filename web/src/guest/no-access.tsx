/* What stands in place of the tasks when the link does not lead to them, and the way on. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { guests, type ApiError } from '../api';
import { useAction } from '../lib/load';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { inWords, Note } from '../ui/feedback';
import { fieldError, Form, TextField } from '../ui/form';
import { words } from './strings';

function Message({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    heading.current?.focus();
  }, [title]);
  return (
    <main class="guest">
      <div class="guest-card">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
    </main>
  );
}

/** The code was replaced, or there is none and the session is over. */
export function LinkDead({ replaced }: { replaced: boolean }) {
  const said = replaced ? words.replaced : words.ended;
  return (
    <Message title={said.title}>
      <p>{said.text}</p>
      <AskForLink />
    </Message>
  );
}

export function SwitchedOff({ error }: { error: ApiError }) {
  return (
    <Message title={words.switchedOff}>
      <p>{inWords(error)}</p>
    </Message>
  );
}

export function Left() {
  return (
    <Message title={words.left.title}>
      <p>{words.left.text}</p>
    </Message>
  );
}

/** Says the same whether the address is a guest's or not. */
function AskForLink() {
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string>();
  const { run, busy, error } = useAction(async () => {
    await guests.resend(email.trim());
    setSentTo(email.trim());
  });

  if (sentTo)
    return (
      <>
        <Note kind="good">{words.resend.sent(sentTo)}</Note>
        <div class="actions">
          <Button kind="quiet" onClick={() => setSentTo(undefined)}>
            {words.resend.again}
          </Button>
        </div>
      </>
    );
  return (
    <Form onSubmit={run} error={error} known={['email']}>
      <TextField
        label={t.person.email}
        type="email"
        name="email"
        autocomplete="email"
        value={email}
        onInput={setEmail}
        error={fieldError(error, 'email')}
      />
      <Button kind="primary" type="submit" class="wide" busy={busy}>
        {words.resend.action}
      </Button>
    </Form>
  );
}
