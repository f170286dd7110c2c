// Another key signs, while the server runs: nothing that was given out is lost, and the old key
// stays exactly as long as a token of it lives.

import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DAY, ENGINE, PASSWORD, startServer } from '../harness.js';
import { eventually, expect, refused } from '../lib/expect.js';

const pawl = await startServer();
const second = ENGINE === 'postgres' ? await startServer({ beside: pawl }) : null;
const nodes = [pawl, second].filter(Boolean);
after(async () => {
  await second?.stop();
  await pawl.stop();
});

const org = await pawl.org();
const client = await pawl.admin(['client', 'create', '--org', org.id, '--name', 'Robot']);

const kids = async (node = pawl) =>
  expect(await node.api(null).get('/.well-known/jwks.json'), 200).body.keys.map(({ kid }) => kid);

const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;

const application = async (node = pawl) => {
  const fields = new URLSearchParams({ ...client, grant_type: 'client_credentials' });

  return expect(await node.api(null).post('/oauth/token', fields), 200).body.access_token;
};

const reveal = async (person, node = pawl) => {
  const browser = await node.session(person);
  const body = { password: PASSWORD };

  return expect(await browser.post('/session/personal-token/reveal', body), 200).data.access_token;
};

const keyFiles = () =>
  readdirSync(pawl.folder).filter((name) => name.startsWith('signing-key')).sort();

// The new key's name, once a token is signed with it.
async function rotate() {
  const { kid } = await pawl.admin(['key', 'rotate']);

  await eventually(async () => kidOf(await application()) === kid, 'the new key signs');
  return kid;
}

const [firstKey] = await kids();
const bob = await pawl.user(org);
const early = await application();
let newest;

test('a running server signs with the new key, and still knows the old one', async () => {
  assert.equal(kidOf(bob.token), firstKey);
  newest = await rotate();

  assert.notEqual(newest, firstKey);
  assert.deepEqual((await kids()).sort(), [firstKey, newest].sort());
  expect(await pawl.api(bob.token).get('/me'), 200);
  refused(await pawl.api(early).post(`/applications/${org.id}/users`, {}), 422);
  assert.equal(kidOf((await pawl.user(org)).token), newest);
});

// What somebody could make who has stolen the key of before, and knows the id of a token.
function forged(jti, person) {
  const [file] = keyFiles().filter((name) => name.includes(firstKey));
  const now = Math.floor(pawl.clock.now() / 1000);
  const claims = { aud: '1', jti, iat: now, nbf: now, exp: now + 3600, sub: String(person.id),
    scopes: ['*'] };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const signed = `${bob.token.split('.')[0]}.${payload}`;
  const key = readFileSync(join(pawl.folder, file));

  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

test('the old key vouches for no token that it has not signed', async () => {
  const carl = await pawl.user(org);
  const made = expect(await pawl.api(carl.token).post('/oauth/personal-access-tokens',
    { name: 'Payroll' }), 201);
  const idOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).jti;

  expect(await pawl.api(forged(idOf(bob.token), bob)).get('/me'), 200); // it can make that one
  for (const id of [idOf(carl.token), made.body.token.id]) {
    refused(await pawl.api(forged(id, carl)).get('/me'), 401, 'UNAUTHENTICATED');
    const about = { token: forged(id, carl), client_id: client.client_id,
      client_secret: client.client_secret };
    const state = await pawl.api(null).post('/oauth/introspect', about);
    assert.deepEqual(expect(state, 200).body, { active: false });
  }
  expect(await pawl.api(carl.token).get('/me'), 200);
  expect(await pawl.api(made.body.accessToken).get('/me'), 200);
});

test('the personal token of before is shown again, letter for letter', async () => {
  assert.equal(await reveal(bob), bob.token);
  await pawl.restart();
  assert.equal(await reveal(bob), bob.token);
  assert.equal(await pawl.token(bob.email), bob.token);
  expect(await pawl.api(bob.token).get('/me'), 200);
  assert.equal(kidOf(await application()), newest);
});

test('the files of the keys are for nobody else', () => {
  assert.deepEqual(keyFiles(),
    [`signing-key-${firstKey}.pem`, `signing-key-${newest}.pem`, 'signing-key.pem'].sort());
  for (const name of keyFiles())
    assert.equal(statSync(join(pawl.folder, name)).mode & 0o777, 0o600);
});

test('other nodes verify what the new key signs, and it what they sign', async (t) => {
  if (!second) return t.skip('the embedded store has one server');
  const here = await application();
  const there = await application(second);

  assert.equal(kidOf(there), firstKey);
  for (const node of nodes)
    for (const token of [here, there, bob.token, early])
      expect(await node.api(token).post(`/applications/${org.id}/users`, {}),
        token === bob.token ? 403 : 422);
  await eventually(async () => (await kids(second)).length === 2, 'the other node names both');
  return undefined;
});

test('keys can be replaced one after the other', async () => {
  const older = newest;

  newest = await rotate();
  assert.ok((await kids()).includes(older));
  expect(await pawl.api(bob.token).get('/me'), 200);
});

test('a key leaves when its last token has ended', async (t) => {
  const gone = async () => (await kids()).every((kid) => kid === newest);

  pawl.clock.advance(8 * DAY); // tokens of applications have ended, personal ones have not
  assert.equal(await reveal(bob), bob.token);
  assert.ok((await kids()).includes(firstKey));
  if (second) return t.skip('the other node signs with the first key still');
  pawl.clock.advance(200 * DAY);
  await eventually(gone, 'the old keys have left');
  assert.deepEqual(keyFiles(), [`signing-key-${newest}.pem`, 'signing-key.pem'].sort());
  refused(await pawl.api(bob.token).get('/me'), 401);
  const again = await reveal(bob);
  assert.equal(kidOf(again), newest);
  expect(await pawl.api(again).get('/me'), 200);
  return undefined;
});
