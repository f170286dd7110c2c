// Guests become members and members guests: what they had to do and what they did goes along.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { sound } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);
const TASKS = `${org.path}/tasks`;

const add = async (email, by = admin, at = org) =>
  expect(await by.post(`${at.path}/guests`, { email }), 201).data;
const give = async (users, guests) =>
  expect(await admin.post(TASKS, oneOff(org.admin, { owners: { users, guests } })), 201).data;
const read = async ({ id }) => expect(await admin.get(`${TASKS}/${id}`), 200).data;
const complete = async ({ id }) =>
  expect(await admin.post(`${org.path}/completed-tasks`, { task_id: id }), 200);
const reopen = async ({ id }) =>
  expect(await admin.delete(`${org.path}/completed-tasks/${id}`), 200);
const archive = async ({ id }) => expect(await admin.delete(`${TASKS}/${id}`), 204);
const restore = async ({ id }) => expect(await admin.put(`${TASKS}/${id}/restore`), 200);
const toMember = async (email) =>
  expect(await admin.post(`${org.path}/guests/${email}/to/member`, { role: 'light' }), 200).data;
const toGuest = async ({ id }) =>
  expect(await admin.put(`${org.path}/users/${id}/to/guest`), 200).data;
const described = async (type, id) =>
  expect(await admin.get(
    `${org.path}/activity-feeds?entity_type=${type}&entity_id=${id}`), 200)
    .data.map(({ description }) => description);

test('a guest who becomes a member keeps all tasks, whatever their state', async () => {
  const guest = await add('ghost@example.com');
  const tasks = [];

  for (let i = 0; i < 4; i += 1) tasks.push(await give([org.admin.id], [guest.email]));
  const [open, done, archived, both] = tasks;
  await complete(done);
  await archive(archived);
  await complete(both);
  await archive(both);
  const member = await toMember(guest.email);

  for (const task of tasks) {
    const { owners } = await read(task);

    assert.deepEqual(owners.users.toSorted(), [org.admin.id, member.id].toSorted());
    assert.deepEqual(owners.guests, []);
  }
  await sound(pawl);
  await reopen(done);
  await restore(archived);
  await restore(both);
  await reopen(both);
  const { data } = expect(
    await admin.get(`${org.path}/users/${member.id}/tasks?per_page=100`), 200);
  assert.deepEqual(data.map(({ id }) => id).toSorted(), tasks.map(({ id }) => id).toSorted());
  expect(await admin.patch(`${TASKS}/${archived.id}`, { max_assignable: 3 }), 200);
  assert.equal((await read(open)).status, 'not-started');
  await sound(pawl);
});

test('through a group as well, and nothing of the guest is left', async () => {
  const guest = await add('crew@example.com');
  const group = expect(await admin.post(`${org.path}/groups`,
    { name: 'Crew', guests: [guest.email] }), 201).data;
  const owners = { users: [org.admin.id], guests: [guest.email], groups: [group.id] };
  const task = expect(await admin.post(TASKS, oneOff(org.admin, { owners })), 201).data;

  await complete(task);
  const member = await toMember(guest.email);
  await reopen(task);
  assert.deepEqual((await read(task)).owners.guests, []);
  assert.ok((await read(task)).owners.users.includes(member.id));
  await sound(pawl);
});

test('a guest has one number in an organization, for good', async () => {
  const [a, b] = [admin, pawl.api(other.admin.token)];
  const { id, email } = await add('number@example.com', a);
  const task = await give([org.admin.id], [email]);

  await complete(task);
  const member = await toMember(email);
  assert.notEqual(member.id, id);
  assert.equal((await add(email, b, other)).id, id, 'an address is the same guest everywhere');
  assert.equal((await toGuest(member)).id, id);
  await sound(pawl);
  await reopen(task);
  expect(await a.delete(`${org.path}/guests/${email}`), 200);
  expect(await b.delete(`${other.path}/guests/${email}`), 200);
  await sound(pawl);
  assert.equal((await add(email, b, other)).id, id);
  assert.equal((await add(email, a)).id, id);
  await sound(pawl);
});

test('a member who becomes a guest keeps what is open, archived or not', async () => {
  const bea = await pawl.user(org, { first: 'Bea' });
  const archived = await give([bea.id, org.admin.id], []);
  const done = await give([bea.id, org.admin.id], []);

  await archive(archived);
  expect(await pawl.api(bea.token).post(`${org.path}/completed-tasks`, { task_id: done.id }), 200);
  const guest = await toGuest(bea);
  assert.deepEqual((await read(archived)).owners.guests, [guest.email]);
  assert.deepEqual((await read(done)).owners.users, [bea.id, org.admin.id], 'who did it stays');
  assert.equal((await read(done)).completer_id, bea.id);
  await restore(archived);
  const { data } = expect(await admin.get(`${org.path}/guests/${guest.email}/tasks`), 200);
  assert.deepEqual(data.map(({ id }) => id), [archived.id]);
  await sound(pawl);
});

test('the log says that they were converted, both ways', async () => {
  const guest = await add('way@example.com');
  const member = await toMember(guest.email);
  const log = await described('guest', guest.id);

  assert.match(log[0], /^Ada Admin made .* a member$/);
  assert.ok(!log.some((line) => /deleted/.test(line)));
  await toGuest(member);
  assert.match((await described('member', member.id))[0], /^Ada Admin made .* a guest$/);
});
