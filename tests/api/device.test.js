// Devices that wait for their user (RFC 8628).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SECOND, startServer } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';
import { BACK, claimsOf, DEVICE, OAuth } from '../lib/oauth.js';
import { place } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const MINUTE = 60 * SECOND;
const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const oauth = new OAuth(pawl);
const COMMAND_LINE = { client_id: '2' };
const client = await oauth.client({ grants: [DEVICE, 'refresh_token'], isPublic: true });
const person = await pawl.user(org);

const begin = async (of = COMMAND_LINE, more = {}) =>
  expect(await oauth.bare.post('/oauth/device_authorization',
    new URLSearchParams({ ...of, ...more })), 200).body;
const poll = (of, { device_code }) => oauth.token({ ...of, grant_type: DEVICE, device_code });
const page = (code) => `/oauth/device?${new URLSearchParams({ user_code: code })}`;
const all = { allow: true, organization_id: org.id, scopes: ['*'] };

async function allow(who, { user_code }, said = all) {
  const session = await pawl.session(who);

  assert.deepEqual(expect(await session.post(page(user_code), said), 200).data,
    { allowed: said.allow });
}

const unknown = async (session, code) => {
  refused(await session.get(page(code)), 404, 'DEVICE_CODE_UNKNOWN');
};

test('a device is told what to show and how to ask', async () => {
  const answer = await oauth.bare.post('/oauth/device_authorization',
    new URLSearchParams(COMMAND_LINE));
  const { body } = expect(answer, 200);

  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.match(body.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.match(body.device_code, /^\w{40,}$/);
  assert.equal(body.verification_uri, `${pawl.url}/device`);
  assert.equal(body.verification_uri_complete, `${pawl.url}/device?user_code=${body.user_code}`);
  assert.equal(body.expires_in, 600);
  assert.equal(body.interval, 5);
  assert.match(expect(await oauth.bare.get('/device'), 200).text, /<div id="app">/);
});

test('its user allows it on another device, and it gets its tokens', async () => {
  const device = await begin();
  const session = await pawl.session(person);

  oauthError(await poll(COMMAND_LINE, device), 400, 'authorization_pending');
  const { data } = expect(await session.get(page(device.user_code)), 200);
  assert.deepEqual(data.client,
    { id: '2', name: 'Pawl command line', origin: 'built-in', redirect_host: null });
  assert.deepEqual(data.organizations.map(({ id }) => id), [org.id]);
  assert.deepEqual(data.scopes.map(({ name }) => name), ['*']);
  assert.equal(data.refusal, null);
  await allow(person, device);

  const { body } = expect(await poll(COMMAND_LINE, device), 200);
  assert.equal(body.expires_in, 15_778_800);
  assert.equal(body.scope, '*');
  assert.equal(claimsOf(body.access_token).org_id, org.id);
  expect(await pawl.api(body.access_token).get(`${org.path}/me`), 200);
  const next = expect(await oauth.refresh(COMMAND_LINE, body.refresh_token), 200).body;
  expect(await pawl.api(next.access_token).get(`${org.path}/me`), 200);
});

test('codes are typed in any case, with dashes and blanks or without', async () => {
  const session = await pawl.session(person);
  const { user_code } = await begin();

  for (const typed of [user_code.toLowerCase(), user_code.replace('-', ''), ` ${user_code} `,
    user_code.replace('-', ' '), [...user_code].join('-')])
    expect(await session.get(page(typed)), 200);
  for (const wrong of ['', 'x', `${user_code}B`, user_code.slice(1), 'é'.repeat(20)])
    await unknown(session, wrong);
});

test('asking too soon makes the wait longer', async () => {
  const device = await begin();
  const after5 = () => pawl.clock.advance(5 * SECOND);

  oauthError(await poll(COMMAND_LINE, device), 400, 'authorization_pending');
  oauthError(await poll(COMMAND_LINE, device), 400, 'slow_down');
  after5();
  oauthError(await poll(COMMAND_LINE, device), 400, 'slow_down');
  pawl.clock.advance(16 * SECOND);
  oauthError(await poll(COMMAND_LINE, device), 400, 'authorization_pending');
});

test('a device code is good once: the second time ends what it gave', async () => {
  const device = await begin();

  await allow(person, device);
  const { body } = expect(await poll(COMMAND_LINE, device), 200);
  oauthError(await poll(COMMAND_LINE, device), 400, 'invalid_grant');
  refused(await pawl.api(body.access_token).get(`${org.path}/me`), 401);
  oauthError(await oauth.refresh(COMMAND_LINE, body.refresh_token), 400, 'invalid_grant');
});

test('of two at once one wins, and loses it', async () => {
  const device = await begin();

  await allow(person, device);
  const answers = await Promise.all([1, 2, 3].map(() => poll(COMMAND_LINE, device)));
  const won = answers.filter((answer) => answer.status === 200);
  assert.equal(won.length, 1);
  refused(await pawl.api(won[0].body.access_token).get(`${org.path}/me`), 401);
});

test('a refusal is told to the device', async () => {
  const device = await begin();

  await allow(person, device, { allow: false });
  oauthError(await poll(COMMAND_LINE, device), 400, 'access_denied');
});

test('an answered code is unknown to whoever comes next', async () => {
  const device = await begin();
  const session = await pawl.session(person);

  await allow(person, device);
  await unknown(session, device.user_code);
  refused(await session.post(page(device.user_code), all), 404, 'DEVICE_CODE_UNKNOWN');
});

test('codes last ten minutes', async () => {
  const device = await begin();
  const session = await pawl.session(person);

  pawl.clock.advance(10 * MINUTE + SECOND);
  oauthError(await poll(COMMAND_LINE, device), 400, 'expired_token');
  await unknown(session, device.user_code);
  const late = await begin();
  await allow(person, late);
  pawl.clock.advance(10 * MINUTE + SECOND);
  oauthError(await poll(COMMAND_LINE, late), 400, 'expired_token');
});

test('the scopes are those asked for, and of these the ones that were ticked', async () => {
  const device = await begin(client, { scope: 'tasks.read users.read' });
  const scopes = ['users.read'];

  await allow(person, device, { ...all, scopes });
  const { body } = expect(await poll(client, device), 200);
  assert.equal(body.scope, 'users.read');
  refused(await pawl.api(body.access_token).get(`${org.path}/tasks`), 403, 'INSUFFICIENT_SCOPE');
  const wrong = new URLSearchParams({ ...client, scope: 'tasks.read nonsense' });
  oauthError(await oauth.bare.post('/oauth/device_authorization', wrong), 400, 'invalid_scope');
});

test('an answer names a place and scopes among those offered', async () => {
  const device = await begin(client, { scope: 'tasks.read' });
  const session = await pawl.session(person);
  const good = { ...all, scopes: ['tasks.read'] };

  for (const more of [{ organization_id: other.id }, { organization_id: null }, { scopes: ['*'] },
    { scopes: [] }, { allow: null }])
    expect(await session.post(page(device.user_code), { ...good, ...more }), 422);
  for (const api of [pawl.api(null), pawl.api(person.token)]) {
    refused(await api.get(page(device.user_code)), 401);
    refused(await api.post(page(device.user_code), good), 401);
  }
  const headers = { 'x-csrf-token': null };
  refused(await session.post(page(device.user_code), good, { headers }), 403);
  await allow(person, device, good);
});

test('light members let no device act for them', async () => {
  const light = await pawl.user(org, { role: 'light' });
  const session = await pawl.session(light);
  const { user_code } = await begin();

  assert.equal(expect(await session.get(page(user_code)), 200).data.refusal.code,
    'NO_ORGANIZATION');
  refused(await session.post(page(user_code), all), 403, 'NO_ORGANIZATION');
});

test('whoever has left meanwhile gives no tokens', async () => {
  const leaver = await pawl.user(org);
  const device = await begin();

  await allow(leaver, device);
  await place(pawl, org, leaver, { status: 'disabled' });
  oauthError(await poll(COMMAND_LINE, device), 400, 'invalid_grant');
});

test('a device code is of use to its own client alone', async () => {
  const device = await begin();

  oauthError(await poll(client, device), 400, 'invalid_grant');
  oauthError(await poll(COMMAND_LINE, { device_code: 'x' }), 400, 'invalid_grant');
  oauthError(await oauth.token({ ...COMMAND_LINE, grant_type: DEVICE }), 400, 'invalid_request');
  oauthError(await poll(COMMAND_LINE, device), 400, 'authorization_pending');
});

test('one that registered itself is offered what it may have', async () => {
  const metadata = { redirect_uris: [BACK], grant_types: [DEVICE],
    token_endpoint_auth_method: 'none' };
  const { client_id } = expect(await oauth.bare.post('/mcp/oauth/register', metadata), 201).body;
  const { user_code } = await begin({ client_id });
  const session = await pawl.session(person);
  const { scopes } = expect(await session.get(page(user_code)), 200).data;

  assert.equal(scopes.length, 12);
  for (const { name } of scopes) assert.match(name, /^mcp\./);
});

test('only clients with the grant begin', async () => {
  const usual = await oauth.client({ redirects: [BACK] });
  const ask = (fields) => oauth.bare.post('/oauth/device_authorization',
    new URLSearchParams(fields));

  oauthError(await ask(usual), 400, 'unauthorized_client');
  oauthError(await ask({}), 400, 'invalid_request');
  oauthError(await ask({ client_id: 'x' }), 401, 'invalid_client');
  oauthError(await ask({ ...COMMAND_LINE, client_secret: 'x' }), 401, 'invalid_client');
  for (const scope of [['tasks.read'], 5, {}])
    oauthError(await oauth.bare.post('/oauth/device_authorization', { ...COMMAND_LINE, scope }),
      400, 'invalid_request');
});

test('whoever guesses at codes is stopped, also with a device of their own', async () => {
  const guesser = await pawl.user(org);
  const session = await pawl.session(guesser);
  const own = await begin();

  for (let i = 0; i < 9; i++) await unknown(session, `BBBB-BBB${'BCDFGHJKL'[i]}`);
  expect(await session.get(page(own.user_code)), 200);
  await unknown(session, 'CCCC-CCCC');
  for (const answer of [await session.get(page(own.user_code)),
    await session.post(page(own.user_code), all)]) {
    refused(answer, 429, 'RATE_LIMIT_EXCEEDED');
    assert.ok(Number(answer.headers.get('retry-after')) <= 900);
  }
  const bystander = await pawl.session(person);
  expect(await bystander.get(page(own.user_code)), 200);
  pawl.clock.advance(15 * MINUTE + SECOND);
  expect(await session.get(page((await begin()).user_code)), 200);
  await unknown(session, 'CCCC-CCCC');
  refused(await session.get(page('CCCC-CCCC')), 429);
});

test('no other site can guess in somebody\'s name, nor a link', async () => {
  const session = await pawl.session(await pawl.user(org));
  const { user_code } = await begin();
  const by = (headers) => session.get(page('CCCC-CCCC'), { headers });
  // As a browser goes to a page; fetch() says of itself what it is.
  const navigate = (site) => pawl.raw(`GET ${page('CCCC-CCCC')} HTTP/1.1\r\nHost: ${
    new URL(pawl.url).host}\r\nCookie: ${session.cookie}\r\nSec-Fetch-Site: ${
    site}\r\nSec-Fetch-Mode: navigate\r\nConnection: close\r\n\r\n`);

  for (let i = 0; i < 4; i++) {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example.com' }])
      refused(await by(headers), 403, 'FOREIGN_ORIGIN');
    for (const site of ['cross-site', 'same-origin', 'none'])
      assert.match((await navigate(site)).text, /^HTTP\/1.1 403 [^]*FOREIGN_ORIGIN/);
  }
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: pawl.url }, {}])
    expect(await session.get(page(user_code), { headers }), 200);
});

test('nothing of the codes is in the store', async () => {
  const { device_code, user_code } = await begin();
  const stored = await pawl.storedText();

  assert.ok(!stored.includes(device_code) && !stored.includes(user_code));
  assert.ok(!stored.includes(user_code.replace('-', '')));
});
