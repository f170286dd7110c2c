// What happens to a token stands in the log of every organization that it works in: created, used
// for the first time, rotated, revoked, refused, expired.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { eventually, expect, refused } from '../lib/expect.js';
import { claimsOf, OAuth } from '../lib/oauth.js';
import { change } from '../lib/store.js';

const TOKENS = '/oauth/personal-access-tokens';

const PROXY = 'a secret of the connector';

const pawl = await startServer({ settings: { mcp_proxy_secret: PROXY } });
after(() => pawl.stop());

const org = await pawl.org();

// The events of a token as an organization's administrator sees them, oldest first.
async function log(token, where = org, reader = where.admin) {
  const query = `entity_type=token&entity_id=${token}&per_page=100`;
  const { data } = expect(
    await pawl.api(reader.token).get(`${where.path}/activity-feeds?${query}`),
    200,
  );

  return data.reverse();
}

const verbs = async (token, where, reader) =>
  (await log(token, where, reader)).map((event) => event.verb[0]);

// A member, and a client that speaks for it with all it may.
async function member() {
  const person = await pawl.user(org);

  return { ...person, api: pawl.api(person.token) };
}

async function named(api, more = {}) {
  const { body } = expect(await api.post(TOKENS, { name: 'Payroll', ...more }), 201);

  return { value: body.accessToken, id: body.token.id };
}

// The personal token as its owner's page shows it.
async function personal(person) {
  const session = await pawl.session(person);
  const { data } = expect(await session.get('/session/personal-token'), 200);

  return { session, id: data.id };
}

async function client(...words) {
  return pawl.admin(['client', 'create', '--org', org.id, '--name', 'Robot', ...words]);
}

const grant = async (parameters) =>
  expect(await pawl.api(null).post('/oauth/token', parameters), 200).body;

const idOf = (jwt) => claimsOf(jwt).jti;

test('the life of a named token', async () => {
  const { id: person, api } = await member();
  const { value, id } = await named(api);

  expect(await pawl.api(value, { 'x-tallyfy-client': 'payroll/2' }).get('/me'), 200);
  assert.deepEqual(await verbs(id), ['created', 'first_used']);
  expect(await pawl.api(value).get('/me'), 200);
  assert.deepEqual(await verbs(id), ['created', 'first_used']);
  expect(await api.delete(`${TOKENS}/${id}`), 204);
  for (let i = 0; i < 3; i += 1) refused(await pawl.api(value).get('/me'), 401);
  assert.deepEqual(await verbs(id), ['created', 'first_used', 'revoked', 'refused']);

  const [created, used, revoked, refusal] = await log(id);
  for (const event of [created, used, revoked]) assert.deepEqual(event.actor_id, [person]);
  for (const event of [created, used, revoked, refusal]) {
    assert.equal(event.type, 'Token');
    assert.equal(event.audit.data.kind, 'named');
    assert.equal(event.audit.data.name, 'Payroll');
    assert.equal(event.audit.data.user_id, person);
    assert.equal(event.audit.data.address, '127.0.0.1');
  }
  assert.equal(used.audit.data.client, 'payroll/2');
  assert.equal(used.token_id, id);
  assert.equal(refusal.actor, null);
  assert.equal(created.description, 'Bob Bell created the token “Payroll”');
  assert.equal(used.description, 'Bob Bell used the token “Payroll” for the first time');
  assert.equal(refusal.description,
    'The token “Payroll” of Bob Bell was used after its end, and refused');
});

test('rotating ends one and makes another', async () => {
  const { api } = await member();
  const { id } = await named(api);
  const rotate = async (token, body) =>
    expect(await api.post(`${TOKENS}/${token}/rotate`, body), 200).body.token.id;

  const second = await rotate(id, {});
  assert.deepEqual(await verbs(id), ['created', 'rotated']);
  assert.deepEqual(await verbs(second), ['created']);
  const third = await rotate(second, { overlap_seconds: 60 });
  assert.deepEqual(await verbs(second), ['created', 'rotated']);
  assert.deepEqual(await verbs(third), ['created']);
});

test('the life of a personal token', async () => {
  const person = await member();
  const first = await personal(person);

  expect(await person.api.get('/me'), 200);
  assert.deepEqual(await verbs(first.id), ['created', 'first_used']);
  const replaced = expect(
    await first.session.post('/session/personal-token/replace', { password: PASSWORD }),
    200,
  ).data;
  assert.deepEqual(await verbs(first.id), ['created', 'first_used', 'revoked']);
  refused(await person.api.get('/me'), 401);
  assert.deepEqual(await verbs(first.id), ['created', 'first_used', 'revoked', 'refused']);

  expect(await first.session.delete('/session'), 204);
  assert.deepEqual(await verbs(replaced.id), ['created', 'revoked']);
  refused(await pawl.api(replaced.access_token).get('/me'), 401);
  const [, revoked, refusal] = await log(replaced.id);
  assert.equal(revoked.description, 'Bob Bell revoked the personal token');
  assert.equal(refusal.verb[0], 'refused');
});

test('a password that is reset ends the personal token', async () => {
  const person = await member();
  const { id } = await personal(person);

  await pawl.admin(['user', 'password', '--email', person.email, '--password-stdin'],
    { stdin: 'another horse entirely\n' });
  assert.deepEqual(await verbs(id), ['created', 'revoked']);
  assert.equal((await log(id))[1].actor, null);
});

test('an application’s own token', async () => {
  const app = await client();
  const { access_token } = await grant({ ...app, grant_type: 'client_credentials' });
  const id = idOf(access_token);
  const user = { first_name: 'Pro', last_name: 'Vision', email: pawl.email('pro') };

  expect(await pawl.api(access_token).post(`/applications/${org.id}/users`, user), 201);
  assert.deepEqual(await verbs(id), ['created', 'first_used']);
  const [created] = await log(id);
  assert.equal(created.audit.data.application, 'Robot');
  assert.equal(created.audit.data.client_id, Number(app.client_id));
  assert.match(created.description, /^The application “Robot” created a token/);

  const admin = pawl.api(org.admin.token);
  expect(await admin.delete(`${org.path}/oauth/clients/${app.client_id}`), 204);
  assert.deepEqual(await verbs(id), ['created', 'first_used', 'revoked']);
  refused(await pawl.api(access_token).post(`/applications/${org.id}/users`, user), 401);
  assert.deepEqual(await verbs(id), ['created', 'first_used', 'revoked', 'refused']);
});

test('a token that an application mints is logged once', async () => {
  const app = await client();
  const { email } = await member();
  const own = await grant({ ...app, grant_type: 'client_credentials' });
  const path = `/applications/${org.id}/users/${email}/token`;
  const minted = expect(await pawl.api(own.access_token).post(path), 200).body;

  const events = await log(idOf(minted.access_token));
  assert.deepEqual(events.map((event) => event.verb[0]), ['created']);
  assert.equal(events[0].audit.data.kind, 'minted');
  assert.equal(events[0].token_id, idOf(own.access_token));
});

test('tokens got by password: refreshing rotates, a stolen refresh token ends all', async () => {
  const app = await client('--grant', 'password', '--grant', 'refresh_token');
  const { email, api } = await member();
  const first = await grant({
    ...app, grant_type: 'password', username: email, password: PASSWORD,
  });
  const refresh = { ...app, grant_type: 'refresh_token', refresh_token: first.refresh_token };
  const second = await grant(refresh);

  assert.deepEqual(await verbs(idOf(first.access_token)), ['created', 'rotated']);
  assert.deepEqual(await verbs(idOf(second.access_token)), ['created']);
  expect(await pawl.api(null).post('/oauth/token', refresh), 400);
  assert.deepEqual(await verbs(idOf(second.access_token)), ['created', 'revoked']);

  const third = await grant({
    ...app, grant_type: 'password', username: email, password: PASSWORD,
  });
  const { body } = expect(await api.get('/oauth/tokens'), 200);
  assert.deepEqual(body.map((token) => token.id), [idOf(third.access_token)]);
  expect(await api.delete(`/oauth/tokens/${body[0].id}`), 204);
  assert.deepEqual(await verbs(body[0].id), ['created', 'revoked']);
  expect(await pawl.api(null).post('/oauth/token',
    { ...app, grant_type: 'refresh_token', refresh_token: third.refresh_token }), 400);
});

test('tokens that came of a consent end with it', async () => {
  const oauth = new OAuth(pawl);
  const app = await oauth.client({ org });
  const person = await member();
  const first = await oauth.tokens(app, person, org);
  const second = expect(await oauth.refresh(app, first.refresh_token), 200).body;
  const admin = pawl.api(org.admin.token);

  assert.deepEqual(await verbs(idOf(first.access_token)), ['created', 'rotated']);
  expect(await pawl.api(second.access_token).get('/me'), 200);
  assert.deepEqual(await verbs(idOf(second.access_token)), ['created', 'first_used']);
  expect(await admin.delete(`${org.path}/oauth/clients/${app.client_id}/users/${person.id}`), 204);
  refused(await pawl.api(second.access_token).get('/me'), 401);
  const events = await log(idOf(second.access_token));
  assert.deepEqual(events.map((event) => event.verb[0]),
    ['created', 'first_used', 'revoked', 'refused']);
  assert.equal(events[0].audit.data.kind, 'authorized');
  assert.equal(events[0].description,
    'The application “App” created a token for Bob Bell');
  assert.equal(events[2].description,
    'Ada Admin revoked a token of the application “App” for Bob Bell');
});

test('tokens of connectors, and what is exchanged for them', async () => {
  const oauth = new OAuth(pawl, '/mcp');
  const app = await oauth.client({ org });
  const person = await member();
  const { access_token, refresh_token } = await oauth.tokens(app, person, org);
  const headers = { authorization: `Bearer ${access_token}`, 'x-tallyfy-proxy-auth': PROXY };
  const exchanged = expect(
    await oauth.bare.post('/mcp/oauth/token-exchange', undefined, { headers }), 200).body;

  for (const [token, kind] of [[access_token, 'mcp'], [exchanged.access_token, 'exchanged']]) {
    const [created] = await log(idOf(token));
    assert.equal(created.verb[0], 'created');
    assert.equal(created.audit.data.kind, kind);
  }
  expect(await oauth.bare.post('/oauth/revoke',
    new URLSearchParams({ ...app, token: refresh_token })), 200);
  for (const token of [access_token, exchanged.access_token])
    assert.ok((await verbs(idOf(token))).includes('revoked'));
});

test('all tokens at once', async () => {
  const person = await member();
  const { id: own, session } = await personal(person);
  const made = [await named(session), await named(session)];

  expect(await session.delete('/oauth/tokens'), 204);
  for (const id of [own, ...made.map((token) => token.id)])
    assert.deepEqual(await verbs(id), ['created', 'revoked']);
});

test('a token that expires', async () => {
  const { id: person, api } = await member();
  const soon = await named(api, { expires_at: pawl.clock.wire(60 * SECOND) });
  const revoked = await named(api, { expires_at: pawl.clock.wire(60 * SECOND) });

  expect(await api.delete(`${TOKENS}/${revoked.id}`), 204);
  pawl.clock.advance(DAY);
  await eventually(async () => (await verbs(soon.id)).length === 2, 'its expiry is told');
  const [, expired] = await log(soon.id);
  assert.deepEqual(expired.verb, ['expired']);
  assert.equal(expired.actor, null);
  assert.equal(expired.source, null);
  assert.equal(expired.description, 'The token “Payroll” of Bob Bell expired');
  assert.equal(expired.audit.data.user_id, person);
  refused(await pawl.api(soon.value).get('/me'), 401);
  refused(await pawl.api(soon.value).get('/me'), 401);
  assert.deepEqual(await verbs(soon.id), ['created', 'expired', 'refused']);
  assert.deepEqual(await verbs(revoked.id), ['created', 'revoked']);
});

test('a personal token that expires makes room for the next', async () => {
  const person = await member();
  const first = idOf(person.token);

  pawl.clock.advance(183 * DAY);
  org.admin.token = await pawl.token(org.admin.email); // the old one has expired too
  const second = idOf(await pawl.token(person.email));
  await eventually(async () => (await verbs(first)).length > 1, 'its expiry is told');
  assert.deepEqual(await verbs(first), ['created', 'expired']);
  assert.deepEqual(await verbs(second), ['created']);
});

test('each end is told once, however many there are and however long nobody looked', async () => {
  const { id: person } = await member();
  const many = 2500;
  const ids = Array.from({ length: many }, (_, i) => `('many${i}')`);
  const count = async () => {
    const path = `${org.path}/activity-feeds?verb=expired&entity_type=token&actor=&per_page=1`;
    const { meta } = expect(await pawl.api(org.admin.token).get(path), 200);

    return meta.pagination.total;
  };
  const before = await count();

  pawl.child.kill('SIGTERM');
  await pawl.wait();
  await change(pawl, `INSERT INTO tokens (id, kind, user_id, org_id, name, scopes, created_at,
      updated_at, expires_at)
    SELECT column1, 'named', ${person}, '${org.id}', 'One of many', '*', 1, 1, 2
      FROM (VALUES ${ids.join(', ')}) AS v`);
  await pawl.start();
  await eventually(async () => (await count()) === before + many, 'all are told');
  await pawl.restart();
  assert.equal(await count(), before + many);
});

test('putting an expired token away is no second end', async () => {
  const { api } = await member();
  const { id } = await named(api, { expires_in_days: 1 });

  pawl.clock.advance(2 * DAY);
  expect(await api.delete(`${TOKENS}/${id}`), 204);
  await eventually(async () => (await verbs(id)).length > 1, 'its expiry is told');
  assert.deepEqual(await verbs(id), ['created', 'expired']);
});

test('what works in two organizations is told in both, what is bound in one', async () => {
  const person = await member();
  const { data } = expect(await person.api.post('/organizations', { name: 'Second' }), 201);
  const second = { id: data.id, path: `/organizations/${data.id}`, admin: person };
  const elsewhere = await pawl.org({ name: 'Elsewhere' });
  const everywhere = await named(person.api);
  const bound = await named(person.api, { organization_id: second.id });

  for (const where of [org, second])
    assert.deepEqual(await verbs(everywhere.id, where), ['created']);
  assert.deepEqual(await verbs(bound.id, second), ['created']);
  assert.deepEqual(await verbs(bound.id, org), []);
  for (const token of [everywhere, bound]) {
    assert.deepEqual(await verbs(token.id, elsewhere), []);
    expect(await person.api.delete(`${TOKENS}/${token.id}`), 204);
  }
  assert.deepEqual(await verbs(everywhere.id, org), ['created', 'revoked']);
  assert.deepEqual(await verbs(everywhere.id, second), ['created', 'revoked']);
  assert.deepEqual(await verbs(bound.id, second), ['created', 'revoked']);
});

test('its owner sees it too, another member does not', async () => {
  const person = await member();
  const { id } = await named(person.api);

  assert.deepEqual(await verbs(id, org, person), ['created']);
  assert.deepEqual(await verbs(id, org, await pawl.user(org)), []);
});

test('a client that calls itself by strange names is no obstacle', async () => {
  const { api } = await member();

  for (const name of ['x'.repeat(3000), '"}{\\', 'caf\u00e9'])
    expect(await api.post(TOKENS, { name: 'Odd' }, { headers: { 'x-tallyfy-client': name } }), 201);
});
