// Refresh tokens of what people allowed: rotation, reuse, narrowing, and the person's right, which
// is looked at each time (RFC 6749 section 6, RFC 9700 section 4.14).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, SECOND } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';
import { BACK, claimsOf, startWorld } from '../lib/oauth.js';
import { place, proved } from '../lib/store.js';
import { turnOn } from '../lib/totp.js';

const {
  pawl, org, other, oauth, client, open, person, alive, dead,
} = await startWorld();
const refresh = async (of, body, more) =>
  expect(await oauth.refresh(of, body.refresh_token, more), 200).body;
const refusesTo = async (of, body, error = 'invalid_grant', more = {}) =>
  oauthError(await oauth.refresh(of, body.refresh_token, more), 400, error);

test('refreshing gives a new pair of the same kind and ends the old one', async () => {
  for (const of of [client, open]) {
    const first = await oauth.tokens(of, person, org);
    const second = await refresh(of, first);
    const claims = claimsOf(second.access_token);

    assert.equal(second.expires_in, 15_778_800);
    assert.equal(claims.org_id, org.id);
    assert.equal(claims.aud, String(of.client_id));
    assert.notEqual(second.refresh_token, first.refresh_token);
    await alive(second.access_token);
    await dead(first.access_token);
  }
});

test('a refresh token that comes again ends its whole family', async () => {
  const mine = await oauth.tokens(client, person, org);
  const first = await oauth.tokens(client, person, org);
  const second = await refresh(client, first);
  const third = await refresh(client, second);

  await refusesTo(client, first);
  await dead(third.access_token);
  await refusesTo(client, third);
  await alive(mine.access_token); // another consent's family
});

test('of several at once one wins, and it loses what it won', async () => {
  const first = await oauth.tokens(client, person, org);
  const many = Array.from({ length: 4 }, () => oauth.refresh(client, first.refresh_token));
  const answers = await Promise.all(many);
  const won = answers.filter((answer) => answer.status === 200);

  assert.equal(won.length, 1, answers.map((a) => a.text).join('\n'));
  await dead(won[0].body.access_token);
  await refusesTo(client, won[0].body);
});

test('a refresh token is of use to its own client alone', async () => {
  const body = await oauth.tokens(client, person, org);

  await refusesTo(await oauth.client({ org }), body);
  await refusesTo(open, body);
  oauthError(await oauth.refresh({ ...client, client_secret: 'x' }, body.refresh_token), 401,
    'invalid_client');
  await alive((await refresh(client, body)).access_token);
});

test('scopes may become fewer, never more, and come back', async () => {
  const scope = 'tasks.read users.read';
  const wide = await oauth.tokens(client, person, org, { scope });

  for (const more of ['*', 'tasks.write', `${scope} admin`, 'mcp.tasks.read', 'nonsense'])
    await refusesTo(client, wide, 'invalid_scope', { scope: more });
  const narrow = await refresh(client, wide, { scope: 'tasks.read' });
  assert.equal(narrow.scope, 'tasks.read');
  refused(await pawl.api(narrow.access_token).get(`${org.path}/users`), 403, 'INSUFFICIENT_SCOPE');
  const again = await refresh(client, narrow);
  expect(await pawl.api(again.access_token).get(`${org.path}/users`), 200);
});

test('a client that may have less by now gets less', async () => {
  const shrinking = await oauth.client({ org });
  const body = await oauth.tokens(shrinking, person, org);
  const change = { name: 'App', grants: ['authorization_code', 'refresh_token'],
    redirect_uris: [BACK], scopes: ['tasks.read'] };
  const path = `${org.path}/oauth/clients/${shrinking.client_id}`;

  expect(await pawl.api(org.admin.token).put(path, change), 200);
  const less = await refresh(shrinking, body);
  assert.equal(less.scope, 'tasks.read');
  assert.deepEqual(claimsOf(less.access_token).scopes, ['tasks.read']);
});

test('the resource stays that of the consent', async () => {
  const resource = 'https://mcp.example.com/';
  const body = await oauth.tokens(client, person, org, { resource });

  await refusesTo(client, body, 'invalid_target', { resource: 'https://evil.example.com/' });
  const next = await refresh(client, body, { resource });
  assert.equal(claimsOf(next.access_token).mcp_resource, resource);
  assert.equal(claimsOf((await refresh(client, next)).access_token).mcp_resource, resource);
});

test('whoever may not let applications act is refused, and taken back when they may', async () => {
  const who = await pawl.user(org);
  const body = await oauth.tokens(client, who, org);

  for (const state of [{ status: 'disabled' }, { role: 'light' }]) {
    await place(pawl, org, who, state);
    await refusesTo(client, body);
    await place(pawl, org, who);
  }
  await proved(pawl, who, false);
  await refusesTo(client, body);
  await proved(pawl, who, true);
  await refresh(client, body);
});

test('another organization is no reason to go on', async () => {
  const founder = await pawl.user(org);
  const session = await pawl.session(founder);
  const body = await oauth.tokens(client, founder, org);

  expect(await session.post('/organizations', { name: 'Mine' }), 201);
  await place(pawl, org, founder, { status: 'disabled' });
  await refusesTo(client, body);
  refused(await pawl.api(body.access_token).get(`${other.path}/me`), 403);
});

test('with the client its refresh tokens die', async () => {
  const gone = await oauth.client({ org });
  const body = await oauth.tokens(gone, person, org);

  expect(await pawl.api(org.admin.token).delete(`${org.path}/oauth/clients/${gone.client_id}`),
    204);
  oauthError(await oauth.refresh(gone, body.refresh_token), 401, 'invalid_client');
  await dead(body.access_token);
});

test('an account with a proved address may sign in by password, another may not', async () => {
  const who = await pawl.user(org);
  const robot = await oauth.client({ org, grants: ['password'] });
  const signIn = () => oauth.token({ ...robot, grant_type: 'password', username: who.email,
    password: PASSWORD });

  const body = expect(await signIn(), 200).body;
  await proved(pawl, who, false);
  oauthError(await signIn(), 400, 'invalid_grant');
  await refusesTo(robot, body);
});

test('by password an organization\'s client signs in its own people alone', async () => {
  const robot = await oauth.client({ org, grants: ['password'] });
  const anybodys = await oauth.client({ grants: ['password'] });
  const signIn = (who, of = robot) => oauth.token({ ...of, grant_type: 'password',
    username: who.email, password: PASSWORD });
  const stranger = await pawl.user(other);
  const who = await pawl.user(org);

  expect(await pawl.api(who.token).post('/organizations', { name: 'Own' }), 201);
  oauthError(await signIn(stranger), 400, 'invalid_grant');
  expect(await signIn(stranger, anybodys), 200);
  const body = expect(await signIn(who), 200).body;
  for (const change of [{ status: 'disabled' }, { status: 'invited' }, { role: 'light' }]) {
    await place(pawl, org, who, change);
    oauthError(await signIn(who), 400, 'invalid_grant');
    await refusesTo(robot, body);
    expect(await signIn(who, anybodys), 200);
  }
  await place(pawl, org, who, { role: 'admin' });
  expect(await signIn(who), 200);
  await refresh(robot, body);
});

test('the password alone is not enough for an account with a second factor', async () => {
  const who = await pawl.user(org);
  const robot = await oauth.client({ org, grants: ['password'] });
  const signIn = (password = PASSWORD) => oauth.token({ ...robot, grant_type: 'password',
    username: who.email, password });

  const body = expect(await signIn(), 200).body;
  await turnOn(pawl, await pawl.session(who), PASSWORD);
  oauthError(await signIn(), 400, 'invalid_grant');
  oauthError(await signIn('wrong'), 400, 'invalid_grant');
  await refresh(robot, body); // what was given before goes on
});

test('a refresh token lasts a year', async () => {
  const body = await oauth.tokens(client, person, org);

  pawl.clock.advance(15_778_801 * SECOND);
  await dead(body.access_token);
  const next = await refresh(client, body);
  pawl.clock.advance(31_557_601 * SECOND);
  await refusesTo(client, next);
});
