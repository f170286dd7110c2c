// A forgotten password, from the sign-in to a new one, with real mail.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD } from '../harness.js';
import { startOpen } from '../lib/accounts.js';
import { assertAccessible, at, signIn, withBrowser } from './browser.js';

const NEW = 'an entirely new phrase';

const { pawl, box, browser } = await withBrowser(await startOpen());
const org = await pawl.org();

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();
const invalidField = (page) =>
  page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');

// Asks for a link by keyboard alone, and answers what the page then says.
async function ask(page, email) {
  await page.goto('/password/reset');
  await heading(page, 'Forgotten password');
  await page.keyboard.type(email);
  await page.keyboard.press('Enter');
  await heading(page, 'Look at your mail');
  return (await page.getByRole('main').textContent()).replaceAll(email, '…');
}

test('a link by mail leads to a new password, and works once', async () => {
  const bob = await pawl.user(org);
  const page = await browser.open(pawl);

  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgotten password?' }).click();
  await at(page, '/password/reset');
  await ask(page, bob.email);

  const { link } = await box.next({ to: bob.email });
  await page.goto(link);
  await heading(page, 'Choose a new password');
  assert.equal(page.url(), `${pawl.url}/password/reset`, 'the secret is not in the address');

  // Refused beside the field, and the link is still good.
  await page.keyboard.type('short');
  await page.keyboard.press('Enter');
  await invalidField(page);
  await page.getByLabel('New password', { exact: true }).fill(NEW);
  await page.getByLabel('New password again').fill('something else');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password confirmation does not match.').waitFor();
  await assertAccessible(page, 'a new password with an error');
  await page.getByLabel('New password again').fill(NEW);
  await page.keyboard.press('Enter');
  await heading(page, 'Password changed');

  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, bob, { password: NEW });
  await at(page, `/${org.id}/tasks`);

  // The page is there for those who are signed in, too.
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('New password again').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await heading(page, 'This link does not work');
  await page.getByText('This link has been used already.').waitFor();
  await page.getByRole('button', { name: 'Ask for a new link' }).click();
  await heading(page, 'Forgotten password');
  await page.finish();
});

test('nobody learns whether an address has an account', async () => {
  const page = await browser.open(pawl);

  assert.equal(await ask(page, org.admin.email), await ask(page, 'nobody@example.com'));
  await page.finish();
});

test('a link that is opened beside another one takes its place', async () => {
  const bob = await pawl.user(org);
  const page = await browser.open(pawl);

  await page.goto('/password/reset#token=of-another-mail');
  await heading(page, 'Choose a new password');
  await pawl.api(null).post('/auth/password/email', { email: bob.email });
  await page.goto((await box.next({ to: bob.email })).link); // only the hash differs
  await page.waitForFunction(() => location.hash === '');
  await page.getByLabel('New password', { exact: true }).fill(NEW);
  await page.getByLabel('New password again').fill(NEW);
  await page.keyboard.press('Enter');
  await heading(page, 'Password changed');
  await page.finish();
});
