// A mail server on loopback that keeps what it is sent:
//
//   const box = await startMailbox();
//   const pawl = await startServer({ settings: box.settings });
//   const mail = await box.next({ to: bob.email });    waits for it
//   mail.subject, mail.text, mail.html, mail.link (a URL), mail.token (the secret in the link)
//   await box.stop();

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const PATIENCE = 30_000;

// `options` are smtp-server's, and come last.
export async function startMailbox(options = {}) {
  const box = new Mailbox();

  await box.start(options);
  return box;
}

class Mailbox {
  constructor() {
    this.mails = []; // all that came, oldest first
    this.taken = new Set(); // what next() has given out
    this.waiting = [];
    this.refusal = () => null;
  }

  async start(options) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onRcptTo: (address, session, done) => done(this.refusal(address.address)),
      onData: (stream, session, done) => this.receive(stream, session).then(() => done(), done),
      ...options,
    });
    this.server.on('error', () => {}); // of a connection that broke
    await new Promise((done) => this.server.listen(this.port ?? 0, '127.0.0.1', done));
    this.port = this.server.server.address().port;
  }

  // The settings of a server that sends its mail here.
  get settings() {
    return { smtp_url: `smtp://127.0.0.1:${this.port}`, smtp_tls: 'no' };
  }

  // Answers RCPT for these addresses with this code from now on; `accept` ends it.
  refuse(code, message, matches = () => true) {
    this.refusal = (address) =>
      matches(address) ? Object.assign(new Error(message), { responseCode: code }) : null;
  }

  accept() {
    this.refusal = () => null;
  }

  async receive(stream, session) {
    const chunks = [];

    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const parsed = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
    const link = /^https?:\/\/\S+$/m.exec(parsed.text ?? '')?.[0] ?? null;

    this.mails.push({
      envelope: { from: session.envelope.mailFrom.address,
                  to: session.envelope.rcptTo.map(({ address }) => address) },
      raw: raw.toString('latin1'),
      headers: parsed.headers,
      from: parsed.from,
      to: parsed.to,
      subject: parsed.subject,
      text: parsed.text,
      html: parsed.html,
      link,
      token: link && new URLSearchParams(new URL(link).hash.slice(1)).get('token'),
    });
    this.waiting.splice(0).forEach((wake) => wake());
  }

  // The oldest mail that has not been taken yet, is to this address and whose subject matches;
  // waits for it.
  async next({ to, subject } = {}) {
    const wanted = (mail) =>
      !this.taken.has(mail) &&
      (!to || mail.envelope.to.includes(to)) &&
      (!subject || mail.subject.match(subject));
    const deadline = Date.now() + PATIENCE;

    for (;;) {
      const mail = this.mails.find(wanted);

      if (mail) {
        this.taken.add(mail);
        return mail;
      }
      await this.another(deadline - Date.now(), `${to ?? 'anybody'}, ${subject ?? 'anything'}`);
    }
  }

  another(left, what) {
    return new Promise((done, fail) => {
      const timer = setTimeout(
        () => fail(new Error(`no mail came to ${what}; there are ${this.summary()}`)),
        Math.max(left, 0),
      );

      this.waiting.push(() => {
        clearTimeout(timer);
        done();
      });
    });
  }

  summary() {
    return JSON.stringify(this.mails.map(({ envelope, subject }) => [envelope.to, subject]));
  }

  // Nobody answers there until `start` is called again, which takes the same port.
  stop() {
    return new Promise((done) => this.server.close(done));
  }
}
