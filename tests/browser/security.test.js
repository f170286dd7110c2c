// Settings > Security: the second factor, the sessions, the password and the e-mail address.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { expect, refused } from '../lib/expect.js';
import { startMailbox } from '../lib/mailbox.js';
import { totp } from '../lib/totp.js';
import { PASSWORD, SECOND, startServer } from '../harness.js';
import { assertAccessible, at, signIn, tabTo, withBrowser } from './browser.js';

const NEW_PASSWORD = 'staple battery horse';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 ' +
  '(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

const box = await startMailbox();
const { pawl, browser } = await withBrowser({
  pawl: await startServer({ settings: box.settings }),
  box,
});
let org, page;

beforeEach(async () => {
  org = await pawl.org({ name: 'Northwind' });
});

async function open(person = org.admin) {
  page = await browser.open(pawl, { person });
  await page.goto(`/${org.id}/settings/security`);
  await page.getByRole('heading', { name: 'Security', level: 1 }).waitFor();
}

const section = (name) => page.getByRole('region', { name, exact: true });
const factor = () => section('Second factor');

// Presses a button of the second factor's panel and gives the password that it asks for.
async function withPassword(button, title = button) {
  await factor().getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button').filter({ hasText: /^(Continue|New|Turn off)/ }).click();
}

// Turns the second factor on as a person does: { secret, codes }.
async function turnOn() {
  await withPassword('Turn on', 'Turn on the second factor');
  const dialog = page.getByRole('dialog', { name: 'Turn on the second factor' });
  await dialog.getByRole('img', { name: /^QR code/ }).waitFor();
  await dialog.getByRole('button', { name: 'Copy Secret' }).click();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  await dialog.getByLabel('Code from the app').fill(totp(secret, pawl.clock.now()));
  await page.keyboard.press('Enter');
  return { secret, codes: await recoveryCodes() };
}

async function recoveryCodes() {
  const dialog = page.getByRole('dialog', { name: 'Your recovery codes' });
  await dialog.waitFor();
  const codes = await dialog.getByRole('listitem').allTextContents();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
  return codes;
}

// Signs in anew, with a code in the field of that name.
async function signInWith(field, code) {
  page = await browser.open(pawl);
  await page.goto('/login');
  await signIn(page, org.admin);
  await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
  if (field === 'Recovery code')
    await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await page.getByLabel(field, { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Your account' }).waitFor();
}

const session = (code) =>
  pawl.api(null).post('/session', { email: org.admin.email, password: PASSWORD, code });

test('the second factor is turned on with an app, and asked for from then on', async () => {
  await open();
  await factor().getByText('Off').waitFor();
  const { secret, codes } = await turnOn();
  await factor().getByText('On', { exact: true }).waitFor();
  await factor().getByText('10 of 10').waitFor();
  assert.equal(new Set(codes).size, 10);

  await page.finish();

  // Each code is good for one sign-in, so the app has to show the next.
  pawl.clock.advance(30 * SECOND);
  await signInWith('Code', totp(secret, pawl.clock.now()));
  await page.finish();

  await signInWith('Recovery code', codes[0]);
  await page.goto(`/${org.id}/settings/security`);
  await factor().getByText('9 of 10').waitFor();
  await page.finish();
  refused(await session(), 401, 'SECOND_FACTOR_REQUIRED');
  refused(await session(codes[0]), 401, 'SECOND_FACTOR_INVALID');
});

test('a code that is not right turns nothing on', async () => {
  await open();
  await withPassword('Turn on', 'Turn on the second factor');
  const dialog = page.getByRole('dialog', { name: 'Turn on the second factor' });
  await dialog.getByRole('img', { name: /^QR code/ }).waitFor();
  await assertAccessible(page, 'the QR code');
  await dialog.getByLabel('Code from the app').fill('000000');
  await dialog.getByRole('button', { name: 'Confirm and turn on' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await page.keyboard.press('Escape');
  await page.reload();
  await factor().getByText('Off').waitFor();
  expect(await session(), 200);
  await page.finish();
});

test('recovery codes are shown once, copied, kept in a file and made anew', async () => {
  await open();
  const { codes: first } = await turnOn();
  await withPassword('New recovery codes');
  const dialog = page.getByRole('dialog', { name: 'Your recovery codes' });
  await dialog.waitFor();
  await assertAccessible(page, 'recovery codes');
  // Escape would lose what cannot be shown again.
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Copy Recovery codes' }).click();
  await dialog.getByText('Copied').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ]);
  const file = readFileSync(await download.path(), 'utf8');
  const second = await recoveryCodes();

  assert.deepEqual(copied.trim().split('\n'), second);
  for (const part of [org.admin.email, pawl.url, ...second]) assert.ok(file.includes(part), part);
  refused(await session(first[0]), 401, 'SECOND_FACTOR_INVALID');
  expect(await session(second[0]), 200);
  await page.finish();
});

test('the second factor is turned off with the password', async () => {
  await open();
  await turnOn();
  await withPassword('Turn off', 'Turn off the second factor?');
  await page.getByText('The second factor is off').waitFor();
  await factor().getByRole('button', { name: 'Turn on' }).waitFor();
  expect(await session(), 200);
  await page.finish();
});

test('sessions are listed, and another one is ended', async () => {
  await open();
  const other = expect(
    await pawl
      .api(null, { 'user-agent': SAFARI })
      .post('/session', { email: org.admin.email, password: PASSWORD }),
    200,
  );
  const phone = pawl.holder(other);
  await page.reload();
  const row = (name) =>
    section('Where you are signed in').getByRole('row').filter({ hasText: name });
  await row('This one').getByText('127.0.0.1').waitFor();
  assert.equal(await row('This one').getByRole('button').count(), 0);

  await row('Safari on iPhone').getByRole('button', { name: /^End/ }).click();
  const dialog = page.getByRole('dialog', { name: 'End this session?' });
  await dialog.getByText(/Safari on iPhone at 127\.0\.0\.1/).waitFor();
  await assertAccessible(page, 'ending a session');
  await dialog.getByRole('button', { name: 'End' }).click();
  await row('Safari on iPhone').waitFor({ state: 'detached' });
  assert.equal((await phone.get('/session')).data, null);
  await page.finish();
});

test('signing out everywhere ends all sessions and the personal token', async () => {
  await open();
  const other = await pawl.session(org.admin);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out everywhere?' });
  await dialog.getByText(/personal access token ends too/).waitFor();
  await assertAccessible(page, 'signing out everywhere');
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await at(page, '/login');
  assert.equal((await other.get('/session')).data, null);
  refused(await pawl.api(org.admin.token).get('/me'), 401);
  await signIn(page, org.admin);
  await page.getByRole('button', { name: 'Your account' }).waitFor();
  await page.finish();
});

test('the password is changed with the old one', async () => {
  await open();
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
  await page.getByRole('heading', { name: 'Security' }).waitFor();
  const other = await browser.open(pawl);
  await other.goto(`/${org.id}/settings/security`);
  await signIn(other, org.admin, { password: NEW_PASSWORD });
  await other.getByRole('heading', { name: 'Security' }).waitFor();
  await other.finish();
  await page.finish();
});

test('another e-mail address waits until it is confirmed', async () => {
  await open();
  const address = `moved-${org.id.slice(-6)}@example.com`;
  const panel = section('E-mail address');
  await panel.getByText(`You sign in as ${org.admin.email}.`).waitFor();
  await panel.getByLabel('New e-mail address').fill(address);
  await panel.getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await panel.getByRole('button', { name: 'Send a link there' }).click();
  await panel.getByText(`Waiting for ${address}`).waitFor();
  await assertAccessible(page, 'an address that waits');
  await page.reload();
  await panel.getByText(`Waiting for ${address}`).waitFor();

  const { token } = await box.next({ to: address });
  expect(await pawl.api(null).post('/auth/email/confirm', { token }), 200);
  await page.reload();
  await panel.getByText(`You sign in as ${address}.`).waitFor();
  assert.equal(await panel.getByText(/^Waiting for/).count(), 0);
  await page.finish();
});

test('the second factor is turned on without a mouse', async () => {
  await open();
  const { keyboard } = page;
  await tabTo(page, factor().getByRole('button', { name: 'Turn on' }));
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Turn on the second factor' }).waitFor();
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await page.getByRole('img', { name: /^QR code/ }).waitFor();
  const secret = (await page.getByRole('dialog').locator('.value code').textContent())
    .replaceAll(' ', '');
  await keyboard.type(totp(secret, pawl.clock.now()));
  await keyboard.press('Enter');
  const done = page.getByRole('dialog').getByRole('button', { name: 'Done' });
  await done.waitFor();
  await tabTo(page, done);
  await keyboard.press('Enter');
  await factor().getByText('10 of 10').waitFor();
  await page.finish();
});
