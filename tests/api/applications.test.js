// What an application may do for its organization: provision users and act as one of them.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, SECOND, startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { change, proved } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const application = await applicationOf(org);
const USERS = `/applications/${org.id}/users`;
const FOREIGN = /^You don't have application's permissions for this organization!$/;

async function applicationOf({ id }) {
  const client = await pawl.admin(['client', 'create', '--org', id, '--name', 'App']);
  const answer = await pawl
    .api(null)
    .post('/oauth/token', { ...client, grant_type: 'client_credentials' });

  return pawl.api(expect(answer, 200).body.access_token);
}

const person = (more = {}) => ({
  first_name: 'Pro',
  last_name: 'Visioned',
  email: pawl.email('provisioned'),
  role: 'standard',
  timezone: 'America/New_York',
  ...more,
});

test('an application provisions an active user', async () => {
  const fields = person({ role: 'light' });
  const { data } = expect(await application.post(USERS, fields), 201);

  shape(data, { id: 'int', created_at: 'time' });
  for (const key of ['email', 'first_name', 'last_name', 'role'])
    assert.equal(data[key], fields[key]);
  const seen = expect(
    await pawl.api(org.admin.token).get(`${org.path}/users/${data.id}`),
    200,
  ).data;
  assert.equal(seen.status, 'active');
  assert.equal(seen.timezone, 'America/New_York');
});

test('the role is standard when none is given', async () => {
  const { data } = expect(await application.post(USERS, person({ role: undefined })), 201);

  assert.equal(data.role, 'standard');
});

test('the fields are checked', async () => {
  invalid(await application.post(USERS, {}), 'first_name', 'last_name', 'email');
  invalid(await application.post(USERS, person({ first_name: 'é'.repeat(33) })), 'first_name');
  expect(await application.post(USERS, person({ first_name: 'é'.repeat(32) })), 201);
  invalid(await application.post(USERS, person({ email: 'no address' })), 'email');
  invalid(await application.post(USERS, person({ role: 'king' })), 'role');
  invalid(await application.post(USERS, person({ timezone: 'Mars/Base' })), 'timezone');
  const fields = person();
  expect(await application.post(USERS, fields), 201);
  invalid(await application.post(USERS, fields), 'email');
});

test('with a token of somebody it changes no more than its organization may', async () => {
  const minted = async (email) => pawl.api(
    expect(await application.post(`${USERS}/${email}/token`), 200).body.access_token);
  const fields = person();
  const { id } = expect(await application.post(USERS, fields), 201).data;
  const api = await minted(fields.email);

  expect(await api.patch(`${org.path}/me`, { team: 'Ours' }), 200);
  await proved(pawl, { id }, true);
  await pawl.admin(['user', 'create', '--org', other.id, '--email', fields.email, '--role',
    'standard']);
  for (const path of ['me', `users/${id}`])
    refused(await api.patch(`${org.path}/${path}`, { first_name: 'Else' }), 403, null,
      /also a member of another organization/);
  expect(await api.get(`${org.path}/me`), 200);
});

test('nobody acts as the bot, or as an account that has ended', async () => {
  const admin = pawl.api(org.admin.token);
  const { id, email } = expect(await application.post(USERS, person()), 201).data;

  expect(await admin.delete(`${org.path}/users/${id}/disable`), 200);
  expect(await admin.delete(`${org.path}/users/${id}/delete`), 200);
  for (const named of ['(bot)', 'bot@pawl.invalid', `(deleted ${id})`, email,
    `${email}.deleted.${id}`])
    refused(await application.post(`${USERS}/${encodeURIComponent(named)}/token`), 404);
  const fields = person();
  expect(await application.post(USERS, fields), 201);
  const { access_token } = expect(await application.post(`${USERS}/${fields.email}/token`),
    200).body;
  expect(await pawl.api(access_token).get('/me'), 200);
  await change(pawl, "UPDATE tokens SET user_id = 1 WHERE kind = 'minted'");
  refused(await pawl.api(access_token).get('/me'), 401);
  refused(await pawl.api(access_token).get(`${org.path}/me`), 401);
});

test('an application gets a token of three months for one of its users', async () => {
  for (const encode of [encodeURIComponent, (email) => email]) {
    const fields = person({ email: pawl.email('with+plus') });
    const { id } = expect(await application.post(USERS, fields), 201).data;
    const answer = expect(await application.post(`${USERS}/${encode(fields.email)}/token`), 200);

    assert.deepEqual(Object.keys(answer.body).sort(), ['access_token', 'expires_in', 'token_type']);
    assert.equal(answer.body.token_type, 'Bearer');
    assert.equal(answer.body.expires_in, 7_776_000);
    assert.match(answer.headers.get('cache-control'), /no-store/);
    const api = pawl.api(answer.body.access_token);
    assert.equal(expect(await api.get('/me'), 200).data.id, id);
    expect(await api.get(`${org.path}/me/tasks`), 200);
  }
});

test('the token is good in this organization only', async () => {
  const { email } = await pawl.user(org);
  await pawl.admin(['user', 'create', '--org', other.id, '--email', email, '--role', 'standard']);
  const { access_token } = expect(await application.post(`${USERS}/${email}/token`), 200).body;
  const claims = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString());

  assert.equal(claims.org_id, org.id);
  expect(await pawl.api(access_token).get(org.path), 200);
  refused(await pawl.api(access_token).get(other.path), 403);
});

test('what was granted for one organization is of no use outside it', async () => {
  const fields = person();
  const { data: made } = expect(await application.post(USERS, fields), 201);
  const minted = expect(await application.post(`${USERS}/${fields.email}/token`), 200).body;
  const api = pawl.api(minted.access_token);
  await proved(pawl, made, true); // as the operator asks of those who are put elsewhere
  await pawl.admin(
    ['user', 'create', '--org', other.id, '--email', fields.email, '--role', 'admin'],
  );

  expect(await api.get('/me'), 200);
  const { data, meta } = expect(await api.get('/me/organizations'), 200);
  assert.deepEqual(data.map(({ id }) => id), [org.id]);
  assert.equal(meta.pagination.total, 1);
  refused(await api.get(`/organizations/${other.id}`), 403);
  refused(await api.post('/organizations', { name: 'Own' }), 403, 'TOKEN_BOUND');
  refused(await api.get('/oauth/personal-access-tokens'), 403, 'TOKEN_BOUND');
  refused(await api.delete('/oauth/tokens'), 403, 'TOKEN_BOUND');
  refused(await api.post('/auth/logout'), 403, 'TOKEN_BOUND');
});

test('a narrow application token does not provision', async () => {
  const client = await pawl.admin(['client', 'create', '--org', org.id, '--name', 'Narrow']);
  const narrow = expect(
    await pawl.api(null).post('/oauth/token', {
      ...client, grant_type: 'client_credentials', scope: 'tasks.read',
    }),
    200,
  ).body;

  refused(
    await pawl.api(narrow.access_token).post(USERS, person()), 403, 'INSUFFICIENT_SCOPE',
  );
});

test('the token survives the user’s sign-out and ends after three months', async () => {
  const member = await pawl.user(org);
  const api = await applicationOf(org);
  const { access_token } = expect(await api.post(`${USERS}/${member.email}/token`), 200).body;
  const browser = await pawl.session(member);

  expect(await browser.delete('/session'), 204);
  expect(await pawl.api(access_token).get('/me'), 200);
  pawl.clock.advance(90 * DAY + SECOND);
  refused(await pawl.api(access_token).get('/me'), 401, 'UNAUTHENTICATED');
});

test('strangers: unknown, known elsewhere, another organization’s application', async () => {
  const api = await applicationOf(org);
  const foreign = await applicationOf(other);

  refused(await api.post(`${USERS}/nobody@example.com/token`), 404, 'RESOURCE_NOT_FOUND');
  refused(await api.post(`${USERS}/${other.admin.email}/token`), 422);
  refused(await foreign.post(USERS, person()), 403, undefined, FOREIGN);
  refused(await foreign.post(`${USERS}/${org.admin.email}/token`), 403, undefined, FOREIGN);
});

test('only an application may', async () => {
  const user = pawl.api(await pawl.token(org.admin.email));

  for (const path of [USERS, `${USERS}/${org.admin.email}/token`]) {
    refused(await pawl.api(null).post(path, person()), 401, 'UNAUTHENTICATED');
    refused(await pawl.api('nonsense').post(path, person()), 401, 'UNAUTHENTICATED');
    refused(await user.post(path, person()), 403, undefined, FOREIGN);
  }
});
