// Signing in with a browser: the cookie, its protection against other sites, its ends.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { USER } from '../lib/shapes.js';

const HOUR = 3600 * SECOND;

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const nobody = pawl.api(null, { 'x-tallyfy-client': null });

const signIn = (email, password = PASSWORD, more = {}) =>
  nobody.post('/session', { email, password, ...more });

function cookieOf(answer) {
  const [pair, ...attributes] = answer.headers.getSetCookie()[0].split(/; */);

  return { name: pair.split('=')[0], value: pair.split('=')[1], attributes };
}

async function isOver(browser) {
  assert.equal(expect(await browser.get('/session'), 200).data, null);
  expect(await browser.get('/me'), 401);
}

test('signing in answers the user, a CSRF token and a guarded cookie', async () => {
  const person = await pawl.user(org);
  const answer = expect(await signIn(person.email), 200);
  const cookie = cookieOf(answer);

  shape(answer.data.user, USER);
  assert.equal(answer.data.user.id, person.id);
  assert.ok(answer.data.csrf_token.length >= 16);
  isAbout(answer.data.expires_at, pawl.clock, 30 * DAY);
  assert.equal(cookie.name, 'pawl_session');
  assert.ok(cookie.value.length >= 22);
  assert.ok(cookie.attributes.includes('HttpOnly'));
  assert.ok(cookie.attributes.includes('SameSite=Lax'));
  assert.ok(cookie.attributes.includes('Path=/'));
  for (const word of ['Secure', 'Domain', 'Max-Age', 'Expires'])
    assert.ok(!cookie.attributes.some((attribute) => attribute.startsWith(word)), word);
  assert.doesNotMatch(answer.text, /eyJ/);
});

test('a remembered session keeps its cookie for 30 days', async () => {
  const person = await pawl.user(org);
  const answer = expect(await signIn(person.email, PASSWORD, { remember: true }), 200);

  assert.ok(cookieOf(answer).attributes.includes('Max-Age=2592000'));
});

test('over https the cookie is bound to the host and to TLS', async () => {
  const secure = await startServer({ settings: { public_url: 'https://work.example.com' } });

  try {
    const { admin } = await secure.org();
    const login = { email: admin.email, password: PASSWORD };
    const cookie = cookieOf(expect(await secure.api(null).post('/session', login), 200));

    assert.equal(cookie.name, '__Host-pawl_session');
    assert.ok(cookie.attributes.includes('Secure'));
    assert.ok(cookie.attributes.includes('HttpOnly'));
    assert.ok(cookie.attributes.includes('Path=/'));
  } finally {
    await secure.stop();
  }
});

test('an address is known in any case', async () => {
  const person = await pawl.user(org);

  expect(await signIn(person.email.toUpperCase()), 200);
});

test('an unknown address and a wrong password are told apart by nothing', async () => {
  const person = await pawl.user(org);
  const wrong = refused(await signIn(person.email, 'not the password'), 401, 'INVALID_CREDENTIALS');
  const unknown = await signIn('nobody-at-all@example.com', 'not the password');

  assert.equal(wrong.body.message, 'The e-mail address or the password is not right.');
  assert.equal(unknown.status, wrong.status);
  assert.equal(unknown.text, wrong.text);
  assert.deepEqual(wrong.headers.getSetCookie(), []);
});

test('a password longer than any can be is simply wrong', async () => {
  const person = await pawl.user(org);

  for (const password of ['x'.repeat(128), 'x'.repeat(50_000), `${PASSWORD}\u0000`])
    assert.match(String((await signIn(person.email, password)).status), /^4(00|01|22)$/);
});

test('both fields are needed', async () => {
  invalid(await nobody.post('/session', {}), 'email', 'password');
  invalid(await nobody.post('/session', { email: 'a@example.com' }), 'password');
  invalid(await nobody.post('/session', { email: [], password: { a: 1 } }), 'email', 'password');
});

test('a session tells who is signed in, and issues no token', async () => {
  const person = await pawl.user(org);
  const fresh = await pawl.org({ name: 'Fresh' });
  const { email } = await pawl.user(fresh, { withToken: false });
  const browser = await pawl.session({ email });
  const answer = expect(await browser.get('/session'), 200);

  shape(answer.data.user, USER);
  assert.equal(answer.data.user.email, email);
  assert.equal(answer.data.csrf_token, browser.csrf);
  assert.equal(answer.data.personal_token, null);
  assert.deepEqual(answer.body.meta, { setup_required: false, sign_up: false });
  assert.equal(expect(await browser.get('/session'), 200).data.personal_token, null);
  assert.notEqual(answer.data.user.id, person.id);
});

test('a session tells at once when the personal token was used, and by whom', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);

  expect(
    await pawl.api(person.token).get('/me', { headers: { 'x-tallyfy-client': 'payroll' } }),
    200,
  );
  const used = expect(await browser.get('/session'), 200).data.personal_token;
  assert.equal(used.last_used_client, 'payroll');
  assert.equal(used.last_used_ip, '127.0.0.1');
  assert.ok(Date.parse(used.last_used_at) > 0);
});

test('whoever is not signed in gets no data', async () => {
  const answer = expect(await nobody.get('/session'), 200);

  assert.deepEqual(answer.body, { data: null, meta: { setup_required: false, sign_up: false } });
  for (const cookie of ['pawl_session=nonsense', 'pawl_session=', 'pawl_session', 'a=1', '=;=;,'])
    assert.equal(expect(await nobody.get('/session', { headers: { cookie } }), 200).data, null);
});

test('the cookie reads the API; writing needs the CSRF token of the same session', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const other = await pawl.session(person);
  const tasks = `${org.path}/tasks`;
  const body = oneOff(person);

  expect(await browser.get('/me', { headers: { 'x-csrf-token': null } }), 200);
  for (const token of [null, '', 'nonsense', other.csrf, `${browser.csrf}x`]) {
    const answer = await browser.post(tasks, body, { headers: { 'x-csrf-token': token } });

    refused(answer, 403, 'CSRF_TOKEN_MISMATCH');
    assert.equal(answer.body.message, 'The page is out of date. Reload it and try again.');
  }
  assert.deepEqual(expect(await browser.get(`${org.path}/me/tasks`), 200).data, []);
  expect(await browser.post(tasks, body), 201);
});

test('with an Authorization header the cookie counts for nothing', async () => {
  const browser = await pawl.session(await pawl.user(org));

  refused(
    await browser.get('/me', { headers: { authorization: 'Bearer nonsense' } }),
    401,
    'UNAUTHENTICATED',
  );
});

test('a bearer needs no CSRF token', async () => {
  const person = await pawl.user(org);

  expect(await pawl.api(person.token).post(`${org.path}/tasks`, oneOff(person)), 201);
});

test('each sign-in is another session', async () => {
  const person = await pawl.user(org);
  const first = await pawl.session(person);
  const second = await pawl.session(person);

  assert.notEqual(first.cookie, second.cookie);
  assert.notEqual(first.csrf, second.csrf);
  // A cookie that somebody planted before is not the one that sign-in opens.
  const answer = await nobody.post(
    '/session',
    { email: person.email, password: PASSWORD },
    { headers: { cookie: 'pawl_session=planted' } },
  );
  assert.notEqual(cookieOf(expect(answer, 200)).value, 'planted');
});

test('signing out ends this session and clears the cookie', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const elsewhere = await pawl.session(person);
  const answer = expect(await browser.delete('/session'), 204);
  const cookie = cookieOf(answer);

  assert.equal(answer.text, '');
  assert.equal(cookie.name, 'pawl_session');
  assert.ok(cookie.attributes.includes('Max-Age=0'));
  await isOver(browser);
  expect(await elsewhere.get('/me'), 200);
  expect(await nobody.delete('/session'), 204);
  expect(await browser.delete('/session'), 204);
});

test('another site cannot sign somebody out', async () => {
  const browser = await pawl.session(await pawl.user(org));

  refused(await browser.delete('/session', undefined, { headers: { 'x-csrf-token': null } }), 403);
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://elsewhere.example' },
    {},
  ])
    expect(
      await browser.post('/logout', undefined, { headers: { 'x-csrf-token': null, ...headers } }),
      403,
    );
  expect(await browser.get('/me'), 200);
});

test('a form of our own signs out too, and leads to the sign-in page', async () => {
  for (const own of [{ 'sec-fetch-site': 'same-origin' }, { origin: pawl.url }]) {
    const browser = await pawl.session(await pawl.user(org));
    const answer = await browser.post('/logout', new URLSearchParams(), {
      headers: { 'x-csrf-token': null, ...own },
    });

    expect(answer, 303);
    assert.match(answer.headers.get('location'), /\/login$/);
    await isOver(browser);
  }
});

test('half a day of rest ends a session, use keeps it', async () => {
  const person = await pawl.user(org);
  const idle = await pawl.session(person);
  const busy = await pawl.session(person);
  const remembered = await pawl.session(person, { remember: true });

  pawl.clock.advance(11 * HOUR);
  expect(await busy.get('/me'), 200);
  pawl.clock.advance(HOUR + 60 * SECOND);
  await isOver(idle);
  expect(await busy.get('/me'), 200);
  expect(await remembered.get('/me'), 200);
});

test('thirty days end any session, used or not', async () => {
  const person = await pawl.user(org);
  const remembered = await pawl.session(person, { remember: true });

  pawl.clock.advance(30 * DAY - HOUR);
  expect(await remembered.get('/me'), 200);
  pawl.clock.advance(HOUR + SECOND);
  await isOver(remembered);
});

test('a new password ends the other sessions and no token', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const elsewhere = await pawl.session(person);
  const changed = 'another long battery';
  const answer = await browser.put(`${org.path}/me/update-password`, {
    current_password: PASSWORD,
    password: changed,
    password_confirmation: changed,
  });

  assert.equal(expect(answer, 200).data.id, person.id);
  expect(await browser.get('/me'), 200);
  await isOver(elsewhere);
  expect(await pawl.api(person.token).get('/me'), 200);
  refused(await signIn(person.email), 401, 'INVALID_CREDENTIALS');
  expect(await signIn(person.email, changed), 200);
});

test('a new password must be right, confirmed, long and uncommon', async () => {
  const browser = await pawl.session(await pawl.user(org));
  const good = 'another long battery';
  const change = (password, more = {}) =>
    browser.put(`${org.path}/me/update-password`, {
      current_password: PASSWORD,
      password,
      password_confirmation: password,
      ...more,
    });

  invalid(await change(good, { current_password: 'wrong' }), 'current_password');
  refused(await change(good, { password_confirmation: 'different' }), 422);
  invalid(await change('ninechars'), 'password');
  invalid(await change('é'.repeat(9)), 'password');
  invalid(await change('x'.repeat(128)), 'password');
  invalid(await change('password123'), 'password');
  refused(await change(undefined), 422);
});
