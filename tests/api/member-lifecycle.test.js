// How members go and come back: disabling with what it ends, enabling, deleting, and turning
// members into guests and guests into members.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DAY, PASSWORD } from '../harness.js';
import { newAddress, startOpen } from '../lib/accounts.js';
import { expect, invalid, isAbout, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { OAuth } from '../lib/oauth.js';
import { sound } from '../lib/store.js';

const NEW = 'an entirely new phrase';
const BOT = 1;

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const org = await pawl.org({ name: 'Acme' });
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);
const outsider = pawl.api(other.admin.token);
const light = await pawl.user(org, { role: 'light' });
const path = `${org.path}/users`;

const at = (person, rest = '') => `${path}/${person.id}${rest}`;
const read = async (person) => expect(await admin.get(at(person)), 200).data;
const disable = async (person) =>
  expect(await admin.delete(at(person, '/disable')), 200).data;
const enable = async (person) => expect(await admin.put(at(person, '/enable')), 200).data;
const count = async () => expect(await admin.get(org.path), 200).data.users_count;
const total = async () => expect(await admin.get(path), 200).meta.pagination.total;
const described = async (verb) => expect(await admin.get(`${org.path}/activity-feeds?verb=${verb}`),
  200).data.map((event) => event.description);

// Somebody who is in the other organization too.
async function both({ role = 'standard', email = newAddress('both') } = {}) {
  const person = await pawl.user(org, { role, email });

  expect(await outsider.post(`${other.path}/users/invite`, { email, role: 'standard' }), 200);
  const { token } = await box.next({ to: email, subject: /invited/i });
  expect(await (await pawl.session(person)).post('/auth/invitation/accept', { token }), 200);
  return person;
}

describe('disabling', () => {
  test('ends the membership and says who did it', async () => {
    const bob = await pawl.user(org);
    const before = await count();
    const { data, meta } = expect(await admin.delete(at(bob, '/disable')), 200);

    assert.equal(data.status, 'disabled');
    assert.equal(data.is_active, false);
    assert.equal(data.is_suspended, true);
    assert.equal(data.type, null);
    assert.equal(data.disabled_by, org.admin.id);
    isAbout(data.disabled_at, pawl.clock, 0);
    assert.deepEqual(meta, { tasks_moved: 0, tasks_left: 0, steps_moved: 0, steps_left: 0 });
    assert.equal(await count(), before - 1);
    assert.equal((await read(bob)).status, 'disabled');
    const mail = await box.next({ to: bob.email, subject: /ended/i });
    assert.match(mail.text, /Acme/);
    assert.match(mail.text, /done by Ada Admin/);
    assert.equal((await described('disabled'))[0], 'Ada Admin disabled Bob Bell');
  });

  test('again does nothing more', async () => {
    const bob = await pawl.user(org);
    const first = await disable(bob);
    const before = await count();

    pawl.clock.advance(DAY);
    assert.deepEqual(await disable(bob), first);
    assert.equal(expect(await admin.delete(at(bob)), 200).data.status, 'disabled');
    assert.equal(await count(), before);
    assert.equal(box.mails.filter(({ envelope, subject }) =>
      envelope.to.includes(bob.email) && /ended/i.test(subject)).length <= 1, true);
  });

  test('of the last membership ends every token and session, for good', async () => {
    const bob = await pawl.user(org);
    const session = await pawl.session(bob);
    const { accessToken } = expect(await session.post('/oauth/personal-access-tokens',
      { name: 'script', scopes: ['*'] }), 201).body;
    const named = pawl.api(accessToken);

    expect(await named.get(`${org.path}/me`), 200);
    await disable(bob);
    for (const client of [named, pawl.api(bob.token), session])
      refused(await client.get(`${org.path}/me`), 401);
    refused(await nobody.post('/session', { email: bob.email, password: PASSWORD }), 403,
      'ACCOUNT_DISABLED', /^Account Disabled\b.*Ada Admin/);
    await enable(bob);
    for (const client of [named, pawl.api(bob.token), session])
      refused(await client.get(`${org.path}/me`), 401);
    expect(await (await pawl.session(bob)).get(`${org.path}/me`), 200);
  });

  test('leaves what works elsewhere alone, and ends what is bound here', async () => {
    const bob = await both();
    const session = await pawl.session(bob);
    const make = async (organization_id) => pawl.api(expect(await session.post(
      '/oauth/personal-access-tokens', { name: 'x', scopes: ['*'], organization_id }), 201)
      .body.accessToken);
    const here = await make(org.id);
    const there = await make(other.id);

    await disable(bob);
    refused(await here.get(`${org.path}/me`), 401);
    refused(await pawl.api(bob.token).get(`${org.path}/me`), 403);
    refused(await session.get(`${org.path}/me`), 403);
    for (const client of [there, pawl.api(bob.token), session])
      expect(await client.get(`${other.path}/me`), 200);
    await enable(bob);
    refused(await here.get(`${org.path}/me`), 401);
    expect(await pawl.api(bob.token).get(`${org.path}/me`), 200);
  });

  test('ends consents with all that came of them, and minted tokens', async () => {
    const bob = await both();
    const oauth = new OAuth(pawl);
    const client = await oauth.client();
    const grant = await oauth.tokens(client, bob, org);
    const unused = await oauth.code(client, bob, org);
    const application = await oauth.client({ org, grants: ['client_credentials'], redirects: [] });
    const own = expect(await oauth.token({ grant_type: 'client_credentials', ...application }), 200)
      .body.access_token;
    const minted = expect(await pawl.api(own).post(
      `/applications/${org.id}/users/${bob.email}/token`), 200).body.access_token;

    expect(await pawl.api(grant.access_token).get(`${org.path}/me`), 200);
    expect(await pawl.api(minted).get(`${org.path}/me`), 200);
    await disable(bob);
    const dead = async () => {
      for (const token of [grant.access_token, minted])
        refused(await pawl.api(token).get(`${org.path}/me`), 401);
      expect(await oauth.token({ grant_type: 'refresh_token', ...client,
        refresh_token: grant.refresh_token }), 400);
      expect(await oauth.token(unused), 400);
    };
    await dead();
    refused(await pawl.api(own).post(`/applications/${org.id}/users/${bob.email}/token`), 403);
    await enable(bob);
    await dead();
    assert.ok((await described('consent_revoked')).length > 0);
  });

  test('takes somebody out of groups and of guests', async () => {
    const bob = await pawl.user(org);
    const group = expect(await admin.post(`${org.path}/groups`,
      { name: newAddress(), members: [bob.id, org.admin.id] }), 201).data;
    const email = newAddress('guest');

    expect(await admin.post(`${org.path}/guests`, { email }), 201);
    expect(await admin.put(`${org.path}/guests/${email}`, { associated_members: [bob.id] }), 201);
    await disable(bob);
    assert.deepEqual(expect(await admin.get(`${org.path}/groups/${group.id}`), 200).data.members,
      [org.admin.id]);
    assert.deepEqual(expect(await admin.get(`${org.path}/guests/${email}`), 200)
      .data.details.associated_members, []);
    await enable(bob);
    assert.deepEqual(expect(await admin.get(`${org.path}/groups/${group.id}`), 200).data.members,
      [org.admin.id]);
  });

  test('ends an invitation; enabling sends another', async () => {
    const email = newAddress('inv');
    const { data } = expect(await admin.post(path, { email }), 200);
    const { token } = await box.next({ to: email, subject: /invited/i });

    await disable(data);
    refused(await nobody.post('/auth/invitation/accept', { token, password: NEW }), 422);
    assert.equal((await enable(data)).status, 'invited');
    const again = await box.next({ to: email, subject: /invited/i });
    expect(await nobody.post('/auth/invitation/accept', { token: again.token, password: NEW }),
      200);
    assert.equal((await read(data)).status, 'active');
  });

  test('is not for the bot, in the words that clients know', async () => {
    const bot = { id: BOT };

    refused(await admin.delete(at(bot, '/disable')), 400, null, /^Bot users cannot be disabled\.$/);
    for (const rest of ['', '/delete'])
      refused(await admin.delete(at(bot, rest)), 400, null,
        /^You can't remove a bot user from this organization!$/);
    refused(await admin.put(at(bot, '/to/guest')), 400, null, /^Bot users/);
    assert.equal(expect(await admin.put(at(bot, '/enable')), 200).data.status, 'active');
  });

  test('is by id or address', async () => {
    const bob = await pawl.user(org);

    const { data } = expect(await admin.delete(`${path}/${bob.email.toUpperCase()}`), 200);
    assert.equal(data.id, bob.id);
    assert.equal(data.status, 'disabled');
  });
});

test('only administrators, and only with members of the organization', async () => {
  const bob = await pawl.user(org);
  const stranger = await pawl.user(other);
  const calls = [['DELETE', ''], ['DELETE', '/disable'], ['PUT', '/enable'], ['PATCH', '/enable'],
    ['DELETE', '/delete'], ['PUT', '/to/guest'], ['PATCH', '/to/guest']];

  for (const [method, rest] of calls) {
    for (const person of [bob, light, other.admin])
      refused(await pawl.api(person.token).send(method, at(light, rest)), 403);
    for (const id of [stranger.id, 0, 99999999, stranger.email, '1e3', '-1'])
      refused(await admin.send(method, at({ id }, rest)), 404);
  }
});

describe('enabling', () => {
  test('brings somebody back, and says so', async () => {
    const bob = await pawl.user(org);
    const before = await count();

    await disable(bob);
    await box.next({ to: bob.email, subject: /ended/i });
    const data = await enable(bob);
    assert.equal(data.status, 'active');
    assert.equal(data.disabled_at, null);
    assert.equal(data.disabled_by, null);
    assert.equal(data.reactivated_by, org.admin.id);
    isAbout(data.reactivated_at, pawl.clock, 0);
    assert.equal(await count(), before);
    const mail = await box.next({ to: bob.email, subject: /back/i });
    assert.match(mail.text, /done by Ada Admin/);
    assert.match(mail.text, new RegExp(`sign in as ${bob.email}`));
    assert.equal(new URL(mail.link).pathname, '/login');
    assert.equal((await described('enabled'))[0], 'Ada Admin enabled Bob Bell');
    pawl.clock.advance(DAY);
    assert.deepEqual(await enable(bob), data);
  });
});

describe('deleting', () => {
  test('takes disabling first', async () => {
    const bob = await pawl.user(org);

    refused(await admin.delete(at(bob, '/delete')), 400, null,
      /^Please disable the user before deletion\.$/);
    assert.equal((await read(bob)).status, 'active');
  });

  test('ends the account: no list has it, nobody signs in to it, the address is free', async () => {
    const bob = await pawl.user(org);
    const before = await total();
    const task = expect(await admin.post(`${org.path}/tasks`, oneOff(bob)), 201).data;

    await disable(bob);
    const { data, meta } = expect(await admin.delete(at(bob, '/delete')), 200);
    assert.equal(data.last_name, 'Bell (Deleted)');
    assert.equal(data.email, `${bob.email}.deleted.${bob.id}`);
    assert.equal(data.status, 'disabled');
    assert.equal(meta.tasks_left, 1);
    assert.equal(await total(), before - 1);
    refused(await admin.get(at(bob)), 404);
    refused(await admin.delete(at(bob, '/delete')), 404);
    refused(await admin.put(at(bob, '/enable')), 404);
    for (const word of [bob.email, 'Deleted'])
      assert.deepEqual(expect(await admin.get(`${path}?q=${word}`), 200).data, []);
    for (const email of [bob.email, data.email])
      refused(await nobody.post('/session', { email, password: PASSWORD }), 401);
    assert.deepEqual(expect(await admin.get(`${org.path}/tasks/${task.id}`), 200)
      .data.owners.users.map((user) => user.id ?? user), [bob.id]);
    assert.equal((await described('deleted'))[0], 'Ada Admin deleted Bob Bell (Deleted)');
    const again = expect(await admin.post(path, { email: bob.email }), 200).data;
    assert.notEqual(again.id, bob.id);
    const { token } = await box.next({ to: bob.email, subject: /invited/i });
    expect(await nobody.post('/auth/invitation/accept', { token, password: NEW }), 200);
  });

  test('leaves an account alone that is elsewhere, and it can come back', async () => {
    const bob = await both();
    const before = await total();

    await disable(bob);
    const { data } = expect(await admin.delete(at(bob, '/delete')), 200);
    assert.equal(data.email, bob.email);
    refused(await admin.get(at(bob)), 404);
    expect(await pawl.api(bob.token).get(`${other.path}/me`), 200);
    const orgs = expect(await pawl.api(bob.token).get('/me/organizations'), 200).data;
    assert.deepEqual(orgs.map(({ id }) => id), [other.id]);
    const again = expect(await admin.post(path, { email: bob.email, role: 'standard' }), 200).data;
    assert.equal(again.id, bob.id);
    assert.equal(again.status, 'invited');
    assert.equal(again.disabled_at, null);
    assert.equal(again.activated_at, null);
    const { token } = await box.next({ to: bob.email, subject: /invited/i });
    expect(await (await pawl.session(bob)).post('/auth/invitation/accept', { token }), 200);
    assert.equal((await read(bob)).status, 'active');
    assert.equal(await total(), before);
  });

  test('whoever has the address that the account gets', async () => {
    const bob = await pawl.user(org);
    const taken = `${bob.email}.deleted.${bob.id}`;

    expect(await outsider.post(`${other.path}/users/invite`, { email: taken }), 200);
    await disable(bob);
    assert.equal(expect(await admin.delete(at(bob, '/delete')), 200).data.email, taken);
    for (const email of [`(deleted ${bob.id})`, taken]) {
      refused(await nobody.post('/session', { email, password: PASSWORD }), 401);
      refused(await admin.delete(`${path}/${encodeURIComponent(email)}/disable`), 404);
    }
  });

  test('an invitation to somebody who was here before can be withdrawn', async () => {
    const bob = await both();

    await disable(bob);
    expect(await admin.delete(at(bob, '/delete')), 200);
    expect(await admin.post(path, { email: bob.email }), 200);
    expect(await admin.delete(at(bob, '/invite')), 200);
    refused(await admin.get(at(bob)), 404);
    expect(await pawl.api(bob.token).get(`${other.path}/me`), 200);
    expect(await admin.post(path, { email: bob.email }), 200);
  });

  test('an invited one who is disabled and deleted leaves nothing', async () => {
    const email = newAddress('inv');
    const { data } = expect(await admin.post(path, { email }), 200);

    refused(await admin.delete(at(data, '/delete')), 400);
    await disable(data);
    expect(await admin.delete(at(data, '/delete')), 200);
    refused(await admin.get(at(data)), 404);
    assert.notEqual(expect(await admin.post(path, { email }), 200).data.id, data.id);
  });
});

describe('a member becomes a guest', () => {
  test('with the open tasks', async () => {
    const bob = await pawl.user(org, { first: 'Bea', last: 'Both' });
    const before = [await count(), await total()];
    const task = expect(await admin.post(`${org.path}/tasks`, oneOff(bob)), 201).data;
    const guest = expect(await admin.put(at(bob, '/to/guest')), 200).data;

    assert.equal(guest.email, bob.email);
    assert.equal(guest.first_name, 'Bea');
    assert.notEqual(guest.id, bob.id);
    assert.match(guest.link, /\/guest\/\w{40}$/);
    assert.deepEqual([await count(), await total()], before.map((n) => n - 1));
    refused(await admin.get(at(bob)), 404);
    refused(await pawl.api(bob.token).get(`${org.path}/me`), 401);
    const tasks = expect(await admin.get(`${org.path}/guests/${bob.email}/tasks`), 200).data;
    assert.deepEqual(tasks.map(({ id }) => id), [task.id]);
    const mail = await box.next({ to: bob.email, subject: /now a guest/i });
    assert.match(mail.text, /done by Ada Admin/);
    assert.match((await described('converted'))[0], /^Ada Admin made Bea Both a guest$/);
    invalid(await admin.post(path, { email: bob.email }), 'email');
    refused(await admin.put(at(bob, '/to/guest')), 404);
  });

  test('whether active, disabled or only invited', async () => {
    const bob = await pawl.user(org);
    const email = newAddress('inv');
    const { data } = expect(await admin.post(path, { email }), 200);
    const { token } = await box.next({ to: email, subject: /invited/i });

    await disable(bob);
    expect(await admin.patch(at(bob, '/to/guest')), 200);
    expect(await admin.put(at(data, '/to/guest')), 200);
    refused(await nobody.post('/auth/invitation/accept', { token, password: NEW }), 422);
    for (const address of [email, bob.email])
      expect(await admin.get(`${org.path}/guests/${address}`), 200);
  });

  test('and comes back as the member they were', async () => {
    const bob = await pawl.user(org);

    expect(await admin.put(at(bob, '/to/guest')), 200);
    const { data } = expect(await admin.post(`${org.path}/guests/${bob.email}/to/member`), 200);
    assert.equal(data.id, bob.id);
    const { token } = await box.next({ to: bob.email, subject: /invited/i });
    const session = await pawl.session(bob);
    expect(await session.post('/auth/invitation/accept', { token }), 200);
    assert.equal((await read(bob)).status, 'active');
  });
});

describe('a guest becomes a member', () => {
  test('who is invited, with the open tasks', async () => {
    const email = newAddress('gus');
    const before = await total();
    const guest = expect(await admin.post(`${org.path}/guests`,
      { email, first_name: 'Gus', last_name: 'Guest' }), 201).data;
    const task = expect(await admin.post(`${org.path}/tasks`, oneOff(org.admin, {
      owners: { users: [org.admin.id], guests: [email], groups: [] },
    })), 201).data;
    const { data } = expect(await admin.post(`${org.path}/guests/${email}/to/member`), 200);

    assert.equal(data.status, 'invited');
    assert.equal(data.role, 'standard');
    assert.equal(data.full_name, 'Gus Guest');
    assert.notEqual(data.id, guest.id);
    assert.equal(await total(), before + 1);
    refused(await admin.get(`${org.path}/guests/${email}`), 404);
    const code = guest.link.split('/').at(-1);
    refused(await nobody.get(`${org.path}/guests/${code}/tasks?guest_code=${code}`), 401);
    const owners = expect(await admin.get(`${org.path}/tasks/${task.id}`), 200).data.owners;
    assert.deepEqual(owners.guests, []);
    const { token } = await box.next({ to: email, subject: /invited/i });
    const joined = expect(await nobody.post('/auth/invitation/accept', { token, password: NEW }),
      200);
    const mine = expect(await pawl.holder(joined).get(`${org.path}/me/tasks`), 200).data;
    assert.deepEqual(mine.map(({ id }) => id), [task.id]);
  });

  test('in the role that is asked for', async () => {
    const email = newAddress('gus');

    expect(await admin.post(`${org.path}/guests`, { email }), 201);
    const to = `${org.path}/guests/${encodeURIComponent(email)}/to/member`;
    invalid(await admin.post(to, { role: 'guest' }), 'role');
    refused(await pawl.api(light.token).post(to), 403);
    refused(await outsider.post(to), 403);
    refused(await outsider.post(`${other.path}/guests/${email}/to/member`), 404);
    const { data } = expect(await admin.post(to, { role: 'ADMIN' }), 200);
    assert.equal(data.role, 'admin');
    refused(await admin.post(to), 404);
    refused(await admin.post(`${org.path}/guests/nobody@example.com/to/member`), 404);
  });

  test('and one whose invitation is withdrawn leaves the tasks as they are', async () => {
    const email = newAddress('gus');
    const task = expect(await admin.post(`${org.path}/tasks`, oneOff(org.admin, {
      owners: { users: [org.admin.id], guests: [email], groups: [] },
    })), 201).data;
    const { data } = expect(await admin.post(`${org.path}/guests/${email}/to/member`), 200);

    expect(await admin.delete(at(data, '/invite')), 200);
    refused(await admin.get(at(data)), 404);
    expect(await admin.get(`${org.path}/tasks/${task.id}`), 200);
  });
});

test('the store is sound after all that', () => sound(pawl));
