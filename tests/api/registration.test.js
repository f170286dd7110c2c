// Clients that register themselves (RFC 7591).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, startServer } from '../harness.js';
import { eventually, expect, oauthError } from '../lib/expect.js';
import { HIDDEN } from '../lib/fixtures.js';

const pawl = await startServer();
after(() => pawl.stop());

const REGISTER = '/mcp/oauth/register';
const BACK = 'https://app.example.com/back';
const LOOPBACK = 'http://127.0.0.1:33418/callback';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const bare = pawl.api(null, { 'x-tallyfy-client': null, accept: null });
const register = (metadata, path = REGISTER) => bare.post(path, metadata);
const good = (more = {}) => ({ client_name: 'Connector', redirect_uris: [BACK], ...more });

const revoke = (client) =>
  bare.post('/oauth/revoke', new URLSearchParams({ ...client, token: 'none' }));

const families = ['users', 'tasks', 'processes', 'templates', 'forms', 'automation'];
const scope = families.flatMap((name) => [`mcp.${name}.read`, `mcp.${name}.write`]).join(' ');

test('a confidential client gets a secret', async () => {
  for (const path of [REGISTER, `/api${REGISTER}`]) {
    const { body, headers } = expect(await register(good(), path), 201);
    const { client_id, client_secret, client_id_issued_at, ...rest } = body;

    assert.match(client_id, /^\d+$/);
    assert.ok(client_secret.length >= 32);
    assert.ok(Math.abs(client_id_issued_at - pawl.clock.now() / 1000) < 60);
    assert.deepEqual(rest, {
      client_secret_expires_at: 0,
      client_name: 'Connector',
      redirect_uris: [BACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope,
    });
    assert.match(headers.get('cache-control'), /no-store/);
    expect(await revoke({ client_id, client_secret }), 200);
    oauthError(await revoke({ client_id }), 401, 'invalid_client');
  }
});

test('a public client gets none', async () => {
  const { body } = expect(await register(good({
    redirect_uris: [LOOPBACK, 'com.example.app:/back'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: 'mcp.tasks.read openid mcp.users.read',
    client_uri: 'https://app.example.com',
    software_id: 'x',
  })), 201);

  assert.ok(!('client_secret' in body) && !('client_secret_expires_at' in body));
  assert.equal(body.token_endpoint_auth_method, 'none');
  assert.equal(body.scope, 'mcp.users.read mcp.tasks.read');
  expect(await revoke({ client_id: body.client_id }), 200);
  oauthError(await revoke({ client_id: body.client_id, client_secret: 'x' }), 401,
    'invalid_client');
});

test('little must be said', async () => {
  for (const client_name of [undefined, null, '', '  ']) {
    const { body } = expect(await register({ client_name, redirect_uris: [BACK] }), 201);
    assert.equal(body.client_name, 'Unnamed application');
  }
  for (const words of ['*', 'tasks.read', 'openid offline_access', ''])
    assert.equal(expect(await register(good({ scope: words })), 201).body.scope, scope);
  const device = good({ grant_types: [DEVICE], redirect_uris: [],
    token_endpoint_auth_method: 'none' });
  assert.deepEqual(expect(await register(device), 201).body.response_types, []);
});

test('redirect uris that deceive are refused', async () => {
  const bad = ['http://app.example.com/', 'javascript:alert(1)', 'com.example.app:/x',
    `${BACK}#x`, '', 7];

  for (const uri of bad)
    oauthError(await register(good({ redirect_uris: [uri] })), 400, 'invalid_redirect_uri');
  for (const list of [[], null, BACK, { a: BACK }, Array(21).fill(BACK)])
    oauthError(await register(good({ redirect_uris: list })), 400, 'invalid_redirect_uri');
  oauthError(await register({ client_name: 'x' }), 400, 'invalid_redirect_uri');
  oauthError(await register(), 400, 'invalid_redirect_uri');
});

test('nobody registers for what needs no consent', async () => {
  for (const grant of ['client_credentials', 'password', 'implicit', 'magic', 7])
    oauthError(await register(good({ grant_types: ['authorization_code', grant] })), 400,
      'invalid_client_metadata');
  for (const fields of [
    { response_types: ['token'] }, { response_types: ['code', 'token'] },
    { token_endpoint_auth_method: 'private_key_jwt' }, { client_name: 'x'.repeat(101) },
    { client_name: 'two\nlines' }, { client_name: 7 }, { grant_types: 'authorization_code' },
  ])
    oauthError(await register(good(fields)), 400, 'invalid_client_metadata');
  oauthError(await bare.post(REGISTER, '{', { headers: { 'content-type': 'application/json' } }),
    400, 'invalid_request');
});

test('a name holds nothing that is not seen, or that turns other text around', async () => {
  const name = (client_name) => register(good({ client_name }));

  for (const hidden of HIDDEN) {
    const answer = oauthError(await name(`Cla${hidden}ude`), 400, 'invalid_client_metadata');
    assert.match(answer.body.error_description, /client_name/);
  }
  for (const seen of ['Überblick – “Owl” 🦉', 'تطبيق', '日本語', '❤️ Health', 'שלום'])
    assert.equal(expect(await name(seen), 201).body.client_name, seen);
});

test('it cannot act for itself, and administrators of no organization see it', async () => {
  const { client_id, client_secret } = expect(await register(good()), 201).body;
  const org = await pawl.org();
  const admin = pawl.api(org.admin.token);
  const fields = { client_id, client_secret, grant_type: 'client_credentials' };

  oauthError(await bare.post('/oauth/token', new URLSearchParams(fields)), 400,
    'unauthorized_client');
  assert.deepEqual(expect(await admin.get(`${org.path}/oauth/clients`), 200).data, []);
  expect(await admin.get(`${org.path}/oauth/clients/${client_id}`), 404);
});

test('one that never got a token is forgotten after thirty days', async () => {
  const { client_id, client_secret } = expect(await register(good()), 201).body;
  const gone = async () => (await revoke({ client_id, client_secret })).status === 401;

  pawl.clock.advance(29 * DAY);
  await pawl.restart();
  assert.ok(!(await gone()));
  pawl.clock.advance(2 * DAY);
  await pawl.restart();
  await eventually(gone, 'the client is forgotten');
});
