// The second factor: an authenticator app beside the password, and the codes for when it is lost.

import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect, invalid, isAbout, refused } from '../lib/expect.js';
import { startMailbox } from '../lib/mailbox.js';
import { totp, turnOn } from '../lib/totp.js';

const MINUTE = 60 * SECOND;

const box = await startMailbox();
const pawl = await startServer({ settings: box.settings });
after(async () => {
  await pawl.stop();
  await box.stop();
});

const org = await pawl.org();
const nobody = pawl.api(null);

const signIn = (person, code, password = PASSWORD) =>
  nobody.post('/session', { email: person.email, password, code });

async function guarded() {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);

  return { person, browser, factor: await turnOn(pawl, browser, PASSWORD) };
}

const csrf = (token) => ({ headers: { 'x-csrf-token': token } });

const wrongCode = ({ secret }) => {
  const near = [-2, -1, 0, 1, 2].map((i) => totp(secret, pawl.clock.now() + i * 30 * SECOND));

  return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
    (code) => !near.includes(code),
  );
};

test('turning it on takes the password and a code, and gives recovery codes', async () => {
  const person = await pawl.user(org, { email: 'ada+é?1@example.com' });
  const browser = await pawl.session(person);
  const off = { enabled: false, confirmed_at: null, recovery_codes_left: 0 };

  assert.deepEqual(expect(await browser.get('/me/second-factor'), 200).data, off);
  invalid(await browser.post('/me/second-factor', {}), 'password');
  invalid(await browser.post('/me/second-factor', { password: 'not it' }), 'password');

  const begun = expect(await browser.post('/me/second-factor', { password: PASSWORD }), 201);
  const { secret, uri } = begun.data;
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.equal(
    uri,
    `otpauth://totp/Pawl:ada%2B%C3%A9%3F1@example.com?secret=${secret}&issuer=Pawl` +
      '&algorithm=SHA1&digits=6&period=30',
  );
  assert.match(begun.headers.get('cache-control'), /no-store/);

  // Not in force until a code shows that the app has it.
  assert.deepEqual(expect(await browser.get('/me/second-factor'), 200).data, off);
  expect(await signIn(person), 200);
  const confirm = (code) => browser.post('/me/second-factor/confirm', { code });
  for (const code of [wrongCode({ secret }), '12345', 'x', 'é'.repeat(90), 'x'.repeat(101)])
    invalid(await confirm(code), 'code');
  for (const code of [undefined, null, '', {}, []]) invalid(await confirm(code), 'code');

  const codes = expect(await confirm(totp(secret, pawl.clock.now())), 200).data.recovery_codes;
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  const on = expect(await browser.get('/me/second-factor'), 200).data;
  assert.equal(on.enabled, true);
  assert.equal(on.recovery_codes_left, 10);
  isAbout(on.confirmed_at, pawl.clock, 0);
  assert.match((await box.next({ to: person.email })).subject, /on/);

  refused(await browser.post('/me/second-factor', { password: PASSWORD }), 409);
  refused(await confirm(totp(secret, pawl.clock.now())), 409, 'SECOND_FACTOR_NOT_BEGUN');
});

test('beginning again makes another key, and the one before is worth nothing', async () => {
  const browser = await pawl.session(await pawl.user(org));
  const begin = () => browser.post('/me/second-factor', { password: PASSWORD });
  const first = expect(await begin(), 201).data.secret;
  const second = expect(await begin(), 201).data.secret;
  const confirm = (secret) =>
    browser.post('/me/second-factor/confirm', { code: totp(secret, pawl.clock.now()) });

  assert.notEqual(first, second);
  invalid(await confirm(first), 'code');
  expect(await confirm(second), 200);
});

test('nothing to confirm', async () => {
  const browser = await pawl.session(await pawl.user(org));

  refused(
    await browser.post('/me/second-factor/confirm', { code: '123456' }),
    409,
    'SECOND_FACTOR_NOT_BEGUN',
  );
  refused(
    await browser.post('/me/second-factor/recovery-codes', { password: PASSWORD }),
    409,
    'SECOND_FACTOR_DISABLED',
  );
});

test('signing in then takes the password and a code', async () => {
  const { person, factor } = await guarded();

  for (const none of [undefined, null, '', '  ']) {
    const asked = refused(await signIn(person, none), 401, 'SECOND_FACTOR_REQUIRED');

    assert.deepEqual(asked.headers.getSetCookie(), []);
    assert.equal(asked.data, undefined);
  }
  refused(await signIn(person, wrongCode(factor)), 401, 'SECOND_FACTOR_INVALID');
  // Without the password nobody learns that there is one.
  refused(await signIn(person, factor.code(), 'not it'), 401, 'INVALID_CREDENTIALS');
  expect(await signIn(person, factor.code()), 200);
  const spaced = factor.code().replace(/^.../, ' $& ');
  expect(await signIn(person, `${spaced} `), 200);

  const login = { email: person.email, password: PASSWORD };
  refused(await nobody.post('/auth/login', login), 401, 'SECOND_FACTOR_REQUIRED');
  const answer = await nobody.post('/auth/login', { ...login, code: factor.code() });
  assert.match(expect(answer, 200).data.token.access_token, /^eyJ/);
});

test('a code is right once, for a short while', async () => {
  const { person, factor } = await guarded();
  const now = pawl.clock.now();
  const at = (steps) => totp(factor.secret, now + steps * 30 * SECOND);

  refused(await signIn(person, at(0)), 401, 'SECOND_FACTOR_INVALID'); // it confirmed
  refused(await signIn(person, at(-1)), 401, 'SECOND_FACTOR_INVALID'); // older than that
  expect(await signIn(person, at(1)), 200);
  refused(await signIn(person, at(1)), 401, 'SECOND_FACTOR_INVALID');
  refused(await signIn(person, at(2)), 401, 'SECOND_FACTOR_INVALID');
  pawl.clock.advance(2 * 30 * SECOND);
  refused(await signIn(person, at(0)), 401, 'SECOND_FACTOR_INVALID');
  expect(await signIn(person, at(2)), 200);
});

test('of many sign-ins with one code at once, one succeeds', async () => {
  const { person, factor } = await guarded();

  for (const code of [factor.code(), factor.recoveryCodes[0]]) {
    const answers = await Promise.all(Array.from({ length: 4 }, () => signIn(person, code)));
    const right = answers.filter(({ status }) => status === 200);

    assert.equal(right.length, 1, answers.map(({ status, code: word }) => `${status} ${word}`));
    pawl.clock.advance(DAY + SECOND);
  }
});

test('a recovery code signs in once, however it is typed', async () => {
  const { person, browser, factor } = await guarded();
  const [first, second, third] = factor.recoveryCodes;

  expect(await signIn(person, first), 200);
  refused(await signIn(person, first), 401, 'SECOND_FACTOR_INVALID');
  expect(await signIn(person, ` ${second.toUpperCase().replaceAll('-', ' ')} `), 200);
  expect(await signIn(person, third.replaceAll('-', '')), 200);
  assert.equal(
    expect(await browser.get('/me/second-factor'), 200).data.recovery_codes_left,
    factor.recoveryCodes.length - 3,
  );
  refused(await signIn(person, 'aaaa-aaaa-aaaa-aaaa'), 401, 'SECOND_FACTOR_INVALID');

  const other = await guarded();
  refused(await signIn(other.person, factor.recoveryCodes[5]), 401, 'SECOND_FACTOR_INVALID');
});

test('new recovery codes end the old ones, and are told by mail', async () => {
  const { person, browser, factor } = await guarded();
  const again = (password) => browser.post('/me/second-factor/recovery-codes', { password });

  await box.next({ to: person.email });
  invalid(await again('not it'), 'password');
  const codes = expect(await again(PASSWORD), 200).data.recovery_codes;
  assert.equal(codes.length, 10);
  assert.match((await box.next({ to: person.email })).subject, /recovery codes/);
  refused(await signIn(person, factor.recoveryCodes[0]), 401, 'SECOND_FACTOR_INVALID');
  expect(await signIn(person, codes[0]), 200);
});

test('turning it off takes the password, and is told by mail', async () => {
  const { person, browser, factor } = await guarded();
  const off = (password) => browser.delete('/me/second-factor', { password });

  await box.next({ to: person.email });
  invalid(await off('not it'), 'password');
  refused(await signIn(person), 401, 'SECOND_FACTOR_REQUIRED');
  expect(await off(PASSWORD), 204);
  assert.match((await box.next({ to: person.email })).subject, /off/);
  expect(await signIn(person), 200);
  expect(await signIn(person, factor.recoveryCodes[0]), 200); // a code too many does no harm
  assert.equal(expect(await browser.get('/me/second-factor'), 200).data.enabled, false);
  expect(await off(PASSWORD), 204);
});

test('guessing codes is braked as guessing passwords is', async () => {
  const { person, factor } = await guarded();
  let locked;

  for (let i = 0; i < 5; i += 1)
    refused(await signIn(person, wrongCode(factor)), 401, 'SECOND_FACTOR_INVALID');
  locked = refused(await signIn(person, factor.recoveryCodes[0]), 429, 'LOGIN_LOCKED');

  // Asking for the code, without one, gives no guesses back.
  for (let round = 0; round < 3; round += 1) {
    pawl.clock.advance((Number(locked.headers.get('retry-after')) + 1) * SECOND);
    refused(await signIn(person), 401, 'SECOND_FACTOR_REQUIRED');
    refused(await signIn(person, wrongCode(factor)), 401, 'SECOND_FACTOR_INVALID');
    locked = refused(await signIn(person), 429, 'LOGIN_LOCKED');
  }
  pawl.clock.advance(15 * MINUTE + SECOND);
  expect(await signIn(person, factor.code()), 200);
  refused(await signIn(person, wrongCode(factor)), 401, 'SECOND_FACTOR_INVALID');
});

test('it outlives a password set by the operator, who can remove it', async () => {
  const { person } = await guarded();
  const changed = 'another long battery';
  const remove = ['second-factor', 'remove', '--email', person.email];

  await box.next({ to: person.email });
  await pawl.admin(['user', 'password', '--email', person.email, '--password-stdin'], {
    stdin: `${changed}\n`,
  });
  refused(await signIn(person, undefined, changed), 401, 'SECOND_FACTOR_REQUIRED');
  assert.equal((await pawl.admin(remove)).user_id, person.id);
  expect(await signIn(person, undefined, changed), 200);
  assert.match((await box.next({ to: person.email })).subject, /off/);
  assert.notEqual((await pawl.command(['admin', ...remove, ...pawl.store])).code, 0);
});

test('only a browser that is signed in reaches it, and only its own', async () => {
  const { person } = await guarded();
  const other = await pawl.session(await pawl.user(org));

  assert.equal(expect(await other.get('/me/second-factor'), 200).data.enabled, false);
  expect(await nobody.get('/me/second-factor'), 401);
  expect(await pawl.api(person.token).get('/me/second-factor'), 401);
  expect(await pawl.api(person.token).delete('/me/second-factor', { password: PASSWORD }), 401);
  for (const send of [
    () => other.post('/me/second-factor', { password: PASSWORD }, csrf(null)),
    () => other.delete('/me/second-factor', { password: PASSWORD }, csrf('nonsense')),
  ])
    refused(await send(), 403, 'CSRF_TOKEN_MISMATCH');
});

test('neither keys nor recovery codes are in the store or the log', async () => {
  const { factor } = await guarded();
  const kept = pawl.log + (await pawl.storedText());

  for (const secret of [factor.secret, ...factor.recoveryCodes])
    for (const form of [secret, secret.replaceAll('-', ''), secret.toLowerCase()])
      assert.ok(!kept.includes(form), 'a secret was found');
});

test('a node without the key that seals, or with another, does not start', async () => {
  const file = `${pawl.folder}/sealing-key`;
  const serve = () => pawl.command(['serve', ...pawl.store, '--listen', '127.0.0.1:0']);

  assert.match(readFileSync(file, 'utf8'), /^[0-9a-f]{64}\n?$/);
  renameSync(file, `${file}.away`);
  const without = await serve();
  assert.notEqual(without.code, 0);
  assert.match(without.stderr, /sealing-key is missing.*copy the file/s);
  writeFileSync(file, '0'.repeat(64), { mode: 0o600 });
  const other = await serve();
  assert.notEqual(other.code, 0);
  assert.match(other.stderr, /sealing-key.*copy the file/s);
  rmSync(file);
  renameSync(`${file}.away`, file);
});
