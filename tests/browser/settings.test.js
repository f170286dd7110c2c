// Profile, password, and the organization's applications.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { assertAccessible, openAccountMenu, PHONE, signIn, startBrowser } from './browser.js';

const NEW_PASSWORD = 'staple battery horse';

let pawl, browser, org;

before(async () => {
  pawl = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.stop();
  await pawl?.stop();
});
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

test('the password is changed with the old one', async () => {
  const page = await open('/profile');
  const fill = async (current, next, again) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByLabel('New password again').fill(again);
    await page.getByRole('button', { name: 'Change password' }).click();
  };

  await fill('not the password', NEW_PASSWORD, NEW_PASSWORD);
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await assertAccessible(page, 'a refused password');
  await fill(PASSWORD, NEW_PASSWORD, NEW_PASSWORD);
  await page.getByText('Password changed').waitFor();

  // This browser stays signed in, and the new password opens another.
  await page.reload();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  const other = await browser.open(pawl);
  await other.goto(`/${org.id}/settings/profile`);
  await signIn(other, org.admin, { password: NEW_PASSWORD });
  await other.getByRole('heading', { name: 'Profile' }).waitFor();
  await other.finish();
  await page.finish();
});

test('an application is registered, renewed and deleted', async () => {
  const page = await open('/integrations/applications');
  const grant = async (id, secret) =>
    (
      await fetch(`${pawl.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: id,
          client_secret: secret,
        }),
      })
    ).status;
  const readSecret = async () => {
    const dialog = page.getByRole('dialog', { name: 'Warehouse sync' });
    await dialog.waitFor();
    const [id, secret] = await dialog.locator('.value code').allTextContents();
    await assertAccessible(page, 'a client secret');
    await dialog.getByRole('button', { name: 'Done' }).click();
    return { id, secret };
  };
  const act = async (action) => {
    await page.getByRole('button', { name: 'Actions for Warehouse sync' }).click();
    await page.getByRole('button', { name: action }).click();
    await page.getByRole('dialog').getByRole('button', { name: action }).click();
  };

  await page.getByText('No applications yet').waitFor();
  await page.getByRole('button', { name: 'Register application' }).click();
  const dialog = page.getByRole('dialog', { name: 'Register application' });
  await dialog.getByLabel('Name').fill('Warehouse sync');
  await dialog.getByRole('button', { name: 'Register application' }).click();
  const first = await readSecret();
  assert.equal(await grant(first.id, first.secret), 200);

  await act('New secret');
  const second = await readSecret();
  assert.equal(second.id, first.id);
  assert.equal(await grant(first.id, first.secret), 401);
  assert.equal(await grant(second.id, second.secret), 200);

  await act('Delete');
  await page.getByText('No applications yet').waitFor();
  assert.equal(await grant(second.id, second.secret), 401);
  await page.finish();
});

test('applications are for administrators', async () => {
  const bob = await pawl.user(org);
  const page = await open('/integrations/applications', { person: bob });
  await page.getByText('Only administrators manage applications.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Applications' }).count(), 0);
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
