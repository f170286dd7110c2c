// A forgotten password: a link by mail, a new password, and what ends with the old one.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PASSWORD, SECOND } from '../harness.js';
import { askReset, events, newAddress, signUp, startOpen } from '../lib/accounts.js';
import { expect, invalid, oauthError, refused } from '../lib/expect.js';
import { DEVICE, OAuth } from '../lib/oauth.js';
import { proved } from '../lib/store.js';
import { totp } from '../lib/totp.js';

const MINUTE = 60 * SECOND;
const NEW = 'an entirely new phrase';

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const org = await pawl.org();
const ask = (email) => nobody.post('/auth/password/email', { email });
const reset = (token, more = {}) =>
  nobody.post('/auth/password/reset', {
    token, password: NEW, password_confirmation: NEW, ...more,
  });
const signIn = (email, password) => nobody.post('/session', { email, password });
const named = (person, body = { name: 'script' }) =>
  pawl.api(person.token).post('/oauth/personal-access-tokens', body);

test('the link brings a new password, and the old one is gone', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);
  const answer = expect(await reset(token, { email: person.email.toUpperCase() }), 200);

  assert.deepEqual(answer.data, { email: person.email });
  assert.deepEqual(answer.headers.getSetCookie(), [], 'it signs nobody in');
  refused(await signIn(person.email, PASSWORD), 401);
  expect(await signIn(person.email, NEW), 200);
  const notice = await box.next({ to: person.email, subject: /changed/i });
  assert.doesNotMatch(notice.text, /token=/);
  const [initiated] = await events(pawl, org, 'password_reset_initiated');
  assert.ok(initiated);
  const [completed] = await events(pawl, org, 'password_reset_completed');
  assert.ok(completed);
});

test('the link is for the page, and its secret stays out of what servers see', async () => {
  const person = await pawl.user(org);

  await ask(person.email);
  const { link, text } = await box.next({ to: person.email });
  const url = new URL(link);

  assert.equal(url.pathname, '/password/reset');
  assert.equal(url.search, '');
  assert.match(url.hash, /^#token=[0-9A-Za-z]{43}$/);
  assert.match(text, /127\.0\.0\.1/, 'it says where the request came from');
  assert.ok(!(await pawl.storedText()).includes(url.hash.slice(7)));
  assert.ok(!pawl.log.includes(url.hash.slice(7)));
});

test('links come from the server’s own address, whatever Host says', async () => {
  const person = await pawl.user(org);

  await pawl.raw(
    `POST /auth/password/email HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r
Content-Type: application/json\r\nContent-Length: ${person.email.length + 12}\r
Connection: close\r\n\r\n{"email":"${person.email}"}`);
  const { link, html } = await box.next({ to: person.email });
  assert.equal(new URL(link).host, `127.0.0.1:${pawl.port}`);
  assert.ok(!html.includes('evil.example'));
});

test('an unknown address gets the same answer, and no mail', async () => {
  const person = await pawl.user(org);
  const stranger = newAddress();
  const known = expect(await ask(person.email), 200);
  const unknown = expect(await ask(stranger), 200);

  assert.equal(known.text.replace(person.email, ''), unknown.text.replace(stranger, ''));
  assert.deepEqual([...known.headers.keys()], [...unknown.headers.keys()]);
  await box.next({ to: person.email });
  await askReset(world, (await pawl.user(org)).email); // whose mail would come after
  assert.ok(!box.mails.some(({ envelope }) => envelope.to.includes(stranger)));
});

test('the mail goes to the address of the account, as it stands there', async () => {
  const person = await pawl.user(org, { email: newAddress('bob') });

  expect(await ask(person.email.toUpperCase()), 200);
  const mail = await box.next({ to: person.email });
  assert.deepEqual(mail.envelope.to, [person.email]);
});

test('an address that only looks like that of an account reaches nobody', async () => {
  const person = await pawl.user(org, { email: newAddress('bob') });

  expect(await ask(person.email.replace('o', 'ó')), 200);
  await askReset(world, (await pawl.user(org)).email); // whose mail would come after
  assert.ok(!box.mails.some(({ envelope }) => envelope.to.includes(person.email)));
});

test('it works once, also when it is used twice at the same moment', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);
  const passwords = [`${NEW} 1`, `${NEW} 2`, `${NEW} 3`];
  const answers = await Promise.all(passwords.map((password) =>
    reset(token, { password, password_confirmation: password })));
  const winners = answers.flatMap(({ status }, i) => (status === 200 ? [passwords[i]] : []));

  assert.equal(winners.length, 1);
  for (const answer of answers)
    if (answer.status !== 200) refused(answer, 422, 'LINK_USED');
  expect(await signIn(person.email, winners[0]), 200);
  refused(await reset(token), 422, 'LINK_USED');
});

test('it ends after an hour', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);
  const other = await askReset(world, (await pawl.user(org)).email);

  pawl.clock.advance(59 * MINUTE);
  expect(await reset(other), 200);
  pawl.clock.advance(2 * MINUTE);
  refused(await reset(token), 422, 'LINK_EXPIRED');
  expect(await signIn(person.email, PASSWORD), 200);
});

test('a newer link ends the older one', async () => {
  const person = await pawl.user(org);
  const first = await askReset(world, person.email);
  const second = await askReset(world, person.email);

  refused(await reset(first), 422, 'LINK_WITHDRAWN');
  expect(await reset(second), 200);
});

test('it dies when the password is changed', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);

  expect(await pawl.api(person.token).put(`${org.path}/me/update-password`, {
    current_password: PASSWORD, password: NEW, password_confirmation: NEW,
  }), 200);
  refused(await reset(token, { password: `${NEW}!`, password_confirmation: `${NEW}!` }), 422,
    'LINK_WITHDRAWN');
});

test('it dies when the operator sets a password', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);

  await pawl.admin(['user', 'password', '--email', person.email, '--password-stdin'],
    { stdin: `${NEW}\n` });
  refused(await reset(token), 422, 'LINK_WITHDRAWN');
});

test('it dies when the address changes', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);
  const email = newAddress();

  expect(await pawl.api(person.token).put(`${org.path}/me/update-email`,
    { email, password: PASSWORD }), 200);
  const mail = await box.next({ to: email });
  expect(await nobody.post('/auth/email/confirm', { token: mail.token }), 200);
  refused(await reset(token), 422, 'LINK_WITHDRAWN');
});

test('sessions, the personal token and what applications hold end, named tokens not', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const script = expect(await named(person), 201).body.accessToken;
  const client = await pawl.admin(['client', 'create', '--org', org.id, '--name', 'App',
    '--grant', 'password', '--grant', 'refresh_token']);
  const asked = (more) => nobody.post('/oauth/token', {
    client_id: client.client_id, client_secret: client.client_secret, ...more });
  const granted = expect(await asked({ grant_type: 'password', username: person.email,
    password: PASSWORD }), 200).body;

  for (const token of [person.token, script, granted.access_token])
    expect(await pawl.api(token).get('/me'), 200);
  expect(await reset(await askReset(world, person.email)), 200);
  expect(await browser.get('/me', { headers: { 'x-tallyfy-client': 'web' } }), 401);
  for (const token of [person.token, granted.access_token])
    expect(await pawl.api(token).get('/me'), 401);
  expect(await asked({ grant_type: 'refresh_token', refresh_token: granted.refresh_token }), 400);
  expect(await pawl.api(script).get('/me'), 200);
});

test('what came from consents ends, and so do codes that would still become tokens', async () => {
  const person = await pawl.user(org);

  for (const oauth of [new OAuth(pawl), new OAuth(pawl, '/mcp')]) {
    const client = await oauth.client({ isPublic: true });
    const { access_token, refresh_token } = await oauth.tokens(client, person, org);
    const code = await oauth.code(client, person, org);

    expect(await pawl.api(access_token).get('/me'), 200);
    expect(await reset(await askReset(world, person.email),
      { password: PASSWORD, password_confirmation: PASSWORD }), 200);
    expect(await pawl.api(access_token).get('/me'), 401);
    oauthError(await oauth.refresh(client, refresh_token), 400, 'invalid_grant');
    oauthError(await oauth.token(code), 400, 'invalid_grant');
  }
});

test('a device that was approved and has not asked yet gets nothing', async () => {
  const person = await pawl.user(org);
  const oauth = new OAuth(pawl);
  const client = await oauth.client({ isPublic: true, grants: [DEVICE] });
  const device = expect(await oauth.bare.post('/oauth/device_authorization',
    new URLSearchParams(client)), 200).body;
  const browser = await pawl.session(person);

  expect(await browser.post(`/oauth/device?user_code=${device.user_code}`,
    { allow: true, organization_id: org.id, scopes: ['*'] }), 200);
  expect(await reset(await askReset(world, person.email)), 200);
  const answer = await oauth.token({ ...client, grant_type: DEVICE,
    device_code: device.device_code });
  assert.equal(answer.status, 400, answer.text);
});

test('named tokens end when asked for', async () => {
  const person = await pawl.user(org);
  const script = expect(await named(person), 201).body.accessToken;

  expect(await reset(await askReset(world, person.email), { end_named_tokens: true }), 200);
  expect(await pawl.api(script).get('/me'), 401);
});

test('who was locked out by guesses may sign in at once', async () => {
  const person = await pawl.user(org);

  for (let i = 0; i < 5; i++) await signIn(person.email, `wrong ${i}`);
  refused(await signIn(person.email, PASSWORD), 429, 'LOGIN_LOCKED');
  expect(await reset(await askReset(world, person.email)), 200);
  expect(await signIn(person.email, NEW), 200);
});

test('it proves the address; and what a stranger left in an unproved account ends', async () => {
  const { email, token: verification } = await signUp(world);
  const squatter = await pawl.session({ email });
  const headers = { 'x-tallyfy-client': 'web' };
  const tokens = '/oauth/personal-access-tokens';
  const { id: user } = expect(await squatter.get('/me', { headers }), 200).data;
  const [place] = expect(await squatter.get('/me/organizations', { headers }), 200).data;
  const path = `/organizations/${place.id}`;

  // As a store may hold it from when the address counted as proved.
  await proved(pawl, { id: user }, true);
  const script = expect(await squatter.post(tokens, { name: 'back door' }, { headers }), 201)
    .body.accessToken;
  const client = expect(await squatter.post(`${path}/oauth/clients`,
    { name: 'Back door', grants: ['client_credentials'] }, { headers }), 201).data;
  const askToken = () => pawl.api(null, { 'x-tallyfy-client': null }).post('/oauth/token', {
    grant_type: 'client_credentials', client_id: client.id, client_secret: client.client_secret,
  });
  const application = pawl.api(expect(await askToken(), 200).body.access_token);
  const mint = () => application.post(`/applications/${place.id}/users/${email}/token`);
  const mine = pawl.api(expect(await mint(), 200).body.access_token);
  expect(await mine.get(`${path}/me`), 200);
  await proved(pawl, { id: user }, false);

  expect(await reset(await askReset(world, email)), 200);
  expect(await pawl.api(script).get('/me'), 401);
  expect(await mine.get(`${path}/me`), 401);
  expect(await mint(), 401);
  expect(await askToken(), 401);
  expect(await squatter.get('/me', { headers }), 401);
  const owner = await pawl.session({ email }, { password: NEW });
  assert.ok(expect(await owner.get('/session'), 200).data.email_verified_at);
  assert.deepEqual(
    expect(await owner.get(`${path}/oauth/clients`, { headers }), 200).data, []);
  assert.deepEqual(expect(await owner.get(tokens, { headers }), 200).body, []);
  assert.match((await box.next({ to: email, subject: /changed/i })).subject, /password/i);
  expect(await nobody.post('/auth/verify', { token: verification }), 200);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('a reset of a proved account leaves its applications alone', async () => {
  const { admin, path } = await pawl.org();

  expect(await pawl.api(admin.token).post(`${path}/oauth/clients`, { name: 'Payroll' }), 201);
  expect(await reset(await askReset(world, admin.email)), 200);
  const owner = await pawl.session(admin, { password: NEW });
  const headers = { 'x-tallyfy-client': 'web' };
  assert.equal(
    expect(await owner.get(`${path}/oauth/clients`, { headers }), 200).data.length, 1);
});

test('five mails an hour are enough, and the answer stays the same', async () => {
  const person = await pawl.user(org);
  const answers = [];

  for (let i = 0; i < 8; i++) answers.push(expect(await ask(person.email), 200));
  for (const answer of answers) assert.equal(answer.text, answers[0].text);
  for (let i = 0; i < 5; i++) await box.next({ to: person.email });
  await askReset(world, (await pawl.user(org)).email);
  assert.equal(box.mails.filter(({ envelope }) => envelope.to.includes(person.email)).length, 5);
});

test('the rule for passwords holds, and a refusal leaves the link alive', async () => {
  const person = await pawl.user(org);
  const token = await askReset(world, person.email);

  invalid(await reset(token, { password: 'short', password_confirmation: 'short' }), 'password');
  invalid(await reset(token, { password: person.email, password_confirmation: person.email }),
    'password');
  invalid(await reset(token, { password_confirmation: `${NEW}?` }), 'password_confirmation');
  invalid(await reset(token, { email: 'another@example.com' }), 'email');
  invalid(await nobody.post('/auth/password/reset', { token }), 'password',
    'password_confirmation');
  invalid(await nobody.post('/auth/password/reset', {}), 'token', 'password',
    'password_confirmation');
  assert.match(String((await reset(token, { password: 'x'.repeat(50_000) })).status), /^4\d\d$/);
  expect(await reset(token, { password: `${NEW} \u{1F511} `,
    password_confirmation: `${NEW} \u{1F511} ` }), 200);
  refused(await signIn(person.email, `${NEW} \u{1F511}`), 401);
  expect(await signIn(person.email, `${NEW} \u{1F511} `), 200);
});

test('what is no link or no address is refused', async () => {
  for (const token of ['x', 'A'.repeat(43), 'ü'.repeat(40)])
    refused(await reset(token), 422, 'LINK_UNKNOWN');
  invalid(await reset('A'.repeat(101)), 'token');
  for (const email of ['', 'nobody', 'a@b', '@example.com', `${'x'.repeat(300)}@example.com`, [],
    {}, null])
    invalid(await ask(email), 'email');
  invalid(await nobody.post('/auth/password/email', {}), 'email');
  expect(await ask('a+b@EXAMPLE.com'), 200);
  expect(await ask('émile@exämple.com'), 200);
});

test('a second factor is still asked for; a squatter’s is not', async () => {
  const turnOn = async (email) => {
    const browser = await pawl.session({ email });
    const headers = { 'x-tallyfy-client': 'web' };
    const begun = await browser.post('/me/second-factor', { password: PASSWORD }, { headers });
    const code = totp(expect(begun, 201).data.secret, pawl.clock.now());

    expect(await browser.post('/me/second-factor/confirm', { code }, { headers }), 200);
  };
  const person = await pawl.user(org);
  const squatted = await signUp(world);

  for (const { email } of [person, squatted]) {
    await turnOn(email);
    expect(await reset(await askReset(world, email)), 200);
  }
  refused(await signIn(person.email, NEW), 401, 'SECOND_FACTOR_REQUIRED');
  expect(await signIn(squatted.email, NEW), 200);
});
