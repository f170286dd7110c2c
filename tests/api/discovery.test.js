// What programs read to find their way (RFC 8414, RFC 9728, RFC 7517). Addresses come from the
// settings, never from what a request says of itself.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';

const PUBLIC = 'https://pawl.example.com';
const RESOURCE = 'https://mcp.example.com/mcp';
const SERVER = '/.well-known/oauth-authorization-server';
const PROTECTED = '/.well-known/oauth-protected-resource';

const pawl = await startServer({ settings: { public_url: PUBLIC, mcp_resource: RESOURCE } });
const plain = await startServer();
after(async () => {
  await pawl.stop();
  await plain.stop();
});

const bare = (server) => server.api(null, { 'x-tallyfy-client': null, accept: null });
const read = async (path, server = pawl) => expect(await bare(server).get(path), 200);

const families = ['users', 'tasks', 'processes', 'templates', 'forms', 'automation'];
const scopes = families.flatMap((name) => [`mcp.${name}.read`, `mcp.${name}.write`]);

test('the authorization server says what it has', async () => {
  const { body, headers } = await read(SERVER);

  assert.deepEqual(body, {
    issuer: PUBLIC,
    authorization_endpoint: `${PUBLIC}/mcp/oauth/authorize`,
    token_endpoint: `${PUBLIC}/mcp/oauth/token`,
    registration_endpoint: `${PUBLIC}/mcp/oauth/register`,
    device_authorization_endpoint: `${PUBLIC}/oauth/device_authorization`,
    introspection_endpoint: `${PUBLIC}/oauth/introspect`,
    revocation_endpoint: `${PUBLIC}/oauth/revoke`,
    jwks_uri: `${PUBLIC}/.well-known/jwks.json`,
    service_documentation: `${PUBLIC}/`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: [
      'authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code',
    ],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_post', 'client_secret_basic'],
    revocation_endpoint_auth_methods_supported: [
      'none', 'client_secret_post', 'client_secret_basic',
    ],
    introspection_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    scopes_supported: scopes,
  });
  assert.match(headers.get('content-type'), /^application\/json/);
  assert.equal(headers.get('cache-control'), 'public, max-age=3600');
});

test('it says the same wherever clients look', async () => {
  const { text } = await read(SERVER);

  for (const path of ['/.well-known/openid-configuration', `/api${SERVER}`, `${SERVER}/`])
    assert.equal((await read(path)).text, text);
  refused(await bare(pawl).post(SERVER), 405, 'METHOD_NOT_ALLOWED');
});

test('the protected resource names its authorization server', async () => {
  const { body } = await read(PROTECTED);

  assert.deepEqual(body, {
    resource: RESOURCE,
    authorization_servers: [PUBLIC],
    scopes_supported: scopes,
    resource_documentation: `${PUBLIC}/`,
    bearer_methods_supported: ['header'],
    resource_signing_alg_values_supported: ['RS256'],
  });
  assert.deepEqual((await read(`/api${PROTECTED}`)).body, body);
});

test('without a public address it is the one that the server listens on', async () => {
  assert.equal((await read(SERVER, plain)).body.issuer, plain.url);
  assert.equal((await read(PROTECTED, plain)).body.resource, plain.url);
});

test('what a request says of its host changes nothing', async () => {
  const ask = (server, path) =>
    new Promise((done, fail) => {
      const headers = { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' };
      const asked = request(server.url + path, { headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk));
        answer.on('end', () => done(text));
      });
      asked.on('error', fail);
      asked.end();
    });

  for (const server of [pawl, plain])
    for (const path of [SERVER, PROTECTED])
      assert.doesNotMatch(await ask(server, path), /evil/);
});

test('the keys have exactly the public members', async () => {
  const { body, headers } = await read('/.well-known/jwks.json');

  assert.deepEqual(Object.keys(body), ['keys']);
  for (const key of body.keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    assert.equal(key.alg, 'RS256');
  }
  assert.equal(headers.get('cache-control'), 'public, max-age=3600');
});
