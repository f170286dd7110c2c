// What an operator looks at: health, metrics, log, and a clean end.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { expect } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

async function withServer(options, body) {
  const pawl = await startServer(options);

  try {
    await body(pawl);
  } finally {
    await pawl.stop();
  }
}

test('health and metrics need no header at all', () =>
  withServer({}, async (pawl) => {
    const health = expect(await pawl.api(null, { 'x-tallyfy-client': null }).get('/health'), 200);
    const metrics = await fetch(`${pawl.url}/metrics`);
    const text = await metrics.text();

    assert.deepEqual(health.body, { status: 'ok' });
    assert.equal(metrics.status, 200);
    assert.match(metrics.headers.get('content-type'), /^text\/plain/);
    assert.match(text, /^# TYPE \w+ \w+$/m);
    for (const line of text.trim().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) \w+ .+|[a-zA-Z_:][\w:]*(\{.*\})? [-+\w.]+)$/);
  }));

test('SIGTERM ends an idle server with 0, open connections or not', () =>
  withServer({}, async (pawl) => {
    expect(await pawl.api(null).get('/health'), 200); // leaves a connection open
  }));

test('SIGTERM lets requests in flight finish', async () => {
  const pawl = await startServer();
  const person = (await pawl.org()).admin;
  // Password hashing keeps these in the server long enough to meet the signal.
  const waiting = Array.from({ length: 4 }, () =>
    pawl.api(null).post('/session', { email: person.email, password: PASSWORD }),
  );

  await Promise.race(waiting);
  pawl.child.kill('SIGTERM');
  const answers = await Promise.allSettled(waiting);
  await pawl.stop();
  // What was accepted was answered in full; what was not was refused at the door.
  for (const { status, value } of answers) if (status === 'fulfilled') expect(value, 200);
  assert.ok(answers.some(({ status }) => status === 'fulfilled'));
});

test('what was acknowledged is there after a restart, even a violent one', () =>
  withServer({}, async (pawl) => {
    const org = await pawl.org();
    const api = pawl.api(org.admin.token);
    const { data } = expect(await api.post(`${org.path}/tasks`, oneOff(org.admin)), 201);

    pawl.child.kill('SIGKILL');
    await pawl.wait();
    await pawl.start();
    expect(await api.get(`${org.path}/tasks/${data.id}`), 200);
  }));

test('the log can be JSON, one object a line', () =>
  withServer({ args: ['--log-format', 'json'] }, async (pawl) => {
    await pawl.org();
    expect(await pawl.api('nonsense').get('/me'), 401);
    for (const line of pawl.errors.trim().split('\n')) JSON.parse(line);
  }));

test('no secret reaches the log or the store in the clear', () =>
  withServer({}, async (pawl) => {
    const { admin } = await pawl.org();
    const browser = await pawl.session(admin);
    const named = expect(
      await browser.post('/oauth/personal-access-tokens', { name: 'robot' }),
      201,
    ).body.accessToken;
    const secrets = [PASSWORD, admin.token, named, browser.cookie.split('=')[1]];

    expect(await pawl.api(named).get('/me'), 200);
    expect(await pawl.api(`${named}x`).get(`/me?token=${named}`), 401);
    const kept = pawl.log + (await pawl.storedText());
    for (const secret of secrets)
      assert.ok(!kept.includes(secret), `found ${secret.slice(0, 12)}…`);
  }));

test('pawl admin check finds a used store sound, and backup copies it', () =>
  withServer({}, async (pawl) => {
    const org = await pawl.org();

    expect(await pawl.api(org.admin.token).post(`${org.path}/tasks`, oneOff(org.admin)), 201);
    await pawl.admin(['check']);
    if (!pawl.database) {
      const copy = `${pawl.folder}/copy/pawl.db`;

      mkdirSync(`${pawl.folder}/copy`);
      await pawl.admin(['backup', copy]);
      copyFileSync(`${pawl.folder}/signing-key.pem`, `${pawl.folder}/copy/signing-key.pem`);
      const checked = await pawl.command(['admin', 'check', '--data', `${pawl.folder}/copy`]);
      assert.equal(checked.code, 0, checked.stderr);
    }
  }));

test('options that make no sense are refused with a reason', () =>
  withServer({}, async (pawl) => {
    for (const args of [
      ['serve', '--listen', 'nonsense'],
      ['serve', '--no-such-option'],
      ['no-such-command'],
      ['admin', 'org', 'create', '--name', 'X', '--data', pawl.folder],
      ['admin', 'token', 'create', '--email', 'nobody@example.com', ...pawl.store],
    ]) {
      const { code, stderr } = await pawl.command(args);

      assert.ok(Number.isInteger(code) && code !== 0, `${args.join(' ')} ended with ${code}`);
      assert.match(stderr, /\w/);
    }
  }));
