// Invitations: for somebody new, and for somebody who has an account.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { newAddress } from '../lib/accounts.js';
import { assertAccessible, at, signIn, withBrowser } from './browser.js';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
const org = await pawl.org({ name: 'Northwind' });

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();

// The path of the link that an invitation brings.
async function invite(email, role = 'standard') {
  const { link } = await pawl.admin(['user', 'invite', '--org', org.id, '--email', email,
    '--role', role]);
  return `/invitation${new URL(link).hash}`;
}

test('somebody new chooses a name and a password, and is in', async () => {
  const link = await invite(newAddress(), 'light');
  const page = await browser.open(pawl);

  await page.goto(link);
  await heading(page, 'Join Northwind');
  await page.getByText('Light member').waitFor();
  assert.equal(page.url(), `${pawl.url}/invitation`, 'the secret is not in the address');

  // By keyboard alone: the first field has the focus.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Nora');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Neu');
  await page.keyboard.press('Tab');
  await page.keyboard.type('short');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await assertAccessible(page, 'an invitation with an error');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await at(page, `/${org.id}/tasks`);
  await page.getByText('Nothing waiting for you').waitFor();

  await page.goto(link);
  await heading(page, 'This invitation does not work');
  await page.finish();
});

test('somebody with an account signs in first, as who was invited', async () => {
  const elsewhere = await pawl.org({ name: 'Elsewhere' });
  const { admin } = elsewhere;
  const link = await invite(admin.email);
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto(link);
  await heading(page, 'Join Northwind');
  await page.getByText(`you are signed in as ${org.admin.email}`).waitFor();
  await page.getByRole('button', { name: 'Sign in to join' }).click();
  await heading(page, 'Sign in');
  assert.equal(await page.getByLabel('E-mail').inputValue(), admin.email);
  await signIn(page, admin);
  await heading(page, 'Join Northwind');
  await page.getByRole('button', { name: 'Join' }).click();
  await at(page, `/${org.id}/tasks`);
  await page.getByRole('button', { name: 'Northwind Switch organization' }).waitFor();
  await page.finish();
});
