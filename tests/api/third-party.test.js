// A client library that others wrote (oauth4webapi), which holds this server to the standards:
// discovery, registration, codes with proof keys, iss, refreshing, introspection, revocation,
// devices. Only the person's part is played here.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { SECOND, startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';
import { BACK, DEVICE } from '../lib/oauth.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const person = await pawl.user(org);
const loopback = { [oauth.allowInsecureRequests]: true }; // http, on this machine alone
const issuer = new URL(pawl.url);

async function discover(algorithm) {
  const answer = await oauth.discoveryRequest(issuer, { algorithm, ...loopback });

  return oauth.processDiscoveryResponse(issuer, answer);
}

const server = await discover('oauth2');

async function register(metadata = {}) {
  const answer = await oauth.dynamicClientRegistrationRequest(server, {
    client_name: 'Somebody else\'s',
    redirect_uris: [BACK],
    grant_types: ['authorization_code', 'refresh_token', DEVICE],
    response_types: ['code'],
    ...metadata,
  }, loopback);

  return oauth.processDynamicClientRegistrationResponse(answer);
}

const open = await register({ token_endpoint_auth_method: 'none' });
const basic = await register({ token_endpoint_auth_method: 'client_secret_basic' });
const post = await register({ token_endpoint_auth_method: 'client_secret_post' });

const kinds = [
  ['a public client', open, oauth.None()],
  ['a client with Basic', basic, oauth.ClientSecretBasic(basic.client_secret)],
  ['a client with its secret in the body', post, oauth.ClientSecretPost(post.client_secret)],
];

// Goes to the page as a browser does, and answers it as its person.
async function browse(url, said) {
  const session = await pawl.session(person);
  const page = expect(await session.get(url.pathname + url.search), 200);

  assert.match(page.headers.get('content-type'), /^text\/html/);
  const asked = url.pathname.replace(/authorize$/, 'consent') + url.search;
  const { scopes } = expect(await session.get(asked), 200).data;
  const answer = { organization_id: org.id, scopes: scopes.map(({ name }) => name), ...said };
  return new URL(expect(await session.post(asked, answer), 200).data.redirect_to);
}

// Authorizes, checks what comes back (state and iss) and exchanges the code.
async function authorize(client, authentication, { scope, resource } = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);

  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: BACK,
    response_type: 'code',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(scope && { scope }),
    ...(resource && { resource }),
  });
  const params = oauth.validateAuthResponse(server, client, await browse(url, { allow: true }),
    state);
  const answer = await oauth.authorizationCodeGrantRequest(server, client, authentication, params,
    BACK, verifier, { ...loopback, additionalParameters: resource ? { resource } : {} });

  return oauth.processAuthorizationCodeResponse(server, client, answer);
}

async function refresh(client, authentication, token) {
  const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, token,
    loopback);

  return oauth.processRefreshTokenResponse(server, client, answer);
}

// A call of the API with what the library got.
const call = (token, path = `${org.path}/me`) =>
  oauth.protectedResourceRequest(token, 'GET', new URL(pawl.url + path),
    new Headers({ 'x-tallyfy-client': 'oauth4webapi' }), null, loopback);

test('it finds the same server by both documents', async () => {
  for (const algorithm of ['oauth2', 'oidc']) {
    const found = await discover(algorithm);

    assert.equal(found.issuer, pawl.url);
    assert.equal(found.authorization_response_iss_parameter_supported, true);
    assert.deepEqual(found, server);
  }
});

test('it finds the server from the resource', async () => {
  const answer = await oauth.resourceDiscoveryRequest(issuer, loopback);
  const resource = await oauth.processResourceDiscoveryResponse(issuer, answer);

  assert.deepEqual(resource.authorization_servers, [pawl.url]);
});

for (const [kind, client, authentication] of kinds) {
  test(`${kind} authorizes, calls, refreshes`, async () => {
    const first = await authorize(client, authentication, { scope: 'mcp.tasks.read' });

    assert.equal(first.token_type, 'bearer');
    assert.equal(first.scope, 'mcp.tasks.read');
    assert.equal((await call(first.access_token)).status, 200);
    const second = await refresh(client, authentication, first.refresh_token);
    assert.equal((await call(second.access_token)).status, 200);
    await assert.rejects(call(first.access_token), (error) => error.status === 401);
    await assert.rejects(refresh(client, authentication, first.refresh_token),
      (error) => error.error === 'invalid_grant');
    await assert.rejects(call(second.access_token), (error) => error.status === 401);
  });

  test(`${kind} revokes what it has`, async () => {
    const { access_token, refresh_token } = await authorize(client, authentication);

    for (const token of [refresh_token, 'unknown'])
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, authentication, token, loopback),
      );
    await assert.rejects(call(access_token), (error) => error.status === 401);
  });

  test(`${kind} has its user allow a device`, async () => {
    const answer = await oauth.deviceAuthorizationRequest(server, client, authentication,
      { scope: 'mcp.tasks.read' }, loopback);
    const device = await oauth.processDeviceAuthorizationResponse(server, client, answer);
    const ask = async () =>
      oauth.processDeviceCodeResponse(server, client, await oauth.deviceCodeGrantRequest(server,
        client, authentication, device.device_code, loopback));

    await assert.rejects(ask(), (error) => error.error === 'authorization_pending');
    const session = await pawl.session(person);
    const page = `/oauth/device?user_code=${device.user_code}`;
    expect(await session.post(page,
      { allow: true, organization_id: org.id, scopes: ['mcp.tasks.read'] }), 200);
    pawl.clock.advance(device.interval * SECOND);
    const { access_token } = await ask();
    assert.equal((await call(access_token)).status, 200);
  });
}

test('a confidential client asks what a token is', async () => {
  const authentication = oauth.ClientSecretBasic(basic.client_secret);
  const { access_token } = await authorize(basic, authentication, { scope: 'mcp.tasks.read' });
  const ask = async (token) =>
    oauth.processIntrospectionResponse(server, basic, await oauth.introspectionRequest(server,
      basic, authentication, token, loopback));
  const said = await ask(access_token);

  assert.equal(said.active, true);
  assert.equal(said.scope, 'mcp.tasks.read');
  assert.equal(said.client_id, basic.client_id);
  assert.equal(said.iss, pawl.url);
  assert.equal((await ask('unknown')).active, false);
});

test('a resource that was asked for is in the token', async () => {
  const resource = `${pawl.url}/mcp`;
  const { access_token } = await authorize(open, oauth.None(), { resource });
  const claims = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url'));

  assert.equal(claims.mcp_resource, resource);
});

test('what its user refuses is an error that it understands', async () => {
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(server.authorization_endpoint);

  url.search = new URLSearchParams({ client_id: open.client_id, redirect_uri: BACK, state,
    response_type: 'code', code_challenge_method: 'S256',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier) });
  const came = await browse(url, { allow: false });
  assert.throws(() => oauth.validateAuthResponse(server, open, came, state),
    (error) => error.error === 'access_denied');
  came.searchParams.set('iss', 'https://evil.example.com');
  assert.throws(() => oauth.validateAuthResponse(server, open, came, state), /iss/);
});

test('a challenge of a refused call is one that it can read', async () => {
  const { access_token } = await authorize(open, oauth.None(), { scope: 'mcp.tasks.read' });

  await assert.rejects(call(access_token, `${org.path}/users`), (error) => {
    const [challenge] = error.cause;

    assert.equal(challenge.scheme, 'bearer');
    assert.equal(challenge.parameters.error, 'insufficient_scope');
    assert.equal(challenge.parameters.scope, 'mcp.users.read');
    return true;
  });
  refused(await pawl.api(access_token).get(`${org.path}/users`), 403, 'INSUFFICIENT_SCOPE');
});
