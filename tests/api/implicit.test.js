// The implicit grant: off unless a client is given it, its token in the fragment
// (RFC 6749 section 4.2).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';
import { back, BACK, claimsOf, OAuth } from '../lib/oauth.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const oauth = new OAuth(pawl);
const client = await oauth.client({ org, grants: ['implicit'], redirects: [`${BACK}?t=1`] });
const person = await pawl.user(org);
const session = await pawl.session(person);

const asks = (more = {}) => ({
  client_id: client.client_id,
  response_type: 'token',
  redirect_uri: `${BACK}?t=1`,
  ...more,
});

test('the token comes in the fragment, for the organization chosen', async () => {
  const url = await oauth.allow(session, asks({ state: 'a b' }), org);
  const said = back(url, 'hash');

  assert.ok(url.startsWith(`${BACK}?t=1#access_token=`), url);
  assert.deepEqual(Object.keys(said),
    ['access_token', 'token_type', 'expires_in', 'scope', 'state', 'iss']);
  assert.equal(said.token_type, 'Bearer');
  assert.equal(said.expires_in, '15778800');
  assert.equal(said.state, 'a b');
  assert.equal(said.iss, pawl.url);
  assert.equal(claimsOf(said.access_token).org_id, org.id);
  expect(await pawl.api(said.access_token).get(`${org.path}/me`), 200);
  refused(await pawl.api(said.access_token).get(`${other.path}/me`), 403);
});

test('scopes are told when they are not those asked for', async () => {
  const scope = 'tasks.read users.read';
  const all = back(await oauth.allow(session, asks({ scope }), org), 'hash');
  const some = back(await oauth.allow(session, asks({ scope }), org, ['tasks.read']), 'hash');

  assert.equal(all.scope, undefined);
  assert.equal(some.scope, 'tasks.read');
  refused(await pawl.api(some.access_token).get(`${org.path}/users`), 403, 'INSUFFICIENT_SCOPE');
});

test('errors and refusals come in the fragment too', async () => {
  const refusal = expect(await oauth.answer(session, asks({ state: 's' }), { allow: false }), 200);
  const denied = back(refusal.data.redirect_to, 'hash');
  const answer = expect(await oauth.authorize(asks({ scope: 'tasks.read x', state: 's' })), 302);
  const location = answer.headers.get('location');

  assert.equal(denied.error, 'access_denied');
  assert.ok(location.startsWith(`${BACK}?t=1#error=invalid_scope`), location);
  for (const said of [denied, back(location, 'hash')]) {
    assert.equal(said.state, 's');
    assert.equal(said.iss, pawl.url);
  }
  const mode = expect(await oauth.authorize(asks({ response_mode: 'query' })), 302);
  assert.equal(back(mode.headers.get('location'), 'hash').error, 'invalid_request');
  expect(await oauth.authorize(asks({ response_mode: 'fragment' })), 200);
});

test('it is off unless given, and no client with it alone gets codes', async () => {
  const usual = await oauth.client({ org });
  const query = { ...asks({ client_id: usual.client_id }), redirect_uri: BACK };
  const off = expect(await oauth.authorize(query), 302);
  const code = expect(await oauth.authorize(asks({ response_type: 'code' })), 302);

  assert.equal(back(off.headers.get('location'), 'hash').error, 'unauthorized_client');
  assert.equal(back(code.headers.get('location')).error, 'unauthorized_client');
  assert.equal(new URL(code.headers.get('location')).hash, '');
});

test('the MCP routes know nothing of it', async () => {
  const mcp = new OAuth(pawl, '/mcp');
  const answer = expect(await mcp.authorize(asks()), 302);

  assert.equal(back(answer.headers.get('location')).error, 'unsupported_response_type');
});

test('there is nothing to refresh, and the end of the consent ends the token', async () => {
  const said = back(await oauth.allow(session, asks(), org), 'hash');
  const path = `${org.path}/oauth/clients/${client.client_id}/users/${person.id}`;

  assert.equal(said.refresh_token, undefined);
  oauthError(await oauth.refresh(client, said.access_token), 400, 'unauthorized_client');
  expect(await pawl.api(org.admin.token).delete(path), 204);
  refused(await pawl.api(said.access_token).get(`${org.path}/me`), 401);
});
