// Tasks that are given to guests: by their address, beside a member.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { DAY, startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff, team } from '../lib/fixtures.js';
import { sound } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());
// New guests are limited by the hour.
beforeEach(() => pawl.clock.advance(DAY / 12));

const { org, ann, ben, lou, other, admin, api, stranger } = await team(pawl);
const TASKS = `${org.path}/tasks`;
const GUESTS = `${org.path}/guests`;

let addresses = 0;
const address = () => `guest${(addresses += 1)}@out.example`;

const post = (owners, more = {}, by = api) =>
  by.post(TASKS, oneOff(ann, { deadline: '2040-01-01', owners, ...more }));
const give = async (...args) => expect(await post(...args), 201).data;
const read = async (id, by = admin) => expect(await by.get(`${TASKS}/${id}`), 200).data;
const guest = (email) => admin.get(`${GUESTS}/${encodeURIComponent(email)}`);
const complete = (by, id) => by.post(`${org.path}/completed-tasks`, { task_id: id });
const list = async (query, by = api) => {
  const { data, meta } = expect(await by.get(`${TASKS}?per_page=100&${query}`), 200);

  assert.equal(meta.pagination.total, data.length);
  return data.map(({ id }) => id);
};

test('an address that nobody has becomes a guest', async () => {
  const email = address();
  const { owners, id } = await give({ users: [ben.id], guests: [email] });

  assert.deepEqual(owners, { users: [ben.id], guests: [email], groups: [], taskUrls: [] });
  assert.equal(expect(await guest(email), 200).data.email, email);
  assert.deepEqual((await read(id)).owners.guests, [email]);
  await sound(pawl);
});

test('an address is the same in any case, and written as the guest has it', async () => {
  const email = `Wanda.${address()}`;

  expect(await admin.post(GUESTS, { email }), 201);
  const { owners } = await give({
    users: [ben.id], guests: [email.toLowerCase(), ` ${email.toUpperCase()} `, email],
  });
  assert.deepEqual(owners.guests, [email]);
});

test('every task of a guest has a member too: who made it', async () => {
  const { id, owners } = await give({ guests: [address()] });

  assert.deepEqual(owners.users, [ann.id]);
  assert.equal((await read(id, api)).is_completable, true);
  assert.equal(expect(await complete(api, id), 200).data.completer_id, ann.id);
});

test('a change to guests alone keeps one of the members', async () => {
  const email = address();
  const { id } = await give({ users: [lou.id, ben.id] });
  const change = async (owners) =>
    expect(await admin.patch(`${TASKS}/${id}`, { owners }), 200).data.owners;

  const { users } = await change({ guests: [email] });
  assert.equal(users.length, 1);
  assert.ok([lou.id, ben.id].includes(users[0]));
  assert.deepEqual((await change({ users: [ben.id] })).guests, [], 'a list left out is emptied');
  assert.deepEqual((await change({ users: null, guests: [email], groups: null })).users, [ben.id]);
  await sound(pawl);
});

test('who is not active any more is not kept', async () => {
  const cal = await pawl.user(org, { first: 'Cal' });
  const { id } = await give({ users: [cal.id] });

  expect(await admin.delete(`${org.path}/users/${cal.id}/disable`), 200);
  const { owners } = expect(
    await admin.patch(`${TASKS}/${id}`, { owners: { guests: [address()] } }), 200).data;
  assert.deepEqual(owners.users, [ann.id]);
});

test('a guest is an address that is no member', async () => {
  const fresh = address();

  for (const wrong of [ben.email, ben.email.toUpperCase(), 'no address', '', 7, null, {}, [fresh]])
    invalid(await post({ users: [ann.id], guests: [fresh, wrong] }), 'owners.guests');
  for (const wrong of [fresh, 7, {}, true])
    invalid(await post({ users: [ann.id], guests: wrong }), 'owners.guests');
  refused(await guest(fresh), 404);
  assert.deepEqual((await give({ users: [ann.id], guests: [] })).owners.guests, []);
});

test('no more people than a task can have', async () => {
  const guests = Array.from({ length: 251 }, (_, i) => `crowd${i}@out.example`);

  for (const one of guests.slice(0, 3)) expect(await admin.post(GUESTS, { email: one }), 201);
  invalid(await post({ users: Array(300).fill(ann.id).concat(-1) }), 'owners.users');
  invalid(await post({ users: Array(5000).fill('x'), guests: Array(5000).fill(1) }),
    'owners.users', 'owners.guests');
  assert.ok((await post({ users: [ann.id], guests })).status >= 422);
});

test('members and guests count against the limit of a task', async () => {
  const guests = [address(), address()];

  invalid(await post({ users: [ann.id], guests }, { max_assignable: 2 }), 'owners');
  invalid(await post({ guests }, { max_assignable: 2 }), 'owners');
  assert.equal((await give({ users: [ann.id], guests }, { max_assignable: 3 })).max_assignable, 3);
});

test('a task can say that it takes no guests', async () => {
  const email = address();
  const closed = { allow_guest_owners: false };

  invalid(await post({ users: [ann.id], guests: [email] }, closed), 'owners.guests');
  const { id } = await give({ users: [ann.id], guests: [email] });
  invalid(await api.patch(`${TASKS}/${id}`, closed), 'owners.guests');
  const { owners } = expect(
    await api.patch(`${TASKS}/${id}`, { ...closed, owners: { users: [ann.id] } }), 200).data;
  assert.deepEqual(owners.guests, []);
  invalid(await api.patch(`${TASKS}/${id}`, { owners: { users: [ann.id], guests: [email] } }),
    'owners.guests');
  expect(await api.patch(`${TASKS}/${id}`,
    { allow_guest_owners: true, owners: { users: [ann.id], guests: [email] } }), 200);
  await sound(pawl);
});

test('who comes and goes is told by the history', async () => {
  const [one, two] = [address(), address()];
  const { id } = await give({ users: [ann.id], guests: [one] });

  expect(await api.patch(`${TASKS}/${id}`, { owners: { users: [ann.id], guests: [two] } }), 200);
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=task&entity_id=${id}`), 200);
  assert.deepEqual(data[1].audit.data.assigned_guests, [one]);
  assert.deepEqual(data[0].audit.data.assigned_guests, [two]);
  assert.deepEqual(data[0].audit.data.unassigned_guests, [one]);
  assert.deepEqual(data[0].audit.data.changed, ['owners']);
});

test('lists ask for guests by address or number', async () => {
  const [one, two] = [address(), address()];
  const first = await give({ users: [ann.id], guests: [one] }, { deadline: '2040-02-01' });
  const second = await give({ users: [ann.id], guests: [one, two] }, { deadline: '2040-02-02' });
  const third = await give({ users: [lou.id] }, { deadline: '2040-02-03' });
  const { id } = expect(await guest(one), 200).data;
  const asked = (query) => list(`${query}&deadline_start_range=2040-02-01`);

  assert.deepEqual(await asked(`guests=${one}`), [first.id, second.id]);
  assert.deepEqual(await asked(`guests=${one.toUpperCase()}&sort=-deadline`),
    [second.id, first.id]);
  assert.deepEqual(await asked(`guests=${id}`), [first.id, second.id]);
  assert.deepEqual(await asked(`guests=${two}, ${one}`), [first.id, second.id]);
  assert.deepEqual(await asked(`guests=${two}&owners=${lou.id}`), [second.id, third.id]);
  assert.deepEqual(await asked('guests=nobody@out.example'), []);
  assert.deepEqual(await asked(`guests=nobody@out.example,${two}`), [second.id]);
  assert.deepEqual(await asked('guests=%25'), []);
  assert.deepEqual(await asked(`guests=${one}&status=completed`), []);
  assert.deepEqual(await list(`guests=${one}`, pawl.api(lou.token)), []);
  invalid(await api.get(`${TASKS}?guests=${Array(101).fill('a@b.example')}`), 'guests');
});

test('a task for everyone waits for its members, not for its guests', async () => {
  const { id, completion_progress: progress } = await give(
    { users: [ann.id, ben.id], guests: [address()] }, { everyone_must_complete: true });

  assert.equal(progress, 0);
  assert.equal(expect(await complete(api, id), 200).data.completion_progress, 50);
  assert.equal(expect(await complete(pawl.api(ben.token), id), 200).data.status, 'completed');
  await sound(pawl);
});

test('a deleted guest has no tasks, and none of them is left to nobody', async () => {
  const [email, stays] = [address(), address()];
  const shared = await give({ users: [ben.id], guests: [stays, email] });
  const done = await give({ users: [ann.id], guests: [email] });
  const archived = await give({ users: [ben.id], guests: [email] });

  expect(await complete(api, done.id), 200);
  expect(await admin.delete(`${TASKS}/${archived.id}`), 204);
  expect(await admin.delete(`${GUESTS}/${email}`), 200);
  for (const { id } of [shared, done, archived])
    assert.ok(!(await read(id)).owners.guests.includes(email));
  assert.deepEqual((await read(shared.id)).owners,
    { users: [ben.id], guests: [stays], groups: [], taskUrls: [] });
  assert.deepEqual(await list('archived=true&guests=' + email), []);
  await sound(pawl);

  expect(await admin.post(GUESTS, { email }), 201);
  assert.deepEqual(await list('archived=true&guests=' + email), [], 'coming back brings none back');
});

test('a copy is for the guests who are still there', async () => {
  const [stays, gone] = [address(), address()];
  const { id } = await give({ users: [ben.id], guests: [stays, gone] });

  expect(await complete(api, id), 200);
  expect(await admin.delete(`${GUESTS}/${gone}/disable`), 200);
  const copy = expect(await api.post(`${TASKS}/${id}/clone`), 201).data;
  assert.deepEqual(copy.owners.guests, [stays]);
  invalid(await post({ users: [ann.id], guests: [gone] }), 'owners.guests');
  assert.deepEqual((await read(id)).owners.guests, [stays, gone], 'what was done stays as it was');
});

test('guests come with groups where a task takes them', async () => {
  const email = address();
  const { id: team } = expect(await admin.post(`${org.path}/groups`,
    { name: 'Outside', description: 'All guests', members: [], guests: [email] }), 201).data;
  const open = await give({ groups: [team] });
  const closed = await give({ users: [ben.id], groups: [team] }, { allow_guest_owners: false });

  assert.deepEqual(open.owners.users, [ann.id], 'guests have no task alone');
  assert.deepEqual(open.owners.guests, []);
  assert.deepEqual(await list(`guests=${email}`), [open.id]);
  expect(await api.patch(`${TASKS}/${closed.id}`, { allow_guest_owners: true }), 200);
  assert.deepEqual((await list(`guests=${email}`)).sort(), [open.id, closed.id].sort());
  expect(await api.patch(`${TASKS}/${closed.id}`, { allow_guest_owners: false }), 200);
  assert.deepEqual(await list(`guests=${email}`), [open.id]);
  await sound(pawl);
});

test('when the last member leaves a group, its guests do not keep the task alone', async () => {
  const { id: team } = expect(await admin.post(`${org.path}/groups`,
    { name: 'Mixed', description: 'Both', members: [lou.id], guests: [address()] }), 201).data;
  const { id, owners } = await give({ groups: [team] });

  assert.deepEqual(owners.users, []);
  await admin.delete(`${org.path}/groups/${team}/members/${lou.id}`);
  assert.deepEqual((await read(id)).owners, { users: [ann.id], guests: [], groups: [team],
    taskUrls: [] });
  await sound(pawl);
});

test('a guest of one organization is none of another', async () => {
  const email = address();

  await give({ users: [ann.id], guests: [email] });
  const { owners } = expect(await stranger.post(`${other.path}/tasks`,
    oneOff(other.admin, { owners: { guests: [email] } })), 201).data;
  assert.deepEqual(owners, { users: [other.admin.id], guests: [email], groups: [], taskUrls: [] });
  assert.equal(
    expect(await stranger.get(`${other.path}/tasks?guests=${email}`), 200).data.length, 1);
  assert.equal((await list(`guests=${email}`)).length, 1);
});
