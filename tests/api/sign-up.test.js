// Signing up: an account and an organization, made by a stranger.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { newAddress, registration, signUp, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused } from '../lib/expect.js';

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const register = (more) => nobody.post('/auth/register', registration(more));
const { admin: known } = await pawl.org();

async function orgOf(email, password = PASSWORD) {
  const browser = await pawl.session({ email }, { password });
  const orgs = expect(
    await browser.get('/me/organizations', { headers: { 'x-tallyfy-client': 'web' } }), 200);

  assert.equal(orgs.data.length, 1);
  return orgs.data[0];
}

test('an account, an organization and a mail to prove the address', async () => {
  const input = registration({ organization_name: 'Ünion & Co', timezone: 'Europe/Athens' });
  const answer = expect(await nobody.post('/auth/register', input), 201);

  assert.deepEqual(answer.data, { email: input.email });
  assert.deepEqual(answer.headers.getSetCookie(), [], 'signing up does not sign in');

  const mail = await box.next({ to: input.email });

  assert.match(mail.subject, /confirm/i);
  assert.match(mail.link, /^http:\/\/127\.0\.0\.1:\d+\/verify#token=[0-9A-Za-z]{43}$/);
  assert.doesNotMatch(mail.text, /Nora/, 'a stranger does not choose what the mail says');

  const org = await orgOf(input.email);

  assert.equal(org.name, 'Ünion & Co');
  assert.equal(org.timezone, 'Europe/Athens');
  assert.equal(org.user_role, 'admin');
  assert.equal(org.users_count, 0, 'who has not proved the address is not counted');
});

test('they are the default administrator, invited by nobody', async () => {
  const { email } = await signUp(world);
  const org = await orgOf(email);
  const me = expect(
    await (await pawl.session({ email })).get(`/organizations/${org.id}/me`,
      { headers: { 'x-tallyfy-client': 'web' } }), 200);

  assert.equal(me.data.is_default_admin, true);
  assert.equal(me.data.invited_by, null);
  assert.equal(me.data.status, 'active');
});

test('without a name the organization is called after the person', async () => {
  for (const first_name of ['Zoë', 'Ω'.repeat(32)]) {
    const { email } = await signUp(world, { first_name });

    assert.equal((await orgOf(email)).name, `${first_name}'s organization`);
  }
});

test('an address that has an account gets a mail that says so, and the same answer', async () => {
  const answer = expect(await register({ email: known.email }), 201);
  const fresh = newAddress();
  const other = expect(await register({ email: fresh }), 201);
  const mail = await box.next({ to: known.email });

  assert.equal(answer.text.replace(known.email, ''), other.text.replace(fresh, ''));
  assert.deepEqual([...answer.headers.keys()], [...other.headers.keys()]);
  assert.match(mail.subject, /already/i);
  assert.equal(mail.token, null);
  expect(await nobody.post('/session', { email: known.email, password: PASSWORD }), 200);
});

test('however the address is written, it is the same account', async () => {
  const { admin } = await pawl.org();

  expect(await register({ email: `  ${admin.email.toUpperCase()} ` }), 201);
  assert.match((await box.next({ to: admin.email })).subject, /already/i);
});

test('an owner of an address is not flooded by strangers', async () => {
  const { admin } = await pawl.org();
  const answers = [];

  for (let i = 0; i < 7; i++) answers.push(await register({ email: admin.email }));
  for (const answer of answers) assert.equal(answer.text, answers[0].text);
  for (let i = 0; i < 5; i++) await box.next({ to: admin.email });
  await signUp(world); // whose mail comes after theirs
  assert.equal(box.mails.filter(({ envelope }) => envelope.to.includes(admin.email)).length, 5);
});

test('two at once with one address make one account', async () => {
  const email = newAddress();
  const answers = await Promise.all(
    ['one', 'two', 'three'].map((word) => register({ email, password: `${PASSWORD} ${word}` })));

  for (const answer of answers) expect(answer, 201);
  const right = [];
  for (const word of ['one', 'two', 'three']) {
    const login = { email, password: `${PASSWORD} ${word}` };
    if ((await nobody.post('/session', login)).status === 200) right.push(word);
  }
  assert.equal(right.length, 1);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('a password keeps the blanks at its ends', async () => {
  const password = `  ${PASSWORD}  `;
  const { email } = await signUp(world, { password });

  refused(await nobody.post('/session', { email, password: PASSWORD }), 401);
  expect(await nobody.post('/session', { email, password }), 200);
});

test('names in any script, and no longer than they may be', async () => {
  const { email } = await signUp(world, { first_name: '美咲', last_name: 'O’Connor-Ñandú' });
  const answer = expect(await nobody.post('/session', { email, password: PASSWORD }), 200);

  assert.equal(answer.data.user.full_name, '美咲 O’Connor-Ñandú');
  invalid(await register({ first_name: 'x'.repeat(33) }), 'first_name');
  invalid(await register({ last_name: 'Ä'.repeat(33) }), 'last_name');
  invalid(await register({ organization_name: 'x'.repeat(51) }), 'organization_name');
});

test('what is missing or wrong is named, all at once', async () => {
  invalid(await nobody.post('/auth/register', {}), 'first_name', 'last_name', 'email',
    'password');
  invalid(
    await nobody.post('/auth/register', {
      first_name: 'see https://spam.example', last_name: ' ', email: 'nobody', password: 'short',
    }),
    'last_name',
  );
  invalid(
    await register({ first_name: 'www.spam.example', email: 'no@body', password: 'short' }),
    'first_name', 'email', 'password',
  );
  invalid(await register({ timezone: 'Mars/Olympus' }), 'timezone');
  invalid(await register({ password: 'x'.repeat(128) }), 'password');
  const email = newAddress();
  invalid(await register({ email, password: email }), 'password');
});

test('wrong types and huge input are refused', async () => {
  for (const value of [[], {}, { a: 1 }, ['a'], null]) {
    const answer = await register({ email: value, password: value });
    assert.match(String(answer.status), /^4(00|22)$/, answer.text);
  }
  assert.match(String((await register({ password: 'x'.repeat(100_000) })).status), /^4\d\d$/);
  assert.match(String((await register({ first_name: 'x'.repeat(100_000) })).status), /^4\d\d$/);
  assert.match(String((await register({ email: `a@${'b'.repeat(300)}.example` })).status),
    /^4\d\d$/);
  expect(await nobody.post('/auth/register', '{', { headers: { 'content-type':
    'application/json' } }), 400);
});

test('who has not proved the address may use their organization', async () => {
  const { email } = await signUp(world);
  const org = await orgOf(email);
  const browser = await pawl.session({ email });
  const headers = { 'x-tallyfy-client': 'web' };

  expect(await browser.get(`/organizations/${org.id}/me/tasks`, { headers }), 200);
  assert.equal(expect(await browser.get('/session'), 200).data.email_verified_at, null);
});

test('no administrator can read the link of somebody else’s address', async () => {
  const silent = await startServer({ settings: { sign_up: 'yes' } });

  try {
    await silent.org();
    const input = registration();
    expect(await silent.api(null).post('/auth/register', input), 201);
    const browser = await silent.session({ email: input.email });
    const headers = { 'x-tallyfy-client': 'web' };
    const { data } = expect(await browser.get('/me/organizations', { headers }), 200);
    const mails = await browser.get(`/organizations/${data[0].id}/mails`, { headers });

    assert.deepEqual(expect(mails, 200).data, []);
  } finally {
    await silent.stop();
  }
});

test('unless the operator opens it, nobody can sign up', async () => {
  const closed = await startServer();

  try {
    refused(await closed.api(null).post('/auth/register', registration()), 403, 'SIGN_UP_CLOSED');
  } finally {
    await closed.stop();
  }
});

test('nobody signs up before the server has been set up', async () => {
  const fresh = await startServer({ settings: { sign_up: 'yes' } });

  try {
    refused(await fresh.api(null).post('/auth/register', registration()), 403, 'SIGN_UP_CLOSED');
    await fresh.org();
    expect(await fresh.api(null).post('/auth/register', registration()), 201);
  } finally {
    await fresh.stop();
  }
});
