// What a named token can be limited to: one organization, some addresses, a life no longer than
// its organizations allow. And how often it is used.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, startServer } from '../harness.js';
import { expect, invalid, isAbout, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const TOKENS = '/oauth/personal-access-tokens';

// Requests come from loopback, as from a proxy that is trusted to say where they really come from.
const pawl = await startServer({ settings: { trusted_proxies: '127.0.0.1' } });
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });

async function member(role) {
  const person = await pawl.user(org, { role });

  return { ...person, api: pawl.api(person.token) };
}

async function create(api, more = {}) {
  const { body } = expect(await api.post(TOKENS, { name: 'robot', ...more }), 201);

  return { value: body.accessToken, token: body.token };
}

const listed = async (api, id) =>
  expect(await api.get(TOKENS), 200).body.find((token) => token.id === id);

const from = (value, address) => pawl.api(value, { 'x-forwarded-for': address });

// A second organization of a person, who is its administrator.
async function found(api) {
  const { data } = expect(await api.post('/organizations', { name: 'Second' }), 201);

  return { id: data.id, path: `/organizations/${data.id}` };
}

test('without limits a token works everywhere', async () => {
  const { api } = await member();
  const { token } = await create(api);

  assert.equal(token.organization_id, null);
  assert.deepEqual(token.addresses, []);
  assert.equal(token.calls_7_days, 0);
  for (const nothing of [{ organization_id: null, addresses: null }, { addresses: [] }])
    assert.deepEqual((await create(api, nothing)).token.addresses, []);
});

test('a token works in the organization that it is bound to', async () => {
  const { api } = await member();
  const second = await found(api);
  const { value, token } = await create(api, { organization_id: second.id });
  const bound = pawl.api(value);

  assert.equal(token.organization_id, second.id);
  expect(await bound.get(`${second.path}/me/tasks`), 200);
  refused(await bound.get(`${org.path}/me/tasks`), 403);
  refused(await bound.get(TOKENS), 403, 'TOKEN_BOUND');
  refused(await bound.post(TOKENS, { name: 'wider' }), 403, 'TOKEN_BOUND');
  assert.equal((await listed(api, token.id)).organization_id, second.id);
});

test('it can be bound to one’s own organizations alone', async () => {
  const { api } = await member();

  for (const id of [other.id, 'f'.repeat(32), 'nonsense', "' OR 1 = 1"])
    invalid(await api.post(TOKENS, { name: 'x', organization_id: id }), 'organization_id');
  invalid(await api.post(TOKENS, { name: 'x', organization_id: { a: 1 } }), 'organization_id');
});

test('a token works from the addresses that it is limited to', async () => {
  const { api } = await member();
  const addresses = ['192.0.2.7', '198.51.100.0/24', '2001:db8::/32'];
  const { value, token } = await create(api, { addresses });

  assert.deepEqual(token.addresses, addresses);
  assert.deepEqual((await listed(api, token.id)).addresses, addresses);
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '198.51.100.200', '2001:db8:1::1'])
    expect(await from(value, address).get('/me'), 200);
  for (const address of ['192.0.2.8', '198.51.101.1', '2001:db9::1'])
    refused(await from(value, address).get('/me'), 403, 'ADDRESS_NOT_ALLOWED');
  refused(await pawl.api(value).get('/me'), 403, 'ADDRESS_NOT_ALLOWED');
  expect(await from(value, '10.0.0.1, 192.0.2.7').get('/me'), 200);
  refused(await from(value, '192.0.2.7, 10.0.0.1').get('/me'), 403, 'ADDRESS_NOT_ALLOWED');
});

test('the address is judged before the organization, and after the token', async () => {
  const { api } = await member();
  const { value, token } = await create(api, { addresses: ['192.0.2.7'] });
  const task = expect(await api.post(`${org.path}/tasks`, oneOff({ id: token.user_id })), 201);

  for (const path of ['/organizations/nowhere/me', `${other.path}/me`, `${org.path}/me`])
    refused(await pawl.api(value).get(path), 403, 'ADDRESS_NOT_ALLOWED');
  refused(await pawl.api(value).delete(`${org.path}/tasks/${task.data.id}`), 403,
    'ADDRESS_NOT_ALLOWED');
  expect(await api.delete(`${TOKENS}/${token.id}`), 204);
  refused(await pawl.api(value).get('/me'), 401, 'UNAUTHENTICATED');
});

test('a token limited to addresses makes no credentials', async () => {
  const { api } = await member('admin');
  const { value, token } = await create(api, { addresses: ['192.0.2.7'] });
  const limited = from(value, '192.0.2.7');

  refused(await limited.post(TOKENS, { name: 'wider' }), 403);
  refused(await limited.post(`${TOKENS}/${token.id}/rotate`, {}), 403);
  refused(await limited.post(`${org.path}/oauth/clients`, { name: 'wider' }), 403);
  expect(await limited.get(TOKENS), 200);
});

test('what is no address is refused by its place', async () => {
  const { api } = await member();
  const wrong = ['', 'localhost', '192.0.2.0/33', '192.0.2', '::/129', '192.0.2.1 ', 7, null, {},
    '192.0.2.1,192.0.2.2', '192.0.2.0/024x'];

  for (const address of wrong)
    invalid(await api.post(TOKENS, { name: 'x', addresses: ['192.0.2.1', address] }),
      'addresses.1');
  for (const addresses of ['192.0.2.1', { a: 1 }, 7, true])
    invalid(await api.post(TOKENS, { name: 'x', addresses }), 'addresses');
  invalid(await api.post(TOKENS, { name: 'x', addresses: Array(21).fill('192.0.2.1') }),
    'addresses');
  await create(api, { addresses: Array(20).fill('2001:db8:1111:2222:3333:4444:5555:6666/127') });
});

test('rotating keeps the limits', async () => {
  const { api } = await member();
  const { token } = await create(api, { organization_id: org.id, addresses: ['192.0.2.0/24'] });
  const { body } = expect(await api.post(`${TOKENS}/${token.id}/rotate`, {}), 200);

  assert.equal(body.token.organization_id, org.id);
  assert.deepEqual(body.token.addresses, ['192.0.2.0/24']);
  refused(await pawl.api(body.accessToken).get('/me'), 403, 'ADDRESS_NOT_ALLOWED');
  expect(await from(body.accessToken, '192.0.2.9').get('/me'), 200);
});

test('an organization says how long tokens may live', async () => {
  const strict = await pawl.org({ name: 'Strict' });
  const person = await pawl.user(strict);
  const api = pawl.api(person.token);
  const admin = pawl.api(strict.admin.token);
  const old = await create(api);

  assert.equal(expect(await admin.get(strict.path), 200).data.token_max_days, 0);
  expect(await admin.patch(strict.path, { token_max_days: 90 }), 200);
  assert.equal(expect(await admin.get(strict.path), 200).data.token_max_days, 90);
  for (const [field, more] of [
    ['expires_in_days', {}],
    ['expires_in_days', { expires_in_days: 91 }],
    ['expires_at', { expires_at: pawl.clock.wire(91 * DAY) }],
  ]) {
    const { body } = invalid(await api.post(TOKENS, { name: 'x', ...more }), field);
    assert.match(body.errors[field][0], /90 days/);
  }
  isAbout((await create(api, { expires_in_days: 90 })).token.expires_at, pawl.clock, 90 * DAY);

  // What lived for ever before does not, once it is replaced.
  const { body } = expect(await api.post(`${TOKENS}/${old.token.id}/rotate`, {}), 200);
  isAbout(body.token.expires_at, pawl.clock, 90 * DAY);

  // A token bound to another organization falls under the rule of that one.
  const second = await found(api);
  assert.equal((await create(api, { organization_id: second.id })).token.expires_at, null);
  invalid(await api.post(TOKENS, { name: 'x', organization_id: strict.id }), 'expires_in_days');
});

test('only administrators set the rule, within bounds', async () => {
  const { api } = await member();
  const admin = pawl.api(org.admin.token);

  refused(await api.patch(org.path, { token_max_days: 1 }), 403);
  for (const value of [-1, 3651, 'many', [1]])
    invalid(await admin.patch(org.path, { token_max_days: value }), 'token_max_days');
  invalid(await admin.patch(org.path, { keep_personal_token: 'perhaps' }), 'keep_personal_token');
});

test('calls are counted for seven days', async () => {
  const { api } = await member();
  const { value, token } = await create(api);
  const robot = pawl.api(value);
  const calls = async () => (await listed(api, token.id)).calls_7_days;

  for (let i = 0; i < 3; i += 1) expect(await robot.get('/me'), 200);
  assert.equal(await calls(), 3);
  await pawl.restart(); // what was counted is written at the end
  assert.equal(await calls(), 3);
  pawl.clock.advance(6 * DAY);
  expect(await robot.get('/me'), 200);
  assert.equal(await calls(), 4);
  await pawl.restart();
  pawl.clock.advance(DAY);
  assert.equal(await calls(), 1);
  pawl.clock.advance(7 * DAY);
  assert.equal(await calls(), 0);
});
