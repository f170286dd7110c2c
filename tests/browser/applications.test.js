// Settings > Integrations > Applications: registering one, its secrets, who allowed it, its end.
// Settings > Connected applications: the same from the side of who allowed it.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { expect, refused } from '../lib/expect.js';
import { startServer } from '../harness.js';
import { assertAccessible, at, tabTo, withBrowser } from './browser.js';

const CALLBACK = 'https://warehouse.example.com/callback';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
let org, page;

beforeEach(async () => {
  org = await pawl.org({ name: 'Northwind' });
});

async function open(path = '', person = org.admin) {
  page = await browser.open(pawl, { person });
  await page.goto(`/${org.id}/settings/integrations/applications${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const clients = () => pawl.api(org.admin.token).get(`${org.path}/oauth/clients`);

async function register(body) {
  const admin = pawl.api(org.admin.token);
  return expect(await admin.post(`${org.path}/oauth/clients`, body), 201).data;
}

const token = (fields) =>
  pawl.api(null).post('/oauth/token', new URLSearchParams(fields));

const asItself = (id, secret) =>
  token({ grant_type: 'client_credentials', client_id: id, client_secret: secret });

// The id and the secret that are shown once.
async function readSecret() {
  const dialog = page.getByRole('dialog', { name: 'Warehouse sync' });
  await dialog.waitFor();
  await assertAccessible(page, 'a client secret');
  // Escape would lose what cannot be shown again.
  await page.keyboard.press('Escape');
  const [id, secret] = await dialog.locator('.value code').allTextContents();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
  return { id, secret };
}

test('an application is registered, and two secrets work while it changes', async () => {
  await open();
  await page.getByText('Register an application to let it act for many people.').waitFor();
  await page.getByRole('button', { name: 'Register application' }).click();
  const dialog = page.getByRole('dialog', { name: 'Register application' });
  await dialog.getByLabel('Name').fill('Warehouse sync');
  for (const old of ['implicit', 'password'])
    assert.equal(await dialog.getByLabel(new RegExp(old)).isChecked(), false, old);
  await dialog.getByRole('button', { name: 'Register application' }).click();
  const first = await readSecret();
  await page.getByRole('heading', { name: 'Warehouse sync', level: 1 }).waitFor();
  await at(page, `/${org.id}/settings/integrations/applications/${first.id}`);
  expect(await asItself(first.id, first.secret), 200);

  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByLabel('The secret in use works for').selectOption('One more day');
  await assertAccessible(page, 'asking for a new secret');
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
  const second = await readSecret();
  assert.equal(second.id, first.id);
  expect(await asItself(first.id, first.secret), 200);
  expect(await asItself(first.id, second.secret), 200);

  await page.getByText('Two secrets work now.').waitFor();
  await assertAccessible(page, 'two secrets');
  await page.getByRole('button', { name: 'End the old secret now' }).click();
  await page.getByText('The old secret has ended').waitFor();
  assert.equal(await page.getByText('Two secrets work now.').count(), 0);
  assert.equal((await asItself(first.id, first.secret)).status, 401);
  expect(await asItself(first.id, second.secret), 200);

  await page.getByRole('button', { name: 'Delete application' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete application' }).click();
  await page.getByText('No applications yet').waitFor();
  assert.equal((await asItself(first.id, second.secret)).status, 401);
  await page.finish();
});

test('what an application may do is chosen and changed', async () => {
  await open('?new=application');
  const dialog = page.getByRole('dialog', { name: 'Register application' });
  await dialog.getByLabel('Name').fill('Warehouse sync');
  await dialog.getByLabel(/^People allow it authorization_code/).check();
  await dialog.getByLabel('Redirect addresses').fill(`${CALLBACK}\nhttp://127.0.0.1/callback`);
  await dialog.getByLabel('Only what I choose').check();
  await dialog.getByLabel('Members: None').check();
  await dialog.getByRole('button', { name: 'Register application' }).click();
  const { id } = await readSecret();
  const read = async () => (await clients()).data.find((one) => one.id === id);
  assert.deepEqual((await read()).redirect_uris, [CALLBACK, 'http://127.0.0.1/callback']);
  assert.deepEqual((await read()).scopes, ['account.read', 'organization.read', 'tasks.write']);

  await page.getByLabel('Redirect addresses').fill(CALLBACK);
  await page.getByLabel('Tasks: Read').check();
  await page.getByLabel('Require X-Tallyfy-Client').uncheck();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Application saved').waitFor();
  const changed = await read();
  assert.deepEqual(changed.redirect_uris, [CALLBACK]);
  assert.deepEqual(changed.scopes, ['account.read', 'organization.read', 'tasks.read']);
  assert.equal(changed.require_client_header, false);

  await page.getByLabel('Redirect addresses').fill('not an address');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await assertAccessible(page, 'a refused redirect address');
  await page.finish();
});

test('a public application has no secret', async () => {
  await open('?new=application');
  const dialog = page.getByRole('dialog', { name: 'Register application' });
  await dialog.getByLabel('Name').fill('Phone app');
  await dialog.getByLabel(/^Public/).check();
  assert.equal(await dialog.getByLabel(/client_credentials/).count(), 0);
  await dialog.getByLabel('Redirect addresses').fill('http://127.0.0.1/');
  await dialog.getByRole('button', { name: 'Register application' }).click();
  await page.getByRole('heading', { name: 'Phone app Public', level: 1 }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New secret' }).count(), 0);
  assert.equal((await clients()).data[0].public, true);
  await page.finish();
});

test('an application is registered without a mouse', async () => {
  await open();
  const { keyboard } = page;
  await tabTo(page, page.getByRole('button', { name: 'Register application' }));
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.type('Warehouse sync');
  await keyboard.press('Enter');
  const done = page.getByRole('dialog').getByRole('button', { name: 'Done' });
  await done.waitFor();
  await tabTo(page, done);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Warehouse sync', level: 1 }).waitFor();
  await page.finish();
});

test('another organization’s application is not here', async () => {
  const foreign = await pawl.org();
  const { id } = expect(
    await pawl
      .api(foreign.admin.token)
      .post(`${foreign.path}/oauth/clients`, { name: 'Theirs', grants: ['client_credentials'] }),
    201,
  ).data;
  page = await browser.open(pawl, { person: org.admin });
  await page.goto(`/${org.id}/settings/integrations/applications/${id}`);
  await page.getByText('This is not here any more, or you cannot see it.').waitFor();
  assert.equal(await page.getByText('Theirs').count(), 0);
  await page.finish();
});

// A member allows an application what it asks for, and the application gets its token.
async function allow(person, client) {
  const question = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: CALLBACK,
    scope: 'tasks.read users.read',
    state: 'xyz',
  });
  const browserSession = await pawl.session(person);
  const answer = await browserSession.post(`/oauth/consent?${question}`, {
    organization_id: org.id,
    scopes: ['tasks.read', 'users.read'],
    allow: true,
  });
  const code = new URL(expect(answer, 200).data.redirect_to).searchParams.get('code');
  const got = await token({
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    client_id: client.id,
    client_secret: client.client_secret,
  });
  return expect(got, 200).body.access_token;
}

const allowed = () =>
  register({
    name: 'Warehouse sync',
    grants: ['authorization_code', 'refresh_token'],
    redirect_uris: [CALLBACK],
    scopes: ['tasks.read', 'users.read'],
  });

test('an administrator ends what somebody allowed', async () => {
  const client = await allowed();
  const bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
  const secret = await allow(bob, client);
  expect(await pawl.api(secret).get(`${org.path}/me/tasks`), 200);

  await open(`/${client.id}`);
  const users = page.getByRole('region', { name: 'People who allowed it', exact: true }).first();
  await users.getByText(bob.email).waitFor();
  await users.getByText('See tasks').waitFor();
  await users.getByText('See people').waitFor();
  await users.getByRole('button', { name: /^Revoke/ }).click();
  const dialog = page.getByRole('dialog', { name: 'End the access for Bob Bell?' });
  await assertAccessible(page, 'ending a consent');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Nobody has allowed it to act for them yet.').waitFor();
  refused(await pawl.api(secret).get(`${org.path}/me/tasks`), 401);
  await page.finish();
});

test('people see what they have allowed, in words, and end it', async () => {
  const secret = await allow(org.admin, await allowed());
  page = await browser.open(pawl, { person: org.admin });
  await page.goto(`/${org.id}/settings/connected`);
  const row = page.getByRole('row').filter({ hasText: 'Warehouse sync' });
  await row.getByText('See tasks').waitFor();
  await row.getByText('Northwind').waitFor();
  await assertAccessible(page, 'connected applications');
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Nothing is connected').waitFor();
  refused(await pawl.api(secret).get(`${org.path}/me/tasks`), 401);
  await page.finish();
});
