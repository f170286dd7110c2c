// The browsers in which an account is signed in: seen, and ended one by one or all at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { eventually, expect, isAbout, refused, shape } from '../lib/expect.js';

const HOUR = 3600 * SECOND;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';
const SESSION = {
  id: 'id',
  address: 'string?',
  user_agent: 'string?',
  device: 'string',
  created_at: 'time',
  last_seen_at: 'time',
  expires_at: 'time',
  remembered: 'bool',
  current: 'bool',
};

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();

const list = async (browser) => expect(await browser.get('/sessions'), 200).data;
const idOf = async (browser) => (await list(browser)).find(({ current }) => current).id;

async function signIn(person, agent, more = {}) {
  const login = { email: person.email, password: PASSWORD, ...more };
  const headers = { 'user-agent': agent };

  return pawl.holder(expect(await pawl.api(null).post('/session', login, { headers }), 200));
}

async function isOver(browser) {
  assert.equal(expect(await browser.get('/session'), 200).data, null);
  expect(await browser.get('/sessions'), 401);
}

test('the list tells each browser, where it is and when it was used', async () => {
  const person = await pawl.user(org);
  const first = await signIn(person, 'curl/7.88.1');
  pawl.clock.advance(HOUR);
  const second = await signIn(person, FIREFOX, { remember: true });
  const sessions = await list(second);

  for (const session of sessions) shape(session, SESSION);
  assert.deepEqual(
    sessions.map(({ device, current, remembered }) => [device, current, remembered]),
    [['Firefox on Linux', true, true], ['An unknown program', false, false]],
  );
  assert.equal(sessions[0].address, '127.0.0.1');
  assert.equal(sessions[0].user_agent, FIREFOX);
  isAbout(sessions[0].created_at, pawl.clock, 0);
  isAbout(sessions[1].last_seen_at, pawl.clock, -HOUR);
  isAbout(sessions[0].expires_at, pawl.clock, 30 * DAY);

  // A use is told at once.
  expect(await first.get('/me'), 200);
  const seen = await list(second);
  isAbout(seen.find(({ current }) => !current).last_seen_at, pawl.clock, 0);
  assert.ok(!JSON.stringify(seen).includes(first.cookie.split('=')[1]));
});

test('sessions that have ended by themselves are not in it', async () => {
  const person = await pawl.user(org);
  await signIn(person, FIREFOX);
  const kept = await signIn(person, FIREFOX, { remember: true });

  assert.equal((await list(kept)).length, 2);
  pawl.clock.advance(12 * HOUR + SECOND);
  assert.equal((await list(kept)).length, 1);
});

test('ending another session leaves this one and the personal token alone', async () => {
  const person = await pawl.user(org);
  const here = await pawl.session(person);
  const there = await pawl.session(person);

  expect(await here.delete(`/sessions/${await idOf(there)}`), 204);
  await isOver(there);
  assert.equal((await list(here)).length, 1);
  expect(await pawl.api(person.token).get('/me'), 200);
});

test('ending the session one is in is signing out', async () => {
  const person = await pawl.user(org);
  const here = await pawl.session(person);
  const there = await pawl.session(person);
  const ended = expect(await here.delete(`/sessions/${await idOf(here)}`), 204);

  assert.match(ended.headers.getSetCookie()[0], /^pawl_session=;.*Max-Age=0/);
  await isOver(here);
  expect(await there.get('/sessions'), 200);
  expect(await pawl.api(person.token).get('/me'), 401);
});

test('nobody ends or sees the session of somebody else', async () => {
  const mine = await pawl.session(await pawl.user(org));
  const theirs = await pawl.session(await pawl.user(org));
  const id = await idOf(theirs);

  for (const other of [id, 'nonsense', '0'.repeat(32), '%00'])
    assert.ok([400, 404].includes((await mine.delete(`/sessions/${other}`)).status));
  refused(await mine.delete(`/sessions/${id}`), 404);
  assert.ok(!(await list(mine)).some((session) => session.id === id));
  expect(await theirs.get('/sessions'), 200);
});

test('all sessions end at once, and the personal token with them', async () => {
  const person = await pawl.user(org);
  const bystander = await pawl.session(await pawl.user(org));
  const here = await pawl.session(person);
  const there = await pawl.session(person);
  const ended = expect(await here.post('/sessions/revoke-all'), 204);

  assert.match(ended.headers.getSetCookie()[0], /^pawl_session=;.*Max-Age=0/);
  await isOver(here);
  await isOver(there);
  expect(await pawl.api(person.token).get('/me'), 401);
  expect(await bystander.get('/sessions'), 200);
});

test('only a browser that is signed in reaches them, with its CSRF token', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const id = await idOf(browser);
  const forged = { headers: { 'x-csrf-token': null } };

  expect(await pawl.api(null).get('/sessions'), 401);
  expect(await pawl.api(person.token).get('/sessions'), 401);
  expect(await pawl.api(person.token).post('/sessions/revoke-all'), 401);
  refused(await browser.delete(`/sessions/${id}`, undefined, forged), 403, 'CSRF_TOKEN_MISMATCH');
  refused(await browser.post('/sessions/revoke-all', undefined, forged), 403);
  expect(await browser.get('/sessions'), 200);
});

const hashes = async () => {
  const { text } = expect(await pawl.api(null).get('/metrics'), 200);

  return Number(/^pawl_password_hashes_total (\d+)$/m.exec(text)[1]);
};

test('what a session has asked for does not happen when it ends meanwhile', async () => {
  const person = await pawl.user(org);
  const here = await pawl.session(person);
  const there = await pawl.session(person);
  const passwords = {
    current_password: PASSWORD,
    password: 'another horse battery',
    password_confirmation: 'another horse battery',
  };
  const before = await hashes();
  const asked = there.put(`${org.path}/me/update-password`, passwords);

  // It is admitted; its passwords are being hashed, two of them.
  await eventually(async () => (await hashes()) > before, 'a password is hashed');
  expect(await here.post('/sessions/revoke-all'), 204);
  refused(await asked, 401, 'UNAUTHENTICATED');
  expect(await pawl.session(person).then((browser) => browser.get('/me')), 200);
});
