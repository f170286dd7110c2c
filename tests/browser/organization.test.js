// Settings > Organization: the policy for tokens and everybody's tokens, and the activity.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { expect, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { startServer } from '../harness.js';
import { assertAccessible, at, openAccountMenu, withBrowser } from './browser.js';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
let org, bob, page;

beforeEach(async () => {
  org = await pawl.org({ name: 'Northwind' });
  bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
});

async function open(path, person = org.admin) {
  page = await browser.open(pawl, { person });
  await page.goto(`/${org.id}/settings/${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const nameToken = async (person, name) =>
  expect(await pawl.api(person.token).post('/oauth/personal-access-tokens', { name }), 201).body
    .accessToken;

const row = (words) => page.getByRole('row').filter({ hasText: words });

test('the policy limits how long new tokens may live', async () => {
  await open('organization/tokens');
  const days = page.getByLabel('Longest life of a named token, in days');
  await days.fill('many');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await days.fill('60');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Policy saved').waitFor();

  await page.goto(`/${org.id}/settings/integrations/rest-api?new=token`);
  const dialog = page.getByRole('dialog', { name: 'Create token' });
  await dialog.getByText('An administrator has limited named tokens to 60 days.').waitFor();
  const choices = dialog.getByLabel('Expires').getByRole('option');
  assert.deepEqual(await choices.allTextContents(), ['In 30 days', 'On a date …']);
  await assertAccessible(page, 'a new token under a policy');
  await dialog.getByLabel('Name').fill('Nightly export');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await page.getByRole('dialog', { name: 'Your new token' }).waitFor();
  await page.finish();
});

test('the personal token outlives signing out where an administrator says so', async () => {
  await open('organization/tokens');
  await page.getByLabel('Keep the personal token when its owner signs out').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Policy saved').waitFor();
  await page.getByRole('link', { name: 'REST API' }).click();
  await page.getByText('signing out leaves this token alone').waitFor();
  await page.getByRole('link', { name: 'Security' }).click();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByText('Your access tokens keep working.').last().waitFor();
  await page.keyboard.press('Escape');
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await at(page, '/login');
  expect(await pawl.api(org.admin.token).get('/me'), 200);
  await page.finish();
});

test('administrators see all tokens without their secrets, and revoke any', async () => {
  const secret = await nameToken(bob, 'Nightly export');
  await open('organization/tokens');
  await row('Nightly export').getByText('Bob Bell').waitFor();
  await row('Nightly export').getByText('Named token').waitFor();
  assert.equal(await page.getByText(secret).count(), 0);

  await row('Nightly export').getByRole('button', { name: /^Revoke/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke “Nightly export”?' });
  await dialog.getByText(/Bob Bell is not asked/).waitFor();
  await dialog.getByText('Never used').waitFor();
  await assertAccessible(page, 'revoking a member’s token');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await row('Nightly export').waitFor({ state: 'detached' });
  refused(await pawl.api(secret).get('/me'), 401);
  await page.finish();
});

test('a token that works elsewhere too is left to its owner', async () => {
  expect(await pawl.api(bob.token).post('/organizations', { name: 'Southwind' }), 201);
  await open('organization/tokens');
  await row('Bob Bell').getByText('Only its owner can revoke it').waitFor();
  assert.equal(await row('Bob Bell').getByRole('button').count(), 0);
  await row('Ada Admin').getByRole('button', { name: /^Revoke/ }).waitFor();
  await page.finish();
});

test('the activity tells who did what, and is filtered by person, kind and day', async () => {
  const task = oneOff(bob, { title: 'Water the plants' });
  expect(await pawl.api(bob.token).post(`${org.path}/tasks`, task), 201);
  await nameToken(org.admin, 'Nightly export');
  await open('organization/activity');
  const list = page.getByRole('listitem');
  const plants = list.filter({ hasText: /Bob Bell created the task .Water the plants/ });
  const token = list.filter({ hasText: 'Nightly export' });
  await plants.waitFor();
  await token.waitFor();
  await assertAccessible(page, 'activity');

  await page.getByLabel('Person').selectOption('Bob Bell');
  await token.waitFor({ state: 'detached' });
  await plants.waitFor();
  await page.getByLabel('Person').selectOption('Anyone');
  await page.getByLabel('Kind').selectOption('Tokens');
  await plants.waitFor({ state: 'detached' });
  await token.waitFor();

  await page.getByLabel('To', { exact: true }).fill('2020-01-31');
  await page.getByText('Nothing in this period.').waitFor();
  await page.reload();
  await page.getByText('Nothing in this period.').waitFor();
  assert.equal(await page.getByLabel('To', { exact: true }).inputValue(), '2020-01-31');
  await page.finish();
});

test('more activity than a page holds has further pages', async () => {
  const api = pawl.api(bob.token);
  for (let i = 1; i <= 25; i++)
    expect(await api.post(`${org.path}/tasks`, oneOff(bob, { title: `Task ${i}.` })), 201);
  await open(`organization/activity?kind=Task&person=${bob.id}`);
  await page.getByText('1–20 of 25').waitFor();
  await page.getByText('Task 25.').waitFor();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('21–25 of 25').waitFor();
  await page.getByText('Task 1.').waitFor();
  await page.goBack();
  await page.getByText('1–20 of 25').waitFor();
  await page.finish();
});

test('members see their own activity only', async () => {
  const task = (person, title) =>
    pawl.api(person.token).post(`${org.path}/tasks`, oneOff(person, { title }));
  expect(await task(org.admin, 'Not of Bob'), 201);
  expect(await task(bob, 'Of Bob'), 201);
  await open('organization/activity', bob);
  await page.getByText('What you did in this organization.').waitFor();
  await page.getByText('“Of Bob”').waitFor();
  assert.equal(await page.getByText('Not of Bob').count(), 0);
  assert.equal(await page.getByLabel('Person').count(), 0);
  await page.finish();
});
