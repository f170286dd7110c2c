// What thieves and careless clients do with tokens, and that it gains them nothing.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';

const TOKENS = '/oauth/personal-access-tokens';
const PAGE = '/session/personal-token';
const GRANTS = ['client_credentials', 'password', 'refresh_token'];

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const bare = pawl.api(null, { 'x-tallyfy-client': null });
const client = await pawl.admin([
  'client', 'create', '--org', org.id, '--name', 'Robot',
  ...GRANTS.flatMap((grant) => ['--grant', grant]),
]);

const ask = (fields, headers) =>
  bare.post('/oauth/token', new URLSearchParams(fields), { headers });

const signIn = (person, more = {}) =>
  ask({
    ...client, grant_type: 'password', username: person.email, password: PASSWORD, ...more,
  });

const refresh = ({ refresh_token }, more = {}) =>
  ask({ ...client, grant_type: 'refresh_token', refresh_token, ...more });

const works = async (token) => expect(await pawl.api(token).get('/me'), 200);
const isDead = async (token) => refused(await pawl.api(token).get('/me'), 401, 'UNAUTHENTICATED');

test('a refresh token used twice ends all that came from it, and no more', async () => {
  const person = await pawl.user(org);
  const bystander = expect(await signIn(person), 200).body;
  const first = expect(await signIn(person), 200).body;
  const second = expect(await refresh(first), 200).body;

  await isDead(first.access_token);
  await works(second.access_token);
  oauthError(await refresh(first), 400, 'invalid_grant');
  await isDead(second.access_token);
  oauthError(await refresh(second), 400, 'invalid_grant');
  await works(bystander.access_token);
});

test('of several who refresh at once, one gets a pair and nobody keeps it', async () => {
  const pair = expect(await signIn(await pawl.user(org)), 200).body;
  const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(pair)));
  const won = answers.filter(({ status }) => status === 200);

  assert.equal(won.length, 1);
  await isDead(won[0].body.access_token);
});

test('several first views of the page at once see one personal token', async () => {
  const browser = await pawl.session(await pawl.user(org, { withToken: false }));
  const views = await Promise.all(Array.from({ length: 8 }, () => browser.get(PAGE)));

  assert.equal(new Set(views.map((view) => expect(view, 200).data.id)).size, 1);
});

test('a client authenticates in one way', async () => {
  const basic = (id, secret) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });
  const grant = { grant_type: 'client_credentials' };
  const { client_id, client_secret } = client;
  const right = basic(client_id, client_secret);

  oauthError(await ask({ ...grant, ...client }, right), 400, 'invalid_request');
  oauthError(await ask({ ...grant, client_id: '7' }, right), 400, 'invalid_request');
  expect(await ask({ ...grant, client_id }, right), 200);

  const wrong = oauthError(await ask(grant, basic(client_id, 'x')), 401, 'invalid_client');
  assert.match(wrong.headers.get('www-authenticate'), /^Basic realm=/);
  const body = await ask({ ...grant, client_id, client_secret: 'x' });
  assert.equal(oauthError(body, 401, 'invalid_client').headers.get('www-authenticate'), null);
});

test('scopes narrow what an application gets, and refreshing never widens it', async () => {
  const person = await pawl.user(org);
  const foreign = expect(await signIn(person, { scope: 'read write' }), 200).body;
  const narrow = expect(await signIn(person, { scope: 'tasks.read account.read' }), 200).body;

  assert.equal(foreign.scope, '*');
  assert.equal(narrow.scope, undefined);
  refused(
    await pawl.api(narrow.access_token).post(`${org.path}/tasks`, {}),
    403,
    'INSUFFICIENT_SCOPE',
  );
  for (const scope of ['*', 'tasks.write', 'whatever'])
    oauthError(await refresh(narrow, { scope }), 400, 'invalid_scope');
  const narrower = expect(await refresh(narrow, { scope: 'tasks.read' }), 200).body;
  refused(await pawl.api(narrower.access_token).get('/me'), 403, 'INSUFFICIENT_SCOPE');
  await works(expect(await refresh(narrower), 200).body.access_token);

  for (const scope of ['mcp.tasks.read', 'tasks.read whatever'])
    oauthError(await signIn(person, { scope }), 400, 'invalid_scope');
});

test('a limited token makes no wider one, and an application none at all', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token);
  const wide = expect(await api.post(TOKENS, { name: 'wide' }), 201).body;
  const limited = expect(await api.post(TOKENS, { name: 'admin', scopes: ['admin'] }), 201).body;
  const scoped = pawl.api(limited.accessToken);

  for (const scopes of [undefined, ['*'], ['admin', 'tasks.read']])
    refused(await scoped.post(TOKENS, { name: 'more', scopes }), 403);
  refused(await scoped.post(`${TOKENS}/${wide.token.id}/rotate`, {}), 403);
  expect(await scoped.post(TOKENS, { name: 'equal', scopes: ['admin'] }), 201);

  const app = pawl.api(expect(await signIn(person), 200).body.access_token);
  refused(await app.post(TOKENS, { name: 'mine' }), 403);
  refused(await app.post(`${TOKENS}/${wide.token.id}/rotate`, {}), 403);
  await works(wide.accessToken);
});

test('guessing at the token endpoint shuts the same door as at sign-in', async () => {
  const person = await pawl.user(org);
  let answer;

  for (let guess = 0; guess < 20 && answer?.status !== 429; guess += 1)
    answer = await signIn(person, { password: 'wrong' });
  oauthError(answer, 429, 'temporarily_unavailable');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  const { email } = person;
  refused(
    await bare.post('/session', { email, password: PASSWORD }),
    429,
    'LOGIN_LOCKED',
  );
});
