// What clients ask and say of tokens: introspection (RFC 7662) and revocation (RFC 7009).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const every = ['--grant', 'client_credentials', '--grant', 'password', '--grant', 'refresh_token'];

const register = (words, where = org) =>
  pawl.admin(['client', 'create', '--name', 'Robot', ...words,
    ...(where ? ['--org', where.id] : [])]);

const client = await register(every);
const sibling = await register(every);
const foreign = await register(every, other);
const global = await register(['--grant', 'password'], null);

const bare = pawl.api(null, { 'x-tallyfy-client': null, accept: null });
const post = (path, fields, headers = {}) =>
  bare.post(path, new URLSearchParams(fields), { headers });
const introspect = (who, token) => post('/oauth/introspect', { ...who, token });
const revoke = (who, token, more) => post('/oauth/revoke', { ...who, token, ...more });

const state = async (who, token) => expect(await introspect(who, token), 200).body;
const inactive = async (who, token) =>
  assert.deepEqual(await state(who, token), { active: false });
const active = async (who, token) => assert.equal((await state(who, token)).active, true);

const signIn = async (person, who = client) =>
  expect(await post('/oauth/token', { ...who, grant_type: 'password', username: person.email,
    password: PASSWORD }), 200).body;
const application = async (who = client) =>
  expect(await post('/oauth/token', { ...who, grant_type: 'client_credentials' }), 200)
    .body.access_token;
const refresh = (refresh_token, who = client) =>
  post('/oauth/token', { ...who, grant_type: 'refresh_token', refresh_token });

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('a good token is told in the words of its claims', async () => {
  const person = await pawl.user(org);
  const { access_token } = await signIn(person);
  const said = claims(access_token);
  const answer = expect(await introspect(client, access_token), 200);

  assert.deepEqual(answer.body, {
    active: true,
    scope: '*',
    client_id: client.client_id,
    username: person.email,
    token_type: 'Bearer',
    exp: said.exp,
    iat: said.iat,
    nbf: said.nbf,
    sub: String(person.id),
    aud: said.aud,
    iss: said.iss,
    jti: said.jti,
  });
  assert.equal(said.iss, pawl.url);
  assert.match(answer.headers.get('cache-control'), /no-store/);
});

test('an application has a token without a user', async () => {
  const body = await state(client, await application());

  assert.equal(body.active, true);
  assert.equal(body.org_id, org.id);
  assert.ok(!('sub' in body) && !('username' in body));
});

test('a refresh token is told to its client alone', async () => {
  const person = await pawl.user(org);
  const { refresh_token } = await signIn(person);
  const body = await state(client, refresh_token);

  assert.equal(body.active, true);
  assert.equal(body.sub, String(person.id));
  assert.ok(!('token_type' in body) && !('jti' in body));
  await inactive(sibling, refresh_token);
  expect(await refresh(refresh_token), 200);
  await inactive(client, refresh_token);
});

test('a client sees the tokens of its own members, an operator\'s all, others none', async () => {
  const person = await pawl.user(org);
  const { access_token } = await signIn(person);
  const named = expect(await pawl.api(person.token).post('/oauth/personal-access-tokens',
    { name: 'script', scopes: ['tasks.read'] }), 201).body.accessToken;

  for (const token of [access_token, person.token, named]) {
    await active(client, token);
    await active(sibling, token);
    await active(global, token);
    await inactive(foreign, token);
  }
  assert.equal((await state(client, person.token)).client_id, '1');
  assert.equal((await state(client, named)).scope, 'tasks.read');
  const own = await application();
  await active(client, own);
  await inactive(sibling, own);
});

test('a client that registered itself sees its own tokens alone', async () => {
  const { client_id, client_secret } = expect(await bare.post('/mcp/oauth/register',
    { redirect_uris: ['https://app.example.com/'] }), 201).body;
  const person = await pawl.user(org);

  await inactive({ client_id, client_secret }, person.token);
});

// A connector that registers itself, is let in by a person, and fetches its tokens.
async function connect(person, query) {
  const back = 'http://127.0.0.1:8123/back';
  const { client_id, client_secret } = expect(await bare.post('/mcp/oauth/register',
    { client_name: 'Connector', redirect_uris: ['http://127.0.0.1/back'] }), 201).body;
  const verifier = 'v'.repeat(43);
  const asked = new URLSearchParams({ client_id, redirect_uri: back, response_type: 'code',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256', ...query });
  const browser = await pawl.session(person);
  const { data } = expect(await browser.get(`/mcp/oauth/consent?${asked}`), 200);
  const scopes = data.scopes.map(({ name }) => name);
  const answer = expect(await browser.post(`/mcp/oauth/consent?${asked}`,
    { organization_id: org.id, scopes, allow: true }), 200);
  const code = new URL(answer.data.redirect_to).searchParams.get('code');
  const who = { client_id, client_secret };
  const grant = { grant_type: 'authorization_code', code, redirect_uri: back,
    code_verifier: verifier };

  return { who, ...expect(await post('/mcp/oauth/token', { ...who, ...grant }), 200).body };
}

test('a connector\'s token says what it is for, and to introspection the same', async () => {
  const person = await pawl.user(org);
  const resource = 'https://mcp.example.com/mcp';
  const { who, access_token } = await connect(person, { scope: 'mcp.tasks.read', resource });
  const said = claims(access_token);
  const body = await state(who, access_token);

  assert.deepEqual(said.scopes, ['mcp.tasks.read']);
  assert.deepEqual(said.mcp_scopes, ['mcp.tasks.read']);
  assert.equal(said.mcp_resource, resource);
  assert.equal(said.org_id, org.id);
  assert.equal(body.active, true);
  assert.equal(body.mcp_resource, resource);
  assert.equal(body.org_id, org.id);
  assert.equal(body.scope, 'mcp.tasks.read');
  await active(client, access_token);
  await inactive(foreign, access_token);
  assert.ok(!('mcp_scopes' in claims(person.token)) && !('iss' in claims(person.token)));
});

test('all twelve scopes of a connector fit, and its end takes the whole family along', async () => {
  const { who, access_token, refresh_token } = await connect(await pawl.user(org));

  assert.equal(claims(access_token).mcp_scopes.length, 12);
  expect(await pawl.api(access_token).get(`${org.path}/me/tasks`), 200);
  expect(await revoke(who, access_token), 200);
  await inactive(who, refresh_token);
  oauthError(await post('/mcp/oauth/token', { ...who, grant_type: 'refresh_token',
    refresh_token }), 400, 'invalid_grant');
});

test('what is not good is not active, whatever the reason', async () => {
  const person = await pawl.user(org);
  const { access_token } = await signIn(person);
  const [head, payload, signature] = access_token.split('.');

  for (const token of ['x', '...', 'pawl_x', `${head}.${payload}.`, 'é', 'x'.repeat(10_000),
    `${head}.${payload}.${[...signature].reverse().join('')}`])
    await inactive(client, token);
  await active(client, access_token);
  pawl.clock.advance(15_778_800 * SECOND + SECOND);
  await inactive(client, access_token);
});

test('only a client with a secret may ask, and it must show it', async () => {
  const token = await application();
  const open = await register(['--public', '--grant', 'password']);
  const basic = (id, secret) =>
    ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
  const { client_id, client_secret } = client;

  for (const path of ['/oauth/introspect', '/oauth/revoke']) {
    oauthError(await post(path, { token }), 400, 'invalid_request');
    oauthError(await post(path, { ...client }), 400, 'invalid_request');
    oauthError(await post(path, { client_id, token }), 401, 'invalid_client');
    oauthError(await post(path, { client_id, client_secret: 'x', token }), 401, 'invalid_client');
    const wrong = oauthError(await post(path, { token }, basic(client_id, 'x')), 401,
      'invalid_client');
    assert.match(wrong.headers.get('www-authenticate'), /^Basic /);
    oauthError(await post(path, { client_secret, token }, basic(client_id, client_secret)), 400,
      'invalid_request');
    oauthError(await post(path, { client_id: '1', token }, basic(client_id, client_secret)), 400,
      'invalid_request');
    for (const header of ['Basic', 'Basic !', `Basic ${btoa('x')}`, `Basic ${btoa('%zz:x')}`])
      expect(await post(path, { client_id, token }, { authorization: header }), 401);
  }
  oauthError(await introspect(open, token), 401, 'invalid_client');
  const encoded = encodeURIComponent(client_secret).replace(/^./, (c) =>
    `%${c.charCodeAt(0).toString(16)}`);
  const asked = await post('/oauth/introspect', { token }, basic(client_id, encoded));
  assert.equal(expect(asked, 200).body.active, true);
});

test('a revoked token is dead, with all that came with it', async () => {
  for (const which of ['access_token', 'refresh_token']) {
    const person = await pawl.user(org);
    const first = await signIn(person);
    const second = expect(await refresh(first.refresh_token), 200).body;
    const elsewhere = await signIn(person);
    const answer = expect(await revoke(client, second[which]), 200);

    assert.equal(answer.text, '');
    refused(await pawl.api(second.access_token).get('/me'), 401);
    oauthError(await refresh(second.refresh_token), 400, 'invalid_grant');
    expect(await pawl.api(elsewhere.access_token).get('/me'), 200);
    await inactive(client, second[which]);
    expect(await revoke(client, second[which], { token_type_hint: 'nonsense' }), 200);
  }
});

test('an application can end its own token', async () => {
  const token = await application();

  expect(await revoke(client, token), 200);
  await inactive(client, token);
});

test('nobody ends what is not his', async () => {
  const person = await pawl.user(org);
  const { access_token, refresh_token } = await signIn(person);

  for (const who of [sibling, foreign, global])
    for (const token of [access_token, refresh_token, person.token, 'unknown'])
      assert.equal(expect(await revoke(who, token), 200).text, '');
  expect(await revoke(client, person.token), 200);
  for (const token of [access_token, person.token])
    expect(await pawl.api(token).get('/me'), 200);
  expect(await refresh(refresh_token), 200);
});

test('a public client ends its own tokens by its name alone', async () => {
  const open = await register(['--public', '--grant', 'password', '--grant', 'refresh_token']);
  const { access_token, refresh_token } = await signIn(await pawl.user(org), open);

  expect(await revoke(open, refresh_token), 200);
  refused(await pawl.api(access_token).get('/me'), 401);
});

test('a token ends with its client', async () => {
  const shortLived = await register(every);
  const { access_token } = await signIn(await pawl.user(org), shortLived);
  const admin = pawl.api(await pawl.token(org.admin.email));

  await active(client, access_token);
  expect(await admin.delete(`${org.path}/oauth/clients/${shortLived.client_id}`), 204);
  await inactive(client, access_token);
});
