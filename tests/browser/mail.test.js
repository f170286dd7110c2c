// Settings > Mail: with a mail server, and without one, when an administrator passes links on.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, expect } from '../lib/expect.js';
import { startMailbox } from '../lib/mailbox.js';
import { startServer } from '../harness.js';
import { assertAccessible, startBrowser } from './browser.js';

const browser = await startBrowser();
after(() => browser.stop());

// A server with its organization, ended with the test.
async function start(t, settings) {
  const pawl = await startServer({ settings });
  t.after(() => pawl.stop());
  return { pawl, org: await pawl.org({ name: 'Northwind' }) };
}

async function open({ pawl, org }) {
  const page = await browser.open(pawl, { person: org.admin });
  await page.goto(`/${org.id}/settings/organization/mail`);
  await page.getByRole('heading', { name: 'Mail', level: 1 }).waitFor();
  return page;
}

const row = (page, words) => page.getByRole('row').filter({ hasText: words });

test('without a mail server the page says how to have one, and shows what waits', async (t) => {
  const world = await start(t);
  const page = await open(world);
  await page.getByText('No mail server is set up, so nothing is sent.').waitFor();
  await page.getByText('PAWL_SMTP_URL').waitFor();
  await page.getByText('No mail yet').waitFor();
  await page.getByRole('button', { name: 'Send a test to me' }).click();
  await page.getByText('A test mail waits below').waitFor();
  await row(page, world.org.admin.email).getByText('Waiting').waitFor();
  await assertAccessible(page, 'mail that waits');
  await row(page, world.org.admin.email).getByRole('button', { name: /^Open/ }).click();
  await page.getByRole('dialog').getByText(/test/i).first().waitFor();
  await page.finish();
});

test('the link of a waiting mail is copied, and works', async (t) => {
  const world = await start(t);
  const { pawl, org } = world;
  const bob = await pawl.user(org);
  expect(await pawl.api(null).post('/auth/password/email', { email: bob.email }), 200);

  const page = await open(world);
  await row(page, bob.email).getByRole('button', { name: /^Open/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Copy Link' }).click();
  await assertAccessible(page, 'a mail that waits');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/password\/reset#token=\w+$/);
  const token = link.split('=').at(-1);
  const password = 'staple battery horse';
  expect(
    await pawl
      .api(null)
      .post('/auth/password/reset', { token, password, password_confirmation: password }),
    200,
  );
  await pawl.session(bob, { password });
  await page.finish();
});

test('a mail that could not be sent is tried again', async (t) => {
  const box = await startMailbox();
  t.after(() => box.stop());
  box.refusal = () => Object.assign(new Error('no such user here'), { responseCode: 550 });
  const world = await start(t, box.settings);
  const page = await open(world);
  await page.getByRole('button', { name: 'Send a test to me' }).click();
  await page.getByText(`A test mail is on its way to ${world.org.admin.email}`).waitFor();
  const line = row(page, world.org.admin.email);
  await eventually(async () => {
    await page.reload();
    await line.waitFor();
    return (await line.getByText('no such user here').count()) > 0;
  }, 'the refusal is shown');
  await assertAccessible(page, 'a mail that failed');

  box.refusal = () => null;
  await line.getByRole('button', { name: /^Try again/ }).click();
  await page.getByText('It is tried again now').waitFor();
  await box.next({ to: world.org.admin.email });
  await eventually(async () => {
    await page.reload();
    await line.waitFor();
    return (await line.getByText('Sent').count()) > 0;
  }, 'the mail is shown as sent');
  assert.equal(await line.getByRole('button').count(), 0);
  await page.finish();
});
