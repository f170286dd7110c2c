// The personal access token: shown on its page, good for six months, gone at sign-out.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { eventually, expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { PERSONAL_TOKEN, USER } from '../lib/shapes.js';

const SIX_MONTHS = 15_778_800 * SECOND;
const PAGE = '/session/personal-token';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const tasks = `/api${org.path}/me/tasks`;
const password = { password: PASSWORD };

// A member who never had a token, signed in.
async function newcomer(role = 'standard') {
  const { email } = await pawl.user(org, { role, withToken: false });
  const browser = await pawl.session({ email });
  return { email, browser };
}

const reveal = async (browser) =>
  expect(await browser.post(`${PAGE}/reveal`, password), 200).data.access_token;
const works = async (token) => expect(await pawl.api(token).get(tasks), 200);
const isDead = async (token) => refused(await pawl.api(token).get(tasks), 401, 'UNAUTHENTICATED');

test('the page issues the token on first view and shows it masked', async () => {
  const { browser } = await newcomer();
  const { data } = expect(await browser.get(PAGE), 200);

  shape(data, PERSONAL_TOKEN);
  assert.equal(data.kind, 'personal');
  assert.match(data.masked, /^eyJ0eXAi….{4}$/);
  assert.ok(Math.abs(data.expires_in - 15_778_800) < 60);
  isAbout(data.expires_at, pawl.clock, SIX_MONTHS);
  isAbout(data.created_at, pawl.clock, 0);
  assert.equal(data.last_used_at, null);
  assert.ok(!('access_token' in data));
  assert.equal(expect(await browser.get(PAGE), 200).data.id, data.id);

  const session = expect(await browser.get('/session'), 200).data.personal_token;
  assert.equal(session.expires_at, data.expires_at);
});

test('the token itself is shown to whoever knows the password', async () => {
  const { browser } = await newcomer();
  const answer = expect(await browser.post(`${PAGE}/reveal`, password), 200);

  shape(answer.data, PERSONAL_TOKEN);
  assert.match(answer.data.access_token, /^eyJ0eXAiOiJKV1Q[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.match(answer.headers.get('cache-control'), /no-store/);
  for (const wrong of ['wrong', '']) {
    const refusal = await browser.post(`${PAGE}/reveal`, { password: wrong });

    invalid(refusal, 'password');
    if (wrong) assert.deepEqual(refusal.body.errors.password, ['The password is not right.']);
  }
  invalid(await browser.post(`${PAGE}/reveal`, {}), 'password');
});

test('three headers and the token are enough', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);
  const answer = await fetch(`${pawl.url}${tasks}`, {
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json',
      'X-Tallyfy-Client': 'APIClient',
    },
  });

  assert.ok(answer.ok);
  assert.ok(Array.isArray((await answer.json()).data));
  refused(
    await pawl.api(token, { 'x-tallyfy-client': null }).get(tasks),
    401,
    'CLIENT_HEADER_REQUIRED',
  );
});

test('the same token is shown until sign-out, from every session', async () => {
  const { email, browser } = await newcomer();
  const token = await reveal(browser);
  const elsewhere = await pawl.session({ email });

  assert.equal(await reveal(browser), token);
  assert.equal(await reveal(elsewhere), token);
  await works(token);
});

test('it acts with the permissions of its owner', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);
  const boss = await pawl.session(org.admin);

  refused(await pawl.api(token).patch(org.path, { name: 'Mine' }), 403);
  expect(await pawl.api(await reveal(boss)).patch(org.path, { name: 'Acme' }), 200);
});

test('the operator may print it while making an account, and only then', async () => {
  const email = pawl.email('printed');
  const person = ['--org', org.id, '--email', email, '--role', 'light'];
  const made = await pawl.admin(['user', 'create', ...person, '--password-stdin', '--token'],
    { stdin: `${PASSWORD}\n` });

  await pawl.session({ email });
  assert.equal(made.expires_in, 15_778_800);
  assert.equal(made.access_token, await pawl.token(email));
  await works(made.access_token);

  const founder = ['org', 'create', '--name', 'Another', '--email', email];
  assert.ok(!('access_token' in (await pawl.admin(founder))));
  assert.equal((await pawl.admin([...founder, '--token'])).access_token, made.access_token);
  const other = ['user', 'password', '--email', email, '--token'];
  await assert.rejects(pawl.admin(other), /there is no option '--token' here/);
});

test('it opens every organization of its owner', async () => {
  const other = await pawl.org({ name: 'Other' });
  const { email, browser } = await newcomer();

  await pawl.admin(['user', 'create', '--org', other.id, '--email', email, '--role', 'light']);
  const api = pawl.api(await reveal(browser));
  expect(await api.get(org.path), 200);
  expect(await api.get(other.path), 200);
  assert.equal(expect(await api.get(`${other.path}/me`), 200).data.role, 'light');
});

test('it ends six months after it was issued, and the page makes another', async () => {
  const { email, browser } = await newcomer();
  const token = await reveal(browser);
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

  pawl.clock.advance(exp * SECOND - pawl.clock.now() - 60 * SECOND);
  await works(token);
  pawl.clock.advance(exp * SECOND - pawl.clock.now() + SECOND);
  await isDead(token);

  const later = await pawl.session({ email });
  const fresh = await reveal(later);
  assert.notEqual(fresh, token);
  await works(fresh);
});

test('signing out of the web app deletes it at once', async () => {
  const ways = [
    (browser) => browser.delete('/session'),
    (browser) => browser.post('/auth/logout'),
    (browser) =>
      browser.post('/logout', new URLSearchParams(), {
        headers: { 'sec-fetch-site': 'same-origin' },
      }),
  ];

  for (const signOut of ways) {
    const { email, browser } = await newcomer();
    const token = await reveal(browser);

    await works(token);
    assert.match(String((await signOut(browser)).status), /^(204|303)$/);
    await isDead(token);
    expect(await browser.get(PAGE), 401);
    const again = await pawl.session({ email });
    assert.equal(expect(await again.get('/session'), 200).data.personal_token, null);
    assert.notEqual(await reveal(again), token);
  }
});

test('signing out without a session of one’s own deletes nothing', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);

  expect(await pawl.api(null).delete('/session'), 204);
  await works(token);
});

test('rest and a lost cookie do not delete it', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);

  pawl.clock.advance(2 * DAY);
  expect(await browser.get('/me'), 401);
  await works(token);
});

test('a password set by the operator ends sessions and the token', async () => {
  const { email, browser } = await newcomer();
  const token = await reveal(browser);

  await pawl.admin(['user', 'password', '--email', email, '--password-stdin'], {
    stdin: 'a brand new battery\n',
  });
  await isDead(token);
  expect(await browser.get('/me'), 401);
  await pawl.session({ email }, { password: 'a brand new battery' });
});

test('a password changed while signed in leaves it alone', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);
  const changed = 'a brand new battery';

  expect(
    await browser.put(`${org.path}/me/update-password`, {
      current_password: PASSWORD,
      password: changed,
      password_confirmation: changed,
    }),
    200,
  );
  await works(token);
});

test('replacing it kills the old one', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);

  invalid(await browser.post(`${PAGE}/replace`, { password: 'wrong' }), 'password');
  await works(token);
  const answer = expect(await browser.post(`${PAGE}/replace`, password), 200);
  shape(answer.data, PERSONAL_TOKEN);
  assert.notEqual(answer.data.access_token, token);
  await isDead(token);
  await works(answer.data.access_token);
  assert.equal(await reveal(browser), answer.data.access_token);
});

test('deleting all tokens kills it and every other, and the session stays', async () => {
  const { browser } = await newcomer();
  const bystander = await newcomer();
  const token = await reveal(browser);
  const theirs = await reveal(bystander.browser);
  const named = expect(
    await browser.post('/oauth/personal-access-tokens', { name: 'robot' }),
    201,
  ).body.accessToken;

  expect(await browser.delete('/oauth/tokens'), 204);
  await isDead(token);
  await isDead(named);
  await works(theirs);
  expect(await browser.get('/me'), 200);
  await works(await reveal(browser));
});

test('light members have no token', async () => {
  const { email, browser } = await newcomer('light');

  refused(await browser.get(PAGE), 403, 'FORBIDDEN_ROLE', /^Light members cannot use API tokens/);
  refused(await browser.post(`${PAGE}/reveal`, password), 403, 'FORBIDDEN_ROLE');
  refused(await browser.post(`${PAGE}/replace`, password), 403, 'FORBIDDEN_ROLE');
  const login = expect(await pawl.api(null).post('/auth/login', { email, ...password }), 200);
  assert.equal(login.data.token, null);
});

test('the page is for browsers: a token cannot show or replace a token', async () => {
  const { browser } = await newcomer();
  const api = pawl.api(await reveal(browser));

  for (const answer of [
    await api.get(PAGE),
    await api.post(`${PAGE}/reveal`, password),
    await api.post(`${PAGE}/replace`, password),
  ]) {
    assert.match(String(answer.status), /^40[13]$/);
    assert.doesNotMatch(answer.text, /eyJ/);
  }
  expect(await pawl.api(null).get(PAGE), 401);
});

test('revealing and replacing need the CSRF token', async () => {
  const { browser } = await newcomer();
  const bare = { headers: { 'x-csrf-token': null } };

  refused(await browser.post(`${PAGE}/reveal`, password, bare), 403, 'CSRF_TOKEN_MISMATCH');
  refused(await browser.post(`${PAGE}/replace`, password, bare), 403, 'CSRF_TOKEN_MISMATCH');
});

test('the page tells when, whence and by which client it was used last', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);

  expect(await pawl.api(token, { 'x-tallyfy-client': 'n8n' }).get(tasks), 200);
  let page;
  await eventually(async () => {
    page = expect(await browser.get(PAGE), 200).data;
    return page.last_used_at !== null;
  }, 'last_used_at is set');
  isAbout(page.last_used_at, pawl.clock, 0);
  assert.equal(page.last_used_ip, '127.0.0.1');
  assert.equal(page.last_used_client, 'n8n');
});

test('the sign-in of the API answers the same token, by form and by JSON', async () => {
  const { email, browser } = await newcomer();
  const bare = pawl.api(null, { 'x-tallyfy-client': null });
  const form = new URLSearchParams({ email, ...password });
  const first = expect(await bare.post('/auth/login', form), 200);
  const second = expect(await bare.post('/api/auth/login', { email, ...password }), 200);

  shape(first.data, USER);
  assert.equal(first.data.email, email);
  assert.equal(first.data.token.token_type, 'Bearer');
  assert.ok(Math.abs(first.data.token.expires_in - 15_778_800) < 60);
  assert.match(first.headers.get('cache-control'), /no-store/);
  assert.equal(second.data.token.access_token, first.data.token.access_token);
  assert.equal(await reveal(browser), first.data.token.access_token);
  pawl.clock.advance(DAY);
  const later = expect(await bare.post('/auth/login', { email, ...password }), 200).data.token;
  assert.ok(Math.abs(later.expires_in - (15_778_800 - 86_400)) < 60);

  refused(
    await bare.post('/auth/login', { email, password: 'wrong' }),
    401,
    'INVALID_CREDENTIALS',
  );
  invalid(await bare.post('/auth/login', {}), 'email', 'password');
});

test('the sign-out of the API deletes the token that was shown', async () => {
  const { browser } = await newcomer();
  const token = await reveal(browser);
  const bare = pawl.api(token, { 'x-tallyfy-client': null });

  expect(await bare.post('/auth/logout'), 204);
  await isDead(token);
  expect(await bare.post('/auth/logout'), 401);
  expect(await pawl.api(null).post('/auth/logout'), 401);
});

test('an organization may keep it alive through sign-out', async () => {
  const keeper = await pawl.org({ name: 'Keeper' });
  const { email, browser } = await newcomer();
  const token = await reveal(browser);
  const kept = async () =>
    expect(await browser.get('/session'), 200).data.personal_token.kept;

  await pawl.admin(['user', 'create', '--org', keeper.id, '--email', email, '--role', 'light']);
  assert.equal(await kept(), false);
  const boss = pawl.api(keeper.admin.token);
  expect(await boss.patch(keeper.path, { keep_personal_token: true }), 200);
  assert.equal(expect(await boss.get(keeper.path), 200).data.keep_personal_token, true);
  assert.equal(await kept(), true);

  expect(await browser.delete('/session'), 204);
  await works(token);
  const again = await pawl.session({ email });
  assert.equal(await reveal(again), token);
  expect(await pawl.api(token, { 'x-tallyfy-client': null }).post('/auth/logout'), 204);
  await works(token);

  // Replacing it ends it all the same, as does a new password.
  const next = expect(await again.post(`${PAGE}/replace`, password), 200).data.access_token;
  await isDead(token);
  await pawl.admin(['user', 'password', '--email', email, '--password-stdin'],
    { stdin: 'another horse entirely\n' });
  await isDead(next);
});
