// AI connectors: the MCP routes, what their tokens are held to, and the exchange for a trusted
// MCP server.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';
import { back, BACK, claimsOf, DEVICE, OAuth, proofKey } from '../lib/oauth.js';
import { place } from '../lib/store.js';

const RESOURCE = 'https://mcp.example.com/mcp';
const PROXY = 'a secret between us two';
const FAMILIES = ['users', 'tasks', 'processes', 'templates', 'forms', 'automation'];
const ALL = FAMILIES.flatMap((name) => [`mcp.${name}.read`, `mcp.${name}.write`]);

const pawl = await startServer({ settings: { mcp_resource: RESOURCE, mcp_proxy_secret: PROXY } });
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const oauth = new OAuth(pawl, '/mcp');
const client = await oauth.client({ isPublic: true });
const person = await pawl.user(org);

const tokens = (scopes, who = person) => oauth.tokens(client, who, org, {}, scopes);
const exchange = (token, proxy = PROXY) =>
  oauth.bare.post('/mcp/oauth/token-exchange', undefined, {
    headers: { authorization: token ? `Bearer ${token}` : null, 'x-tallyfy-proxy-auth': proxy },
  });

// The answer says which scope would have been enough.
function lacks(answer, scope) {
  refused(answer, 403, 'INSUFFICIENT_SCOPE');
  assert.match(answer.headers.get('www-authenticate'), /^Bearer .*error="insufficient_scope"/);
  assert.ok(answer.headers.get('www-authenticate').includes(`scope="${scope}"`));
}

test('a connector that asks for nothing is offered all twelve scopes', async () => {
  const session = await pawl.session(person);
  const { challenge } = proofKey();
  const asks = { client_id: client.client_id, response_type: 'code', redirect_uri: BACK,
    code_challenge: challenge, code_challenge_method: 'S256' };
  const offered = async (scope) => {
    const { data } = expect(await oauth.question(session, { ...asks, scope }), 200);

    for (const { title, text } of data.scopes) assert.ok(title && text);
    return data.scopes.map(({ name }) => name).sort();
  };

  for (const scope of ['', '*', 'openid offline_access'])
    assert.deepEqual(await offered(scope), [...ALL].sort());
  assert.deepEqual(await offered('mcp.tasks.read offline_access'), ['mcp.tasks.read']);
  for (const scope of ['tasks.read', 'mcp.tasks.read tasks.read', 'mcp.files.read']) {
    const answer = expect(await oauth.authorize({ ...asks, scope }), 302);

    assert.equal(back(answer.headers.get('location')).error, 'invalid_scope');
  }
});

test('a proof key is asked of confidential clients too', async () => {
  const secretive = await oauth.client({ org });
  const asks = { client_id: secretive.client_id, response_type: 'code', redirect_uri: BACK };
  const answer = expect(await oauth.authorize(asks), 302);

  assert.equal(back(answer.headers.get('location')).error, 'invalid_request');
  await oauth.tokens(secretive, person, org);
});

test('a token lives an hour, says whom it is for and what it may do', async () => {
  const scopes = ['mcp.tasks.read', 'mcp.users.write'];
  const body = await tokens(scopes);
  const claims = claimsOf(body.access_token);

  assert.equal(body.expires_in, 3600);
  assert.deepEqual(body.scope.split(' ').sort(), [...scopes].sort());
  assert.deepEqual([...claims.mcp_scopes].sort(), [...scopes].sort());
  assert.deepEqual(claims.scopes, claims.mcp_scopes);
  assert.equal(claims.mcp_resource, RESOURCE);
  assert.equal(claims.org_id, org.id);
  assert.equal(claims.iss, pawl.url);
  pawl.clock.advance(3601 * SECOND);
  refused(await pawl.api(body.access_token).get(`${org.path}/me`), 401);
  const next = expect(await oauth.refresh(client, body.refresh_token), 200).body;
  assert.deepEqual(claimsOf(next.access_token).mcp_scopes, claims.mcp_scopes);
  pawl.clock.advance(30 * DAY + SECOND);
  oauthError(await oauth.refresh(client, next.refresh_token), 400, 'invalid_grant');
});

test('a resource that is asked for takes the place of the configured one', async () => {
  const resource = 'https://elsewhere.example.com/';
  const body = await oauth.tokens(client, person, org, { resource }, ['mcp.tasks.read']);

  assert.equal(claimsOf(body.access_token).mcp_resource, resource);
});

test('one that registered itself is a connector, whichever way it comes', async () => {
  const plain = new OAuth(pawl);
  const grants = ['authorization_code', 'refresh_token', DEVICE];
  const stranger = await plain.registered({ grant_types: grants });
  const asks = { client_id: stranger.client_id, response_type: 'code', redirect_uri: BACK };
  const held = (body) => {
    assert.equal(body.expires_in, 3600);
    assert.equal(claimsOf(body.access_token).mcp_resource, RESOURCE);
    assert.equal(body.scope.split(' ').length, 12);
  };

  expect(await plain.authorize(asks), 400);
  oauthError(await plain.question(await pawl.session(person), asks), 400, 'invalid_request');
  const byCode = await plain.tokens(stranger, person, org, { scope: '*' });
  held(byCode);

  const device = expect(await plain.bare.post('/oauth/device_authorization',
    new URLSearchParams({ ...stranger, scope: 'openid' })), 200).body;
  const session = await pawl.session(person);
  const page = `/oauth/device?user_code=${device.user_code}`;
  expect(await session.post(page, { allow: true, organization_id: org.id, scopes: ALL }), 200);
  const byDevice = expect(await plain.token({ ...stranger, grant_type: DEVICE,
    device_code: device.device_code }), 200).body;
  held(byDevice);
  const next = expect(await plain.refresh(stranger, byDevice.refresh_token), 200).body;
  held({ scope: byDevice.scope, ...next });

  pawl.clock.advance(30 * DAY + SECOND);
  for (const { refresh_token } of [byCode, next])
    oauthError(await plain.refresh(stranger, refresh_token), 400, 'invalid_grant');
});

test('the longest resource fits into a token beside all scopes', async () => {
  const resource = 'https://elsewhere.example.com/'.padEnd(500, 'x');
  const body = await oauth.tokens(client, person, org, { resource });

  assert.equal(claimsOf(body.access_token).mcp_resource, resource);
});

test('in the six families a token is held to its scopes; writing includes reading', async () => {
  const read = pawl.api((await tokens(['mcp.tasks.read'])).access_token);
  const write = pawl.api((await tokens(['mcp.tasks.write'])).access_token);
  const users = pawl.api((await tokens(['mcp.users.read'])).access_token);

  expect(await read.get(`${org.path}/tasks`), 200);
  expect(await write.get(`${org.path}/me/tasks`), 200);
  lacks(await users.get(`${org.path}/tasks`), 'mcp.tasks.read');
  lacks(await read.post(`${org.path}/tasks`, {}), 'mcp.tasks.write');
  expect(await write.post(`${org.path}/tasks`, {}), 422);
  expect(await users.get(`${org.path}/users`), 200);
  lacks(await write.get(`${org.path}/users`), 'mcp.users.read');
});

test('other areas it may read, not change; other organizations are closed to it', async () => {
  const { access_token } = await oauth.tokens(client, org.admin, org);
  const api = pawl.api(access_token);

  for (const path of ['/me', '/me/organizations', org.path, `${org.path}/me`])
    expect(await api.get(path), 200);
  lacks(await api.patch(org.path, { sso_default_role: 'admin' }), 'organization.write');
  lacks(await api.put(org.path, { name: 'Mine' }), 'organization.write');
  lacks(await api.patch(`${org.path}/me`, { job_title: 'Chief' }), 'account.write');
  refused(await api.get(`${other.path}/me`), 403);
});

test('it makes and ends no credentials, whoever it acts for', async () => {
  const { access_token } = await oauth.tokens(client, org.admin, org);
  const api = pawl.api(access_token);
  const password = { current_password: PASSWORD, password: 'x', password_confirmation: 'x' };

  for (const path of [`${org.path}/oauth/clients`, `${org.path}/tokens`])
    lacks(await api.get(path), 'admin');
  lacks(await api.post(`${org.path}/oauth/clients`, { name: 'Mine' }), 'admin');
  lacks(await api.put(`${org.path}/me/update-password`, password), 'admin');
  lacks(await api.put(`${org.path}/me/update-email`, {}), 'admin');
  lacks(await api.put(`${org.path}/users/${org.admin.id}/update-password`, password), 'admin');
  for (const [method, path] of [['GET', '/oauth/personal-access-tokens'],
    ['POST', '/oauth/personal-access-tokens'], ['DELETE', '/oauth/tokens'],
    ['POST', '/auth/logout']])
    refused(await api.send(method, path), 403);
  expect(await api.get(`${org.path}/me`), 200);
});

test('a named token may be gated as well, but not half', async () => {
  const api = pawl.api(person.token);
  const make = (scopes) => api.post('/oauth/personal-access-tokens', { name: 'Mine', scopes });
  const { accessToken } = expect(await make(['mcp.tasks.read']), 201).body;
  const gated = pawl.api(accessToken);

  expect(await gated.get(`${org.path}/tasks`), 200);
  lacks(await gated.get(`${org.path}/users`), 'mcp.users.read');
  lacks(await gated.post('/auth/logout'), 'admin');
  lacks(await gated.post('/organizations', { name: 'Mine' }), 'organization.write');
  lacks(await gated.get('/oauth/personal-access-tokens'), 'admin');
  for (const scopes of [['mcp.tasks.read', 'tasks.read'], ['*', 'mcp.tasks.read']])
    expect(await make(scopes), 422);
});

test('the token endpoint gives nothing without a person\'s consent', async () => {
  const robot = await oauth.client({ org, grants: ['password', 'client_credentials'] });
  const password = { grant_type: 'password', username: person.email, password: PASSWORD };

  for (const fields of [password, { grant_type: 'client_credentials' }])
    oauthError(await oauth.token({ ...robot, ...fields }), 400, 'unsupported_grant_type');
  expect(await new OAuth(pawl).token({ ...robot, ...password }), 200);
});

test('a trusted server exchanges a token for one of five minutes', async () => {
  const body = await tokens(['mcp.tasks.read']);
  const answer = expect(await exchange(body.access_token), 200);
  const claims = claimsOf(answer.body.access_token);

  assert.deepEqual(Object.keys(answer.body).sort(),
    ['access_token', 'expires_in', 'scope', 'token_type']);
  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.equal(answer.body.expires_in, 300);
  assert.equal(answer.body.scope, 'mcp.tasks.read');
  assert.equal(claims.mcp_resource, undefined);
  assert.deepEqual(claims.mcp_scopes, ['mcp.tasks.read']);
  assert.equal(claims.sub, String(person.id));
  assert.equal(claims.org_id, org.id);
  const api = pawl.api(answer.body.access_token);
  expect(await api.get(`${org.path}/tasks`), 200);
  lacks(await api.get(`${org.path}/users`), 'mcp.users.read');
  oauthError(await exchange(answer.body.access_token), 401, 'invalid_token'); // it is none itself
});

test('the new token ends with the old one, or before it', async () => {
  const body = await tokens(['mcp.tasks.read']);

  pawl.clock.advance(3500 * SECOND);
  const { expires_in, access_token } = expect(await exchange(body.access_token), 200).body;
  assert.ok(expires_in > 0 && expires_in <= 100, String(expires_in));
  pawl.clock.advance(101 * SECOND);
  refused(await pawl.api(access_token).get(`${org.path}/me`), 401);
  oauthError(await exchange(body.access_token), 401, 'invalid_token');
});

test('the end of the family ends exchanged tokens too', async () => {
  const body = await tokens(['mcp.tasks.read']);
  const { access_token } = expect(await exchange(body.access_token), 200).body;

  expect(await oauth.refresh(client, body.refresh_token), 200);
  oauthError(await oauth.refresh(client, body.refresh_token), 400, 'invalid_grant');
  refused(await pawl.api(access_token).get(`${org.path}/me`), 401);
});

test('only a trusted server exchanges, and only tokens of connectors', async () => {
  const { access_token } = await tokens(['mcp.tasks.read']);
  const plain = await new OAuth(pawl).tokens(client, person, org);

  for (const proxy of [null, '', 'x', `${PROXY}x`, PROXY.slice(1)])
    oauthError(await exchange(access_token, proxy), 401, 'invalid_client');
  for (const token of [null, 'x', person.token, plain.access_token, `${access_token}x`]) {
    const answer = oauthError(await exchange(token), 401, 'invalid_token');

    assert.match(answer.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
  }
  expect(await exchange(access_token), 200);
});

test('whoever may not let applications act any more exchanges nothing', async () => {
  const who = await pawl.user(org);
  const { access_token } = await tokens(['mcp.tasks.read'], who);

  await place(pawl, org, who, { role: 'light' });
  oauthError(await exchange(access_token), 401, 'invalid_token');
  await place(pawl, org, who, { status: 'disabled' });
  oauthError(await exchange(access_token), 401, 'invalid_token');
});

test('without a secret there is no exchange', async () => {
  const plain = await startServer();

  try {
    const answer = await plain.api(null).post('/mcp/oauth/token-exchange', undefined, {
      headers: { 'x-tallyfy-proxy-auth': '' },
    });
    expect(answer, 404);
  } finally {
    await plain.stop();
  }
});
