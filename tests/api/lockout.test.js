// Guessing passwords is slowed down, the same way for addresses that exist and that do not.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

// A day without a wrong guess, and everything is forgotten.
beforeEach(() => pawl.clock.advance(DAY + SECOND));

const org = await pawl.org();
const nobody = pawl.api(null);

const attempt = (email, password = 'not the password', headers = {}) =>
  nobody.post('/session', { email, password }, { headers });

// Guesses until the door is shut; answers how many guesses that took, and the refusal.
async function lockOut(email) {
  for (let guesses = 1; guesses <= 100; guesses += 1) {
    const answer = await attempt(email);

    if (answer.status === 429) return { guesses, answer };
    refused(answer, 401, 'INVALID_CREDENTIALS');
  }
  assert.fail('a hundred guesses and the door is still open');
}

test('too many guesses shut the door for a while, whether the address exists or not', async () => {
  const person = await pawl.user(org);
  const known = await lockOut(person.email);
  const wait = Number(known.answer.headers.get('retry-after'));

  refused(known.answer, 429, 'LOGIN_LOCKED');
  assert.ok(Number.isInteger(wait) && wait > 0, `Retry-After: ${wait}`);
  assert.match(known.answer.body.message, /^Too many attempts\. Try again in \d+ seconds?\.$/);
  // The right password does not open it either, here or at the other doors.
  refused(await attempt(person.email, PASSWORD), 429, 'LOGIN_LOCKED');
  refused(
    await nobody.post('/auth/login', { email: person.email, password: PASSWORD }),
    429,
    'LOGIN_LOCKED',
  );

  pawl.clock.advance((wait + 1) * SECOND);
  expect(await attempt(person.email, PASSWORD), 200);

  const unknown = await lockOut('nobody@example.com');
  assert.equal(unknown.guesses, known.guesses);
  assert.deepEqual(Object.keys(unknown.answer.body), Object.keys(known.answer.body));
});

test('one person locked out keeps nobody else out', async () => {
  const victim = await pawl.user(org);
  const other = await pawl.user(org);

  await lockOut(victim.email);
  expect(await attempt(other.email, PASSWORD), 200);
  expect(await pawl.api(victim.token).get('/me'), 200);
});

test('guessing at many doors from one address is slowed down too', async () => {
  for (let i = 0; i < 100; i += 1) {
    // Nobody believes what a stranger says about where the request comes from.
    const headers = { 'x-forwarded-for': `10.0.0.${i}`, 'x-tallyfy-client-ip': `10.0.0.${i}` };
    const answer = await attempt(`nobody${i}@example.com`, 'not the password', headers);

    if (answer.status === 429) return;
    refused(answer, 401, 'INVALID_CREDENTIALS');
  }
  assert.fail('a hundred doors were tried');
});

test('a right password forgets the guesses before it', async () => {
  const person = await pawl.user(org);
  const { guesses } = await lockOut((await pawl.user(org)).email);

  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < guesses - 2; i += 1) expect(await attempt(person.email), 401);
    expect(await attempt(person.email, PASSWORD), 200);
  }
});

// What a browser keeps of a sign-in after its session has ended.
async function deviceOf(person) {
  const cookies = expect(await attempt(person.email, PASSWORD), 200).headers.getSetCookie();
  const device = cookies.find((cookie) => cookie.startsWith('pawl_device='));

  assert.match(device, /; Path=\/; HttpOnly; SameSite=Lax; Max-Age=31536000$/);
  return { cookie: device.split(';')[0] };
}

test('a browser that has signed in before is not kept out by strangers', async () => {
  const victim = await pawl.user(org);
  const device = await deviceOf(victim);
  const stranger = await deviceOf(await pawl.user(org));

  await lockOut(victim.email);
  expect(await attempt(victim.email, PASSWORD, device), 200);
  const forged = ['pawl_device=nonsense', `${device.cookie}x`, 'pawl_device='];
  for (const cookie of [stranger.cookie, ...forged])
    refused(await attempt(victim.email, PASSWORD, { cookie }), 429, 'LOGIN_LOCKED');

  // Its own guesses are counted, and its being right gives the strangers nothing back.
  for (let i = 0; i < 5; i += 1)
    refused(await attempt(victim.email, 'not the password', device), 401, 'INVALID_CREDENTIALS');
  refused(await attempt(victim.email, PASSWORD, device), 429, 'LOGIN_LOCKED');
  refused(await attempt(victim.email, PASSWORD), 429, 'LOGIN_LOCKED');
});

test('what a browser keeps is forgotten after a year', async () => {
  const victim = await pawl.user(org);
  const device = await deviceOf(victim);

  pawl.clock.advance(365 * DAY + SECOND);
  await lockOut(victim.email);
  refused(await attempt(victim.email, PASSWORD, device), 429, 'LOGIN_LOCKED');
});

test('whoever is signed in is asked for the password whatever strangers guess', async () => {
  const victim = await pawl.user(org);
  const browser = await pawl.session(victim);
  const reveal = (password) => browser.post('/session/personal-token/reveal', { password });

  await lockOut(victim.email);
  expect(await reveal(PASSWORD), 200);
  for (let i = 0; i < 5; i += 1) expect(await reveal('not the password'), 422);
  refused(await reveal(PASSWORD), 429, 'LOGIN_LOCKED');
});
