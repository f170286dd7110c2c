// Guests of an organization: adding, reading, disabling and deleting them, and who may.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { codeOf, plainly } from '../lib/guests.js';
import { GUEST, GUEST_DETAILS, PAGINATION } from '../lib/shapes.js';
import { sound } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const standard = await pawl.user(org);
const light = await pawl.user(org, { role: 'light' });
const member = pawl.api(standard.token);
const lightly = pawl.api(light.token);
const other = await pawl.org({ name: 'Other' });
const stranger = pawl.api(other.admin.token);
const path = `${org.path}/guests`;

const at = (email, rest = '') => `${path}/${encodeURIComponent(email)}${rest}`;
const add = async (email, more = {}) =>
  expect(await admin.post(path, { email, ...more }), 201).data;
const emails = ({ data }) => data.map(({ email }) => email);
const whole = (guest) => {
  shape(guest, GUEST);
  shape(guest.details, GUEST_DETAILS);
  return guest;
};

// A task of an administrator and a guest, who is made a guest by that.
const give = async (email, more = {}) =>
  expect(
    await admin.post(`${org.path}/tasks`, oneOff(org.admin, {
      owners: { users: [org.admin.id], guests: [email], groups: [] },
      ...more,
    })),
    201,
  ).data;

test('a guest is an address, and everything else is said later or never', async () => {
  const guest = whole(await add('Gwen@Example.com'));

  assert.equal(guest.email, 'Gwen@Example.com');
  assert.ok(guest.id > org.admin.id);
  assert.match(guest.link, /^https?:\/\/[^/]+\/guest\/[0-9A-Za-z]{40}$/);
  isAbout(guest.created_at, pawl.clock, 0);
  for (const key of ['first_name', 'last_name', 'last_accessed_at', 'deleted_at', 'disabled_at'])
    assert.equal(guest[key], null, key);
  assert.deepEqual(guest.details.associated_members, []);
  for (const [key, value] of Object.entries(guest.details))
    if (key !== 'associated_members') assert.equal(value, null, key);

  const read = expect(await admin.get(at('gwen@example.com')), 200);
  assert.deepEqual(whole(read.data), guest);
});

test('the address is found encoded and raw, in any case', async () => {
  const guest = await add('plus+sign@example.com');

  for (const email of ['plus+sign@example.com', 'plus%2Bsign%40example.com',
    'PLUS+Sign%40Example.COM'])
    assert.equal(expect(await admin.get(`${path}/${email}`), 200).data.id, guest.id);
  refused(await admin.get(`${path}/plus sign@example.com`), 404);
});

test('what is no known address is not found', async () => {
  const guest = await add('numbered@example.com');

  for (const key of [guest.id, 'nobody@example.com', 'x', org.admin.email, '0', '-1']) {
    refused(await admin.get(`${path}/${key}`), 404, 'RESOURCE_NOT_FOUND');
    refused(await admin.put(`${path}/${key}`, { first_name: 'X' }), 404);
    refused(await admin.patch(`${path}/${key}`, { first_name: 'X' }), 404);
    refused(await admin.put(`${path}/${key}/enable`), 404);
    refused(await admin.delete(`${path}/${key}/disable`), 404);
  }
  refused(await admin.delete(`${path}/${guest.id}`), 404, 'RESOURCE_NOT_FOUND');
  invalid(await admin.delete(at('nobody@example.com')), 'email');
  invalid(await admin.delete(at(org.admin.email)), 'email');
});

test('an address that is a guest already stays the guest it is', async () => {
  const guest = await add('twice@example.com', { first_name: 'Once' });
  const again = await add('TWICE@example.com', { first_name: 'Twice', status: 'new' });

  assert.deepEqual(again, guest);
  assert.equal(emails(await admin.get(`${path}?q=twice@`)).length, 1);
});

test('two who add the same address at once add one guest', async () => {
  const both = await Promise.all([
    admin.post(path, { email: 'race@example.com', first_name: 'A' }),
    member.post(path, { email: 'Race@example.com', first_name: 'B' }),
    admin.post(path, { email: 'RACE@example.com', first_name: 'C' }),
  ]);

  both.forEach((answer) => expect(answer, 201));
  assert.equal(new Set(both.map(({ data }) => data.id)).size, 1);
  assert.equal(new Set(both.map(({ data }) => data.first_name)).size, 1);
  await sound(pawl);
});

test('an address is the same guest, by number, in every organization', async () => {
  const here = await add('shared@example.com', { first_name: 'Here' });
  const there = expect(
    await stranger.post(`${other.path}/guests`, { email: 'Shared@Example.com' }), 201).data;

  assert.equal(there.id, here.id);
  assert.equal(there.first_name, null);
  assert.notEqual(there.link, here.link);

  // Gone in one of them, it is still that guest in the other.
  expect(await stranger.delete(`${other.path}/guests/shared@example.com`), 200);
  refused(await stranger.get(`${other.path}/guests/shared@example.com`), 404);
  assert.deepEqual(expect(await admin.get(at('shared@example.com')), 200).data, here);
  assert.equal(expect(await stranger.post(`${other.path}/guests`,
    { email: 'shared@example.com' }), 201).data.id, here.id);
  await sound(pawl);
});

test('who came back elsewhere first comes back with the number of there', async () => {
  const first = await add('moved@example.com', { company_name: 'Acme' });

  expect(await admin.delete(at('moved@example.com')), 200);
  const there = expect(
    await stranger.post(`${other.path}/guests`, { email: 'moved@example.com' }), 201).data;
  const back = await add('moved@example.com');

  assert.equal(back.id, there.id);
  assert.equal(back.details.company_name, 'Acme');
  assert.equal(expect(await admin.get(`${path}?q=moved@`), 200).data[0].id, back.id);
  assert.ok(first.id > 0);
  await sound(pawl);
});

test('the address of a member cannot be a guest, whatever the member’s state', async () => {
  for (const email of [org.admin.email, standard.email.toUpperCase(), light.email])
    invalid(await admin.post(path, { email }), 'email');
  // Elsewhere it can.
  expect(await stranger.post(`${other.path}/guests`, { email: standard.email }), 201);
});

test('a deleted guest is in no list, and comes back with what was known', async () => {
  const guest = await add('gone@example.com', { first_name: 'Gone', phone_1: '1', status: 'cold' });
  const total = expect(await admin.get(`${path}?per_page=1`), 200).meta.pagination.total;
  const gone = whole(expect(await admin.delete(at('GONE@example.com')), 200).data);

  assert.equal(gone.id, guest.id);
  isAbout(gone.deleted_at, pawl.clock, 0);
  assert.equal(gone.link, null);
  refused(await admin.get(at('gone@example.com')), 404);
  invalid(await admin.delete(at('gone@example.com')), 'email');
  assert.equal(expect(await admin.get(`${path}?per_page=1`), 200).meta.pagination.total, total - 1);
  assert.deepEqual(emails(await admin.get(`${path}?q=gone@example.com`)), []);
  assert.ok(!emails(await admin.get(`${org.path}/guests-list`)).includes('gone@example.com'));
  await sound(pawl);

  const back = whole(await add('gone@example.com', { status: 'warm' }));
  assert.equal(back.id, guest.id);
  assert.equal(back.deleted_at, null);
  assert.equal(back.first_name, 'Gone');
  assert.equal(back.details.phone_1, '1');
  assert.equal(back.details.status, 'warm');
  assert.notEqual(back.link, guest.link, 'the old link stays dead');
  assert.deepEqual(emails(await admin.get(`${path}?q=gone`)), ['gone@example.com']);
  await sound(pawl);
});

test('a disabled guest who is deleted comes back enabled', async () => {
  await add('phoenix@example.com');
  expect(await admin.delete(at('phoenix@example.com', '/disable')), 200);
  expect(await admin.delete(at('phoenix@example.com')), 200);
  assert.equal((await add('phoenix@example.com')).disabled_at, null);
});

test('guests are disabled and enabled, twice without harm', async () => {
  await add('off@example.com');

  for (let turn = 0; turn < 2; turn += 1) {
    const off = whole(expect(await admin.delete(at('off@example.com', '/disable')), 200).data);

    isAbout(off.details.disabled_at, pawl.clock, 0);
    assert.equal(off.disabled_at, off.details.disabled_at);
    assert.equal(off.details.disabled_on, off.details.disabled_at);
    assert.equal(off.details.disabled_by, org.admin.id);
    assert.equal(off.details.status, null, 'the status is the organization’s own word');
  }
  for (let turn = 0; turn < 2; turn += 1) {
    const on = whole(expect(await admin.put(at('off@example.com', '/enable')), 200).data);

    assert.equal(on.details.disabled_at, null);
    assert.equal(on.details.disabled_by, null);
    isAbout(on.details.reactivated_at, pawl.clock, 0);
    assert.equal(on.details.reactivated_by, org.admin.id);
  }
  assert.deepEqual(await verbs('off@example.com'), ['enabled', 'disabled', 'created']);
});

test('who still has something to do cannot be disabled', async () => {
  const task = await give('busy@example.com');

  refused(await admin.delete(at('busy@example.com', '/disable')), 403, undefined,
    /^Cannot disable guest with incomplete tasks$/);
  expect(await admin.post(`${org.path}/completed-tasks`, { task_id: task.id }), 200);
  expect(await admin.delete(at('busy@example.com', '/disable')), 200);
  invalid(await admin.post(`${org.path}/tasks`, oneOff(org.admin, {
    owners: { users: [org.admin.id], guests: ['busy@example.com'], groups: [] },
  })), 'owners.guests');
});

test('nor who has something to do through a group', async () => {
  const email = 'crew@example.com';
  const crew = expect(await admin.post(`${org.path}/groups`,
    { name: 'Crew', description: '', members: [org.admin.id], guests: [email] }), 201).data;
  const task = expect(await admin.post(`${org.path}/tasks`, oneOff(org.admin, {
    owners: { users: [], guests: [], groups: [crew.id] },
  })), 201).data;

  refused(await admin.delete(at(email, '/disable')), 403, undefined, /incomplete tasks$/);
  expect(await admin.post(`${org.path}/completed-tasks`, { task_id: task.id }), 200);
  expect(await admin.delete(at(email, '/disable')), 200);
});

test('a deleted guest leaves all tasks, groups and members', async () => {
  const task = await give('leaver@example.com');
  const group = expect(await admin.post(`${org.path}/groups`,
    { name: 'Leavers', description: '', guests: ['leaver@example.com'] }), 201).data;

  expect(await admin.put(at('leaver@example.com'), { associated_members: [standard.id] }), 201);
  expect(await admin.delete(at('leaver@example.com')), 200);
  assert.deepEqual((await admin.get(`${org.path}/tasks/${task.id}`)).data.owners.guests, []);
  assert.deepEqual((await admin.get(`${org.path}/groups/${group.id}`)).data.guests, []);
  assert.deepEqual((await add('leaver@example.com')).details.associated_members, []);
  await sound(pawl);
});

test('stats count what the asking member may see', async () => {
  const stan = await pawl.user(org, { first: 'Stan' });
  const lou = await pawl.user(org, { role: 'light', first: 'Lou' });
  const guest = await add('secret@example.com');
  const owners = { users: [org.admin.id], guests: [guest.email], groups: [] };
  const assigned = async ({ token }) => {
    const { data } = await pawl.api(token).get(at(guest.email, '?with=stats'));

    return data.stats.assigned_tasks;
  };

  await give(guest.email);
  await give(guest.email, { owners, top_secret: true });
  await give(guest.email, { owners: { ...owners, users: [stan.id, lou.id] }, top_secret: true });
  assert.equal(await assigned(org.admin), 3);
  assert.equal(await assigned(stan), 2);
  assert.equal(await assigned(lou), 1);
});

test('stats tell what guests have done', async () => {
  const none = {
    assigned_tasks: 0,
    tasks_completed: 0,
    last_task_completed_at: null,
    one_off_tasks_completed: 0,
    last_one_off_task_completed_at: null,
  };
  await add('idle@example.com');
  const done = await give('doer@example.com');
  await give('doer@example.com');

  assert.deepEqual((await admin.get(at('idle@example.com', '?with=stats'))).data.stats, none);
  assert.ok(!('stats' in (await admin.get(at('idle@example.com'))).data));
  assert.deepEqual((await admin.get(at('doer@example.com', '?with=stats'))).data.stats,
    { ...none, assigned_tasks: 2 });
  expect(await admin.post(`${org.path}/completed-tasks`, { task_id: done.id }), 200);
  const list = expect(await admin.get(`${path}?with=stats&q=doer@`), 200);
  const { stats } = list.data[0];
  assert.equal(stats.assigned_tasks, 2);
  assert.equal(stats.tasks_completed, 1);
  assert.equal(stats.one_off_tasks_completed, 1);
  isAbout(stats.last_task_completed_at, pawl.clock, 0);
  isAbout(stats.last_one_off_task_completed_at, pawl.clock, 0);
});

test('lists are in pages of 999 at most, or all at once without meta', async () => {
  const list = expect(await admin.get(path), 200);
  const all = expect(await admin.get(`${path}?without_pagination=true`), 200);
  const brief = expect(await admin.get(`${org.path}/guests-list`), 200);

  list.data.forEach(whole);
  shape(list.meta.pagination, PAGINATION);
  assert.equal(list.meta.pagination.per_page, 999);
  assert.equal(list.meta.pagination.total, list.data.length);
  assert.equal((await admin.get(`${path}?per_page=100000`)).meta.pagination.per_page, 999);
  assert.deepEqual(all.data, list.data);
  assert.deepEqual(Object.keys(all.body), ['data']);
  assert.deepEqual(Object.keys(brief.body), ['data']);
  assert.deepEqual(emails(brief), emails(list));
  for (const guest of brief.data)
    assert.deepEqual(Object.keys(guest), ['id', 'email', 'first_name', 'last_name', 'disabled_at']);

  const two = expect(await admin.get(`${path}?per_page=2&page=2`), 200);
  assert.deepEqual(two.data, list.data.slice(2, 4));
  assert.ok(two.meta.pagination.links.next.includes('page=3'));
  assert.deepEqual((await admin.get(`${path}?page=999`)).data, []);
});

test('another organization knows nothing of our guests', async () => {
  const theirs = `${other.path}/guests`;

  await add('ours@example.com');
  refused(await stranger.get(path), 403);
  refused(await stranger.get(at('ours@example.com')), 403);
  refused(await stranger.post(path, { email: 'x@example.com' }), 403);
  refused(await stranger.get(`${theirs}/ours@example.com`), 404);
  refused(await stranger.put(`${theirs}/ours@example.com`, { first_name: 'X' }), 404);
  invalid(await stranger.delete(`${theirs}/ours@example.com`), 'email');
  refused(await stranger.delete(`${theirs}/ours@example.com/disable`), 404);
  assert.ok(!emails(await stranger.get(theirs)).includes('ours@example.com'));
  assert.deepEqual(emails(await stranger.get(`${theirs}?q=ours`)), []);
});

test('standard members add and change guests; the rest is for administrators', async () => {
  const guest = whole(expect(await member.post(path, { email: 'std@example.com' }), 201).data);

  assert.match(guest.link, /\/guest\//);
  expect(await member.put(at('std@example.com'), { first_name: 'S' }), 201);
  expect(await member.patch(at('std@example.com'), { last_name: 'T' }), 200);
  expect(await member.get(at('std@example.com')), 200);
  refused(await member.delete(at('std@example.com', '/disable')), 403, 'FORBIDDEN_ROLE');
  refused(await member.put(at('std@example.com', '/enable')), 403, 'FORBIDDEN_ROLE');
  refused(await member.delete(at('std@example.com')), 403, 'FORBIDDEN_ROLE');
});

test('light members see the guests they work with, without their links', async () => {
  await add('hidden@example.com', { first_name: 'Hidden' });
  await add('mine@example.com', { first_name: 'Mine', associated_members: [light.id] });
  const task = await give('colleague@example.com',
    { owners: { users: [light.id], guests: ['colleague@example.com'], groups: [] } });
  const seen = ['mine@example.com', 'colleague@example.com'];

  assert.deepEqual(emails(await lightly.get(path)), seen);
  assert.deepEqual(emails(await lightly.get(`${org.path}/guests-list`)), seen);
  assert.deepEqual(emails(await lightly.get(`${path}?without_pagination=1`)), seen);
  assert.deepEqual(emails(await lightly.get(`${path}?sort=email`)), [...seen].reverse());
  assert.deepEqual(emails(await lightly.get(`${path}?q=coll`)), ['colleague@example.com']);
  assert.deepEqual(emails(await lightly.get(`${path}?q=mi`)), ['mine@example.com']);
  assert.deepEqual(emails(await lightly.get(`${path}?q=hidden`)), []);
  assert.equal((await lightly.get(`${path}?per_page=1`)).meta.pagination.total, 2);
  for (const email of seen) {
    const guest = whole(expect(await lightly.get(at(email, '?with=stats')), 200).data);

    assert.equal(guest.link, null);
  }
  refused(await lightly.get(at('hidden@example.com')), 404);
  refused(await lightly.post(path, { email: 'l@example.com' }), 403, 'FORBIDDEN_ROLE');
  refused(await lightly.put(at('mine@example.com'), { first_name: 'X' }), 403, 'FORBIDDEN_ROLE');
  refused(await lightly.delete(at('mine@example.com')), 403, 'FORBIDDEN_ROLE');

  expect(await admin.put(at('mine@example.com'), { associated_members: [] }), 201);
  expect(await admin.patch(`${org.path}/tasks/${task.id}`,
    { owners: { users: [org.admin.id], guests: ['colleague@example.com'], groups: [] } }), 200);
  assert.deepEqual(emails(await lightly.get(path)), []);
});

test('the log tells what happened to a guest', async () => {
  await add('told@example.com', { first_name: 'Tilda', last_name: 'Told' });
  expect(await member.put(at('told@example.com'), { phone_1: '2', status: 'x' }), 201);
  expect(await member.put(at('told@example.com'), { phone_1: '2' }), 201);
  expect(await admin.delete(at('told@example.com')), 200);

  assert.deepEqual(await verbs('told@example.com'), ['deleted', 'updated', 'created']);
  const { data } = await admin.get(`${org.path}/activity-feeds?type=Guest&verb=updated`);
  assert.deepEqual(data[0].audit.data.changed, ['status', 'phone_1']);
  assert.equal(data[0].auditable_type, 'guest');
  assert.match(data[0].description, /changed the profile of the guest “Tilda Told”$/);
});

test('what a guest does stands under the guest’s name, or address', async () => {
  const feed = async (who) =>
    (await admin.get(`${org.path}/activity-feeds?actor_email=${encodeURIComponent(who)}`)).data;

  for (const [email, first_name, name] of [
    ['acting@example.com', null, 'acting@example.com'],
    ['named@example.com', 'Nadja', 'Nadja'],
  ]) {
    const guest = await add(email, { first_name });
    const self = plainly(pawl, { 'x-guest-code': codeOf(guest) });

    expect(await self.patch('/guest', { timezone: 'Europe/Paris' }), 200);
    assert.equal((await admin.get(at(email))).data.details.timezone, 'Europe/Paris');
    const [row, ...more] = await feed(email.toUpperCase());
    assert.deepEqual(more, []);
    assert.deepEqual(row.source, ['Guest']);
    assert.deepEqual(row.actor_type, ['App\\Models\\Guest']);
    assert.deepEqual(row.actor_id, [guest.id]);
    assert.equal(row.actor[0].email, email);
    assert.ok(row.description.startsWith(`${name} changed the profile of the guest`));
  }
  assert.deepEqual(await feed('nobody@example.com'), []);
});

test('a guest’s own code opens nothing about guests', async () => {
  const { email, link } = await add('curious@example.com');
  const self = plainly(pawl, { 'x-guest-code': codeOf({ link }) });

  for (const answer of [
    await self.get(path), await self.get(at(email)), await self.get(`${org.path}/guests-list`),
    await self.post(path, { email: 'friend@example.com' }),
    await self.put(at(email), { first_name: 'X' }), await self.delete(at(email)),
  ])
    refused(answer, 401);
});

test('a scope for reading people does not change them', async () => {
  const made = expect(await (await pawl.session(org.admin)).post('/oauth/personal-access-tokens',
    { name: 'Reader', scopes: ['users.read'] }), 201);
  const reader = pawl.api(made.body.accessToken);

  expect(await reader.get(path), 200);
  refused(await reader.post(path, { email: 'scope@example.com' }), 403);
  refused(await pawl.api(null).get(path), 401);
});

// What happened to the guest with this address, newest first.
async function verbs(email) {
  const found = await admin.get(`${org.path}/activity-feeds?type=Guest&per_page=100`);
  const name = (row) => row.description;
  const guest = (await admin.get(at(email))).data ?? (await add(email));

  return expect(found, 200)
    .data.filter((row) => row.auditable_id === String(guest.id) && name(row))
    .flatMap(({ verb }) => verb);
}
