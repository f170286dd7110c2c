// Named tokens: for programs. Shown once, scoped, and not bound to a session.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, SECOND, startServer } from '../harness.js';
import { eventually, expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { NAMED_TOKEN } from '../lib/shapes.js';
import { proved } from '../lib/store.js';

const TOKENS = '/oauth/personal-access-tokens';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();

// A member and a client that speaks for it with all it may.
async function member(role) {
  const person = await pawl.user(org, { role });

  return { ...person, api: pawl.api(person.token, { 'x-tallyfy-client': null }) };
}

async function create(api, more = {}) {
  const { body } = expect(await api.post(TOKENS, { name: 'robot', ...more }), 201);

  return { value: body.accessToken, token: body.token };
}

const works = async (value) => expect(await pawl.api(value).get('/me'), 200);
const isDead = async (value) => refused(await pawl.api(value).get('/me'), 401, 'UNAUTHENTICATED');

test('a token is shown once, and works', async () => {
  const { id, api } = await member();
  const { value, token } = await create(api, { name: 'Größe 7' });

  assert.match(value, /^pawl_[0-9A-Za-z]{38}$/);
  shape(token, NAMED_TOKEN);
  assert.equal(token.user_id, id);
  assert.equal(token.name, 'Größe 7');
  assert.equal(token.prefix, value.slice(0, 9));
  assert.deepEqual(token.scopes, ['*']);
  assert.equal(token.revoked, false);
  assert.equal(token.expires_at, null);
  assert.equal(token.last_used_at, null);
  assert.equal((await works(value)).data.id, id);

  const list = expect(await api.get(TOKENS), 200);
  assert.ok(Array.isArray(list.body));
  assert.deepEqual(list.body.map((one) => one.id), [token.id]);
  shape(list.body[0], NAMED_TOKEN);
  assert.ok(!list.text.includes(value));
});

test('a value that is nearly right is refused', async () => {
  const { api } = await member();
  const { value } = await create(api);
  const other = value.at(-1) === 'a' ? 'b' : 'a';

  for (const wrong of [
    value.slice(0, -1) + other,
    value.slice(0, 10) + (value[10] === 'a' ? 'b' : 'a') + value.slice(11),
    value.toUpperCase(),
    `${value}a`,
    value.slice(0, -1),
    'pawl_',
    `pawl_${'a'.repeat(38)}`,
  ])
    await isDead(wrong);
});

test('the list is newest first, one’s own, and leaves out the revoked', async () => {
  const { api } = await member();
  const stranger = await member();

  await create(stranger.api);
  const first = await create(api, { name: 'first' });
  const second = await create(api, { name: 'second' });
  const third = await create(api, { name: 'third' });
  expect(await api.delete(`${TOKENS}/${second.token.id}`), 204);
  assert.deepEqual(
    expect(await api.get(TOKENS), 200).body.map(({ name }) => name),
    ['third', 'first'],
  );
  assert.notEqual(first.token.id, third.token.id);
});

test('the fields are checked', async () => {
  const { api } = await member();

  invalid(await api.post(TOKENS, {}), 'name');
  invalid(await api.post(TOKENS, { name: '' }), 'name');
  invalid(await api.post(TOKENS, { name: 'é'.repeat(101) }), 'name');
  await create(api, { name: '🙂'.repeat(100) });
  invalid(await api.post(TOKENS, { name: 'x', scopes: ['everything'] }), 'scopes');
  invalid(await api.post(TOKENS, { name: 'x', scopes: 'tasks' }), 'scopes');
  for (const days of [0, 3651, -1, 'soon'])
    invalid(await api.post(TOKENS, { name: 'x', expires_in_days: days }), 'expires_in_days');
  invalid(await api.post(TOKENS, { name: 'x', expires_at: 'soon' }), 'expires_at');
  invalid(await api.post(TOKENS, { name: 'x', expires_at: pawl.clock.wire(-DAY) }), 'expires_at');
});

test('it expires when it was told to', async () => {
  const { api } = await member();
  const days = await create(api, { expires_in_days: 3 });
  const date = await create(api, { expires_at: pawl.clock.wire(2 * DAY) });
  const never = await create(api);

  isAbout(days.token.expires_at, pawl.clock, 3 * DAY);
  isAbout(date.token.expires_at, pawl.clock, 2 * DAY);
  pawl.clock.advance(2 * DAY + SECOND);
  await isDead(date.value);
  await works(days.value);
  pawl.clock.advance(DAY);
  await isDead(days.value);
  await works(never.value);
});

test('it can be renamed, by its owner', async () => {
  const { api } = await member();
  const stranger = await member();
  const { value, token } = await create(api);
  const path = `${TOKENS}/${token.id}`;

  const renamed = expect(await api.put(path, { name: 'nightly' }), 200).body;
  assert.equal(renamed.id, token.id);
  assert.equal(renamed.name, 'nightly');
  invalid(await api.put(path, { name: '' }), 'name');
  refused(await stranger.api.put(path, { name: 'mine' }), 404, 'RESOURCE_NOT_FOUND');
  refused(await api.put(`${TOKENS}/${'0'.repeat(32)}`, { name: 'x' }), 404);
  await works(value);
});

test('it can be revoked, by its owner', async () => {
  const { api } = await member();
  const stranger = await member();
  const { value, token } = await create(api);

  refused(await stranger.api.delete(`${TOKENS}/${token.id}`), 404, 'RESOURCE_NOT_FOUND');
  refused(await api.delete(`${TOKENS}/nonsense`), 404, 'RESOURCE_NOT_FOUND');
  await works(value);
  expect(await api.delete(`${TOKENS}/${token.id}`), 204);
  await isDead(value);
  refused(await api.delete(`${TOKENS}/${token.id}`), 404);
});

test('rotating gives a new value and ends the old one now', async () => {
  const { api } = await member();
  const { value, token } = await create(api, { name: 'nightly', scopes: ['account.read'] });
  const { body } = expect(await api.post(`${TOKENS}/${token.id}/rotate`, {}), 200);

  assert.match(body.accessToken, /^pawl_[0-9A-Za-z]{38}$/);
  assert.notEqual(body.accessToken, value);
  assert.equal(body.token.name, 'nightly');
  assert.deepEqual(body.token.scopes, ['account.read']);
  assert.notEqual(body.token.id, token.id);
  await isDead(value);
  await works(body.accessToken);
});

test('rotating with an overlap leaves time to change over', async () => {
  const { api } = await member();
  const { value, token } = await create(api, { expires_in_days: 10 });
  const rotate = `${TOKENS}/${token.id}/rotate`;

  for (const seconds of [-1, 604_801, 'a while'])
    invalid(await api.post(rotate, { overlap_seconds: seconds }), 'overlap_seconds');
  const { body } = expect(await api.post(rotate, { overlap_seconds: 3600 }), 200);
  isAbout(body.token.expires_at, pawl.clock, 10 * DAY);
  await works(value);
  await works(body.accessToken);
  pawl.clock.advance(3601 * SECOND);
  await isDead(value);
  await works(body.accessToken);
});

test('a stranger cannot rotate it', async () => {
  const { api } = await member();
  const stranger = await member();
  const { token } = await create(api);

  refused(await stranger.api.post(`${TOKENS}/${token.id}/rotate`, {}), 404);
});

test('it survives sign-out', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const { value } = await create(browser);

  expect(await browser.delete('/session'), 204);
  await works(value);
});

test('a scope opens what it names, and reading comes with writing', async () => {
  const { api, id } = await member();
  const reader = pawl.api((await create(api, { scopes: ['tasks.read'] })).value);
  const writer = pawl.api((await create(api, { scopes: ['tasks.write'] })).value);
  const body = oneOff({ id });

  expect(await reader.get(`${org.path}/tasks`), 200);
  const answer = refused(
    await reader.post(`${org.path}/tasks`, body),
    403,
    'INSUFFICIENT_SCOPE',
  );
  assert.match(
    answer.headers.get('www-authenticate'),
    /^Bearer .*error="insufficient_scope", scope="tasks\.write"/,
  );
  refused(await reader.get('/me'), 403, 'INSUFFICIENT_SCOPE');
  refused(await reader.get(org.path), 403, 'INSUFFICIENT_SCOPE');
  refused(await reader.get(`${org.path}/users`), 403, 'INSUFFICIENT_SCOPE');
  expect(await writer.post(`${org.path}/tasks`, body), 201);
  expect(await writer.get(`${org.path}/tasks`), 200);
});

test('a scope gives no more than its owner may', async () => {
  const { api } = await member();
  const { value } = await create(api, { scopes: ['organization.write'] });

  const answer = refused(await pawl.api(value).patch(org.path, { name: 'Mine' }), 403);
  assert.notEqual(answer.code, 'INSUFFICIENT_SCOPE');
});

test('a scoped token makes no tokens', async () => {
  const { api } = await member();
  const scoped = pawl.api((await create(api, { scopes: ['tasks.write', 'account.write'] })).value);

  for (const answer of [
    await scoped.get(TOKENS),
    await scoped.post(TOKENS, { name: 'more' }),
    await scoped.delete('/oauth/tokens'),
  ])
    refused(answer, 403, 'INSUFFICIENT_SCOPE');
});

test('a token for administration alone makes no application that could do more', async () => {
  const admin = pawl.api(org.admin.token);
  const { accessToken } = expect(
    await admin.post('/oauth/personal-access-tokens', { name: 'ops', scopes: ['admin'] }),
    201,
  ).body;
  const clients = `${org.path}/oauth/clients`;
  const { id } = expect(await admin.post(clients, { name: 'Full' }), 201).data;
  const ops = pawl.api(accessToken);

  expect(await ops.get(clients), 200);
  refused(await ops.post(clients, { name: 'More' }), 403);
  refused(await ops.post(`${clients}/${id}/secret`), 403);
});

test('a token without account.write does not sign its owner out', async () => {
  const person = await pawl.user(org);
  const { accessToken } = expect(
    await pawl.api(person.token).post('/oauth/personal-access-tokens', {
      name: 'reader', scopes: ['tasks.read'],
    }),
    201,
  ).body;

  refused(await pawl.api(accessToken).post('/auth/logout'), 403, 'INSUFFICIENT_SCOPE');
  expect(await pawl.api(person.token).get('/me'), 200);
});

test('light members make none', async () => {
  const light = await pawl.user(org, { role: 'light' });
  const browser = await pawl.session(light);

  refused(await browser.post(TOKENS, { name: 'robot' }), 403);
});

test('who has not proved the address makes none, and sees the personal token', async () => {
  const person = await member();
  const { token } = await create(person.api);
  const browser = await pawl.session(person);
  const headers = { 'x-tallyfy-client': 'web' };

  await proved(pawl, person, false);
  refused(await person.api.post(TOKENS, { name: 'more' }), 403, 'EMAIL_NOT_VERIFIED', /Confirm/);
  refused(await person.api.post(`${TOKENS}/${token.id}/rotate`, {}), 403, 'EMAIL_NOT_VERIFIED');
  expect(await person.api.put(`${TOKENS}/${token.id}`, { name: 'other' }), 200);
  expect(await browser.get('/session/personal-token'), 200);
  expect(await person.api.delete(`${TOKENS}/${token.id}`), 204);
});

test('these routes need no client header, but somebody', async () => {
  const nobody = pawl.api(null, { 'x-tallyfy-client': null });

  for (const answer of [
    await nobody.get(TOKENS),
    await nobody.post(TOKENS, { name: 'x' }),
    await nobody.get('/oauth/tokens'),
    await nobody.delete('/oauth/tokens'),
  ])
    refused(answer, 401, 'UNAUTHENTICATED');
});

test('the list tells when, whence and by which client one was used last', async () => {
  const { api } = await member();
  const { value } = await create(api);

  expect(await pawl.api(value, { 'x-tallyfy-client': 'nightly' }).get('/me'), 200);
  let token;
  await eventually(async () => {
    [token] = expect(await api.get(TOKENS), 200).body;
    return token.last_used_at !== null;
  }, 'last_used_at is set');
  isAbout(token.last_used_at, pawl.clock, 0);
  assert.equal(token.last_used_ip, '127.0.0.1');
  assert.equal(token.last_used_client, 'nightly');
});
