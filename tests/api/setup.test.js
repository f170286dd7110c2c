// The first start: a one-time link for an empty store, or a demonstration.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { eventually, expect, invalid, refused, shape } from '../lib/expect.js';
import { ORGANIZATION, USER } from '../lib/shapes.js';

const servers = [];
after(async () => {
  for (const server of servers) await server.stop();
});

async function fresh(options) {
  const pawl = await startServer(options);

  servers.push(pawl);
  return { pawl, nobody: pawl.api(null, { 'x-tallyfy-client': null }) };
}

const codeOf = (pawl) => new RegExp(`${pawl.url}/setup#code=(\\S+)`).exec(pawl.log)?.[1];

const answers = (code, more = {}) => ({
  code,
  organization_name: 'First & Only',
  first_name: 'Eva',
  last_name: 'Élan',
  email: 'eva@example.com',
  password: PASSWORD,
  timezone: 'Europe/Berlin',
  ...more,
});

test('an empty store is set up once, with the code that was printed', async () => {
  const { pawl, nobody } = await fresh();
  const code = codeOf(pawl);

  assert.ok(code?.length >= 16, pawl.log);
  assert.deepEqual(expect(await nobody.get('/setup'), 200).data, { required: true });
  assert.deepEqual(expect(await nobody.get('/session'), 200).body, {
    data: null,
    meta: { setup_required: true, sign_up: false },
  });
  for (const wrong of ['nonsense', '', `${code}x`]) {
    const answer = await nobody.post('/setup', answers(wrong));

    if (wrong) refused(answer, 403, 'SETUP_CODE_INVALID');
    else assert.match(String(answer.status), /^4(03|22)$/);
  }

  const answer = expect(await nobody.post('/setup', answers(code)), 201);
  shape(answer.data.user, USER);
  shape(answer.data.organization, ORGANIZATION);
  assert.equal(answer.data.user.last_name, 'Élan');
  assert.equal(answer.data.organization.name, 'First & Only');
  assert.equal(answer.data.organization.timezone, 'Europe/Berlin');

  const browser = pawl.holder(answer);
  const path = `/organizations/${answer.data.organization.id}`;
  const me = expect(await browser.get(`${path}/me`), 200).data;
  assert.equal(me.role, 'admin');
  assert.equal(me.is_default_admin, true);
  assert.deepEqual(expect(await nobody.get('/setup'), 200).data, { required: false });
  refused(await nobody.post('/setup', answers(code)), 409, 'SETUP_DONE');
  refused(await nobody.post('/setup', answers('nonsense')), 409, 'SETUP_DONE');
});

test('the fields of the set-up are checked', async () => {
  const { pawl, nobody } = await fresh();
  const code = codeOf(pawl);
  const without = (field) => answers(code, { [field]: undefined });

  for (const field of ['organization_name', 'first_name', 'last_name', 'email', 'password'])
    invalid(await nobody.post('/setup', without(field)), field);
  invalid(await nobody.post('/setup', answers(code, { email: 'no address' })), 'email');
  invalid(await nobody.post('/setup', answers(code, { password: 'short' })), 'password');
  invalid(await nobody.post('/setup', answers(code, { timezone: 'Mars/Base' })), 'timezone');
  invalid(
    await nobody.post('/setup', answers(code, { organization_name: 'x'.repeat(51) })),
    'organization_name',
  );
  assert.deepEqual(expect(await nobody.get('/setup'), 200).data, { required: true });
  expect(await nobody.post('/setup', answers(code)), 201);
});

test('of two set-ups at once one wins', async () => {
  const { pawl, nobody } = await fresh();
  const code = codeOf(pawl);
  const both = await Promise.all([
    nobody.post('/setup', answers(code)),
    nobody.post('/setup', answers(code, { email: 'eve@example.com' })),
  ]);

  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
});

test('a store with an organization prints no link', async () => {
  const { pawl } = await fresh();

  await pawl.org();
  pawl.log = '';
  await pawl.restart();
  assert.equal(codeOf(pawl), undefined);
});

test('the demonstration can be used as printed, and is made once', async () => {
  const { pawl } = await fresh({ args: ['--demo'] });
  const printed = /\n +curl .*?'Authorization: Bearer (\S+)'.*?X-Tallyfy-Client.*?(http:\S+)\n/s;

  await eventually(() => printed.test(pawl.log), 'a ready curl is printed');
  const [, token, url] = printed.exec(pawl.log);
  const path = new URL(url).pathname;
  const [, email] = /sign in as +(\S+)/.exec(pawl.log);
  const [, password] = /password +(\S+)/.exec(pawl.log);

  await pawl.session({ email }, { password });
  assert.ok(expect(await pawl.api(token).get(path), 200).data.length > 0);
  const mine = expect(await pawl.api(token).get('/me/organizations'), 200).data;
  assert.equal(mine.length, 1);

  pawl.log = '';
  await pawl.restart();
  expect(await pawl.api(token).get(path), 200);
  assert.equal(expect(await pawl.api(token).get('/me/organizations'), 200).data.length, 1);
  assert.deepEqual(expect(await pawl.api(null).get('/setup'), 200).data, { required: false });
});
