// Tokens for applications: the grants, their refusals, and how clients are registered.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, invalid, oauthError, refused, shape } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const CLIENTS = `${org.path}/oauth/clients`;

// The endpoint needs no header of ours.
const bare = pawl.api(null, { 'x-tallyfy-client': null, accept: null });

const ask = (fields, { path = '/oauth/token', headers } = {}) =>
  bare.post(path, new URLSearchParams(fields), { headers });

const every = ['client_credentials', 'password', 'refresh_token'];
const client = await register(every);

async function register(grants) {
  const words = grants.flatMap((grant) => ['--grant', grant]);

  return pawl.admin(['client', 'create', '--org', org.id, '--name', 'Robot', ...words]);
}

const passwordOf = (person, more = {}) => ({
  ...client,
  grant_type: 'password',
  username: person.email,
  password: PASSWORD,
  ...more,
});

const refreshOf = (refresh_token, more = {}) => ({
  ...client,
  grant_type: 'refresh_token',
  refresh_token,
  ...more,
});

test('the operator registers a client with a decimal id', () => {
  assert.match(String(client.client_id), /^\d+$/);
  assert.ok(client.client_secret.length >= 32);
});

test('client credentials give a token of seven days, at each address', async () => {
  for (const path of ['/oauth/token', '/api/oauth/token']) {
    const grant = { ...client, grant_type: 'client_credentials' };
    const answer = expect(await ask(grant, { path }), 200);

    assert.deepEqual(Object.keys(answer.body).sort(), ['access_token', 'expires_in', 'token_type']);
    assert.equal(answer.body.token_type, 'Bearer');
    assert.equal(answer.body.expires_in, 604_800);
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    assert.match(answer.headers.get('cache-control'), /no-store/);
    assert.equal(answer.headers.get('pragma'), 'no-cache');
  }
});

test('the client may authenticate by Basic, and send JSON', async () => {
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
  const grant = { grant_type: 'client_credentials' };

  expect(await ask(grant, { headers: { authorization: `Basic ${basic}` } }), 200);
  expect(await bare.post('/oauth/token', { ...client, ...grant }), 200);
  expect(
    await bare.post('/oauth/token', { ...client, ...grant, client_id: Number(client.client_id) }),
    200,
  );
  expect(await ask({ ...client, ...grant, scope: 'read write' }), 200);
  expect(await ask({ ...client, ...grant, scope: '*' }), 200);
});

test('an application is no user', async () => {
  const { access_token } = (await ask({ ...client, grant_type: 'client_credentials' })).body;
  const application = pawl.api(access_token);

  for (const path of ['/me', org.path, `${org.path}/me/tasks`, '/me/organizations'])
    refused(await application.get(path), 401, 'UNAUTHENTICATED', /^Unauthenticated\.$/);
});

test('the token of an application ends after seven days', async () => {
  const { access_token } = (await ask({ ...client, grant_type: 'client_credentials' })).body;
  const path = `/applications/${org.id}/users`;

  invalid(await pawl.api(access_token).post(path, {}), 'first_name', 'last_name', 'email');
  pawl.clock.advance(7 * DAY + SECOND);
  refused(await pawl.api(access_token).post(path, {}), 401, 'UNAUTHENTICATED');
});

test('a password gives a token for its user, and one to refresh with', async () => {
  const person = await pawl.user(org);
  const { body } = expect(await ask(passwordOf(person)), 200);

  assert.deepEqual(
    Object.keys(body).sort(),
    ['access_token', 'expires_in', 'refresh_token', 'token_type'],
  );
  assert.equal(body.expires_in, 15_778_800);
  assert.equal(expect(await pawl.api(body.access_token).get('/me'), 200).data.id, person.id);
});

test('the token of a password grant does not end with a browser session', async () => {
  const person = await pawl.user(org);
  const { body } = expect(await ask(passwordOf(person)), 200);
  const browser = await pawl.session(person);

  expect(await browser.delete('/session'), 204);
  expect(await pawl.api(body.access_token).get('/me'), 200);
});

test('a wrong password or an unknown user is an invalid grant', async () => {
  const person = await pawl.user(org);

  oauthError(await ask(passwordOf(person, { password: 'wrong' })), 400, 'invalid_grant');
  oauthError(await ask(passwordOf({ email: 'no@example.com' })), 400, 'invalid_grant');
});

test('refreshing gives a new pair, and the old refresh token is dead', async () => {
  const person = await pawl.user(org);
  const first = expect(await ask(passwordOf(person)), 200).body;
  const second = expect(await ask(refreshOf(first.refresh_token)), 200).body;

  assert.notEqual(second.access_token, first.access_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal(expect(await pawl.api(second.access_token).get('/me'), 200).data.id, person.id);
  oauthError(await ask(refreshOf(first.refresh_token)), 400, 'invalid_grant');
});

test('a refresh token lasts a year, longer than what it refreshes', async () => {
  const person = await pawl.user(org);
  const { access_token, refresh_token } = expect(await ask(passwordOf(person)), 200).body;

  pawl.clock.advance(15_778_801 * SECOND);
  refused(await pawl.api(access_token).get('/me'), 401);
  const second = expect(await ask(refreshOf(refresh_token)), 200).body;
  expect(await pawl.api(second.access_token).get('/me'), 200);
  pawl.clock.advance(31_557_601 * SECOND);
  oauthError(await ask(refreshOf(second.refresh_token)), 400, 'invalid_grant');
});

test('a refresh token is of use to its own client alone', async () => {
  const other = await register(every);
  const { refresh_token } = expect(await ask(passwordOf(await pawl.user(org))), 200).body;

  oauthError(await ask(refreshOf(refresh_token, other)), 400, 'invalid_grant');
  expect(await ask(refreshOf(refresh_token)), 200);
  oauthError(await ask(refreshOf('nonsense')), 400, 'invalid_grant');
});

test('a password set by the operator ends refresh tokens too', async () => {
  const person = await pawl.user(org);
  const { access_token, refresh_token } = expect(await ask(passwordOf(person)), 200).body;

  await pawl.admin(['user', 'password', '--email', person.email, '--password-stdin'], {
    stdin: 'a brand new battery\n',
  });
  oauthError(await ask(refreshOf(refresh_token)), 400, 'invalid_grant');
  refused(await pawl.api(access_token).get('/me'), 401);
});

test('a client that is not who it says is an invalid client', async () => {
  const grant = { grant_type: 'client_credentials' };

  for (const wrong of [
    { client_id: '999999', client_secret: 'x' },
    { client_id: 'robot', client_secret: client.client_secret },
    { client_id: '-1', client_secret: client.client_secret },
    { client_id: '9'.repeat(40), client_secret: client.client_secret },
    { ...client, client_secret: 'wrong' },
    { ...client, client_secret: '' },
    { client_id: String(client.client_id) },
  ])
    oauthError(await ask({ ...grant, ...wrong }), 401, 'invalid_client');
  const answer = await ask(grant, { headers: { authorization: 'Basic bm9uc2Vuc2U=' } });
  oauthError(answer, 401, 'invalid_client');
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /);
});

test('what is missing is an invalid request', async () => {
  oauthError(await ask({}), 400, 'invalid_request');
  oauthError(await ask(client), 400, 'invalid_request');
  oauthError(await ask({ ...client, grant_type: 'password' }), 400, 'invalid_request');
  oauthError(await ask({ ...client, grant_type: 'refresh_token' }), 400, 'invalid_request');
  oauthError(
    await bare.post('/oauth/token', '{"broken', {
      headers: { 'content-type': 'application/json' },
    }),
    400,
    'invalid_request',
  );
});

test('another grant is unsupported, and one that the client may not use unauthorized', async () => {
  const narrow = await register(['client_credentials']);

  for (const grant_type of ['urn:nonsense', 'implicit', 'Password'])
    oauthError(await ask({ ...client, grant_type }), 400, 'unsupported_grant_type');
  oauthError(
    await ask({ ...passwordOf(await pawl.user(org)), ...narrow }),
    400,
    'unauthorized_client',
  );
});

test('no refusal may be cached', async () => {
  const answer = await ask({});

  assert.match(answer.headers.get('cache-control'), /no-store/);
});

const CLIENT = {
  id: 'string',
  name: 'string',
  organization_id: 'id',
  grants: 'strings',
  redirect_uris: 'strings',
  require_client_header: 'bool',
  created_at: 'time',
  last_used_at: 'time?',
};

async function create(fields = {}) {
  return expect(await admin.post(CLIENTS, { name: 'Mine', ...fields }), 201).data;
}

const credentials = (made) => ({
  client_id: made.id,
  client_secret: made.client_secret,
  grant_type: 'client_credentials',
});

test('administrators register clients; the secret is shown once', async () => {
  await renewed();
  const made = await create();

  shape(made, { ...CLIENT, client_secret: 'string' });
  assert.match(made.id, /^\d+$/);
  assert.equal(made.organization_id, org.id);
  assert.deepEqual(made.grants, ['client_credentials']);
  assert.equal(made.require_client_header, true);
  expect(await ask(credentials(made)), 200);

  const list = expect(await admin.get(CLIENTS), 200);
  const listed = list.data.find(({ id }) => id === made.id);
  shape(listed, CLIENT);
  assert.ok(!list.text.includes(made.client_secret));
  assert.equal(typeof list.meta.pagination.total, 'number');
});

test('the fields of a client are checked', async () => {
  await renewed();
  invalid(await admin.post(CLIENTS, {}), 'name');
  invalid(await admin.post(CLIENTS, { name: '' }), 'name');
  invalid(await admin.post(CLIENTS, { name: 'x', grants: ['magic'] }), 'grants');
  invalid(await admin.post(CLIENTS, { name: 'x', redirect_uris: ['no uri'] }), 'redirect_uris');
});

test('a new secret replaces the old; tokens stay', async () => {
  await renewed();
  const made = await create();
  const { access_token } = expect(await ask(credentials(made)), 200).body;
  const renewedClient = expect(await admin.post(`${CLIENTS}/${made.id}/secret`), 200).data;

  assert.notEqual(renewedClient.client_secret, made.client_secret);
  oauthError(await ask(credentials(made)), 401, 'invalid_client');
  expect(await ask(credentials(renewedClient)), 200);
  refused(await pawl.api(access_token).post(`/applications/${org.id}/users`, {}), 422);
});

test('a deleted client takes its tokens along', async () => {
  await renewed();
  const made = await create({ grants: every });
  const person = await pawl.user(org);
  const app = expect(await ask(credentials(made)), 200).body.access_token;
  const user = expect(
    await ask({ ...credentials(made), ...pick(passwordOf(person)) }),
    200,
  ).body.access_token;

  expect(await pawl.api(user).get('/me'), 200);
  expect(await admin.delete(`${CLIENTS}/${made.id}`), 204);
  oauthError(await ask(credentials(made)), 401, 'invalid_client');
  refused(await pawl.api(app).post(`/applications/${org.id}/users`, {}), 401);
  refused(await pawl.api(user).get('/me'), 401);
  refused(await admin.delete(`${CLIENTS}/${made.id}`), 404);
});

const pick = ({ grant_type, username, password }) => ({ grant_type, username, password });

test('a client may be spared the client header', async () => {
  await renewed();
  const made = await create({ grants: ['password'], require_client_header: false });
  const person = await pawl.user(org);
  const { access_token } = expect(
    await ask({ ...credentials(made), ...pick(passwordOf(person)) }),
    200,
  ).body;

  expect(await pawl.api(access_token, { 'x-tallyfy-client': null }).get('/me'), 200);
  refused(
    await pawl.api(person.token, { 'x-tallyfy-client': null }).get('/me'),
    401,
    'CLIENT_HEADER_REQUIRED',
  );
});

test('clients are for the administrators of their organization', async () => {
  await renewed();
  const made = await create();
  const standard = pawl.api((await pawl.user(org)).token);
  const other = await pawl.org({ name: 'Other' });
  const stranger = pawl.api(other.admin.token);

  for (const api of [standard, stranger]) {
    refused(await api.get(CLIENTS), 403);
    refused(await api.post(CLIENTS, { name: 'x' }), 403);
    refused(await api.post(`${CLIENTS}/${made.id}/secret`), 403);
    refused(await api.delete(`${CLIENTS}/${made.id}`), 403);
  }
  for (const id of [made.id, '999999', 'nonsense']) {
    refused(await stranger.post(`${other.path}/oauth/clients/${id}/secret`), 404);
    refused(await stranger.delete(`${other.path}/oauth/clients/${id}`), 404);
  }
  expect(await ask(credentials(made)), 200);
});

test('users see the applications that act for them, and can end them', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token, { 'x-tallyfy-client': null });
  const { access_token, refresh_token } = expect(await ask(passwordOf(person)), 200).body;
  const [token, ...more] = expect(await api.get('/oauth/tokens'), 200).body;

  assert.equal(more.length, 0);
  assert.equal(token.client_id, String(client.client_id));
  assert.equal(token.client_name, 'Robot');
  assert.equal(token.revoked, false);
  const stranger = pawl.api((await pawl.user(org)).token);
  refused(await stranger.delete(`/oauth/tokens/${token.id}`), 404);
  expect(await api.delete(`/oauth/tokens/${token.id}`), 204);
  refused(await pawl.api(access_token).get('/me'), 401);
  oauthError(await ask(refreshOf(refresh_token)), 400, 'invalid_grant');
  assert.deepEqual(expect(await api.get('/oauth/tokens'), 200).body, []);
});

// The clock may have outlived the administrator's token.
async function renewed() {
  admin.headers.authorization = `Bearer ${await pawl.token(org.admin.email)}`;
}

test('a scope without end is refused at once', async () => {
  const scope = 'a '.repeat(250_000);

  for (const [path, more] of [['/oauth/token', { ...client, grant_type: 'client_credentials' }],
    ['/oauth/device_authorization', { client_id: '2' }]]) {
    const answer = await pawl.api(null).post(path, new URLSearchParams({ ...more, scope }));
    assert.equal(expect(answer, 400).body.error, 'invalid_scope');
  }
});
