// Letting an application act for somebody, with an application that waits on loopback for the
// answer and trades its code for a token.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { signUp, startOpen } from '../lib/accounts.js';
import { expect } from '../lib/expect.js';
import {
  assertAccessible, PHONE, renewSession, signIn, tabTo, withBrowser,
} from './browser.js';

const world = await withBrowser(await startOpen());
const { pawl, browser } = world;
const org = await pawl.org({ name: 'Northwind' });
const second = await pawl.org({ name: 'Side Project' });
await pawl.user(second, { email: org.admin.email });
const application = await startApplication();
after(() => application.stop());

// A program that waits for people to come back, and says so to them. The operator has registered
// it; as a connector (/mcp) it has registered itself.
async function startApplication() {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<h1>Back at the application</h1>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const redirect = `http://127.0.0.1:${server.address().port}/back`;
  const verifier = randomBytes(32).toString('base64url');
  const registered = await pawl.admin(['client', 'create', '--name', 'Night Owl', '--public',
    '--grant', 'authorization_code', '--redirect-uri', redirect]);
  const connector = await pawl.api(null).post('/mcp/oauth/register', {
    client_name: 'Night Owl', redirect_uris: [redirect], token_endpoint_auth_method: 'none',
  });
  const id = { '': registered.client_id, '/mcp': expect(connector, 201).body.client_id };

  return {
    redirect,
    // Where it sends people. The state holds what a careless copy of the query would change.
    address: (more = {}, by = '') =>
      `${by}/oauth/authorize?${new URLSearchParams({
        client_id: id[by],
        redirect_uri: redirect,
        response_type: 'code',
        state: 'a+b c%20d&e=ü',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...more,
      })}`,
    // Waits until the browser is back, and answers what it brought.
    async answer(page) {
      await page.getByRole('heading', { name: 'Back at the application' }).waitFor();
      const query = new URL(page.url()).searchParams;
      assert.equal(query.get('state'), 'a+b c%20d&e=ü');
      assert.equal(query.get('iss'), pawl.url);
      return query;
    },
    // Trades the code of an answer.
    token: async (answer, by = '') =>
      expect(
        await pawl.api(null).post(`${by}/oauth/token`, {
          grant_type: 'authorization_code',
          client_id: id[by],
          redirect_uri: redirect,
          code: answer.get('code'),
          code_verifier: verifier,
        }),
        200,
      ).body,
    stop: () => once(server.close(), 'close'),
  };
}

// The application is another host, which pages of ours ask for nothing but by going there.
const open = (options) => browser.open(pawl, { elsewhere: application.redirect, ...options });

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor();
const asked = (page) => heading(page, 'Let Night Owl act for you?');
const allow = (page) => page.getByRole('button', { name: 'Yes, Continue' });

test('signing in, choosing, and a token that can do what was chosen', async () => {
  const page = await open();

  await page.goto(application.address({ scope: 'tasks.read users.read' }));
  await signIn(page, org.admin);
  await asked(page);
  await page.getByText(org.admin.email).waitFor();
  await page.getByText('Registered by the operator of this server').waitFor();
  await page.getByText(`Sends you back to ${new URL(application.redirect).host}`).waitFor();

  // Nothing is chosen in advance, and nothing can be sent before something is.
  assert.equal(await page.locator('input:checked').count(), 0);
  assert.ok(await allow(page).isDisabled());
  await page.getByLabel('Side Project').check();
  await page.getByText('Choose at least one permission.').waitFor();
  assert.ok(await allow(page).isDisabled());
  await page.getByLabel('See tasks').check();
  await assertAccessible(page, 'consent, chosen');
  await allow(page).click();

  const { access_token: token } = await application.token(await application.answer(page));
  const api = pawl.api(token);
  expect(await api.get(`${second.path}/tasks`), 200);
  expect(await api.get(`${second.path}/users`), 403);
  expect(await api.get(`${org.path}/tasks`), 403);

  // The next time it says that it was allowed before, and still chooses nothing.
  await page.goto(application.address({ scope: 'tasks.read users.read' }));
  await page.getByText('You allowed this application before').waitFor();
  await page.getByText('Allowed before', { exact: true }).waitFor();
  assert.equal(await page.locator('input:checked').count(), 0);
  await page.finish();
});

test('Cancel goes back empty-handed', async () => {
  const page = await open({ person: org.admin });

  await page.goto(application.address());
  await asked(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await application.answer(page)).get('error'), 'access_denied');
  await page.finish();
});

test('by keyboard alone, on a phone: every permission of a connector has its box', async () => {
  const page = await open({ person: org.admin, viewport: PHONE });
  const press = (key) => page.keyboard.press(key);

  await page.goto(application.address({}, '/mcp'));
  await asked(page);
  await page.getByText('Unverified').waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 12);
  await tabTo(page, page.getByLabel('Northwind'));
  await press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Select all' }));
  await press('Enter');
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 12);
  await tabTo(page, page.getByRole('checkbox').first());
  await press('Space');
  await page.getByText('11 of 12 chosen').first().waitFor();
  await tabTo(page, allow(page));
  await press('Enter');

  const { scope } = await application.token(await application.answer(page), '/mcp');
  assert.equal(scope.split(' ').length, 11);
  await page.finish();
});

test('somebody else signs in to answer, and the first stays signed in until then', async () => {
  const bob = await pawl.user(org);
  const page = await open({ person: org.admin });

  await page.goto(application.address());
  await asked(page);
  await page.getByRole('button', { name: 'Not you? Use another account' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await asked(page);
  await page.getByRole('button', { name: 'Not you? Use another account' }).click();
  await signIn(page, bob);
  await page.getByText(bob.email).waitFor();
  // A single organization is stated, not asked.
  await page.getByText('In your organization Northwind').waitFor();
  assert.equal(await page.getByRole('radio').count(), 0);
  await page.finish();
});

test('what one person chose is not sent for another who has signed in in another tab', async () => {
  const bob = await pawl.user(org);
  const page = await open({ person: bob });

  await page.goto(application.address());
  await page.getByLabel('Full access').check();
  await renewSession(page, pawl, org.admin);
  await allow(page).click();
  await page.getByText(org.admin.email).waitFor();
  assert.equal(await page.locator('input:checked').count(), 0);
  assert.equal(new URL(page.url()).origin, pawl.url);
  await page.finish();
});

test('an address that is not registered is never gone to', async () => {
  const page = await open({ person: org.admin });

  await page.goto(application.address({ redirect_uri: 'https://evil.example/take' }));
  await heading(page, 'This request is not valid');
  assert.ok(!(await page.content()).includes('evil.example'));
  await assertAccessible(page, 'a request that is not valid');
  await page.finish();
});

test('a faulty request of one that registered itself leads nowhere', async () => {
  const page = await open({ person: org.admin });

  await page.goto(application.address({ response_type: 'x' }, '/mcp'));
  await heading(page, 'This request is not valid');
  assert.equal(new URL(page.url()).origin, pawl.url);
  assert.equal(await page.getByRole('link').count(), 1); // home
  assert.ok(!(await page.content()).includes(new URL(application.redirect).host));
  await page.finish();
});

test('a name that runs the other way takes no word of ours along', async () => {
  const name = 'بومة الليل';
  const { client_id } = expect(await pawl.api(null).post('/mcp/oauth/register', {
    client_name: name, redirect_uris: [application.redirect], token_endpoint_auth_method: 'none',
  }), 201).body;
  const page = await open({ person: org.admin });

  await page.goto(application.address({ client_id }, '/mcp'));
  await heading(page, `Let ${name} act for you?`);
  assert.equal(await page.locator('h1 bdi').textContent(), name);
  assert.ok((await page.title()).startsWith(`Let \u2068${name}\u2069 act for you?`));
  await page.finish();
});

test('an address that is not confirmed yet comes first', async () => {
  const { email, token } = await signUp(world, { organization_name: 'New Ltd' });
  const page = await open({ person: { email } });

  await page.goto(application.address());
  await heading(page, 'Confirm your address first');
  await assertAccessible(page, 'an address to confirm');
  await page.getByRole('button', { name: 'Send the mail again' }).click();
  await page.getByText(`A new mail is on its way to ${email}`).waitFor();
  const again = (await world.box.next({ to: email })).token;
  assert.notEqual(again, token);
  expect(await world.nobody.post('/auth/verify', { token: again }), 200);
  await page.getByRole('button', { name: 'I have confirmed it' }).click();
  await asked(page);
  await page.finish();
});

test('who is in no organization as more than a light member is told, and can go back', async () => {
  const light = await pawl.user(org, { role: 'light' });
  const page = await open({ person: light });

  await page.goto(application.address());
  await heading(page, 'No organization to connect');
  await page.getByRole('link', { name: `Back to ${new URL(application.redirect).host}` }).click();
  assert.equal((await application.answer(page)).get('error'), 'access_denied');
  await page.finish();
});
