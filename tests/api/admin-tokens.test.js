// All tokens that work in an organization, as its administrators see and revoke them.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, startServer } from '../harness.js';
import { expect, refused, shape } from '../lib/expect.js';

const TOKENS = '/oauth/personal-access-tokens';

const ROW = {
  id: 'string',
  kind: 'string',
  name: 'string?',
  user: 'object?',
  client_name: 'string?',
  scopes: 'strings',
  prefix: 'string?',
  organization_id: 'id?',
  addresses: 'strings',
  is_revocable: 'bool',
  created_at: 'time',
  expires_at: 'time?',
  last_used_at: 'time?',
  last_used_ip: 'string?',
  last_used_client: 'string?',
};

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);

async function list(where = org, api = pawl.api(where.admin.token)) {
  return expect(await api.get(`${where.path}/tokens?per_page=200`), 200).data;
}

const find = async (id, where) => (await list(where)).find((token) => token.id === id);

async function named(person, more = {}) {
  const { body } = expect(
    await pawl.api(person.token).post(TOKENS, { name: 'robot', ...more }), 201);

  return { value: body.accessToken, id: body.token.id };
}

async function found(person) {
  const { data } = expect(
    await pawl.api(person.token).post('/organizations', { name: 'Second' }), 201);

  return { id: data.id, path: `/organizations/${data.id}`, admin: person };
}

test('every living token of every member is there, without the means to use it', async () => {
  const bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
  const { value, id } = await named(bob, { addresses: ['127.0.0.0/8'], expires_in_days: 30 });

  expect(await pawl.api(value).get('/me'), 200);
  const answer = expect(await admin.get(`${org.path}/tokens`), 200);
  const row = answer.data.find((token) => token.id === id);
  for (const token of answer.data) shape(token, ROW);
  assert.deepEqual(row.user, { id: bob.id, email: bob.email, full_name: 'Bob Bell' });
  assert.equal(row.kind, 'named');
  assert.equal(row.prefix, value.slice(0, 9));
  assert.deepEqual(row.addresses, ['127.0.0.0/8']);
  assert.equal(row.last_used_ip, '127.0.0.1');
  assert.equal(row.last_used_client, 'tests');
  const kinds = answer.data.filter((token) => token.user?.id === bob.id).map((one) => one.kind);
  assert.deepEqual(kinds.sort(), ['named', 'personal']);
  assert.ok(!answer.text.includes(value));
  assert.equal(answer.meta.pagination.total, answer.data.length);
});

test('those of applications too', async () => {
  const app = await pawl.admin(['client', 'create', '--org', org.id, '--name', 'Robot']);
  expect(await pawl.api(null).post('/oauth/token', { ...app, grant_type: 'client_credentials' }),
    200);
  const rows = (await list()).filter((token) => token.client_name === 'Robot');

  assert.equal(rows.length, 1);
  assert.equal(rows[0].kind, 'application');
  assert.equal(rows[0].user, null);
  assert.equal(rows[0].organization_id, org.id);
  expect(await admin.delete(`${org.path}/tokens/${rows[0].id}`), 204);
  assert.equal(await find(rows[0].id), undefined);
});

test('what is dead or works elsewhere alone is not', async () => {
  const person = await pawl.user(org);
  const second = await found(person);
  const revoked = await named(person);
  const expired = await named(person, { expires_in_days: 1 });
  const elsewhere = await named(person, { organization_id: second.id });
  const here = await named(person, { organization_id: org.id });

  expect(await pawl.api(person.token).delete(`${TOKENS}/${revoked.id}`), 204);
  pawl.clock.advance(2 * DAY);
  for (const { id } of [revoked, expired, elsewhere]) assert.equal(await find(id), undefined);
  assert.equal((await find(here.id)).organization_id, org.id);
  assert.ok(await find(elsewhere.id, second));
  assert.equal(await find(here.id, other), undefined);
});

test('an administrator revokes a token of a member', async () => {
  const bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
  const { value, id } = await named(bob);

  expect(await admin.delete(`${org.path}/tokens/${id}`), 204);
  refused(await pawl.api(value).get('/me'), 401, 'UNAUTHENTICATED');
  refused(await admin.delete(`${org.path}/tokens/${id}`), 404);
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=token&entity_id=${id}&verb=revoked`),
    200,
  );
  assert.deepEqual(data[0].actor_id, [org.admin.id]);
  assert.equal(data[0].description, 'Ada Admin revoked the token “robot” of Bob Bell');
});

test('a token that works elsewhere too is its owner’s affair', async () => {
  const person = await pawl.user(org);
  const second = await found(person);
  const everywhere = await named(person);
  const bound = await named(person, { organization_id: org.id });

  assert.equal((await find(everywhere.id)).is_revocable, false);
  assert.equal((await find(bound.id)).is_revocable, true);
  refused(await admin.delete(`${org.path}/tokens/${everywhere.id}`), 403, 'TOKEN_WORKS_ELSEWHERE');
  expect(await pawl.api(everywhere.value).get('/me'), 200);
  expect(await admin.delete(`${org.path}/tokens/${bound.id}`), 204);
  refused(await pawl.api(bound.value).get(`${org.path}/me`), 401);
  refused(await admin.delete(`${second.path}/tokens/${everywhere.id}`), 403);
});

test('revoking an application’s token takes its refresh token along', async () => {
  const bob = await pawl.user(org);
  const app = await pawl.admin(['client', 'create', '--org', org.id, '--name', 'Password',
    '--grant', 'password', '--grant', 'refresh_token']);
  const { body } = expect(await pawl.api(null).post('/oauth/token', {
    ...app, grant_type: 'password', username: bob.email, password: 'correct horse battery',
  }), 200);
  const row = (await list()).find((token) => token.client_name === 'Password');

  expect(await admin.delete(`${org.path}/tokens/${row.id}`), 204);
  refused(await pawl.api(body.access_token).get('/me'), 401);
  expect(await pawl.api(null).post('/oauth/token', {
    ...app, grant_type: 'refresh_token', refresh_token: body.refresh_token,
  }), 400);
});

test('only administrators of the organization may look and revoke', async () => {
  const bob = await pawl.user(org);
  const { id } = await named(bob);
  const narrow = await named(org.admin, { scopes: ['organization.write', 'users.write'] });
  const foreign = await named(other.admin);

  for (const api of [pawl.api(bob.token), pawl.api(other.admin.token), pawl.api(narrow.value)]) {
    refused(await api.get(`${org.path}/tokens`), 403);
    refused(await api.delete(`${org.path}/tokens/${id}`), 403);
  }
  refused(await pawl.api(null).get(`${org.path}/tokens`), 401);
  for (const stranger of [foreign.id, 'f'.repeat(32), 'nonsense'])
    refused(await admin.delete(`${org.path}/tokens/${stranger}`), 404);
  expect(await pawl.api(foreign.value).get('/me'), 200);
});

test('pages', async () => {
  const first = expect(await admin.get(`${org.path}/tokens?per_page=2`), 200);
  const second = expect(await admin.get(`${org.path}/tokens?per_page=2&page=2`), 200);
  const all = (await list()).map((token) => token.id);

  assert.deepEqual([...first.data, ...second.data].map((token) => token.id), all.slice(0, 4));
});
