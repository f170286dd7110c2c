// Moving an account to another address, and changing the password while signed in.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PASSWORD, SECOND } from '../harness.js';
import { events, newAddress, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { USER } from '../lib/shapes.js';

const HOUR = 3600 * SECOND;
const NEW = 'an entirely new phrase';

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });

const change = (person, email, more = {}) =>
  pawl.api(person.token).put(`${org.path}/me/update-email`,
    { email, password: PASSWORD, ...more });
const confirm = (token) => nobody.post('/auth/email/confirm', { token });
const signIn = (email, password = PASSWORD) => nobody.post('/session', { email, password });
const passwords = (more = {}) => ({
  current_password: PASSWORD, password: NEW, password_confirmation: NEW, ...more,
});

test('the account moves when the link of the new address comes back', async () => {
  const person = await pawl.user(org, { role: 'light' });
  const email = newAddress();
  const answer = expect(await change(person, email), 200);

  shape(answer.data, USER);
  assert.equal(answer.data.email, person.email, 'not yet');
  assert.deepEqual(answer.meta, { pending_email: email });
  const { token, link } = await box.next({ to: email });
  assert.equal(new URL(link).pathname, '/email');
  const browser = pawl.holder(expect(await signIn(person.email), 200));
  const pending = async () => expect(await browser.get('/session'), 200).data.pending_email;
  assert.equal(await pending(), email);

  assert.deepEqual(expect(await confirm(token), 200).data, { email });
  const me = expect(await pawl.api(person.token).get('/me'), 200).data;
  assert.equal(me.email, email);
  assert.equal(me.username, email);
  assert.equal(await pending(), null);
  refused(await signIn(person.email), 401);
  expect(await signIn(email), 200);
  const notice = await box.next({ to: person.email });
  assert.match(notice.subject, /changed/i);
  assert.ok(notice.text.includes(email));
  assert.ok((await events(pawl, org, 'email_address_changed')).length > 0);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('the password is asked for, and wrong ones are counted', async () => {
  const person = await pawl.user(org);

  for (let i = 0; i < 5; i++)
    invalid(await change(person, newAddress(), { password: `wrong ${i}` }), 'password');
  refused(await change(person, newAddress()), 429, 'LOGIN_LOCKED');
});

test('what cannot be an address, or is the present one, is refused', async () => {
  const person = await pawl.user(org);

  for (const email of ['', 'nobody', 'a@b', 'a b@example.com', `${'x'.repeat(300)}@example.com`, [],
    {}, null, person.email])
    invalid(await change(person, email), 'email');
  invalid(await pawl.api(person.token).put(`${org.path}/me/update-email`, {}), 'email',
    'password');
  expect(await change(person, person.email.toUpperCase()), 200);
});

test('that somebody else has the address is not told, and brings no link', async () => {
  const person = await pawl.user(org);
  const { admin } = other;
  const taken = expect(await change(person, admin.email), 200);
  const email = newAddress();
  const free = expect(await change(person, email), 200);

  assert.equal(taken.text.replace(admin.email, ''), free.text.replace(email, ''));
  await box.next({ to: email });
  assert.ok(!box.mails.some(({ envelope }) => envelope.to.includes(admin.email)));
});

test('nor does the session tell it', async () => {
  const person = await pawl.user(org);
  const browser = await pawl.session(person);
  const pending = async () => expect(await browser.get('/session'), 200).data.pending_email;

  for (const email of [newAddress(), other.admin.email, newAddress()]) {
    expect(await change(person, email), 200);
    assert.equal(await pending(), email);
  }
});

test('an address that was taken meanwhile stays with whoever has it', async () => {
  const [one, two] = [await pawl.user(org), await pawl.user(org)];
  const email = newAddress();

  await change(one, email);
  const first = await box.next({ to: email });
  await change(two, email);
  const second = await box.next({ to: email });
  const answers = await Promise.all([confirm(first.token), confirm(second.token)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
  invalid(answers.find(({ status }) => status === 422), 'email');
});

test('it works once, and ends after a day', async () => {
  const person = await pawl.user(org);
  const email = newAddress();

  await change(person, email);
  const { token } = await box.next({ to: email });
  const answers = await Promise.all([confirm(token), confirm(token)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
  refused(await confirm(token), 422, 'LINK_USED');

  const late = newAddress();
  await change(person, late);
  const last = await box.next({ to: late });
  pawl.clock.advance(24 * HOUR);
  refused(await confirm(last.token), 422, 'LINK_EXPIRED');
});

test('a newer wish ends the older one, and so does a new password', async () => {
  const person = await pawl.user(org);
  const [first, second] = [newAddress(), newAddress()];

  await change(person, first);
  const one = await box.next({ to: first });
  await change(person, second);
  const two = await box.next({ to: second });
  refused(await confirm(one.token), 422, 'LINK_WITHDRAWN');
  expect(await pawl.api(person.token).put(`${org.path}/me/update-password`, passwords()), 200);
  refused(await confirm(two.token), 422, 'LINK_WITHDRAWN');
});

test('nobody changes what is another’s', async () => {
  const person = await pawl.user(org);
  const client = pawl.api(org.admin.token);

  for (const id of [person.id, other.admin.id, 1, 'x']) {
    const base = `${org.path}/users/${id}`;

    refused(await client.put(`${base}/update-email`,
      { email: newAddress(), password: PASSWORD }), 403);
    refused(await client.put(`${base}/update-password`, passwords()), 403);
  }
  expect(await pawl.api(other.admin.token).put(
    `${org.path}/users/${other.admin.id}/update-email`,
    { email: newAddress(), password: PASSWORD }), 403);
  expect(await pawl.api(null).put(`${org.path}/me/update-email`, {}), 401);
});

test('one’s own number does the same', async () => {
  const person = await pawl.user(org);
  const base = `${org.path}/users/${person.id}`;
  const email = newAddress();
  const answer = expect(await pawl.api(person.token).put(`${base}/update-email`,
    { email, password: PASSWORD }), 200);

  assert.equal(answer.meta.pending_email, email);
  shape(expect(await pawl.api(person.token).put(`${base}/update-password`, passwords()), 200).data,
    USER);
  expect(await signIn(person.email, NEW), 200);
});

test('a new password ends the other sessions, is noted, and told by mail', async () => {
  const person = await pawl.user(org);
  const here = await pawl.session(person);
  const there = await pawl.session(person);
  const headers = { 'x-tallyfy-client': 'web' };

  expect(await here.put(`${org.path}/me/update-password`, passwords(), { headers }), 200);
  expect(await here.get('/me', { headers }), 200);
  expect(await there.get('/me', { headers }), 401);
  expect(await pawl.api(person.token).get('/me'), 200);
  assert.match((await box.next({ to: person.email })).subject, /password was changed/i);
  assert.ok((await events(pawl, org, 'password_changed')).length > 0);
});

test('a new password needs the old one, and has to be said twice', async () => {
  const person = await pawl.user(org);
  const put = (more) =>
    pawl.api(person.token).put(`${org.path}/me/update-password`, passwords(more));

  invalid(await put({ current_password: 'wrong' }), 'current_password');
  invalid(await put({ password_confirmation: `${NEW}!` }), 'password_confirmation');
  invalid(await put({ password: 'short', password_confirmation: 'short' }), 'password');
  expect(await signIn(person.email), 200);
});
