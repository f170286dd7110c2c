// Settings > Integrations > REST API: from opening the page to a script that runs, and what happens
// to that script when its owner signs out.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { eventually } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { DAY, PASSWORD, startServer } from '../harness.js';
import {
  assertAccessible, at, openAccountMenu, tabTo, withBrowser,
} from './browser.js';

// Of the list of pages beside the page.
const GROUPS = ['Personal', 'Integrations', 'Organization'];

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
let org, page;

beforeEach(async () => {
  org = await pawl.org({ name: 'Northwind' });
  const created = await pawl
    .api(org.admin.token)
    .post(`${org.path}/tasks`, oneOff(org.admin, { title: 'Water the plants' }));
  assert.equal(created.status, 201, created.text);
});

async function openRestApi(person = org.admin) {
  page = await browser.open(pawl, { person });
  await page.goto(`/${org.id}/settings/integrations/rest-api`);
  await page.getByRole('heading', { name: 'REST API', level: 1 }).waitFor();
}

const section = (name) => page.getByRole('region', { name, exact: true });

// The request on the page, sent by hand with the three headers; or without some of them.
async function callWith(token, headers = {}) {
  const all = {
    Authorization: `Bearer ${token}`,
    Accept: 'application/json',
    'X-Tallyfy-Client': 'APIClient',
    ...headers,
  };
  for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
  return fetch(`${pawl.url}/api/organizations/${org.id}/me/tasks`, { headers: all });
}

// Uses are written down a moment after the answer: waits until the server tells of this one.
async function useIsKnown(tokensOf) {
  const owner = await pawl.session(org.admin);
  const known = async () =>
    (await tokensOf(owner)).some(({ last_used_client }) => last_used_client === 'APIClient');

  await eventually(known, 'the use is known');
}

const personalUseIsKnown = () =>
  useIsKnown(async (owner) => [(await owner.get('/session')).data.personal_token]);

const namedUseIsKnown = () =>
  useIsKnown(async (owner) => (await owner.get('/oauth/personal-access-tokens')).body);

async function revealPersonal() {
  await section('Personal token').getByRole('button', { name: 'Reveal' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reveal your personal token' });
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Reveal' }).click();
  await dialog.waitFor({ state: 'detached' });
  return section('Personal token').locator('.value code').textContent();
}

async function createNamed(name, choose = async () => {}) {
  await page.getByRole('button', { name: 'Create token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create token' });
  await dialog.getByLabel('Name').fill(name);
  await choose(dialog);
  await dialog.getByRole('button', { name: 'Create token' }).click();
  const once = page.getByRole('dialog', { name: 'Your new token' });
  const secret = await once.locator('.value code').textContent();
  return { once, secret };
}

test('base URL, organization and request come first, then the tokens', async () => {
  await openRestApi();
  await section('Personal token').getByText('eyJ').waitFor();
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
  assert.deepEqual(
    headings.filter((heading) => !GROUPS.includes(heading)),
    ['Your first request', 'Personal token', 'Named tokens', 'Delete all active tokens'],
  );
  const request = section('Your first request');
  await request.getByText(pawl.url, { exact: true }).waitFor();
  await request.getByRole('button', { name: 'Copy Organization ID' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), org.id);
  await page.finish();
});

test('the personal token is masked until the password is given again', async () => {
  await openRestApi();
  const panel = section('Personal token');
  await panel.getByText(/^eyJ.*…/).waitFor();
  await panel.getByText('Signing out of this web app deletes this token').waitFor();

  await panel.getByRole('button', { name: 'Reveal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('not the password');
  await dialog.getByRole('button', { name: 'Reveal' }).click();
  await dialog.getByText('The password is not right.').waitFor();
  await page.keyboard.press('Escape');

  const token = await revealPersonal();
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal((await callWith(token)).status, 200);
  await panel.getByRole('button', { name: 'Copy Personal token' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
  await assertAccessible(page, 'a revealed token');

  await panel.getByRole('button', { name: 'Hide' }).click();
  await panel.getByText(/^eyJ.*…/).waitFor();
  await page.finish();
});

test('replacing the personal token ends the old one', async () => {
  await openRestApi();
  const old = await revealPersonal();
  const panel = section('Personal token');
  await panel.getByRole('button', { name: 'Replace' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace your personal token' });
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Replace' }).click();
  await page.getByText('The old token no longer works.').waitFor();
  const fresh = await panel.locator('.value code').textContent();
  assert.notEqual(fresh, old);
  assert.equal((await callWith(old)).status, 401);
  assert.equal((await callWith(fresh)).status, 200);
  await page.finish();
});

test('the JavaScript on the page runs as it is and prints the tasks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-sample-'));
  const file = join(folder, 'request.mjs');

  try {
    await openRestApi();
    await revealPersonal();
    await page.getByRole('tab', { name: 'JavaScript' }).click();
    writeFileSync(file, await page.getByRole('region', { name: 'JavaScript' }).innerText());
    const printed = await run(process.execPath, [file]);
    assert.match(printed, /Water the plants/);
    await page.finish();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every language has a sample with the reader’s own values', async () => {
  await openRestApi();
  const languages = ['curl', 'JavaScript', 'Python', 'Java', 'Go', 'C++', 'C#', 'C'];
  const token = await revealPersonal();
  assert.deepEqual(await page.getByRole('tab').allTextContents(), languages);
  for (const language of languages) {
    await page.getByRole('tab', { name: language, exact: true }).click();
    const sample = await page.getByRole('region', { name: language, exact: true }).innerText();
    for (const part of [pawl.url, org.id, token, 'X-Tallyfy-Client', 'application/json'])
      assert.ok(sample.includes(part), `${language}: ${part}`);
    assert.doesNotMatch(sample, /YOUR_|example\.com/, language);
  }
  await page.finish();
});

test('without X-Tallyfy-Client the answer is 401', async () => {
  await openRestApi();
  const { secret } = await createNamed('Nightly export');
  assert.equal((await callWith(secret, { 'X-Tallyfy-Client': null })).status, 401);
  assert.equal((await callWith(secret, { Authorization: null })).status, 401);
  const answer = await callWith(secret);
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).data[0].title, 'Water the plants');
  await page.finish();
});

test('a named token is shown once, tried, used, renamed, rotated and revoked', async () => {
  await openRestApi();
  await page.getByText('No tokens yet.').waitFor();
  const { once, secret } = await createNamed('Nightly export');
  assert.match(secret, /^pawl_\w{38}$/);
  await once.getByRole('button', { name: 'Copy Nightly export' }).click();
  await once.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
  await once.getByRole('button', { name: 'Test it' }).click();
  await once.getByText(/It works: 1 task in \d+ ms/).waitFor();
  await assertAccessible(page, 'a new token');
  // Escape would lose what cannot be shown again.
  await page.keyboard.press('Escape');
  await once.getByRole('button', { name: 'Done' }).click();
  await once.waitFor({ state: 'detached' });

  const row = (name) => section('Named tokens').getByRole('row').filter({ hasText: name });
  await namedUseIsKnown();
  await page.reload();
  await row('Nightly export').getByText('by APIClient').waitFor();
  assert.equal(await page.getByText(secret).count(), 0);
  await row('Nightly export').getByText(secret.slice(0, 9)).waitFor();
  await row('Nightly export').getByText('Full access').waitFor();

  const act = async (name, action) => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('button', { name: action }).click();
    return page.getByRole('dialog');
  };
  let dialog = await act('Nightly export', 'Rename');
  await dialog.getByLabel('Name').fill('Weekly export');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await row('Weekly export').waitFor();

  dialog = await act('Weekly export', 'Rotate');
  await dialog.getByLabel('The old value works for').selectOption('No longer: it ends now');
  await dialog.getByRole('button', { name: 'Rotate' }).click();
  await dialog.getByText('It is shown this once').waitFor();
  const rotated = await dialog.locator('.value code').textContent();
  assert.notEqual(rotated, secret);
  assert.equal((await callWith(secret)).status, 401);
  assert.equal((await callWith(rotated)).status, 200);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await namedUseIsKnown();
  await page.reload();
  dialog = await act('Weekly export', 'Revoke');
  await dialog.getByText('by APIClient').waitFor();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No tokens yet.').waitFor();
  assert.equal((await callWith(rotated)).status, 401);
  await page.finish();
});

test('a token with chosen scopes can do no more than that', async () => {
  await openRestApi();
  const { secret } = await createNamed('Profile reader', async (dialog) => {
    await dialog.getByLabel('Expires').selectOption('In 30 days');
    await dialog.getByLabel('Only what I choose').check();
    await dialog.getByLabel('Tasks: None').check();
    await dialog.getByLabel('Members: None').check();
    await assertAccessible(page, 'choosing scopes');
  });
  assert.equal((await callWith(secret)).status, 403);
  const me = await pawl.api(secret).get('/me');
  assert.equal(me.status, 200);
  await page.getByRole('dialog').getByRole('button', { name: 'Test it' }).click();
  await page.getByText('its scopes do not allow reading tasks').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  const row = section('Named tokens').getByRole('row').filter({ hasText: 'Profile reader' });
  await row.getByText('account.read').waitFor();
  await page.finish();
});

test('a token is bound to an organization and to addresses', async () => {
  const other = await pawl.session(org.admin);
  const answer = await other.post('/organizations', { name: 'Southwind' });
  assert.equal(answer.status, 201, answer.text);
  await openRestApi();
  const { secret } = await createNamed('Warehouse', async (dialog) => {
    await dialog.getByText('Limits (optional)').click();
    await dialog.getByLabel('Where it works').selectOption('Northwind');
    await dialog.getByLabel('Only from these addresses').fill('192.0.2.0/24\n2001:db8::/32');
    await assertAccessible(page, 'limits of a token');
  });
  const once = page.getByRole('dialog', { name: 'Your new token' });
  await once.getByRole('button', { name: 'Test it' }).click();
  await once.getByText('not from the address that you have now').waitFor();
  assert.equal((await callWith(secret)).status, 403);
  await once.getByRole('button', { name: 'Done' }).click();
  const row = section('Named tokens').getByRole('row').filter({ hasText: 'Warehouse' });
  await row.getByText('Only in Northwind').waitFor();
  await row.getByText('Only from 192.0.2.0/24, 2001:db8::/32').waitFor();
  await page.finish();
});

test('an address that is none is refused where it was typed', async () => {
  await openRestApi();
  await page.getByRole('button', { name: 'Create token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create token' });
  await dialog.getByLabel('Name').fill('Warehouse');
  await dialog.getByText('Limits (optional)').click();
  await dialog.getByLabel('Only from these addresses').fill('somewhere');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await assertAccessible(page, 'a refused address');
  await page.finish();
});

test('rotating keeps the old value for as long as was asked', async () => {
  await openRestApi();
  const { secret } = await createNamed('Nightly export');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Actions for Nightly export' }).click();
  await page.getByRole('button', { name: 'Rotate' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('The old value works for').selectOption('One more hour');
  await dialog.getByRole('button', { name: 'Rotate' }).click();
  await dialog.getByText('It is shown this once').waitFor();
  const rotated = await dialog.locator('.value code').textContent();
  assert.equal((await callWith(secret)).status, 200);
  assert.equal((await callWith(rotated)).status, 200);
  await page.finish();
});

test('the table tells how often a token was called', async () => {
  await openRestApi();
  const { secret } = await createNamed('Nightly export');
  await page.getByRole('button', { name: 'Done' }).click();
  for (let i = 0; i < 3; i++) assert.equal((await callWith(secret)).status, 200);
  const row = section('Named tokens').getByRole('row').filter({ hasText: 'Nightly export' });
  await eventually(async () => {
    await page.reload();
    await row.waitFor();
    return (await row.getByText('3 calls in 7 days').count()) > 0;
  }, 'the calls are counted');
  await page.finish();
});

test('signing out kills the personal token and spares the named one', async () => {
  await openRestApi();
  const personal = await revealPersonal();
  const { secret: named } = await createNamed('Nightly export');
  await page.getByRole('button', { name: 'Done' }).click();
  assert.equal((await callWith(named)).status, 200);
  assert.equal((await callWith(personal)).status, 200);
  await personalUseIsKnown();

  // It was used lately, so the page says by what before it does harm.
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out?' });
  await dialog.getByText(/last used by APIClient/).waitFor();
  await dialog.getByText(/refused with 401/).waitFor();
  await assertAccessible(page, 'the sign-out warning');
  await dialog.getByRole('button', { name: 'Sign out anyway' }).click();
  await at(page, '/login');

  assert.equal((await callWith(personal)).status, 401);
  assert.equal((await callWith(named)).status, 200);
  await page.finish();
});

test('the sign-out warning offers a named token instead', async () => {
  await openRestApi();
  await callWith(await revealPersonal());
  await personalUseIsKnown();
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Make a named token instead' }).click();
  await page.getByRole('dialog', { name: 'Create token' }).waitFor();
  await page.finish();
});

test('a token that nothing used for a week is no reason to warn', async () => {
  await openRestApi();
  await callWith(await revealPersonal());
  await personalUseIsKnown();
  pawl.clock.advance(8 * DAY);
  // The session is the browser's; signing in again brings one that is not idle.
  await page.finish();
  page = await browser.open(pawl, { person: org.admin });
  await page.clock.setFixedTime(pawl.clock.now());
  await page.goto(`/${org.id}/tasks`);
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await at(page, '/login');
  await page.finish();
});

test('all tokens can be ended at once', async () => {
  await openRestApi();
  const personal = await revealPersonal();
  const { secret: named } = await createNamed('Nightly export');
  await page.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Delete all active tokens' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete all your tokens?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await callWith(named)).status, 200);

  await page.getByRole('button', { name: 'Delete all active tokens' }).click();
  await dialog.getByRole('button', { name: 'Delete all active tokens' }).click();
  await page.getByText('All tokens deleted.').waitFor();
  await page.getByText('No tokens yet.').waitFor();
  assert.equal((await callWith(personal)).status, 401);
  assert.equal((await callWith(named)).status, 401);
  await page.finish();
});

test('light members read a sentence instead of tokens', async () => {
  const light = await pawl.user(org, { role: 'light' });
  await openRestApi(light);
  await page.getByText('Light members cannot use API tokens.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create token' }).count(), 0);
  await assertAccessible(page, 'REST API for a light member');
  await page.finish();
});

test('from sign-in to a working token without a mouse', async () => {
  page = await browser.open(pawl);
  const { keyboard } = page;

  await page.goto('/login');
  await page.getByLabel('E-mail').waitFor();
  await keyboard.type(org.admin.email);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await at(page, `/${org.id}/tasks`);
  await page.getByRole('button', { name: 'Your account' }).waitFor();

  await tabTo(page, page.getByRole('button', { name: 'Your account' }));
  await keyboard.press('Enter');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'REST API', level: 1 }).waitFor();

  await tabTo(page, page.getByRole('tab', { name: 'curl' }));
  await keyboard.press('ArrowRight');
  await page.getByRole('region', { name: 'JavaScript' }).waitFor();

  await tabTo(page, page.getByRole('button', { name: 'Create token' }));
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Create token' }).waitFor();
  await keyboard.type('Made by keyboard');
  await keyboard.press('Enter');
  const once = page.getByRole('dialog', { name: 'Your new token' });
  const secret = await once.locator('.value code').textContent();
  await tabTo(page, once.getByRole('button', { name: 'Done' }));
  await keyboard.press('Enter');
  await once.waitFor({ state: 'detached' });

  assert.equal((await callWith(secret)).status, 200);
  await page.finish();
});

function run(command, args) {
  return new Promise((done, fail) =>
    execFile(command, args, (error, stdout, stderr) =>
      error ? fail(error) : done(stdout + stderr),
    ),
  );
}
