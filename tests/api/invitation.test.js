// Invitations: a mail with a link, and joining with it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, PASSWORD, SECOND } from '../harness.js';
import { events, newAddress, signUp, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused } from '../lib/expect.js';

const NEW = 'an entirely new phrase';

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const org = await pawl.org({ name: 'Ünion & Co' });

const look = (token) => nobody.post('/auth/invitation', { token });
const accept = (token, more = {}, client = nobody) =>
  client.post('/auth/invitation/accept', {
    token, password: NEW, password_confirmation: NEW, ...more,
  });

async function invite({ email = newAddress(), role = 'standard', to = org, more = [] } = {}) {
  const said = await pawl.admin(['user', 'invite', '--org', to.id, '--email', email, '--role', role,
    ...more]);

  return { email, id: said.user_id, ...(await box.next({ to: email, subject: /invited/i })),
    printed: said.link };
}

const members = async (to = org) =>
  expect(await pawl.api(to.admin.token).get(`${to.path}/users`), 200).data;
const memberOf = async (id, to = org) => (await members(to)).find((member) => member.id === id);
const count = async (to = org) =>
  expect(await pawl.api(to.admin.token).get(to.path), 200).data.users_count;

test('the mail says who invites whom to what, and the operator sees the link', async () => {
  const { link, printed, subject, text, id } = await invite({ role: 'light' });

  assert.match(subject, /Ünion & Co/);
  assert.match(text, /light/);
  assert.equal(new URL(link).pathname, '/invitation');
  assert.equal(new URL(printed).hash, new URL(link).hash);
  const member = await memberOf(id);
  assert.equal(member.status, 'invited');
  assert.equal(member.type, null);
  assert.equal(member.activated_at, null);
});

test('the link shows the invitation to whoever has it', async () => {
  const { email, token } = await invite({
    role: 'admin', more: ['--first-name', '美咲', '--last-name', 'Ñandú'],
  });

  assert.deepEqual(expect(await look(token), 200).data, {
    organization: { id: org.id, name: 'Ünion & Co' },
    inviter: null,
    role: 'admin',
    email,
    first_name: '美咲',
    last_name: 'Ñandú',
    needs_password: true,
  });
  expect(await look(token), 200); // looking does not use it
});

test('a new person chooses a password, joins, and is signed in', async () => {
  const { email, id, token } = await invite();
  const before = await count();
  const answer = expect(await accept(token, {
    first_name: 'Zoë', last_name: 'Ångström', timezone: 'Europe/Athens',
  }), 200);

  assert.equal(answer.data.user.email, email);
  assert.equal(answer.data.user.full_name, 'Zoë Ångström');
  assert.equal(answer.data.user.timezone, 'Europe/Athens');
  assert.deepEqual(answer.data.organization, { id: org.id, name: 'Ünion & Co' });
  const browser = pawl.holder(answer);
  const session = expect(await browser.get('/session'), 200).data;
  assert.equal(session.user.id, id);
  assert.ok(session.email_verified_at, 'the link has proved the address');
  const member = await memberOf(id);
  assert.equal(member.status, 'active');
  assert.ok(member.activated_at);
  assert.equal(await count(), before + 1);
  expect(await nobody.post('/session', { email, password: NEW }), 200);
  assert.ok((await events(pawl, org, 'invite-accepted')).length > 0);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('who is invited is not counted, and cannot get in', async () => {
  const before = await count();
  const person = await pawl.org();
  const { id } = await invite({ email: person.admin.email });

  assert.equal(await count(), before);
  assert.equal((await memberOf(id)).status, 'invited');
  expect(await pawl.api(person.admin.token).get(`${org.path}/me/tasks`), 403);
});

test('somebody with an account signs in first, and joins as they are', async () => {
  const home = await pawl.org({ name: 'Home' });
  const person = await pawl.user(home, { first: 'Petra', last: 'Present' });
  const { id, token } = await invite({ email: person.email });

  assert.equal(id, person.id);
  assert.equal(expect(await look(token), 200).data.needs_password, false);
  refused(await accept(token), 403, 'SIGN_IN_FIRST');
  refused(await accept(token, {}, await pawl.session(home.admin)), 403, 'SIGN_IN_FIRST');
  refused(await accept(token, {}, pawl.api(person.token)), 403, 'SIGN_IN_FIRST');
  const browser = await pawl.session(person);
  const answer = expect(await accept(token, { first_name: 'Else' }, browser), 200);

  assert.equal(answer.data.user.first_name, 'Petra');
  assert.equal(answer.data.organization.id, org.id);
  assert.equal(expect(await browser.get('/session'), 200).data.user.id, person.id);
  assert.equal((await memberOf(id)).status, 'active');
  expect(await nobody.post('/session', { email: person.email, password: PASSWORD }), 200);
  expect(await pawl.api(person.token).get(`${org.path}/me/tasks`), 200);
});

test('an account whose address was never proved is proved by joining', async () => {
  const { email } = await signUp(world);
  const { token } = await invite({ email });
  const browser = await pawl.session({ email });
  const before = await count();

  expect(await accept(token, {}, browser), 200);
  assert.ok(expect(await browser.get('/session'), 200).data.email_verified_at);
  assert.equal(await count(), before + 1);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('the operator makes no member of an account whose address is not proved', async () => {
  const { email } = await signUp(world);

  await assert.rejects(pawl.admin(['user', 'create', '--org', org.id, '--email', email, '--role',
    'admin']), /has not proved/);
});

test('an invitation again with another role is one to that role', async () => {
  const { email, id } = await invite({ role: 'admin' });
  const { token } = await invite({ email, role: 'light' });

  assert.equal(expect(await look(token), 200).data.role, 'light');
  assert.equal((await memberOf(id)).role, 'light');
  expect(await accept(token), 200);
  await assert.rejects(invite({ email, role: 'admin' }), /not waiting for an invitation/);
  assert.equal((await memberOf(id)).role, 'light');
});

test('it works once, also when it is used twice at the same moment', async () => {
  const { email, token } = await invite();
  const passwords = [`${NEW} 1`, `${NEW} 2`, `${NEW} 3`];
  const before = await count();
  const answers = await Promise.all(passwords.map((password) =>
    accept(token, { password, password_confirmation: password })));
  const winners = answers.flatMap(({ status }, i) => (status === 200 ? [passwords[i]] : []));

  assert.equal(winners.length, 1);
  assert.equal(await count(), before + 1);
  expect(await nobody.post('/session', { email, password: winners[0] }), 200);
  refused(await accept(token), 422, 'LINK_USED');
  refused(await look(token), 422, 'LINK_USED');
});

test('inviting again makes a new link and ends the old one', async () => {
  const first = await invite();
  const second = await invite({ email: first.email });

  assert.equal(second.id, first.id);
  refused(await look(first.token), 422, 'LINK_WITHDRAWN');
  refused(await accept(first.token), 422, 'LINK_WITHDRAWN');
  expect(await accept(second.token), 200);
  await assert.rejects(invite({ email: first.email }), /not waiting/);
});

test('invitations to two organizations do not disturb each other', async () => {
  const there = await pawl.org({ name: 'There' });
  const here = await invite();
  const other = await invite({ email: here.email, to: there });
  const browser = pawl.holder(expect(await accept(here.token), 200));

  assert.equal(expect(await look(other.token), 200).data.needs_password, false);
  expect(await accept(other.token, {}, browser), 200);
  assert.equal((await memberOf(here.id, there)).status, 'active');
  assert.equal((await pawl.admin(['check'])).status, 'sound');
});

test('after two weeks the link is over, and showing it brings a fresh one', async () => {
  const { email, token } = await invite();

  pawl.clock.advance(14 * DAY + SECOND);
  refused(await accept(token), 422, 'LINK_EXPIRED');
  refused(await look(token), 422, 'LINK_EXPIRED');
  const fresh = await box.next({ to: email });
  refused(await look(token), 422, 'LINK_WITHDRAWN');
  expect(await accept(fresh.token), 200);
});

test('two weeks less a minute is in time', async () => {
  const { token } = await invite();

  pawl.clock.advance(14 * DAY - 60 * SECOND);
  expect(await accept(token), 200);
});

test('the password follows the rule, and a refusal leaves the link alive', async () => {
  const { email, token } = await invite();

  invalid(await nobody.post('/auth/invitation/accept', { token }), 'password');
  invalid(await accept(token, { password: 'short', password_confirmation: 'short' }), 'password');
  invalid(await accept(token, { password: email, password_confirmation: email }), 'password');
  invalid(await accept(token, { password_confirmation: 'other' }), 'password_confirmation');
  invalid(await accept(token, { first_name: 'x'.repeat(33) }), 'first_name');
  invalid(await accept(token, { last_name: 'see www.spam.example' }), 'last_name');
  invalid(await accept(token, { timezone: 'Mars/Olympus' }), 'timezone');
  invalid(await accept(token, { password: {}, first_name: [] }), 'password', 'first_name');
  assert.match(String((await accept(token, { first_name: 'x'.repeat(50_000) })).status),
    /^4\d\d$/);
  expect(await nobody.post('/auth/invitation/accept', { token, password: NEW }), 200);
});

test('another site cannot make a browser join', async () => {
  const { token } = await invite();

  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
    const answer = await nobody.post('/auth/invitation/accept',
      { token, password: NEW, password_confirmation: NEW }, { headers });

    refused(answer, 403, 'FOREIGN_ORIGIN');
  }
  expect(await accept(token), 200);
});

test('who is signed in as somebody else is signed in as the new person afterwards', async () => {
  const { id, token } = await invite();
  const old = await pawl.session(org.admin);
  const browser = pawl.holder(expect(await accept(token, {}, old), 200));

  assert.equal(expect(await browser.get('/session'), 200).data.user.id, id);
  assert.equal(expect(await old.get('/session'), 200).data, null);
});

test('a forgotten password does not accept an invitation, but leads to it', async () => {
  const { email, id, token } = await invite();

  expect(await nobody.post('/auth/password/email', { email }), 200);
  const reset = await box.next({ to: email, subject: /new password/i });
  expect(await nobody.post('/auth/password/reset', {
    token: reset.token, password: NEW, password_confirmation: NEW,
  }), 200);
  assert.equal((await memberOf(id)).status, 'invited');
  refused(await accept(token), 403, 'SIGN_IN_FIRST');
  expect(await accept(token, {}, await pawl.session({ email }, { password: NEW })), 200);
});

test('an invitation goes with the address that it was sent to', async () => {
  const home = await pawl.org({ name: 'Home' });
  const person = await pawl.user(home);
  const { token } = await invite({ email: person.email });
  const email = newAddress();

  expect(await pawl.api(person.token).put(`${home.path}/me/update-email`,
    { email, password: PASSWORD }), 200);
  const mail = await box.next({ to: email });
  expect(await nobody.post('/auth/email/confirm', { token: mail.token }), 200);
  refused(await look(token), 422, 'LINK_WITHDRAWN');
});

test('what is no link is refused', async () => {
  for (const token of ['x', 'A'.repeat(43)]) {
    refused(await look(token), 422, 'LINK_UNKNOWN');
    refused(await accept(token), 422, 'LINK_UNKNOWN');
  }
  for (const body of [{}, { token: '' }, { token: [] }, { token: 'A'.repeat(101) }]) {
    invalid(await nobody.post('/auth/invitation', body), 'token');
    invalid(await nobody.post('/auth/invitation/accept', body), 'token');
  }
});

test('the operator names an organization and a role that there are', async () => {
  const words = (id, role) => ['user', 'invite', '--org', id, '--email', newAddress(), '--role',
    role];

  await assert.rejects(pawl.admin(words('0'.repeat(32), 'light')), /there is no organization/);
  await assert.rejects(pawl.admin(words(org.id, 'king')), /must be light, standard or admin/);
});
