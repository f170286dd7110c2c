// Every screen, light and dark, wide and 320 px narrow: no serious fault for people who use a
// screen reader or a keyboard, and nothing that has to be scrolled sideways.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { oneOff } from '../lib/fixtures.js';
import { startServer } from '../harness.js';
import { assertAccessible, assertFits, DESKTOP, PHONE, withBrowser } from './browser.js';

const LONG_TITLE = `A title ${'that goes on '.repeat(12)}and a${'word'.repeat(30)}`;

const { pawl, browser } = await withBrowser({
  pawl: await startServer({ settings: { sign_up: 'yes' } }),
});
let org, late, client, invitation;

before(async () => {
  org = await pawl.org({ name: 'Northwind Traders' });
  const api = pawl.api(org.admin.token);
  const create = async (more) =>
    (await api.post(`${org.path}/tasks`, oneOff(org.admin, more))).data;

  late = await create({ title: 'Send the contract', deadline: '2020-01-01', summary: 'Now.' });
  await create({ title: LONG_TITLE, task_type: 'approval' });
  await create({ title: 'Together', everyone_must_complete: true });
  await api.post('/oauth/personal-access-tokens', { name: 'Nightly export', scopes: ['*'] });
  client = (await api.post(`${org.path}/oauth/clients`, { name: 'Warehouse sync' })).data;
  await api.post(`${org.path}/mails/test`);
  const { link } = await pawl.admin(['user', 'invite', '--org', org.id, '--role', 'light',
    '--email', 'new@example.com']);
  invitation = `/invitation${new URL(link).hash}`;
});

const outside = () => [
  ['sign-in', '/login', 'Sign in'],
  ['sign-up', '/register', 'Create an account'],
  ['forgotten password', '/password/reset', 'Forgotten password'],
  ['new password', '/password/reset#token=secret', 'Choose a new password'],
  ['confirm address', '/verify#token=secret', 'Confirm your address'],
  ['change address', '/email#token=secret', 'Change your address'],
  ['broken link', '/verify', 'This link does not work'],
  ['invitation', invitation, 'Join Northwind Traders'],
  ['broken invitation', '/invitation#token=secret', 'This invitation does not work'],
];

// What the built-in client asks for.
const QUESTION = 'Let Pawl command line act for you?';
const REQUEST = new URLSearchParams({
  client_id: '2',
  redirect_uri: 'http://127.0.0.1/',
  response_type: 'code',
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
});

const inside = () => [
  ['tasks', `/${org.id}/tasks`, 'Tasks'],
  ['an empty list', `/${org.id}/tasks?view=archived`, 'The archive is empty'],
  ['filtered to nothing', `/${org.id}/tasks?q=nothing+like+it`, 'No task matches'],
  ['a task', `/${org.id}/tasks/${late.id}`, 'Send the contract'],
  ['a task that is not there', `/${org.id}/tasks/${'0'.repeat(32)}`, 'This task cannot be shown'],
  ['new task', `/${org.id}/tasks/new`, 'New task'],
  ['profile', `/${org.id}/settings/profile`, 'Profile'],
  ['security', `/${org.id}/settings/security`, 'Security'],
  ['connected', `/${org.id}/settings/connected`, 'Connected applications'],
  ['REST API', `/${org.id}/settings/integrations/rest-api`, 'REST API'],
  ['new token', `/${org.id}/settings/integrations/rest-api?new=token`, 'Create token'],
  ['applications', `/${org.id}/settings/integrations/applications`, 'Applications'],
  [
    'new application',
    `/${org.id}/settings/integrations/applications?new=application`,
    'Register application',
  ],
  [
    'an application',
    `/${org.id}/settings/integrations/applications/${client.id}`,
    'Warehouse sync Confidential',
  ],
  ['tokens', `/${org.id}/settings/organization/tokens`, 'Tokens'],
  ['mail', `/${org.id}/settings/organization/mail`, 'Mail'],
  ['activity', `/${org.id}/settings/organization/activity`, 'Activity'],
  ['create organization', '/organizations/create', 'Create an organization'],
  ['device', '/device', 'Connect a device'],
  ['consent', `/oauth/authorize?${REQUEST}`, QUESTION],
  ['consent for a connector', `/mcp/oauth/authorize?${REQUEST}`, QUESTION],
  ['a bad request for consent', '/oauth/authorize', 'This request is not valid'],
  ['sign-out', '/logout', 'Sign out?'],
  ['somebody else’s organization', `/${'f'.repeat(32)}/tasks`, 'Not your organization'],
  ['nowhere', `/${org.id}/nowhere`, 'Nothing here'],
];

async function look(page, [name, path, heading], kind) {
  await page.goto(path);
  // A task beside the list has its title twice over on a wide screen.
  await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
  await assertAccessible(page, `${name}, ${kind}`);
  await assertFits(page, `${name}, ${kind}`);
}

for (const colorScheme of ['light', 'dark'])
  for (const [size, viewport] of [['wide', DESKTOP], ['narrow', PHONE]]) {
    const kind = `${colorScheme}, ${size}`;

    test(`every screen is accessible and fits: ${kind}`, async () => {
      const stranger = await browser.open(pawl, { colorScheme, viewport });
      for (const screen of outside()) await look(stranger, screen, kind);
      await stranger.finish();

      const page = await browser.open(pawl, { person: org.admin, colorScheme, viewport });
      for (const screen of inside()) await look(page, screen, kind);
      await page.finish();
    });
  }

test('menus and help are accessible when they are open', async () => {
  const page = await browser.open(pawl, { person: org.admin });

  await page.goto(`/${org.id}/tasks`);
  for (const name of ['Your account', 'Northwind Traders Switch organization']) {
    const opener = page.getByRole('button', { name });
    await opener.click();
    await assertAccessible(page, name);
    await page.keyboard.press('Escape');
    assert.ok(await opener.evaluate((element) => element === document.activeElement), name);
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await assertAccessible(page, 'keyboard help');
  await page.finish();
});

test('the theme can be forced against the system', async () => {
  const page = await browser.open(pawl, { person: org.admin, colorScheme: 'light' });
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  await page.goto(`/${org.id}/settings/profile`);
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  const dark = await ground();
  assert.notEqual(dark, light);
  await assertAccessible(page, 'forced dark');

  await page.reload();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  assert.equal(await ground(), dark);
  await page.finish();
});
