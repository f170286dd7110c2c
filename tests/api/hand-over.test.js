// When somebody goes, their open tasks can go to somebody else in the same step.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { sound } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);
const eve = await pawl.user(org, { first: 'Eve' });
const path = `${org.path}/users`;

const give = async (person, more) =>
  expect(await admin.post(`${org.path}/tasks`, oneOff(person, more)), 201).data;
const complete = async ({ id }) =>
  expect(await admin.post(`${org.path}/completed-tasks`, { task_id: id }), 200);
const archive = async ({ id }) => {
  const { status } = await admin.delete(`${org.path}/tasks/${id}`);

  assert.ok(status < 300);
};
const owners = async ({ id }) => {
  const task = expect(await admin.get(`${org.path}/tasks/${id}`), 200).data;

  return task.owners.users.map((user) => user.id ?? user);
};
const open = async (person) =>
  expect(await admin.get(`${path}/${person.id}/tasks?per_page=100`), 200).data
    .filter(({ status }) => status !== 'completed').map(({ id }) => id);
const moves = (moved, left) => ({
  tasks_moved: moved, tasks_left: left, steps_moved: 0, steps_left: 0,
});

// Bob, with three open tasks, a completed one and an archived one.
async function bobWithTasks() {
  const bob = await pawl.user(org);
  const tasks = [await give(bob), await give(bob),
    await give(bob, { owners: { users: [bob.id, org.admin.id], guests: [], groups: [] } })];
  const done = await give(bob);
  const archived = await give(bob);

  await complete(done);
  await archive(archived);
  return { bob, tasks, done, archived };
}

describe('removing with reassignment', () => {
  for (const [name, rest] of [['removing', ''], ['disabling', '/disable']])
    test(`${name} gives the open tasks to somebody else`, async () => {
      const { bob, tasks, done, archived } = await bobWithTasks();
      const before = (await open(eve)).length;
      const { data, meta } = expect(await admin.delete(
        `${path}/${bob.id}${rest}?with_reassignment=true&to=${eve.id}`), 200);

      assert.equal(data.status, 'disabled');
      assert.deepEqual(meta, moves(3, 0));
      assert.equal((await open(eve)).length, before + 3);
      assert.deepEqual(await owners(tasks[0]), [eve.id]);
      assert.deepEqual((await owners(tasks[2])).sort(), [org.admin.id, eve.id].sort());
      for (const task of [done, archived]) assert.deepEqual(await owners(task), [bob.id]);
      const { data: [event] } = expect(await admin.get(
        `${org.path}/activity-feeds?entity_type=task&entity_id=${tasks[0].id}`), 200);
      assert.equal(event.verb[0], 'owners-updated');
    });

  test('without it they stay, and are counted', async () => {
    const { bob, tasks } = await bobWithTasks();

    assert.deepEqual(expect(await admin.delete(`${path}/${bob.id}`), 200).meta, moves(0, 3));
    assert.deepEqual(await owners(tasks[0]), [bob.id]);
    assert.deepEqual(expect(await admin.delete(
      `${path}/${bob.id}?with_reassignment=false&to=${eve.id}`), 200).meta, moves(0, 3));
    const late = await admin.delete(`${path}/${bob.id}?with_reassignment=1&to=${eve.id}`);
    assert.deepEqual(expect(late, 200).meta, moves(3, 0));
    assert.deepEqual(await owners(tasks[0]), [eve.id]);
  });

  test('deleting can give them away too', async () => {
    const { bob, tasks } = await bobWithTasks();

    expect(await admin.delete(`${path}/${bob.id}`), 200);
    assert.deepEqual(expect(await admin.delete(
      `${path}/${bob.id}/delete?with_reassignment=True&to=${eve.id}`), 200).meta, moves(3, 0));
    assert.deepEqual(await owners(tasks[1]), [eve.id]);
  });

  test('a task that both have is then had once', async () => {
    const bob = await pawl.user(org);
    const task = await give(bob, { owners: { users: [bob.id, eve.id], guests: [], groups: [] } });
    const { meta } = expect(await admin.delete(
      `${path}/${bob.id}?with_reassignment=TRUE&to=${eve.id}`), 200);

    assert.deepEqual(meta, moves(1, 0));
    assert.deepEqual(await owners(task), [eve.id]);
  });

  test('a part that is done stays with who did it', async () => {
    const [bob, ann] = [await pawl.user(org), await pawl.user(org)];
    const shared = { everyone_must_complete: true,
      owners: { users: [ann.id, bob.id], guests: [], groups: [] } };
    const [done, open] = [await give(bob, shared), await give(bob, shared)];
    const completes = (person, { id }) =>
      pawl.api(person.token).post(`${org.path}/completed-tasks`, { task_id: id });
    const read = async ({ id }) => expect(await admin.get(`${org.path}/tasks/${id}`), 200).data;

    expect(await completes(bob, done), 200);
    const { meta } = expect(await admin.delete(
      `${path}/${bob.id}?with_reassignment=true&to=${eve.id}`), 200);

    assert.deepEqual(meta, moves(1, 0));
    assert.deepEqual((await owners(open)).sort(), [ann.id, eve.id].sort());
    assert.deepEqual((await owners(done)).sort(), [ann.id, bob.id].sort());
    assert.deepEqual((await read(done)).completions.map((part) => part.user_id), [bob.id]);
    assert.equal((await read(done)).completion_progress, 50);
    expect(await completes(ann, done), 200);
    assert.equal((await read(done)).status, 'completed');
  });

  test('what somebody has through a group they lose with the group', async () => {
    const bob = await pawl.user(org);
    const group = expect(await admin.post(`${org.path}/groups`,
      { name: `Team ${bob.id}`, members: [bob.id, org.admin.id] }), 201).data;
    const task = await give(bob, { owners: { users: [], guests: [], groups: [group.id] } });

    assert.deepEqual(await open(bob), [task.id]);
    const { meta } = expect(await admin.delete(
      `${path}/${bob.id}?with_reassignment=true&to=${eve.id}`), 200);
    assert.deepEqual(meta, moves(0, 0));
    assert.deepEqual(await open(bob), []);
  });

  test('hundreds of tasks go at once', async () => {
    const bob = await pawl.user(org);

    for (let i = 0; i < 25; i++)
      await Promise.all(Array.from({ length: 10 }, () => give(bob)));
    const { meta } = expect(await admin.delete(
      `${path}/${bob.id}?with_reassignment=true&to=${eve.id}`), 200);
    assert.deepEqual(meta, moves(250, 0));
    assert.deepEqual(await open(bob), []);
  });
});

describe('who can have them', () => {
  test('another active member of the organization, and nobody else', async () => {
    const { bob, tasks } = await bobWithTasks();
    const gone = await pawl.user(org);
    const stranger = await pawl.user(other);
    const invited = expect(await admin.post(path, { email: pawl.email('inv') }), 200).data;
    const guest = expect(await admin.post(`${org.path}/guests`, { email: pawl.email('g') }), 201);

    expect(await admin.delete(`${path}/${gone.id}`), 200);
    for (const rest of ['', '/disable', '/delete'])
      for (const to of ['', '&to=', `&to=${bob.id}`, `&to=${gone.id}`, `&to=${stranger.id}`,
        `&to=${invited.id}`, `&to=${guest.data.id}`, '&to=1', '&to=0', '&to=-1', '&to=x',
        '&to=99999999999999999999', `&to=${eve.email}`])
        invalid(await admin.delete(`${path}/${bob.id}${rest}?with_reassignment=true${to}`), 'to');
    invalid(await admin.delete(`${path}/${bob.id}?with_reassignment=maybe&to=${eve.id}`),
      'with_reassignment');
    assert.deepEqual(await owners(tasks[0]), [bob.id]);
    assert.equal(expect(await admin.get(`${path}/${bob.id}`), 200).data.status, 'active');
  });

  test('nothing moves when the member cannot go', async () => {
    const task = await give(org.admin);

    refused(await admin.delete(`${path}/${org.admin.id}?with_reassignment=true&to=${eve.id}`), 400);
    assert.deepEqual(await owners(task), [org.admin.id]);
  });

  test('two who go at once and name each other do not lose a task', async () => {
    const [bob, mia] = [await pawl.user(org), await pawl.user(org)];
    const tasks = [await give(bob), await give(mia)];
    const answers = await Promise.all([[bob, mia], [mia, bob]].map(([from, to]) =>
      admin.delete(`${path}/${from.id}?with_reassignment=true&to=${to.id}`)));

    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
    const stays = answers[0].status === 200 ? mia : bob;
    for (const task of tasks) assert.deepEqual(await owners(task), [stays.id]);
  });
});

test('the store is sound after all that', () => sound(pawl));
