// Every route of the product, tried by everybody who has no business there.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect } from '../lib/expect.js';
import { table, tryAll } from '../lib/routes.js';

const pawl = await startServer();
after(() => pawl.stop());

const routes = await table(pawl, 'routes');
const home = await pawl.org({ name: 'Home' });
const away = await pawl.org({ name: 'Away' });
const guarded = routes.filter(({ who }) => who !== 'public');

const is401 = (answer) => {
  expect(answer, 401);
  assert.equal(answer.body.code, 'UNAUTHENTICATED');
};

async function expired() {
  const browser = await pawl.session(home.admin);
  const { body } = expect(
    await browser.post('/oauth/personal-access-tokens', { name: 'short', expires_in_days: 1 }),
    201,
  );

  pawl.clock.advance(25 * 3600 * 1000);
  return body.accessToken;
}

async function revoked() {
  const browser = await pawl.session(home.admin);
  const { body } = expect(
    await browser.post('/oauth/personal-access-tokens', { name: 'revoked' }),
    201,
  );

  expect(await browser.delete(`/oauth/personal-access-tokens/${body.token.id}`), 204);
  return body.accessToken;
}

async function scoped(...scopes) {
  const browser = await pawl.session(home.admin);

  return expect(
    await browser.post('/oauth/personal-access-tokens', { name: 'weak', scopes }),
    201,
  ).body.accessToken;
}

async function application() {
  const client = await pawl.admin(['client', 'create', '--org', home.id, '--name', 'App']);
  const answer = await pawl
    .api(null)
    .post('/oauth/token', { ...client, grant_type: 'client_credentials' });

  return expect(answer, 200).body.access_token;
}

test('the table says of every route who may call it', () => {
  for (const route of routes) {
    assert.match(route.method, /^(GET|HEAD|POST|PUT|PATCH|DELETE)$/);
    assert.match(route.path, /^\//);
    assert.equal(typeof route.who, 'string', route.path);
    assert.equal(typeof route.client_header, 'boolean', route.path);
  }
  assert.ok(guarded.length >= 30, `${guarded.length} guarded routes`);
});

test('without a token', () => tryAll(guarded, pawl.api(null), home, is401));

test('with a token that is none', () => tryAll(guarded, pawl.api('nonsense'), home, is401));

test('with a cookie that is none', () =>
  tryAll(guarded, pawl.api(null, { cookie: 'pawl_session=nonsense' }), home, is401));

test('with an expired token', async () => tryAll(guarded, pawl.api(await expired()), home, is401));

test('with a revoked token', async () => tryAll(guarded, pawl.api(await revoked()), home, is401));

test('without the client header', () =>
  tryAll(
    guarded.filter((route) => route.client_header),
    pawl.api(home.admin.token, { 'x-tallyfy-client': null }),
    home,
    (answer) => {
      expect(answer, 401);
      assert.equal(answer.body.code, 'CLIENT_HEADER_REQUIRED');
    },
  ));

const ofUsers = guarded.filter(({ who }) => who !== 'application');
const ofOrganizations = guarded.filter(({ path }) => path.includes('/organizations/{org}'));

test('in another organization', () =>
  tryAll(ofOrganizations, pawl.api(home.admin.token), away, (answer) => {
    expect(answer, 403);
    assert.notEqual(answer.body.code, 'INSUFFICIENT_SCOPE');
  }));

test('in an organization that does not exist', () =>
  tryAll(ofOrganizations, pawl.api(home.admin.token), { id: '0'.repeat(32) }, (answer) => {
    expect(answer, 404);
    assert.equal(answer.body.code, 'RESOURCE_NOT_FOUND');
  }));

test('with a token whose scopes are too weak', async () => {
  for (const [family, weak] of [
    ['tasks', await scoped('account.write', 'organization.write', 'users.write')],
    ['', await scoped('tasks.write')],
  ])
    await tryAll(
      ofUsers.filter(({ scope }) => scope && scope.startsWith('tasks') === (family === 'tasks')),
      pawl.api(weak),
      home,
      (answer) => {
        expect(answer, 403);
        assert.equal(answer.body.code, 'INSUFFICIENT_SCOPE');
        assert.match(answer.headers.get('www-authenticate'), /error="insufficient_scope"/);
      },
    );
});

test('with a token that may read, where writing is asked', async () => {
  const families = ['account', 'organization', 'users', 'tasks'];
  const reader = pawl.api(await scoped(...families.map((family) => `${family}.read`)));

  await tryAll(
    ofUsers.filter(({ scope }) => scope?.endsWith('.write')),
    reader,
    home,
    (answer) => {
      expect(answer, 403);
      assert.equal(answer.body.code, 'INSUFFICIENT_SCOPE');
    },
  );
});

test('with the token of an application', async () =>
  tryAll(
    ofUsers,
    pawl.api(await application()),
    home,
    is401,
  ));

test('nobody can make the server fail', async () => {
  const api = pawl.api(await pawl.token(home.admin.email));

  // Signing out would end this test's own token.
  const harmless = routes.filter(({ path, method }) =>
    !/logout/.test(path) && !(method === 'DELETE' && path === '/oauth/tokens'));
  for (const id of ['0', '-1', 'x', '%00', "'", '%F0%9F%99%82', 'a'.repeat(300)])
    for (const { method, path } of harmless) {
      const filled = path.replace('{org}', home.id).replace(/\{[^}]+\}/g, id);
      const bare = ['GET', 'HEAD', 'DELETE'].includes(method);
      const body = bare ? undefined : { title: 7, owners: 'x' };
      const { status, text } = await api.send(method, filled, body);

      assert.ok(status < 500, `${method} ${filled}: ${status} ${text}`);
    }
});
