// Mail: what it looks like when it arrives, and what happens when it does not.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';

import { DAY, ENGINE, PASSWORD, SECOND, startServer } from '../harness.js';
import { newAddress, registration } from '../lib/accounts.js';
import { eventually, expect, refused, shape } from '../lib/expect.js';
import { startMailbox } from '../lib/mailbox.js';
import { proved } from '../lib/store.js';
import { change } from '../lib/store.js';

const MINUTE = 60 * SECOND;
const NEW = 'an entirely new phrase';

const MAIL = {
  id: 'id', kind: 'string', recipient: 'string', subject: 'string', state: 'string',
  attempts: 'int', created_at: 'time', next_at: 'time?', sent_at: 'time?', expires_at: 'time',
  last_error: 'string?',
};

// A server, an organization and its administrator's client.
async function start(options) {
  const pawl = await startServer(options);
  const org = await pawl.org();
  const admin = pawl.api(org.admin.token);

  return {
    pawl,
    org,
    admin,
    async queue() {
      return expect(await admin.post(`${org.path}/mails/test`), 201).data;
    },
    async read(id) {
      return expect(await admin.get(`${org.path}/mails/${id}`), 200).data;
    },
    // Waits until the mail is what the question asks for, and answers it.
    async until(id, question, what) {
      let mail;

      await eventually(async () => question((mail = await this.read(id))), what);
      return mail;
    },
  };
}

// A port of the loopback where `behave` deals with each connection.
async function startListener(behave) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    behave(socket);
  });

  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    settings: { smtp_url: `smtp://127.0.0.1:${server.address().port}`, smtp_tls: 'no' },
    stop: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((done) => server.close(done));
    },
  };
}

// A mailbox where something else listened.
async function mailboxAt(port) {
  const box = await startMailbox();

  await box.stop();
  box.port = port;
  await box.start({});
  return box;
}

const tried = ({ last_error }) => last_error !== null;
const failedTimes = (n) => (mail) => mail.attempts === n && tried(mail);

describe('mail that arrives', () => {
  let box, s;

  before(async () => {
    box = await startMailbox();
    s = await start({
      settings: { ...box.settings, public_url: 'https://pawl.example.com', sign_up: 'yes' },
    });
  });
  after(async () => {
    await s.pawl.stop();
    await box.stop();
  });

  test('has a text and an HTML part, a link and a footer', async () => {
    const queued = await s.queue();
    const mail = await box.next({ to: s.org.admin.email });

    shape(queued, MAIL);
    assert.equal(queued.kind, 'test');
    assert.equal(queued.state, 'waiting');
    assert.match(mail.headers.get('content-type').value, /^multipart\/alternative$/);
    assert.match(mail.text, /^Hello Ada,\n/);
    assert.match(mail.text, /\n-- \nYou got this mail because .*\n/);
    assert.match(mail.text, /Sent by Pawl at pawl\.example\.com/);
    assert.equal(mail.link, 'https://pawl.example.com/');
    assert.match(mail.html, /<p>Hello Ada,<\/p>/);
    assert.match(mail.html, /<a href="https:\/\/pawl\.example\.com\/"/);
    assert.match(mail.html, /You got this mail because /);
    assert.doesNotMatch(mail.html, /<img|src=|url\(|<script/);
  });

  test('says who it is from, when it was written, and that no person wrote it', async () => {
    const queued = await s.queue();
    const mail = await box.next();

    assert.deepEqual(mail.from.value, [{ name: 'Pawl', address: 'pawl@pawl.example.com' }]);
    assert.equal(mail.envelope.from, 'pawl@pawl.example.com');
    assert.equal(mail.headers.get('message-id'), `<${queued.id}@pawl.example.com>`);
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    const off = Math.abs(mail.headers.get('date') - Date.parse(queued.created_at));
    assert.ok(off < 1000, `the date is ${off} ms away`);
  });

  test('is marked as sent, and what it said is forgotten', async () => {
    const { id } = await s.queue();
    await box.next();
    const mail = await s.until(id, ({ state }) => state === 'sent', 'sent');

    assert.equal(mail.attempts, 1);
    assert.equal(mail.next_at, null);
    assert.equal(mail.text, null);
    assert.ok(mail.sent_at);
    refused(await s.admin.post(`${s.org.path}/mails/${id}/retry`), 409, 'CONFLICT', /sent/);
    await eventually(() => s.pawl.errors.includes(`mail ${id} (test) to @example.com was sent`),
      'a line in the log');
    assert.ok(!s.pawl.errors.includes(s.org.admin.email));
  });

  test('carries names of all scripts in its headers and parts', async () => {
    const org = await s.pawl.org({ name: 'Ångström & Söhne 工場 — großes Haus für feine Öfen 😀' });
    const invited = ['user', 'invite', '--org', org.id, '--email', 'zoe@example.com'];

    await s.pawl.admin([...invited, '--role', 'light']);
    const mail = await box.next({ to: 'zoe@example.com' });
    assert.equal(mail.subject,
      'You are invited to Ångström & Söhne 工場 — großes Haus für feine Öfen 😀');
    assert.match(mail.text.replaceAll('\n', ' '), /work with Ångström & Söhne 工場 — großes Haus/);
    assert.match(mail.html, /work with Ångström &amp; Söhne 工場/);
    assert.match(mail.raw, /^[\x00-\x7f]*$/, 'only ASCII on the wire');
    for (const line of mail.raw.split('\r\n')) assert.ok(line.length <= 90, line);
  });

  test('goes to addresses of all scripts, where the server takes them', async () => {
    const to = 'jürgen@example.com';
    const invited = ['user', 'invite', '--org', s.org.id, '--email', to];

    await s.pawl.admin([...invited, '--role', 'light']);
    const mail = await box.next({ subject: /invited to Acme/ });
    assert.deepEqual(mail.envelope.to, [to]);
    assert.equal(mail.to.value.at(-1).address, to);
  });

  test('keeps what strangers call themselves as text', async () => {
    const cases = [
      '<script>x</script>', '"><b>a</b>', 'a\u202eb', 'Prize: evil.example', '{host}',
      '=?utf-8?q?x?=',
    ];

    for (const [i, name] of cases.entries()) {
      const email = `stranger${i}@example.com`;
      const body = { first_name: name, last_name: name, email, password: 'correct horse battery',
        organization_name: name };
      const answer = await s.pawl.api(null).post('/auth/register', body);

      if (answer.status === 422) continue; // not taken as a name at all
      expect(answer, 201);
      const mail = await box.next({ to: email });
      assert.doesNotMatch(mail.html, /<script|<b>/);
      assert.doesNotMatch(mail.text, /evil\.example|\u202e/);
      assert.deepEqual(mail.envelope.to, [email]);
      assert.equal(mail.to.value.length, 1);
      assert.match(mail.subject, /^Confirm/);
    }
  });

  test('goes to nobody else, whatever line ends a name has', async () => {
    const evil = 'Ada\r\nBcc: evil@example.com\r\n\r\nhello';
    const name = `Acme\r\nBcc: evil@example.com`;
    const email = 'lines@example.com';

    const { code } = await s.pawl.command(['admin', 'user', 'create', ...s.pawl.store, '--org',
      s.org.id, '--email', `${email}\r\nRCPT TO:<evil@example.com>`, '--role', 'light']);
    assert.notEqual(code, 0);
    const body = { first_name: evil, last_name: evil, email, password: 'correct horse battery',
      organization_name: name };
    const answer = await s.pawl.api(null).post('/auth/register', body);
    if (answer.status !== 201) return refused(answer, 422);
    const mail = await box.next({ to: email });
    assert.deepEqual(mail.envelope.to, [email]);
    assert.ok(!mail.headers.has('bcc'));
    return undefined;
  });

  test('is listed newest first, page by page, with whether there is a mail server', async () => {
    const first = await s.queue();
    const second = await s.queue();
    const list = expect(await s.admin.get(`${s.org.path}/mails?per_page=2`), 200);

    assert.deepEqual(list.data.map(({ id }) => id), [second.id, first.id]);
    assert.equal(list.meta.sends_mail, true);
    assert.equal(list.meta.pagination.count, 2);
    list.data.forEach((mail) => shape(mail, MAIL));
    assert.ok(!('text' in list.data[0]) && !('sealed' in list.data[0]));
  });
});

describe('mail that does not arrive', () => {
  test('a recipient who is refused for good is tried once, until somebody asks again', async () => {
    const box = await startMailbox();
    const s = await start({ settings: box.settings });

    box.refuse(550, '5.1.1 No such user');
    const { id } = await s.queue();
    const failed = await s.until(id, ({ state }) => state === 'failed', 'failed');
    assert.equal(failed.attempts, 1);
    assert.match(failed.last_error, /^The mail server said: 550 5\.1\.1 No such user/);
    const feed = expect(await s.admin.get(`${s.org.path}/activity-feeds?verb=failed`), 200);
    assert.equal(feed.data.length, 1);

    box.accept();
    const again = expect(await s.admin.post(`${s.org.path}/mails/${id}/retry`), 200).data;
    assert.equal(again.state, 'waiting');
    assert.equal((await box.next()).headers.get('message-id').startsWith(`<${id}@`), true);
    await s.until(id, ({ state }) => state === 'sent', 'sent');
    await s.pawl.stop();
    await box.stop();
  });

  test('so is a mail that is refused for what it says', async () => {
    const box = await startMailbox({
      onData: (stream, session, done) => {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('Spam'), { responseCode: 554 })));
      },
    });
    const s = await start({ settings: box.settings });
    const { id } = await s.queue();
    const mail = await s.until(id, ({ state }) => state === 'failed', 'failed');

    assert.match(mail.last_error, /554 Spam/);
    await s.pawl.stop();
    await box.stop();
  });

  test('a server that is busy is asked again later', async () => {
    const box = await startMailbox();
    const s = await start({ settings: box.settings });

    box.refuse(451, '4.7.1 Try again later');
    const { id } = await s.queue();
    let mail = await s.until(id, tried, 'an attempt');
    assert.equal(mail.state, 'waiting');
    assert.equal(mail.attempts, 1);
    assert.match(mail.last_error, /451 4\.7\.1 Try again later/);
    assert.ok(Date.parse(mail.next_at) >= s.pawl.clock.now() + 50 * SECOND);

    s.pawl.clock.advance(2 * MINUTE);
    mail = await s.until(id, failedTimes(2), 'a second attempt');
    assert.ok(Date.parse(mail.next_at) >= s.pawl.clock.now() + 110 * SECOND);

    box.accept();
    s.pawl.clock.advance(3 * MINUTE);
    assert.ok((await box.next()).headers.get('message-id').startsWith(`<${id}@`));
    await s.until(id, ({ state }) => state === 'sent', 'sent');
    assert.equal(box.mails.length, 1);
    await s.pawl.stop();
    await box.stop();
  });

  test('after ten attempts it is given up', async () => {
    const box = await startMailbox();
    const s = await start({ settings: box.settings });

    box.refuse(451, 'Busy');
    const { id } = await s.queue();
    for (let n = 1; n < 10; n++) {
      await s.until(id, failedTimes(n), `attempt ${n}`);
      s.pawl.clock.advance(15 * 60 * MINUTE);
    }
    const mail = await s.until(id, ({ state }) => state === 'failed', 'failed');
    assert.equal(mail.attempts, 10);
    await s.pawl.stop();
    await box.stop();
  });

  test('nor does a refused mail hold up others', async () => {
    const box = await startMailbox();
    const s = await start({ settings: box.settings });
    const bob = await s.pawl.user(s.org, { role: 'admin' });

    box.refuse(451, 'Busy', (address) => address === s.org.admin.email);
    const { id } = await s.queue();
    expect(await s.pawl.api(bob.token).post(`${s.org.path}/mails/test`), 201);
    await box.next({ to: bob.email });
    await s.until(id, tried, 'an attempt');
    await s.pawl.stop();
    await box.stop();
  });

  test('a server that drops connections, or is not there, is tried again', async () => {
    const dropping = await startListener((socket) => socket.destroy());
    const s = await start({ settings: dropping.settings });
    const { id } = await s.queue();
    const mail = await s.until(id, tried, 'an attempt');

    assert.match(mail.last_error, /^The mail server could not be used: /);
    await dropping.stop();
    s.pawl.clock.advance(2 * MINUTE);
    await s.until(id, failedTimes(2), 'a second attempt');
    const box = await mailboxAt(dropping.port);
    s.pawl.clock.advance(3 * MINUTE);
    await box.next();
    await s.pawl.stop();
    await box.stop();
  });

  test('a sender that is refused is everybody\'s trouble, not the end of a mail', async () => {
    const box = await startMailbox({
      onMailFrom: (address, session, done) =>
        done(Object.assign(new Error('Go away'), { responseCode: 550 })),
    });
    const s = await start({ settings: box.settings });
    const { id } = await s.queue();
    const mail = await s.until(id, tried, 'an attempt');

    assert.equal(mail.state, 'waiting');
    assert.match(mail.last_error, /550 Go away/);
    await s.pawl.stop();
    await box.stop();
  });

  test('what is of no use any more expires', async () => {
    const gone = await startListener((socket) => socket.destroy());
    const s = await start({ settings: gone.settings });
    const { id } = await s.queue();

    await s.until(id, tried, 'an attempt');
    s.pawl.clock.advance(8 * DAY);
    const mail = await s.until(id, ({ state }) => state === 'expired', 'expired');
    assert.equal(mail.text, null);
    refused(await s.admin.post(`${s.org.path}/mails/${id}/retry`), 409, 'CONFLICT', /expired/);
    await s.pawl.stop();
    await gone.stop();
  });

  test('old mail is forgotten', async () => {
    const box = await startMailbox();
    const s = await start({ settings: box.settings });

    await s.queue();
    await box.next();
    s.pawl.clock.advance(31 * DAY);
    await s.pawl.restart(); // a server looks for what is old soon after it started
    await eventually(
      async () => (await s.admin.get(`${s.org.path}/mails`)).meta.pagination.total === 0,
      'forgotten',
    );
    await s.pawl.stop();
    await box.stop();
  });
});

describe('a server that ends in the middle', () => {
  test('sends after a restart what it was sending', async () => {
    let connected;
    const asked = new Promise((done) => (connected = done));
    const silent = await startListener(() => connected());
    const s = await start({ settings: silent.settings });
    const { id } = await s.queue();

    await asked;
    s.pawl.child.kill('SIGTERM');
    assert.equal(await s.pawl.wait(), 0);
    await silent.stop();
    const box = await mailboxAt(silent.port);
    await s.pawl.start();
    await box.next();
    const mail = await s.until(id, ({ state }) => state === 'sent', 'sent');
    assert.equal(mail.attempts, 1);
    await s.pawl.stop();
    await box.stop();
  });

  test('or, when it was killed, once its claim has ended', async () => {
    let connected;
    const asked = new Promise((done) => (connected = done));
    const silent = await startListener(() => connected());
    const s = await start({ settings: silent.settings });
    const { id } = await s.queue();

    await asked;
    refused(await s.admin.post(`${s.org.path}/mails/${id}/retry`), 409, 'CONFLICT', /being sent/);
    s.pawl.child.kill('SIGKILL');
    await s.pawl.wait();
    await silent.stop();
    const box = await mailboxAt(silent.port);
    await s.pawl.start();
    s.pawl.clock.advance(11 * MINUTE);
    await box.next();
    await s.until(id, ({ state }) => state === 'sent', 'sent');
    assert.equal(box.mails.length, 1);
    await s.pawl.stop();
    await box.stop();
  });

  test('or, tried already, after a time without a mail server', async () => {
    const gone = await startListener((socket) => socket.destroy());
    const s = await start({ settings: { ...gone.settings, log_level: 'debug' } });
    const { id } = await s.queue();

    await s.until(id, tried, 'an attempt');
    delete s.pawl.env.PAWL_SMTP_URL;
    await s.pawl.restart();
    s.pawl.clock.advance(2 * MINUTE);
    await eventually(() => s.pawl.errors.includes('since there is no mail server'), 'put aside');
    await gone.stop();
    const box = await mailboxAt(gone.port);
    s.pawl.env.PAWL_SMTP_URL = box.settings.smtp_url;
    await s.pawl.restart();
    await box.next();
    assert.equal((await s.until(id, ({ state }) => state === 'sent', 'sent')).attempts, 2);
    await s.pawl.stop();
    await box.stop();
  });
});

test('two nodes send every mail once', { skip: ENGINE !== 'postgres' && 'one node' }, async () => {
  const box = await startMailbox();
  const s = await start({ settings: box.settings });
  const beside = await startServer({ settings: box.settings, beside: s.pawl });
  const admins = [];

  for (let i = 0; i < 10; i++) admins.push(await s.pawl.user(s.org, { role: 'admin' }));
  const queued = await Promise.all(admins.flatMap(({ token }) =>
    Array.from({ length: 5 }, async () =>
      expect(await s.pawl.api(token).post(`${s.org.path}/mails/test`), 201).data)));

  for (const { id } of queued) await s.until(id, ({ state }) => state === 'sent', 'sent');
  const ids = box.mails.map((mail) => mail.headers.get('message-id').slice(1, 33));
  assert.deepEqual(ids.sort(), queued.map(({ id }) => id).sort());
  await beside.stop();
  await s.pawl.stop();
  await box.stop();
});

describe('encryption and signing in', () => {
  test('without encryption nothing is sent, unless that is allowed', async () => {
    const box = await startMailbox();
    const s = await start({ settings: { ...box.settings, smtp_tls: 'required' } });
    const { id } = await s.queue();

    await s.until(id, tried, 'an attempt');
    assert.equal(box.mails.length, 0);
    s.pawl.env.PAWL_SMTP_TLS = 'try';
    await s.pawl.restart();
    expect(await s.admin.post(`${s.org.path}/mails/${id}/retry`), 200);
    await box.next();
    await s.pawl.stop();
    await box.stop();
  });

  test('a certificate that nobody vouches for is not enough', async () => {
    const box = await startMailbox({ disabledCommands: [] });
    const s = await start({ settings: { ...box.settings, smtp_tls: 'required' } });
    const mail = await s.until((await s.queue()).id, tried, 'an attempt');

    assert.match(mail.last_error, /certificate/i);
    assert.equal(box.mails.length, 0);
    await s.pawl.stop();
    await box.stop();
  });

  test('it signs in when it is told a name, and never tells the password', async () => {
    const password = 'open sesame 4711';
    const seen = [];
    let right = false;
    const box = await startMailbox({
      authOptional: false,
      allowInsecureAuth: true,
      authMethods: ['PLAIN'],
      onAuth: (auth, session, done) => {
        seen.push(auth);
        if (right) done(null, { user: auth.username });
        else done(Object.assign(new Error(`No: ${auth.username}`), { responseCode: 535 }));
      },
    });
    const s = await start({
      settings: {
        ...box.settings, smtp_user: 'pawl', smtp_password: password, log_level: 'debug',
        mail_from: 'Acme Flow <flow@example.com>',
      },
    });
    const { id } = await s.queue();
    const mail = await s.until(id, tried, 'an attempt');

    assert.equal(mail.state, 'waiting');
    assert.match(mail.last_error, /535 No: pawl/);
    right = true;
    expect(await s.admin.post(`${s.org.path}/mails/${id}/retry`), 200);
    const { from } = await box.next();
    assert.deepEqual(from.value, [{ name: 'Acme Flow', address: 'flow@example.com' }]);
    assert.equal(seen[0].password, password);
    const encoded = Buffer.from(`\0pawl\0${password}`).toString('base64');
    for (const text of [s.pawl.log, await s.pawl.storedText()])
      assert.ok(!text.includes(password) && !text.includes(encoded));
    await s.pawl.stop();
    await box.stop();
  });

  test('a sender that is no address is told at start', async () => {
    await assert.rejects(startServer({ settings: { mail_from: 'nobody' } }),
      /mail_from must be an address/);
  });
});

describe('without a mail server', () => {
  let s, bob, secret, waiting;

  before(async () => {
    s = await start({ settings: { log_level: 'debug' } });
    bob = await s.pawl.user(s.org, { role: 'standard' });
    expect(await s.pawl.api(null).post('/auth/password/email', { email: bob.email }), 200);
    [waiting] = expect(await s.admin.get(`${s.org.path}/mails`), 200).data;
    secret = /#token=(\S+)/.exec((await s.read(waiting.id)).text)[1];
  });
  after(() => s.pawl.stop());

  test('administrators read what waits, and that is recorded', async () => {
    const list = expect(await s.admin.get(`${s.org.path}/mails`), 200);
    assert.equal(list.meta.sends_mail, false);
    assert.equal(waiting.recipient, bob.email);
    assert.equal(waiting.kind, 'reset');

    const answer = expect(await s.admin.get(`${s.org.path}/mails/${waiting.id}`), 200);
    assert.match(answer.data.text, /Choose a new password:\nhttp\S+\/password\/reset#token=\S+\n/);
    assert.equal(answer.data.state, 'waiting');
    assert.equal(answer.data.attempts, 0);
    assert.match(answer.headers.get('cache-control'), /no-store/);
    const feed = expect(await s.admin.get(`${s.org.path}/activity-feeds?verb=read`), 200);
    assert.ok(feed.data.length >= 1);
  });

  test('members, weak tokens and other organizations do not', async () => {
    const path = `${s.org.path}/mails`;
    const other = await s.pawl.org({ name: 'Other' });
    const light = await s.pawl.user(s.org, { role: 'light' });
    const stranger = s.pawl.api(other.admin.token);
    const one = `${path}/${waiting.id}`;

    for (const { token } of [bob, light]) {
      const api = s.pawl.api(token);
      refused(await api.get(path), 403);
      refused(await api.get(one), 403);
      refused(await api.post(`${path}/test`), 403);
      refused(await api.post(`${one}/retry`), 403);
    }
    refused(await s.pawl.api(null).get(one), 401);
    refused(await stranger.get(one), 403);
    refused(await stranger.get(`${other.path}/mails/${waiting.id}`), 404);
    refused(await stranger.post(`${other.path}/mails/${waiting.id}/retry`), 404);
    assert.deepEqual(expect(await stranger.get(`${other.path}/mails`), 200).data, []);
    refused(await s.admin.get(`${path}/nonsense`), 404);
    refused(await s.admin.get(`${path}/${'0'.repeat(32)}`), 404);
  });

  test('somebody of two organizations is nobody\'s to read', async () => {
    const other = await s.pawl.org({ name: 'Second' });
    const eve = await s.pawl.user(s.org);

    await s.pawl.user(other, { email: eve.email });
    expect(await s.pawl.api(null).post('/auth/password/email', { email: eve.email }), 200);
    for (const org of [s.org, other]) {
      const { data } = expect(await s.pawl.api(org.admin.token).get(`${org.path}/mails`), 200);
      assert.ok(data.every(({ recipient }) => recipient !== eve.email));
    }
  });

  test('the operator lists it, with its text', async () => {
    const { stdout } = await s.pawl.command(['admin', 'mail', 'list', ...s.pawl.store]);
    const mails = stdout.trim().split('\n').map((line) => JSON.parse(line));

    assert.ok(mails.some((mail) => mail.id === waiting.id && mail.text.includes(secret)));
  });

  test('however many there are', async () => {
    const copies = Array.from({ length: 1200 }, (_, i) => `'${String(i).padStart(32, '0')}'`);

    await change(s.pawl, `INSERT INTO mails (id, kind, recipient, subject, sealed, state, next_at,
        created_at, expires_at)
      SELECT v.column1, kind, recipient, subject, sealed, state, expires_at, created_at, expires_at
        FROM mails, (VALUES (${copies.join('), (')})) AS v WHERE id = '${waiting.id}'`);
    const { stdout } = await s.pawl.command(['admin', 'mail', 'list', ...s.pawl.store]);
    const ids = stdout.trim().split('\n').map((line) => JSON.parse(line).id);
    assert.ok(ids.length > 1200);
    assert.ok(ids.includes(waiting.id));
    assert.deepEqual(ids, [...new Set(ids)].sort());
    await change(s.pawl, "DELETE FROM mails WHERE id LIKE '0000000000000000%'");
  });

  test('the log tells each once, without the secret, nor is that in the store', async () => {
    const line = `mail ${waiting.id} (reset) to ${bob.email} waits`;

    await eventually(() => s.pawl.errors.includes(line), 'a line in the log');
    await s.queue(); // and its round
    await eventually(() => s.pawl.errors.includes('(test)'), 'another line');
    assert.equal(s.pawl.errors.split(line).length, 2);
    assert.match(s.pawl.errors, /\/password\/reset#…/);
    for (const text of [s.pawl.log, await s.pawl.storedText()])
      assert.ok(!text.includes(secret));
  });

  test('what waits is sent once there is one', async () => {
    const box = await startMailbox();

    await eventually(() => s.pawl.errors.includes(waiting.id), 'put aside');
    Object.assign(s.pawl.env, {
      PAWL_SMTP_URL: box.settings.smtp_url, PAWL_SMTP_TLS: 'no',
    });
    await s.pawl.restart();
    const mail = await box.next({ to: bob.email });
    assert.equal(mail.token, secret);
    assert.equal((await s.until(waiting.id, ({ state }) => state === 'sent', 'sent')).text, null);
    await box.stop();
  });
});

describe('whose text an administrator reads', () => {
  let s, other, nobody;

  before(async () => {
    s = await start({ settings: { sign_up: 'yes' } });
    other = await s.pawl.org({ name: 'Other' });
    nobody = s.pawl.api(null);
  });
  after(() => s.pawl.stop());

  const invite = (org, email) =>
    s.pawl.admin(['user', 'invite', '--org', org.id, '--email', email, '--role', 'standard']);
  const askReset = async (email) =>
    expect(await nobody.post('/auth/password/email', { email }), 200);

  // The newest mail to an address in the list of an organization, as its administrator reads it.
  async function newest(org, email) {
    const admin = s.pawl.api(org.admin.token);
    const { data } = expect(await admin.get(`${org.path}/mails`), 200);
    const found = data.find(({ recipient }) => recipient === email);

    return found && expect(await admin.get(`${org.path}/mails/${found.id}`), 200).data;
  }

  const operatorReads = async (email) => {
    const { stdout } = await s.pawl.command(['admin', 'mail', 'list', ...s.pawl.store]);
    const mails = stdout.trim().split('\n').map((line) => JSON.parse(line));

    return mails.find(({ recipient }) => recipient === email)?.text;
  };

  test('of an invitation: while the account was made for it, and for nothing else', async () => {
    const email = newAddress();

    await invite(s.org, email);
    assert.match((await newest(s.org, email)).text, /\/invitation#token=/);
    await invite(other, email);
    for (const org of [s.org, other]) assert.equal((await newest(org, email)).text, null);
    assert.match(await operatorReads(email), /\/invitation#token=/);
  });

  test('not of an invitation to somebody of another organization without a password', async () => {
    const email = newAddress();

    await s.pawl.admin(['user', 'create', '--org', other.id, '--email', email, '--role', 'admin']);
    await invite(s.org, email);
    assert.equal((await newest(s.org, email)).text, null);
  });

  test('not of a link that would prove the address of somebody else', async () => {
    const { email } = expect(await nobody.post('/auth/register', registration()), 201).data;
    const browser = await s.pawl.session({ email });
    const headers = { 'x-tallyfy-client': 'web' };
    const [{ id }] = expect(await browser.get('/me/organizations', { headers }), 200).data;

    await askReset(email);
    const mails = await browser.get(`/organizations/${id}/mails`, { headers });
    assert.deepEqual(expect(mails, 200).data, []);
    assert.match(await operatorReads(email), /#token=/);
  });

  test('not once the reader has joined another organization, or has become doubtful', async () => {
    const [moving, doubtful] = [await s.pawl.user(s.org), await s.pawl.user(s.org)];

    for (const { email } of [moving, doubtful]) {
      await askReset(email);
      assert.match((await newest(s.org, email)).text, /#token=/);
    }
    await s.pawl.user(other, { email: moving.email });
    await proved(s.pawl, doubtful, false);
    for (const { email } of [moving, doubtful])
      assert.equal((await newest(s.org, email)).text, null);
  });

  test('and what was read before opens nothing after', async () => {
    const person = await s.pawl.user(s.org);
    const reset = async (token) =>
      nobody.post('/auth/password/reset', { token, password: NEW, password_confirmation: NEW });

    await askReset(person.email);
    const { text } = await newest(s.org, person.email);
    await s.pawl.user(other, { email: person.email });
    refused(await reset(/#token=(\S+)/.exec(text)[1]), 422, 'LINK_WITHDRAWN');
  });
});

describe('test mails', () => {
  test('five an hour an account', async () => {
    const s = await start();
    const bob = s.pawl.api((await s.pawl.user(s.org, { role: 'admin' })).token);
    const path = `${s.org.path}/mails/test`;

    for (let i = 0; i < 5; i++) await s.queue();
    const answer = refused(await s.admin.post(path), 429, 'RATE_LIMIT_EXCEEDED', /test mails/);
    const wait = Number(answer.headers.get('retry-after'));
    assert.ok(wait > 3500 && wait <= 3600, `${wait}`);
    expect(await bob.post(path), 201);
    s.pawl.clock.advance(wait * SECOND);
    await s.queue();
    await s.pawl.stop();
  });

  test('to proved addresses alone', async () => {
    const s = await start();

    await proved(s.pawl, s.org.admin, false);
    refused(await s.admin.post(`${s.org.path}/mails/test`), 403, 'EMAIL_NOT_VERIFIED');
    assert.deepEqual(expect(await s.admin.get(`${s.org.path}/mails`), 200).data, []);
    await s.pawl.stop();
  });

  test('so with notices', async () => {
    const box = await startMailbox();
    const s = await start({ settings: box.settings });
    const bob = await s.pawl.user(s.org);
    const change = ({ token }) => s.pawl.api(token).put(`${s.org.path}/me/update-password`,
      { current_password: PASSWORD, password: NEW, password_confirmation: NEW });

    await proved(s.pawl, bob, false);
    expect(await change(bob), 200);
    expect(await change(s.org.admin), 200);
    await box.next({ to: s.org.admin.email });
    assert.ok(box.mails.every(({ envelope }) => !envelope.to.includes(bob.email)));
    await s.pawl.stop();
    await box.stop();
  });
});
