// A device that cannot show a page: its code, typed or followed, and what it may do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../harness.js';
import { expect } from '../lib/expect.js';
import { assertAccessible, signIn, tabTo, withBrowser } from './browser.js';

const COMMAND_LINE = '2'; // built in
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
const org = await pawl.org({ name: 'Northwind' });

const begin = async () =>
  expect(
    await pawl.api(null).post('/oauth/device_authorization', { client_id: COMMAND_LINE }), 200,
  ).body;

// What the device hears when it asks. It may do so every few seconds only.
async function poll({ device_code, interval }) {
  pawl.clock.advance((interval + 1) * 1000);
  return pawl.api(null).post('/oauth/token', {
    grant_type: DEVICE_GRANT, client_id: COMMAND_LINE, device_code,
  });
}

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();
const asked = (page) => heading(page, 'Let Pawl command line act for you?');

test('a code typed by hand, carelessly, connects the device; by keyboard alone', async () => {
  const device = await begin();
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto('/device');
  await heading(page, 'Connect a device');
  await page.getByText('Go on only if you started this yourself').waitFor();
  await page.keyboard.type('BCD');
  await page.keyboard.press('Enter');
  await page.getByText('A code has eight letters.').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(` ${device.user_code.replace('-', ' ').toLowerCase()} `);
  await page.keyboard.press('Enter');
  await asked(page);
  await page.getByText(device.user_code).waitFor();
  await tabTo(page, page.getByLabel('Full access'));
  await page.keyboard.press('Space');
  await assertAccessible(page, 'a device that asks');
  await tabTo(page, page.getByRole('button', { name: 'Yes, Continue' }));
  await page.keyboard.press('Enter');
  await heading(page, 'Device connected');
  await assertAccessible(page, 'a device that is connected');

  const { body } = expect(await poll(device), 200);
  expect(await pawl.api(body.access_token).get(`${org.path}/me/tasks`), 200);
  await page.finish();
});

test('a code in a link is filled in, and allows nothing by itself', async () => {
  const device = await begin();
  const page = await browser.open(pawl);

  await page.goto(`/device?user_code=${device.user_code}`);
  await signIn(page, org.admin);
  await heading(page, 'Connect a device');
  assert.equal(await page.getByLabel('Code', { exact: true }).inputValue(), device.user_code);
  assert.equal((await poll(device)).body.error, 'authorization_pending');
  await page.getByRole('button', { name: 'Continue' }).click();
  await asked(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await heading(page, 'Not connected');
  assert.equal((await poll(device)).body.error, 'access_denied');

  // It has been answered.
  await page.getByRole('button', { name: 'Enter another code' }).click();
  await page.getByLabel('Code', { exact: true }).fill(device.user_code);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  await assertAccessible(page, 'a code that is not known');
  await page.finish();
});

test('guessing codes is stopped', async () => {
  const page = await browser.open(pawl, { person: org.admin });
  const stopped = page.getByText(/Too many attempts/);

  await page.goto('/device');
  for (let tries = 0; tries < 15 && !(await stopped.isVisible()); tries++) {
    await page.getByLabel('Code', { exact: true }).fill('BCDFGHJK');
    const answer = page.waitForResponse(/\/oauth\/device/);
    await page.keyboard.press('Enter');
    await answer;
    await page.locator('button[type=submit]:not([aria-disabled])').waitFor();
  }
  await stopped.waitFor();
  await page.finish();
});
