// Getting in and out: the one-time link, the session, and moving between organizations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { assertAccessible, at, openAccountMenu, signIn, withBrowser } from './browser.js';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
let org;

test('the one-time link makes the first organization and signs in', async () => {
  const link = new RegExp(`${pawl.url}/setup#code=\\S+`).exec(pawl.log)[0];
  const page = await browser.open(pawl);

  // Without the link the page asks for the code in it.
  await page.goto('/');
  await page.getByLabel('Set-up code').waitFor();
  await assertAccessible(page, 'set-up without a code');
  await page.goto('about:blank');

  await page.goto(link);
  assert.equal(await page.getByLabel('Set-up code').count(), 0);
  await page.getByLabel('Organization name').fill('First & Only');
  await page.getByLabel('First name').fill('Eva');
  await page.getByLabel('Last name').fill('Élan');
  await page.getByLabel('E-mail').fill('eva@example.com');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create and sign in' }).click();

  // Refused beside the field, which gets the focus; nothing typed is lost.
  const password = page.getByLabel('Password', { exact: true });
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  assert.equal(await password.getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('First name').inputValue(), 'Eva');
  await assertAccessible(page, 'set-up with an error');

  await password.fill(PASSWORD);
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await at(page, /^\/[0-9a-f]{32}\/tasks$/);
  await page.getByText('Nothing waiting for you').waitFor();
  await page.waitForFunction(() => /Tasks.*Pawl/.test(document.title));
  assert.doesNotMatch(page.url(), /code=/);

  await page.goto(link);
  await page.getByRole('heading', { name: 'Pawl is set up' }).waitFor();
  await page.finish();
  org = await pawl.org({ name: 'Northwind' });
});

test('a wrong password and an unknown address get the same sentence', async () => {
  const page = await browser.open(pawl);
  const sentences = [];

  await page.goto('/login');
  for (const person of [org.admin, { email: 'nobody@example.com' }]) {
    await signIn(page, person, { password: 'not the password' });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    sentences.push(await alert.locator('p').first().textContent());
    await page.reload();
  }
  assert.equal(sentences[0], 'The e-mail address or the password is not right.');
  assert.equal(sentences[1], sentences[0]);
  await page.finish();
});

test('after too many attempts the page says how long to wait', async () => {
  const bob = await pawl.user(org);
  const page = await browser.open(pawl);
  const locked = page.getByRole('button', { name: /Try again in \d+ seconds?/ });

  await page.goto('/login');
  for (let tries = 0, status = 0; tries < 30 && status !== 429; tries++) {
    const answer = page.waitForResponse(/\/session$/);
    await signIn(page, bob, { password: 'not the password' });
    status = (await answer).status();
    if (status === 401) await page.locator('button[type=submit]:not([aria-disabled])').waitFor();
  }
  await locked.waitFor();
  await page.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor();
  await page.finish();
});

test('a deep link survives the sign-in', async () => {
  const page = await browser.open(pawl);

  await page.goto(`/${org.id}/tasks?view=everyone&q=plants`);
  await signIn(page, org.admin);
  await page.getByRole('heading', { name: 'No task matches' }).waitFor();
  assert.equal(await page.getByLabel('Search tasks').inputValue(), 'plants');
  await page.finish();
});

test('an address of another site is not followed after the sign-in', async () => {
  const page = await browser.open(pawl);

  await page.goto('/login?next=//example.com/');
  await signIn(page, org.admin);
  await at(page, `/${org.id}/tasks`);
  await page.finish();
});

test('signing out ends the session', async () => {
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto(`/${org.id}/tasks`);
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await at(page, '/login');
  await page.goto(`/${org.id}/tasks`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.finish();
});

test('the page at /logout signs out without the menu', async () => {
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto('/logout');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await page.finish();
});

test('the same page signs out of every browser', async () => {
  const page = await browser.open(pawl, { person: org.admin });
  const other = await browser.open(pawl, { person: org.admin });

  await page.goto('/logout');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await other.goto(`/${org.id}/tasks`);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.finish();
  await other.finish();
});

test('a session that ended elsewhere leads to the sign-in and back', async () => {
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto(`/${org.id}/tasks`);
  await page.getByText('Nothing waiting for you').waitFor();
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Everyone' }).click();
  await signIn(page, org.admin);
  await page.getByText('Nothing is open').waitFor();
  await page.finish();
});

test('the organization switcher moves, is remembered, and creates', async () => {
  const second = await pawl.org({ name: 'Side Project' });
  await pawl.user(second, { email: org.admin.email, role: 'standard' });
  const page = await browser.open(pawl, { person: org.admin });
  const switcher = (name) =>
    page.getByRole('button', { name: `${name} Switch organization` });

  await page.goto(`/${org.id}/tasks`);
  await switcher('Northwind').click();
  await page.getByRole('link', { name: /Side Project/ }).click();
  await at(page, `/${second.id}/tasks`);
  await switcher('Side Project').waitFor();

  await page.goto('/');
  await at(page, `/${second.id}/tasks`);

  // A link into the other one switches by itself.
  await page.goto(`/${org.id}/settings/profile`);
  await switcher('Northwind').click();
  await page.getByRole('link', { name: 'Create an organization' }).click();
  await page.getByLabel('Organization name').fill('Third Thing');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await switcher('Third Thing').waitFor();
  await page.finish();
});

test('an organization one is not in says so', async () => {
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto(`/${'f'.repeat(32)}/tasks`);
  await page.getByRole('heading', { name: 'Not your organization' }).waitFor();
  await page.getByRole('link', { name: 'Go to my tasks' }).click();
  await at(page, /\/tasks$/);
  await page.finish();
});
