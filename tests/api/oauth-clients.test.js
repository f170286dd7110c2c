// How clients are kept: what they may be, what changes, two live secrets, and who consented.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, invalid, isAbout, oauthError, refused, shape } from '../lib/expect.js';
import { HIDDEN } from '../lib/fixtures.js';
import { proved } from '../lib/store.js';

const CLIENT = {
  id: 'string',
  name: 'string',
  organization_id: 'id?',
  origin: 'string',
  public: 'bool',
  grants: 'strings',
  redirect_uris: 'strings',
  scopes: 'strings',
  require_client_header: 'bool',
  created_at: 'time',
  last_used_at: 'time?',
  secret_created_at: 'time?',
  old_secret_until: 'time?',
};
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const BACK = 'https://app.example.com/back';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const CLIENTS = `${org.path}/oauth/clients`;

// A test may have moved the clock past the life of a token.
const admin = async (where = org) => pawl.api(await pawl.token(where.admin.email));

const make = async (fields = {}) =>
  expect(await (await admin()).post(CLIENTS, { name: 'Mine', ...fields }), 201).data;

const ask = (fields) =>
  pawl.api(null, { 'x-tallyfy-client': null }).post('/oauth/token', new URLSearchParams(fields));

const credentials = ({ id, client_secret }) => ({
  client_id: id,
  ...(client_secret && { client_secret }),
  grant_type: 'client_credentials',
});

const verbs = async (id) => {
  const path = `${org.path}/activity-feeds?entity_type=oauth_client&entity_id=${id}&per_page=100`;
  const { data } = expect(await (await admin()).get(path), 200);

  return data.map((row) => row.verb[0]).reverse();
};

test('a name holds nothing that is not seen, or that turns other text around', async () => {
  const api = await admin();
  const { id } = await make();

  for (const hidden of HIDDEN)
    for (const answer of [await api.post(CLIENTS, { name: `Pay${hidden}roll` }),
      await api.put(`${CLIENTS}/${id}`, { name: `Pay${hidden}roll` })])
      assert.match(invalid(answer, 'name').text, /The name must not hold/);
  assert.equal((await make({ name: 'Überblick ❤️ تطبيق' })).name, 'Überblick ❤️ تطبيق');
});

test('a client is shown with all but its secret', async () => {
  const made = await make({ grants: ['authorization_code', DEVICE], redirect_uris: [BACK] });
  const read = expect(await (await admin()).get(`${CLIENTS}/${made.id}`), 200);

  shape(made, { ...CLIENT, client_secret: 'string' });
  shape(read.data, CLIENT);
  assert.ok(!('client_secret' in read.data) && !read.text.includes(made.client_secret));
  assert.ok(!read.text.includes('digest'));
  assert.equal(read.data.origin, 'administrator');
  assert.equal(read.data.public, false);
  assert.deepEqual(read.data.scopes, ['*']);
  assert.deepEqual(read.data.redirect_uris, [BACK]);
  isAbout(read.data.secret_created_at, pawl.clock, 0);
  assert.equal(read.data.old_secret_until, null);
});

test('a public client has no secret, and shows none', async () => {
  const api = await admin();
  const made = await make({ public: true, grants: ['password', 'refresh_token'] });
  const person = await pawl.user(org);
  const grant = { grant_type: 'password', username: person.email, password: PASSWORD };

  assert.equal(made.public, true);
  assert.equal(made.client_secret, null);
  assert.equal(made.secret_created_at, null);
  expect(await ask({ client_id: made.id, ...grant }), 200);
  expect(await ask({ client_id: made.id, client_secret: '', ...grant }), 200);
  oauthError(await ask({ client_id: made.id, client_secret: 'x', ...grant }), 401,
    'invalid_client');
  refused(await api.post(`${CLIENTS}/${made.id}/secret`), 400, 'PUBLIC_CLIENT');
  invalid(await api.post(CLIENTS, { name: 'x', public: true, grants: ['client_credentials'] }),
    'grants');
});

test('what follows a consent needs somewhere to go back to', async () => {
  const api = await admin();

  for (const grant of ['authorization_code', 'implicit']) {
    invalid(await api.post(CLIENTS, { name: 'x', grants: [grant] }), 'redirect_uris');
    invalid(await api.post(CLIENTS, { name: 'x', grants: [grant], redirect_uris: [] }),
      'redirect_uris');
    expect(await api.post(CLIENTS, { name: 'x', grants: [grant], redirect_uris: [BACK] }), 201);
  }
  invalid(await api.post(CLIENTS, { name: 'x', public: true }), 'redirect_uris');
  const { grants } = await make({ public: true, redirect_uris: [BACK] });
  assert.deepEqual(grants, ['authorization_code', 'refresh_token']);
});

test('redirect uris are what nobody can be deceived by', async () => {
  const api = await admin();
  const refusedUris = [
    'javascript:alert(1)', 'data:text/html,x', 'http://app.example.com/', 'https://',
    'https:///x', '//app.example.com', 'https://app.example.com/#x', 'https://a@b.example.com/',
    'https://app.example.com/ x', 'https://app.example.com\\@evil.example.com', 'file:///etc',
    'http://localhost.evil.example.com/', 'http://127.0.0.1:80x/', 'http://localhost:@x/', '',
    'https://app.example.com/é', `https://a.example.com/${'x'.repeat(2000)}`, 7, null, ['x'],
  ];
  const publicAlone = ['com.example.app:/back', 'com.example.app://back'];
  const good = ['https://app.example.com', 'https://app.example.com:8443/a?b=c', 'HTTPS://A.b/c',
    'http://127.0.0.1/', 'http://localhost:8080/x', 'http://[::1]:1/'];
  const grants = ['authorization_code'];
  const post = (more) => api.post(CLIENTS, { name: 'x', grants, ...more });

  for (const uri of refusedUris)
    for (const open of [false, true])
      invalid(await post({ redirect_uris: [BACK, uri], public: open }), 'redirect_uris.1');
  for (const uri of publicAlone) {
    invalid(await post({ redirect_uris: [uri] }), 'redirect_uris.0');
    expect(await post({ redirect_uris: [uri], public: true }), 201);
  }
  invalid(await post({ redirect_uris: ['myapp:/x'], public: true }), 'redirect_uris.0');
  expect(await post({ redirect_uris: good }), 201);
  invalid(await post({ redirect_uris: Array(21).fill(BACK) }), 'redirect_uris');
  for (const wrong of [BACK, 7, { a: BACK }])
    invalid(await post({ redirect_uris: wrong }), 'redirect_uris');
});

test('scopes of a client are checked, and hold what it is given', async () => {
  const api = await admin();
  const made = await make({ scopes: ['tasks.read', 'users.read'] });

  invalid(await api.post(CLIENTS, { name: 'x', scopes: ['magic'] }), 'scopes');
  invalid(await api.post(CLIENTS, { name: 'x', scopes: ['tasks.read', 'mcp.tasks.read'] }),
    'scopes');
  invalid(await api.post(CLIENTS, { name: 'x', scopes: [] }), 'scopes');
  assert.deepEqual(made.scopes, ['tasks.read', 'users.read']);
  oauthError(await ask({ ...credentials(made), scope: 'tasks.write' }), 400, 'invalid_scope');
  expect(await ask({ ...credentials(made), scope: 'tasks.read' }), 200);
});

test('a client can be changed, but not what kind it is', async () => {
  const api = await admin();
  const made = await make({ grants: ['client_credentials', 'password'] });
  const path = `${CLIENTS}/${made.id}`;
  const renamed = expect(await api.put(path, { name: 'Ours' }), 200).data;

  shape(renamed, CLIENT);
  assert.equal(renamed.name, 'Ours');
  assert.deepEqual(renamed.grants, made.grants);
  const changed = expect(await api.put(path, {
    name: 'Ours', grants: ['authorization_code'], redirect_uris: [BACK], scopes: ['tasks.read'],
    require_client_header: false, public: true, organization_id: other.id, origin: 'built-in',
  }), 200);
  assert.deepEqual(changed.data, expect(await api.get(path), 200).data);
  assert.deepEqual(changed.data.grants, ['authorization_code']);
  assert.deepEqual(changed.data.scopes, ['tasks.read']);
  assert.equal(changed.data.require_client_header, false);
  assert.equal(changed.data.public, false);
  assert.equal(changed.data.organization_id, org.id);
  assert.equal(changed.data.origin, 'administrator');
  oauthError(await ask(credentials(made)), 400, 'unauthorized_client');
  invalid(await api.put(path, {}), 'name');
  invalid(await api.put(path, { name: 'x', redirect_uris: [] }), 'redirect_uris');
  invalid(await api.put(path, { name: 'x', redirect_uris: ['com.example.app:/x'] }),
    'redirect_uris');
  assert.deepEqual(await verbs(made.id), ['created', 'updated', 'updated']);
});

test('two secrets live while the second one is handed out', async () => {
  const first = await make();
  const path = `${CLIENTS}/${first.id}`;
  const replace = async (body) => expect(await (await admin()).post(`${path}/secret`, body), 200);
  const second = (await replace({ overlap_seconds: 3600 })).data;

  shape(second, { ...CLIENT, client_secret: 'string' });
  isAbout(second.old_secret_until, pawl.clock, 3600 * SECOND);
  expect(await ask(credentials(first)), 200);
  expect(await ask(credentials(second)), 200);

  const third = (await replace({ overlap_seconds: '60' })).data;
  oauthError(await ask(credentials(first)), 401, 'invalid_client');
  expect(await ask(credentials(second)), 200);
  expect(await ask(credentials(third)), 200);
  pawl.clock.advance(61 * SECOND);
  oauthError(await ask(credentials(second)), 401, 'invalid_client');
  expect(await ask(credentials(third)), 200);
  assert.equal((await (await admin()).get(path)).data.old_secret_until, null);

  const fourth = (await replace({ overlap_seconds: 3600 })).data;
  expect(await (await admin()).delete(`${path}/old-secret`), 204);
  oauthError(await ask(credentials(third)), 401, 'invalid_client');
  expect(await ask(credentials(fourth)), 200);
  expect(await (await admin()).delete(`${path}/old-secret`), 204);

  const fifth = (await replace({})).data;
  oauthError(await ask(credentials(fourth)), 401, 'invalid_client');
  expect(await ask(credentials(fifth)), 200);
  assert.deepEqual(await verbs(first.id), ['created', 'secret_replaced', 'secret_replaced',
    'secret_replaced', 'updated', 'secret_replaced']);
});

test('the overlap of secrets has a limit', async () => {
  const api = await admin();
  const { id } = await make();

  for (const overlap_seconds of [-1, 30 * 86_400 + 1, 'soon', 1.5])
    invalid(await api.post(`${CLIENTS}/${id}/secret`, { overlap_seconds }), 'overlap_seconds');
  expect(await api.post(`${CLIENTS}/${id}/secret`, { overlap_seconds: 30 * 86_400 }), 200);
});

test('nobody has consented to a new client', async () => {
  const api = await admin();
  const { id } = await make();
  const { data, meta } = expect(await api.get(`${CLIENTS}/${id}/users`), 200);

  assert.deepEqual(data, []);
  assert.equal(meta.pagination.total, 0);
  for (const user of [org.admin.id, '0', 'x'])
    refused(await api.delete(`${CLIENTS}/${id}/users/${user}`), 404);
});

// Lets a person allow the client all it asks for, up to the tokens.
async function consent(made, person, query = {}) {
  const asked = new URLSearchParams({ client_id: made.id, redirect_uri: BACK,
    response_type: 'code', ...query });
  const browser = await pawl.session(person);
  const { data } = expect(await browser.get(`/oauth/consent?${asked}`), 200);
  const scopes = data.scopes.map(({ name }) => name);
  const allowed = { organization_id: org.id, scopes, allow: true };
  const answer = expect(await browser.post(`/oauth/consent?${asked}`, allowed), 200);
  const code = new URL(answer.data.redirect_to).searchParams.get('code');

  return { ...credentials(made), grant_type: 'authorization_code', code, redirect_uri: BACK };
}

test('who consented is listed, and a consent can be taken back', async () => {
  const made = await make({ grants: ['authorization_code'], redirect_uris: [BACK] });
  const path = `${CLIENTS}/${made.id}/users`;
  const bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
  const sam = await pawl.user(org);
  const asked = { scope: 'tasks.read account.read' };
  const tokens = expect(await ask(await consent(made, bob, asked)), 200).body;
  const others = expect(await ask(await consent(made, sam)), 200).body;
  const open = await consent(made, bob, asked);

  expect(await pawl.api(tokens.access_token).get('/me'), 200);
  const { data, meta } = expect(await (await admin()).get(path), 200);
  const row = data.find(({ user }) => user.id === bob.id);
  assert.equal(meta.pagination.total, 2);
  assert.deepEqual(Object.keys(row).sort(),
    ['created_at', 'last_used_at', 'scopes', 'updated_at', 'user']);
  assert.deepEqual(row.user, { id: bob.id, email: bob.email, full_name: 'Bob Bell' });
  assert.deepEqual(row.scopes.sort(), ['account.read', 'tasks.read']);
  isAbout(row.last_used_at, pawl.clock, 0);

  refused(await (await admin(other)).delete(
    `${other.path}/oauth/clients/${made.id}/users/${bob.id}`), 404);
  expect(await (await admin()).delete(`${path}/${bob.id}`), 204);
  refused(await (await admin()).delete(`${path}/${bob.id}`), 404);
  refused(await pawl.api(tokens.access_token).get('/me'), 401);
  oauthError(await ask({ ...credentials(made), grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token }), 400, 'invalid_grant');
  oauthError(await ask(open), 400, 'invalid_grant');
  expect(await pawl.api(others.access_token).get('/me'), 200);
  assert.equal((await (await admin()).get(path)).meta.pagination.total, 1);
  assert.deepEqual(await verbs(made.id), ['created', 'consent_revoked']);
});

test('a deleted client leaves no code behind', async () => {
  const made = await make({ grants: ['authorization_code'], redirect_uris: [BACK] });
  const open = await consent(made, await pawl.user(org));

  expect(await (await admin()).delete(`${CLIENTS}/${made.id}`), 204);
  oauthError(await ask(open), 401, 'invalid_client');
});

test('a client is nothing to other organizations, nor to other members', async () => {
  const { id } = await make({ grants: ['authorization_code'], redirect_uris: [BACK] });
  const standard = pawl.api((await pawl.user(org)).token);
  const stranger = await admin(other);
  const tries = (api, base) => [
    api.get(base), api.put(base, { name: 'x' }), api.post(`${base}/secret`),
    api.delete(`${base}/old-secret`), api.get(`${base}/users`),
    api.delete(`${base}/users/${org.admin.id}`), api.delete(base),
  ];

  for (const answer of await Promise.all(tries(standard, `${CLIENTS}/${id}`)))
    refused(answer, 403, 'FORBIDDEN_ROLE');
  for (const answer of await Promise.all(tries(stranger, `${CLIENTS}/${id}`))) refused(answer, 403);
  for (const wrong of [id, '2', '999999', '-1', 'x', '1e3', '9'.repeat(30)])
    for (const answer of await Promise.all(tries(stranger, `${other.path}/oauth/clients/${wrong}`)))
      refused(answer, 404, 'RESOURCE_NOT_FOUND');
  expect(await (await admin()).get(`${CLIENTS}/${id}`), 200);
});

test('the operator makes clients for everybody, public ones too', async () => {
  const words = (...more) => pawl.command(['admin', 'client', 'create', '--name', 'All', ...more,
    ...pawl.store]);
  const person = await pawl.user(other);
  const made = await pawl.admin(['client', 'create', '--name', 'All', '--grant', 'password',
    '--scope', 'tasks.read', '--scope', 'account.read']);
  const open = await pawl.admin(['client', 'create', '--name', 'App', '--public',
    '--grant', 'authorization_code', '--redirect-uri', 'com.example.app:/back']);
  const answer = await ask({ ...made, grant_type: 'password', username: person.email,
    password: PASSWORD });

  assert.equal(expect(answer, 200).body.token_type, 'Bearer');
  assert.match(open.client_id, /^\d+$/);
  assert.ok(!('client_secret' in open));
  for (const wrong of [['--grant', 'client_credentials'], [], ['--scope', 'magic']]) {
    const { code, stderr } = await words(...wrong);
    assert.equal(code, 1);
    assert.match(stderr, /^pawl admin: (grants|redirect_uris|scopes): /);
  }
  assert.equal((await words('--org', 'f'.repeat(32))).code, 1);
  const listed = expect(await (await admin()).get(`${CLIENTS}?per_page=100`), 200).data;
  assert.ok(listed.every(({ organization_id }) => organization_id === org.id));
});

test('what a client did last, and that it is gone, is told', async () => {
  const made = await make();
  const path = `${CLIENTS}/${made.id}`;

  assert.equal(made.last_used_at, null);
  pawl.clock.advance(DAY);
  expect(await ask(credentials(made)), 200);
  isAbout((await (await admin()).get(path)).data.last_used_at, pawl.clock, 0);
  expect(await (await admin()).delete(path), 204);
  refused(await (await admin()).get(path), 404);
  assert.deepEqual(await verbs(made.id), ['created', 'deleted']);
});

test('who has not proved the address makes and changes none', async () => {
  const { path, admin: maker } = await pawl.org();
  const api = pawl.api(maker.token);
  const clients = `${path}/oauth/clients`;
  const { id } = expect(await api.post(clients, { name: 'Mine' }), 201).data;

  await proved(pawl, maker, false);
  for (const answer of [
    await api.post(clients, { name: 'More' }),
    await api.put(`${clients}/${id}`, { name: 'Other' }),
    await api.post(`${clients}/${id}/secret`, {}),
  ])
    refused(answer, 403, 'EMAIL_NOT_VERIFIED', /Confirm/);
  assert.equal(expect(await api.get(clients), 200).data.length, 1);
  expect(await api.delete(`${clients}/${id}`), 204);
});
