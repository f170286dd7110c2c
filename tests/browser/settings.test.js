// The profile, and finding one's way.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startServer } from '../harness.js';
import { openAccountMenu, PHONE, withBrowser } from './browser.js';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
let org;

beforeEach(async () => {
  org = await pawl.org({ name: 'Northwind' });
});

async function open(path, { person = org.admin, ...options } = {}) {
  const page = await browser.open(pawl, { person, ...options });
  await page.goto(`/${org.id}/settings${path}`);
  return page;
}

test('names are changed', async () => {
  const page = await open('/profile');
  await page.getByLabel('First name').fill('Augusta');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Profile saved').waitFor();
  await openAccountMenu(page);
  await page.getByText(/^Augusta/).waitFor();
  assert.equal((await pawl.api(org.admin.token).get('/me')).data.first_name, 'Augusta');
  await page.finish();
});

test('what concerns the organization is for administrators', async () => {
  const bob = await pawl.user(org);
  const page = await open('/integrations/applications', { person: bob });
  for (const path of ['integrations/applications', 'organization/tokens', 'organization/mail']) {
    await page.goto(`/${org.id}/settings/${path}`);
    await page.getByText('Only administrators see this page.').waitFor();
  }
  for (const name of ['Applications', 'Tokens', 'Mail'])
    assert.equal(await page.getByRole('link', { name, exact: true }).count(), 0, name);
  await page.finish();
});

test('on a phone the settings are a list that leads to pages', async () => {
  const page = await open('', { viewport: PHONE });
  await page.getByRole('link', { name: 'REST API' }).click();
  await page.getByRole('heading', { name: 'REST API', level: 1 }).waitFor();
  await page.locator('.settings-back').click();
  await page.getByRole('link', { name: 'Profile' }).waitFor();
  await page.finish();
});
