// However many passwords are guessed, and however many at once, few are hashed: hashing costs the
// server more than guessing costs the stranger.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { expect } from '../lib/expect.js';

const GUESSES = 10_000;
const FEWER = 1_000; // where the way is the same and only the address differs
const AT_ONCE = 50;
const MOST = 100;

const pawl = await startServer();
after(() => pawl.stop());

const nobody = pawl.api(null);
let people;

before(async () => {
  const org = await pawl.org();
  people = await Promise.all([1, 2, 3].map(() => pawl.user(org)));
});

// A day without a wrong guess, and everything is forgotten.
beforeEach(() => pawl.clock.advance(DAY + SECOND));

async function hashes() {
  const { text } = expect(await nobody.get('/metrics'), 200);

  return Number(/^pawl_password_hashes_total (\d+)$/m.exec(text)[1]);
}

const guess = (email, password) => nobody.post('/session', { email, password });

// Sends guesses, many at once, and answers how many passwords were hashed for them.
async function cost(emailOf, guesses = GUESSES) {
  const earlier = await hashes();
  let next = 0;
  const guesser = async () => {
    while (next < guesses) {
      const { status } = await guess(emailOf(next), `not the password ${(next += 1)}`);

      assert.ok(status === 401 || status === 429, `answered ${status}`);
    }
  };

  await Promise.all(Array.from({ length: AT_ONCE }, guesser));
  return (await hashes()) - earlier;
}

const few = (count, most) => assert.ok(count > 0 && count <= most, `${count} were hashed`);

test('a right and a wrong password are one hash each, known or not', async () => {
  for (const [email, password] of [
    [people[0].email, PASSWORD],
    [people[0].email, 'not the password'],
    ['nobody@example.com', 'not the password'],
  ]) {
    const earlier = await hashes();

    await guess(email, password);
    assert.equal((await hashes()) - earlier, 1);
  }
});

test('ten thousand guesses at one account', async () => {
  few(await cost(() => people[0].email), MOST);
});

test('at an address that nobody has', async () => {
  few(await cost(() => 'nobody@example.com', FEWER), MOST);
});

test('at as many accounts, from one network address', async () => {
  few(await cost((i) => `nobody${i}@example.com`), MOST);
});

test('at those that exist among them', async () => {
  few(await cost((i) => people[i % people.length].email, FEWER), MOST);
});

test('all at once, no more than one after the other', async () => {
  const earlier = await hashes();
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, i) => guess(people[1].email, `not the password ${i}`)),
  );

  assert.equal(answers.filter(({ status }) => status === 401).length, 5);
  assert.equal((await hashes()) - earlier, 5);
});
