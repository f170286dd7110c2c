// What applications were allowed lives as long as its refresh token: until then its person and
// administrators see it and can end it, whether or not an access token is good just now.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, SECOND, startServer } from '../harness.js';
import { eventually, expect, isAbout, oauthError, refused } from '../lib/expect.js';
import { BACK, DEVICE, OAuth } from '../lib/oauth.js';

const HOUR = 3600 * SECOND;

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const oauth = new OAuth(pawl);
const connectors = new OAuth(pawl, '/mcp');
const READ = ['mcp.tasks.read'];

// A test may have moved the clock past the life of a token.
const api = async ({ email }) => pawl.api(await pawl.token(email));
const admin = (where = org) => api(where.admin);

const register = async (more = {}) =>
  expect(await oauth.bare.post('/mcp/oauth/register', { client_name: 'Connector',
    redirect_uris: [BACK], token_endpoint_auth_method: 'none', ...more }), 201).body;

async function connector() {
  const { client_id } = await register();

  return { client_id };
}

const held = async (person) => expect(await (await api(person)).get('/oauth/tokens'), 200).body;
const seen = async (person, where = org) =>
  expect(await (await admin(where)).get(`${where.path}/tokens?per_page=200`), 200).data
    .filter((row) => row.user?.id === person.id && row.client_name !== null);
const users = async (client, where = org) =>
  (await admin(where)).get(`${where.path}/oauth/clients/${client.client_id}/users`);
const allowed = async (client) =>
  expect(await users(client), 200).data.map(({ scopes }) => scopes.sort());

const refresh = async (client, body, of = connectors) =>
  expect(await of.refresh(client, body.refresh_token), 200).body;
const ended = async (client, body) =>
  oauthError(await connectors.refresh(client, body.refresh_token), 400, 'invalid_grant');

test('a connector whose access token has expired is on both lists, once', async () => {
  const person = await pawl.user(org);
  const client = await connector();
  let body = await connectors.tokens(client, person, org, {}, READ);

  for (let hours = 0; hours < 3; hours++) {
    for (const [row, ...more] of [await held(person), await seen(person)]) {
      assert.equal(more.length, 0);
      assert.deepEqual(row.scopes, READ);
      isAbout(row.expires_at, pawl.clock, 30 * DAY - (hours > 0 ? HOUR + SECOND : 0));
    }
    if (hours > 0) body = await refresh(client, body);
    pawl.clock.advance(HOUR + SECOND);
  }
  pawl.clock.advance(30 * DAY);
  assert.deepEqual(await held(person), []);
  assert.deepEqual(await seen(person), []);
  await ended(client, body);
});

test('ending the row ends what could renew it, and is told', async () => {
  const client = await connector();

  for (const end of [
    async (who, id) => (await api(who)).delete(`/oauth/tokens/${id}`),
    async (_, id) => (await admin()).delete(`${org.path}/tokens/${id}`),
  ]) {
    const person = await pawl.user(org);
    const body = await connectors.tokens(client, person, org, {}, READ);

    pawl.clock.advance(HOUR + SECOND);
    const [{ id }] = await held(person);
    refused(await (await api(other.admin)).delete(`/oauth/tokens/${id}`), 404);
    refused(await (await admin(other)).delete(`${other.path}/tokens/${id}`), 404);
    expect(await end(person, id), 204);
    await ended(client, body);
    assert.deepEqual(await held(person), []);
    assert.deepEqual(await seen(person), []);
    refused(await (await admin()).delete(`${org.path}/tokens/${id}`), 404);
    const path = `${org.path}/activity-feeds?entity_type=token&entity_id=${id}&verb=revoked`;
    assert.equal(expect(await (await admin()).get(path), 200).data.length, 1);
  }
});

test('it is not forgotten while it can be renewed', async () => {
  const person = await pawl.user(org);
  const client = await oauth.client({ isPublic: true });
  const body = await oauth.tokens(client, person, org);
  const bait = await register({ token_endpoint_auth_method: 'client_secret_post' });
  const fields = new URLSearchParams({ client_id: bait.client_id,
    client_secret: bait.client_secret, token: 'none' });

  pawl.clock.advance(15_778_800 * SECOND + 31 * DAY);
  await pawl.restart();
  await eventually(async () => (await oauth.bare.post('/oauth/revoke', fields)).status === 401,
    'what is old is forgotten');
  const [row] = await held(person);
  assert.equal(row.id, (await seen(person))[0].id);
  isAbout(row.expires_at, pawl.clock, 15_778_800 * SECOND - 31 * DAY);
  await refresh(client, body, oauth);
  const [next, ...more] = await held(person);
  assert.notEqual(next.id, row.id);
  assert.equal(more.length, 0);
});

test('administrators see who lets an application of nobody\'s act here, and end it', async () => {
  const both = await pawl.user(org);
  const elsewhere = expect(
    await (await api(both)).post('/organizations', { name: 'Second' }), 201).data;
  const second = { id: elsewhere.id, path: `/organizations/${elsewhere.id}`, admin: both };

  for (const client of [await connector(), await oauth.client({ isPublic: true })]) {
    const path = `/oauth/clients/${client.client_id}`;

    refused(await users(client), 404);
    const there = await connectors.tokens(client, both, second, {}, READ);
    refused(await users(client), 404);
    refused(await (await admin()).delete(`${org.path}${path}/users/${both.id}`), 404);
    const here = await connectors.tokens(client, both, org, {}, READ);
    pawl.clock.advance(HOUR + SECOND);

    const { data, meta } = expect(await users(client), 200);
    assert.deepEqual(data.map(({ user }) => user.id), [both.id]);
    assert.equal(meta.pagination.total, 1);
    const standard = await api(await pawl.user(org));
    refused(await standard.get(`${org.path}${path}/users`), 403, 'FORBIDDEN_ROLE');
    refused(await (await admin(other)).get(`${org.path}${path}/users`), 403);
    refused(await users(client, other), 404);
    refused(await (await admin(other)).delete(`${other.path}${path}/users/${both.id}`), 404);
    refused(await (await admin()).delete(`${org.path}${path}/users/${org.admin.id}`), 404);
    for (const answer of [await (await admin()).get(`${org.path}${path}`),
      await (await admin()).delete(`${org.path}${path}`)])
      refused(answer, 404); // the application itself is still none of theirs

    expect(await (await admin()).delete(`${org.path}${path}/users/${both.id}`), 204);
    await ended(client, here);
    refused(await users(client), 404);
    await refresh(client, there);
    assert.equal(expect(await users(client, second), 200).data.length, 1);
  }
});

test('an application of another organization stays unknown', async () => {
  const client = await oauth.client({ org });
  const person = await pawl.user(org);

  await oauth.tokens(client, person, org);
  assert.equal(expect(await users(client), 200).data.length, 1);
  refused(await users(client, other), 404);
});

test('a consent shows all that is still allowed, however often it is given', async () => {
  const person = await pawl.user(org);
  const client = await connector();
  const consent = (...scopes) => connectors.tokens(client, person, org, {}, scopes);

  const wide = await consent('mcp.tasks.write', 'mcp.users.read');
  await consent('mcp.forms.read');
  assert.deepEqual(await allowed(client),
    [['mcp.forms.read', 'mcp.tasks.write', 'mcp.users.read']]);
  await consent('mcp.tasks.read'); // reading is in writing
  assert.deepEqual((await allowed(client))[0].filter((word) => /tasks/.test(word)).length, 2);
  pawl.clock.advance(HOUR + SECOND);
  expect(await oauth.bare.post('/oauth/revoke',
    new URLSearchParams({ ...client, token: wide.refresh_token })), 200);
  await consent('mcp.forms.write');
  assert.deepEqual(await allowed(client),
    [['mcp.forms.read', 'mcp.forms.write', 'mcp.tasks.read']]);
  pawl.clock.advance(31 * DAY);
  await consent('mcp.users.read');
  assert.deepEqual(await allowed(client), [['mcp.users.read']]);
});

test('what was not fetched yet is allowed too: codes, devices, implicit tokens', async () => {
  const person = await pawl.user(org);
  const session = await pawl.session(person);
  const client = await oauth.client({ org, isPublic: true, grants: ['authorization_code',
    'implicit', 'refresh_token', DEVICE] });
  const asks = { client_id: client.client_id, redirect_uri: BACK };
  const implicit = { ...asks, response_type: 'token' };
  const device = expect(await oauth.bare.post('/oauth/device_authorization',
    new URLSearchParams({ ...client, scope: 'processes.read' })), 200).body;

  expect(await session.post(`/oauth/device?user_code=${device.user_code}`,
    { allow: true, organization_id: org.id, scopes: ['processes.read'] }), 200);
  await oauth.code(client, person, org, { scope: 'users.read' });
  await oauth.allow(session, { ...implicit, scope: 'tasks.read' }, org);
  await oauth.allow(session, { ...implicit, scope: 'forms.read' }, org);
  assert.deepEqual(await allowed(client),
    [['forms.read', 'processes.read', 'tasks.read', 'users.read']]);
  pawl.clock.advance(601 * SECOND); // codes are good for ten minutes
  await oauth.allow(session, { ...implicit, scope: 'forms.read' }, org);
  assert.deepEqual(await allowed(client), [['forms.read', 'tasks.read']]);
});

test('what another allowed, or elsewhere, or to another, is nobody else\'s', async () => {
  const both = await pawl.user(org);
  const elsewhere = expect(
    await (await api(both)).post('/organizations', { name: 'Third' }), 201).data;
  const [client, another] = [await connector(), await connector()];
  const sam = await pawl.user(org);

  await connectors.tokens(client, both, elsewhere, {}, ['mcp.users.read']);
  await connectors.tokens(another, both, org, {}, ['mcp.forms.read']);
  await connectors.tokens(client, sam, org, {}, ['mcp.templates.read']);
  await connectors.tokens(client, both, org, {}, READ);
  assert.deepEqual((await allowed(client)).sort(), [READ, ['mcp.templates.read']].sort());
});
