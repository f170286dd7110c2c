// Making an account, and proving the address of it.

import { test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { newAddress, startOpen } from '../lib/accounts.js';
import { assertAccessible, at, signIn, withBrowser } from './browser.js';

const { pawl, box, browser } = await withBrowser(await startOpen());
await pawl.org(); // no longer to be set up

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();

test('somebody signs up, confirms the address, and has an organization', async () => {
  const email = newAddress();
  const page = await browser.open(pawl);

  await page.goto('/login');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await heading(page, 'Create an account');
  await page.getByLabel('First name').fill('Nora');
  await page.getByLabel('Last name').fill('Neu');
  await page.getByLabel('E-mail').fill('not an address');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Organization name').fill('Neu & Söhne');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await assertAccessible(page, 'a sign-up with an error');
  await page.getByLabel('E-mail').fill(email);
  await page.keyboard.press('Enter');
  await heading(page, 'Look at your mail');

  await page.goto((await box.next({ to: email })).link);
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await heading(page, 'Address confirmed');
  await page.getByRole('link', { name: 'Go on' }).click();
  await signIn(page, { email });
  await at(page, /^\/[0-9a-f]{32}\/tasks$/);
  await page.getByRole('button', { name: 'Neu & Söhne' }).waitFor();
  await page.finish();
});

test('a link without its end, and one that is none, say so', async () => {
  const page = await browser.open(pawl);

  await page.goto('/verify');
  await heading(page, 'This link does not work');
  await page.getByText('Its end is missing').waitFor();
  await page.goto('/email#token=wrong');
  await page.getByRole('button', { name: 'Use this address' }).click();
  await heading(page, 'This link does not work');
  await page.finish();
});

test('where nobody may sign up, the page says so and nothing leads to it', async () => {
  const closed = await startServer();

  try {
    await closed.org();
    const page = await browser.open(closed);
    await page.goto('/register');
    await heading(page, 'Sign-up is closed');
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await heading(page, 'Sign in');
    await page.getByRole('link', { name: 'Create an account' }).waitFor({ state: 'detached' });
    await page.finish();
  } finally {
    await closed.stop();
  }
});
