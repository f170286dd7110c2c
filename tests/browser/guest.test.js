// Where a guest's link leads: their tasks, their settings, and what is said when it leads nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../harness.js';
import { expect } from '../lib/expect.js';
import { codeOf, giveTask, newGuest } from '../lib/guests.js';
import { startMailbox } from '../lib/mailbox.js';
import { assertAccessible, assertFits, DESKTOP, PHONE, withBrowser } from './browser.js';

const PAGE_MOST = 60 * 1024;

const box = await startMailbox();
const { pawl, browser } = await withBrowser({
  pawl: await startServer({ settings: box.settings }), box,
});
const org = await pawl.org({ name: 'Northwind Traders' });
const admin = pawl.api(org.admin.token);
const stan = await pawl.user(org, { first: 'Stan', last: 'Dard' });

const gwen = await newGuest(pawl, org, 'gwen@example.com');
const late = await giveTask(pawl, org, gwen.email, {
  title: 'Sign the contract', deadline: '2020-01-02 03:04:05',
  summary: 'Every page.\nAnd the annex.',
});
await giveTask(pawl, org, gwen.email, {
  title: `A title ${'that goes on '.repeat(12)}and a${'word'.repeat(30)}`,
  owners: { users: [org.admin.id, stan.id], guests: [gwen.email, 'other@example.com'],
    groups: [] },
});
await giveTask(pawl, org, gwen.email, { title: 'Send the measurements' }).then(({ id: task_id }) =>
  admin.post(`${org.path}/completed-tasks`, { task_id }));

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();
const task = (page, title) => page.getByRole('listitem').filter({ hasText: title });

// A browser that has opened the link.
async function opened({ code }, options) {
  const page = await browser.open(pawl, options);

  await page.goto(`/guest/${code}`);
  await heading(page, 'All my tasks');
  return page;
}

test('the link shows what is to be done and what is done', async () => {
  const page = await opened(gwen);

  await page.getByText('Northwind Traders').waitFor();
  assert.equal(await page.title(), 'All my tasks · \u2068Northwind Traders\u2069');
  const first = task(page, late.title);

  await first.getByText(/days late · .*2 January 2020/).waitFor();
  await first.getByText('And the annex.').waitFor();
  await first.getByText('Together with Ada Admin', { exact: true }).waitFor();
  await task(page, 'A title').getByText(/Ada Admin, Stan Dard, other@example\.com$/).waitFor();
  assert.equal(await page.getByRole('listitem').count(), 2);
  await page.getByRole('tab', { name: 'Done' }).click();
  await task(page, 'Send the measurements').waitFor();
  assert.equal(await page.getByRole('listitem').count(), 1);
  assert.equal(await page.getByRole('navigation').count(), 0, 'no way into the app');
  await page.finish();
});

test('the code leaves the address bar and the history, and reloading needs none', async () => {
  const page = await browser.open(pawl);
  const sent = [];

  page.on('request', (request) => sent.push(request));
  await page.goto('/login');
  await page.goto(`/guest-all-task/${org.id}/${gwen.code}`);
  await heading(page, 'All my tasks');
  assert.equal(page.url(), `${pawl.url}/guest/tasks`);
  for (const request of sent.filter((one) => !one.isNavigationRequest()))
    assert.ok(!request.url().includes(gwen.code) && !request.headers().referer?.includes(gwen.code),
      request.url());
  await page.reload();
  await task(page, late.title).waitFor();
  await page.goBack();
  await page.goForward();
  await task(page, late.title).waitFor();
  assert.equal(page.url(), `${pawl.url}/guest/tasks`);
  assert.equal(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    '[{},{}]',
  );
  await page.finish();
});

test('all of the page is small', async () => {
  const page = await browser.open(pawl);
  const sizes = [];

  page.on('requestfinished', (request) =>
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize)));
  await page.goto(`/guest/${gwen.code}`);
  await task(page, late.title).waitFor();
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);

  assert.ok(total > 10_000 && total < PAGE_MOST, `${total} bytes`);
  await page.finish();
});

test('somebody who is signed in elsewhere sees the guest\'s tasks all the same', async () => {
  const away = await pawl.org({ name: 'Away' });
  const page = await opened(gwen, { person: away.admin });

  await task(page, late.title).waitFor();
  await page.finish();
});

test('settings are kept', async () => {
  const guest = await newGuest(pawl, org, 'settings@example.com');
  const page = await opened(guest);
  const open = () => page.getByRole('button', { name: 'Language, time zone and mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your settings' });

  await open();
  await dialog.getByLabel('Language').selectOption('pt');
  await dialog.getByLabel('Time zone').selectOption('Europe/Athens');
  await dialog.getByLabel('Choose the days myself').check();
  await dialog.getByLabel('Monday').uncheck();
  await assertAccessible(page, 'the settings');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Your settings were saved.').waitFor();
  const { details } = expect(await admin.get(`${org.path}/guests/${guest.email}`), 200).data;

  assert.equal(details.timezone, 'Europe/Athens');
  assert.ok(!details.cadence_days.includes('Monday') && details.cadence_days.length > 0);
  await page.reload();
  await open();
  assert.equal(await dialog.getByLabel('Language').inputValue(), 'pt');
  assert.equal(await dialog.getByLabel('Monday').isChecked(), false);
  await dialog.getByLabel('Choose the days myself').uncheck();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Your settings were saved.').waitFor();
  assert.equal(
    expect(await admin.get(`${org.path}/guests/${guest.email}`), 200).data.details.cadence_days,
    null,
  );
  await page.finish();
});

test('with nothing to do it says so', async () => {
  const page = await opened(await newGuest(pawl, org, 'idle@example.com'));

  await heading(page, 'All done.');
  await page.getByText('We will e-mail you if something else comes up.').waitFor();
  await page.finish();
});

test('long lists come in pages', async () => {
  const guest = await newGuest(pawl, org, 'busy@example.com');

  for (let i = 0; i < 12; i++)
    await giveTask(pawl, org, guest.email, { title: `Number ${i}`, deadline: '2031-01-01' });
  const page = await opened(guest);

  await page.getByText('Page 1 of 2').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Page 2 of 2').waitFor();
  assert.equal(await page.getByRole('listitem').count(), 2);
  await page.finish();
});

test('a link that was replaced leads to a new one', async () => {
  const guest = await newGuest(pawl, org, 'replaced@example.com');
  const now = expect(await admin.put(`${org.path}/guests/${guest.email}/reset-link`), 200).data;

  await box.next({ to: guest.email });
  const page = await browser.open(pawl);

  await page.goto(`/guest/${guest.code}`);
  await heading(page, 'This link was replaced');
  assert.equal(page.url(), `${pawl.url}/guest/tasks`);
  await page.getByLabel('E-mail').fill('nonsense');
  await page.getByRole('button', { name: 'Send me my link' }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  await page.getByLabel('E-mail').fill(guest.email);
  await page.keyboard.press('Enter');
  await page.getByText(`If there are tasks for ${guest.email}`).waitFor();
  const { link } = await box.next({ to: guest.email });

  assert.equal(link, now.link);
  await page.goto(link);
  await heading(page, 'All my tasks');
  await page.finish();
});

test('without a link, with one that is switched off, and after leaving', async () => {
  const guest = await newGuest(pawl, org, 'off@example.com');
  const page = await browser.open(pawl);

  await page.goto('/guest/tasks');
  await heading(page, 'Open your link again');
  await page.goto(`/guest/${guest.code}`);
  await page.getByRole('button', { name: 'Leave this page' }).click();
  await heading(page, 'You have left');
  await page.reload();
  await heading(page, 'Open your link again');
  expect(await admin.delete(`${org.path}/guests/${guest.email}/disable`), 200);
  await page.goto(`/guest/${codeOf(guest)}`);
  await heading(page, 'Your access is switched off');
  await page.getByText(/at Northwind Traders has been switched off/).waitFor();
  await page.finish();
});

test('a session that is over while the page is open says how to go on', async () => {
  const page = await opened(gwen);

  await page.context().clearCookies();
  await page.getByRole('tab', { name: 'Done' }).click();
  await heading(page, 'Open your link again');
  await page.finish();
});

for (const viewport of [DESKTOP, PHONE])
  for (const colorScheme of ['light', 'dark'])
    test(`for everybody: ${colorScheme}, ${viewport.width} px`, async () => {
      const page = await opened(gwen, { viewport, colorScheme });

      await task(page, late.title).waitFor();
      await assertAccessible(page, 'tasks');
      await assertFits(page, 'tasks');
      await page.getByRole('button', { name: 'Language, time zone and mail' }).click();
      await page.getByLabel('Choose the days myself').check();
      await assertAccessible(page, 'settings');
      await assertFits(page, 'settings');
      await page.goto('/guest/tasks');
      await page.context().clearCookies();
      await page.reload();
      await heading(page, 'Open your link again');
      await assertAccessible(page, 'no link');
      await assertFits(page, 'no link');
      await page.finish();
    });

test('a task that comes through a group says who made it', async () => {
  const guest = await newGuest(pawl, org, 'grace@example.com');
  const { id: crew } = expect(await admin.post(`${org.path}/groups`,
    { name: 'Crew', members: [stan.id], guests: [guest.email] }), 201).data;

  await giveTask(pawl, org, guest.email, { title: 'Count the boxes',
    owners: { users: [], guests: [], groups: [crew] } });
  const page = await opened(guest);
  await task(page, 'Count the boxes').getByText('From Ada Admin', { exact: true }).waitFor();
  await page.getByText(/cannot mark it as done here yet/).waitFor();
  await page.finish();
});
