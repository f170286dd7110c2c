/* Mail to members: what was sent and what waits. Without a mail server this is where an
 * administrator reads it, and passes its links on. */

import { useState } from 'preact/hooks';
import { mails as api, type Mail } from '../api';
import { useHere, useTitle } from '../context';
import { useAction, useLoad } from '../lib/load';
import { usePlace } from '../lib/router';
import { t } from '../strings';
import { Code, Value } from '../ui/code';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Arriving, Badge, Empty, Note, Problem } from '../ui/feedback';
import { ListFoot, pageIn } from '../ui/pager';
import { Table, type Columns } from '../ui/table';
import { When } from '../ui/time';
import { toast } from '../ui/toast';

const TONES = { waiting: 'accent', sent: 'good', failed: 'danger', expired: 'plain' } as const;

const COLUMNS: Columns<Mail> = [
  {
    title: t.mail.mail,
    cell: (mail) => (
      <>
        <span class="row-name">{mail.subject}</span>
        <span class="hint">{t.mail.kinds[mail.kind] ?? mail.kind}</span>
      </>
    ),
  },
  { title: t.mail.to, cell: ({ recipient }) => recipient },
  { title: t.mail.state, cell: (mail) => <State mail={mail} /> },
  {
    title: t.mail.when,
    cell: ({ sent_at, created_at }) => <When iso={sent_at ?? created_at} />,
  },
];

function State({ mail }: { mail: Mail }) {
  return (
    <>
      <Badge tone={TONES[mail.state]}>{t.mail.states[mail.state]}</Badge>
      {mail.state !== 'sent' && mail.attempts > 0 && (
        <span class="hint">
          {t.mail.attempts(mail.attempts)}
          {mail.state === 'waiting' && mail.next_at && (
            <>
              , {t.mail.nextAt} <When iso={mail.next_at} />
            </>
          )}
        </span>
      )}
      {mail.state !== 'sent' && mail.last_error && (
        <span class="hint">{mail.last_error}</span>
      )}
    </>
  );
}

export function MailPage() {
  const { org, session } = useHere();
  const { query } = usePlace();
  const page = pageIn(query);
  const listed = useLoad(() => api.list(org.id, page), [org.id, page]);
  const [open, setOpen] = useState<Mail>();
  useTitle(t.mail.title);

  const sendsMail = listed.data?.sendsMail;
  const test = useAction(async () => {
    await api.test(org.id);
    toast({ text: sendsMail ? t.mail.tested(session.user.email) : t.mail.testedOff });
    await listed.reload();
  });
  const retry = useAction(async (mail: Mail) => {
    await api.retry(org.id, mail.id);
    toast({ text: t.mail.retried });
    await listed.reload();
  });
  const actions = (mail: Mail) => {
    if (!sendsMail)
      return (
        mail.state === 'waiting' && (
          <Button aria-label={t.mail.openIt(mail.subject)} onClick={() => setOpen(mail)}>
            {t.mail.open}
          </Button>
        )
      );
    const isToRetry = mail.state === 'failed' || (mail.state === 'waiting' && mail.attempts > 0);
    return (
      isToRetry && (
        <Button aria-label={t.mail.retryIt(mail.subject)} onClick={() => retry.run(mail)}>
          {t.mail.retry}
        </Button>
      )
    );
  };

  return (
    <>
      <header class="page-head">
        <h1 id="mail">{t.mail.title}</h1>
        <Button icon="mail" busy={test.busy} onClick={test.run}>
          {t.mail.test}
        </Button>
      </header>
      <p class="lead">{t.mail.lead}</p>
      {sendsMail === false && <HowToSend />}
      {test.error && <Problem error={test.error} />}
      {retry.error && <Problem error={retry.error} />}
      <Arriving what={listed} rows={4} />
      {listed.data?.items.length === 0 && (
        <Empty icon="mail" title={t.mail.emptyTitle}>
          <p>{t.mail.emptyText}</p>
        </Empty>
      )}
      {listed.data && listed.data.items.length > 0 && (
        <>
          <Table
            labelledBy="mail"
            columns={COLUMNS}
            rows={listed.data.items}
            actions={actions}
          />
          <ListFoot listed={listed.data} search={query} />
        </>
      )}
      {open && <ReadMail mail={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function HowToSend() {
  return (
    <section class="panel" aria-labelledby="how-to-send">
      <h2 id="how-to-send">{t.mail.off}</h2>
      <p>{t.mail.offText}</p>
      <Code source={t.mail.settings} label={t.mail.settingsLabel}>
        {t.mail.settingsIn} <code>pawl serve</code>
      </Code>
    </section>
  );
}

const linkIn = (text: string) => /https?:\/\/\S+#\S+/.exec(text)?.[0];

function ReadMail({ mail, onClose }: { mail: Mail; onClose: () => void }) {
  const { org } = useHere();
  const read = useLoad(() => api.read(org.id, mail.id), [mail.id]);
  const text = read.data?.text;
  const link = text && linkIn(text);
  return (
    <Dialog title={mail.subject} onClose={onClose}>
      <dl class="facts">
        <dt>{t.mail.to}</dt>
        <dd>{mail.recipient}</dd>
      </dl>
      <Arriving what={read} rows={3} />
      {link && (
        <div class="field">
          <h3>{t.mail.link}</h3>
          <p class="hint">{t.mail.linkHint}</p>
          <Value value={link} label={t.mail.link} />
        </div>
      )}
      {text && (
        <pre class="mail-text" tabIndex={0} role="region" aria-label={mail.subject}>
          {text}
        </pre>
      )}
      {read.data && !text && (
        <Note>
          <p>{t.mail.gone}</p>
        </Note>
      )}
    </Dialog>
  );
}
