// Proving that an address is one's own.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND, startServer } from '../harness.js';
import { events, signUp, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused } from '../lib/expect.js';

const HOUR = 3600 * SECOND;

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const verify = (token) => nobody.post('/auth/verify', { token });

async function orgOf(email) {
  const token = await pawl.token(email);
  const { data } = expect(await pawl.api(token).get('/me/organizations'), 200);

  return { ...data[0], path: `/organizations/${data[0].id}`, admin: { email, token } };
}

await pawl.org(); // before it there is nothing to sign up to

const resend = async (email) =>
  pawl.api(await pawl.token(email)).post('/auth/verify/resend');

test('the link proves the address, and the person is counted', async () => {
  const { email, token } = await signUp(world);

  assert.deepEqual(expect(await verify(token), 200).data, { email });
  const org = await orgOf(email);
  assert.equal(org.users_count, 1);
  const browser = await pawl.session({ email });
  assert.ok(expect(await browser.get('/session'), 200).data.email_verified_at);
  const [event, ...more] = await events(pawl, org, 'email_verified');
  assert.ok(event, 'it is in the log');
  assert.deepEqual(more, []);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('it works once, also when it is used twice at the same moment', async () => {
  const { token } = await signUp(world);
  const answers = await Promise.all([verify(token), verify(token), verify(token)]);

  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers)
    if (answer.status !== 200) refused(answer, 422, 'LINK_USED');
  refused(await verify(token), 422, 'LINK_USED');
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('a newer link ends the older one', async () => {
  const { email, token } = await signUp(world);

  expect(await resend(email), 200);
  const second = await box.next({ to: email });
  refused(await verify(token), 422, 'LINK_WITHDRAWN');
  expect(await verify(second.token), 200);
});

test('who has proved it gets no further link', async () => {
  const { email, token } = await signUp(world);

  expect(await verify(token), 200);
  assert.deepEqual(expect(await resend(email), 200).data, { email });
  await signUp(world);
  assert.equal(box.mails.filter(({ envelope }) => envelope.to.includes(email)).length, 1);
});

test('five mails an hour are enough', async () => {
  const { email } = await signUp(world);

  for (let i = 0; i < 8; i++) expect(await resend(email), 200);
  for (let i = 0; i < 4; i++) await box.next({ to: email });
  await signUp(world);
  assert.equal(box.mails.filter(({ envelope }) => envelope.to.includes(email)).length, 5);
  pawl.clock.advance(HOUR + SECOND);
  expect(await resend(email), 200);
  await box.next({ to: email });
});

test('asking again takes a sign-in', async () => {
  expect(await nobody.post('/auth/verify/resend'), 401);
});

test('what is no link is refused', async () => {
  for (const token of ['x', 'A'.repeat(43), 'é'.repeat(43), '%00', '../..'])
    refused(await verify(token), 422, 'LINK_UNKNOWN');
  for (const body of [{}, { token: '' }, { token: [] }, { token: {} }, { token: null },
    { token: 'A'.repeat(101) }])
    invalid(await nobody.post('/auth/verify', body), 'token');
});

test('a link for one purpose is none for another', async () => {
  const { token } = await signUp(world);
  const password = { password: PASSWORD, password_confirmation: PASSWORD };

  for (const path of ['/auth/email/confirm', '/auth/invitation'])
    refused(await nobody.post(path, { token }), 422, 'LINK_UNKNOWN');
  for (const path of ['/auth/password/reset', '/auth/invitation/accept'])
    refused(await nobody.post(path, { token, ...password }), 422, 'LINK_UNKNOWN');
  expect(await verify(token), 200);
});

test('neither the store nor the log holds the secret', async () => {
  const { token } = await signUp(world);

  assert.ok(!(await pawl.storedText()).includes(token));
  assert.ok(!pawl.log.includes(token));
});

test('everybody whom the operator or an application makes counts at once', async () => {
  const org = await pawl.org();
  await pawl.user(org);
  const answer = expect(await pawl.api(org.admin.token).get(org.path), 200);

  assert.equal(answer.data.users_count, 2);
});

test('it ends after a week', async () => {
  const other = await startOpen();

  try {
    await other.pawl.org();
    const early = await signUp(other);
    const late = await signUp(other);
    other.pawl.clock.advance(7 * DAY - 60 * SECOND);
    expect(await other.nobody.post('/auth/verify', { token: early.token }), 200);
    other.pawl.clock.advance(120 * SECOND);
    refused(await other.nobody.post('/auth/verify', { token: late.token }), 422, 'LINK_EXPIRED');
  } finally {
    await other.pawl.stop();
    await other.box.stop();
  }
});

test('without a mail server the operator can read the link', async () => {
  const silent = await startServer({ settings: { sign_up: 'yes' } });

  try {
    await silent.org();
    const input = {
      first_name: 'A', last_name: 'B', email: 'alone@example.com', password: PASSWORD,
    };
    expect(await silent.api(null).post('/auth/register', input), 201);
    const text = JSON.stringify(await silent.admin(['mail', 'list']));
    const token = /\/verify#token=([0-9A-Za-z]{43})/.exec(text)[1];
    expect(await silent.api(null).post('/auth/verify', { token }), 200);
  } finally {
    await silent.stop();
  }
});
