// Tasks that are given to groups: who has them thereby, now and when people come and go.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff, team } from '../lib/fixtures.js';
import { sound } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const { org, ann, ben, lou, other, admin, api, stranger } = await team(pawl);
const TASKS = `${org.path}/tasks`;
const GROUPS = `${org.path}/groups`;
const lightly = pawl.api(lou.token);

let groups = 0;

const group = async (members = [], guests = [], { by = admin, at = GROUPS } = {}) => {
  groups += 1;
  const body = { name: `Group ${groups}`, description: 'Some', guests };

  return expect(await by.post(at, { ...body, members: members.map(({ id }) => id) }), 201).data;
};
const give = async (owners, more = {}, by = api) =>
  expect(await by.post(TASKS, oneOff(ann, { owners, ...more })), 201).data;
const read = async (id, by = admin) => expect(await by.get(`${TASKS}/${id}`), 200).data;
const complete = (by, id, more = {}) =>
  by.post(`${org.path}/completed-tasks`, { task_id: id, ...more });
const join = async ({ id }, person) =>
  expect(await admin.put(`${GROUPS}/${id}/members/${person.id}`), 200);
const leave = async ({ id }, person) =>
  assert.ok((await admin.delete(`${GROUPS}/${id}/members/${person.id}`)).status < 300);

// The ids of a list, which fits into one page.
const ids = async (by, path, query = '') => {
  const { data, meta } = expect(await by.get(`${path}?per_page=100${query}`), 200);

  assert.equal(meta.pagination.total, data.length, 'the total is that of the list');
  return data.map(({ id }) => id);
};
const mine = (by, query) => ids(by, `${org.path}/me/tasks`, query);

test('a group stays a group in the answer, and its people have the task', async () => {
  const { id: team } = await group([ben, lou]);
  const { id, owners } = await give({ groups: [team] });

  assert.deepEqual(owners, { users: [], guests: [], groups: [team], taskUrls: [] });
  assert.ok((await mine(pawl.api(ben.token))).includes(id));
  assert.ok((await mine(lightly)).includes(id));
  assert.ok(!(await mine(api)).includes(id));
  assert.ok((await ids(api, `${org.path}/users/${ben.id}/tasks`)).includes(id));
  assert.ok((await ids(api, TASKS, `&owners=${lou.id}`)).includes(id));
  assert.deepEqual((await read(id, lightly)).owners.groups, [team]);
  assert.equal((await read(id, lightly)).is_completable, true);
  assert.equal(expect(await complete(lightly, id), 200).data.status, 'completed');
  await sound(pawl);
});

test('light members see no task of a group that is not theirs', async () => {
  const { id } = await give({ groups: [(await group([ben])).id] });

  refused(await lightly.get(`${TASKS}/${id}`), 404);
  assert.ok(!(await mine(lightly)).includes(id));
});

test('a task only for assignees is for its groups too', async () => {
  const { id: team } = await group([ben]);
  const { id } = await give({ groups: [team] }, { can_complete_only_assignees: true });

  refused(await complete(api, id), 403);
  assert.equal(expect(await complete(pawl.api(ben.token), id), 200).data.completer_id, ben.id);
});

test('groups are named by ids of this organization', async () => {
  const theirs = await group([], [], { by: stranger, at: `${other.path}/groups` });
  const { id } = await group([ben]);

  for (const wrong of ['0'.repeat(32), theirs.id, 'x', '', 7, null, {}]) {
    const answer = await api.post(TASKS, oneOff(ann, { owners: { groups: [id, wrong] } }));

    invalid(answer, 'owners.groups');
    if (wrong) assert.ok(answer.text.includes(JSON.stringify(wrong).replaceAll('"', '')));
  }
  for (const wrong of ['x', 7, {}, true])
    invalid(await api.post(TASKS, oneOff(ann, { owners: { users: [ann.id], groups: wrong } })),
      'owners.groups');
  const many = Array.from({ length: 51 }, (_, i) => String(i).padStart(32, '0'));
  invalid(await api.post(TASKS, oneOff(ann, { owners: { groups: many } })), 'owners.groups');
  assert.deepEqual((await give({ groups: [id, id] })).owners.groups, [id]);
});

test('whatever is wrong with the owners is told at once', async () => {
  const owners = { users: ['x', 999_999], guests: ['no address'], groups: ['none'] };

  invalid(await api.post(TASKS, oneOff(ann, { title: '', owners })),
    'title', 'owners.users', 'owners.guests', 'owners.groups');
  const found = (await api.post(TASKS, oneOff(ann, { owners }))).body.errors;
  assert.equal(found['owners.users'].length, 2);
});

test('a limit counts people, each once, wherever they come from', async () => {
  const one = await group([ben, lou]);
  const two = await group([ben, ann], ['limit@out.example']);
  const owners = { users: [ann.id], groups: [one.id, two.id] };

  invalid(await api.post(TASKS, oneOff(ann, { owners, max_assignable: 3 })), 'owners');
  const { id } = await give(owners, { max_assignable: 4 });
  invalid(await api.patch(`${TASKS}/${id}`, { max_assignable: 3 }), 'owners');
  expect(await api.patch(`${TASKS}/${id}`, { max_assignable: 3, allow_guest_owners: false }), 200);
});

test('who joins a group has its open tasks, who leaves it has not', async () => {
  const team = await group([ben]);
  const open = await give({ groups: [team.id] });
  const done = await give({ groups: [team.id] });
  const archived = await give({ groups: [team.id] });

  expect(await complete(pawl.api(ben.token), done.id), 200);
  expect(await admin.delete(`${TASKS}/${archived.id}`), 204);
  await join(team, lou);
  assert.ok((await mine(lightly)).includes(open.id));
  assert.ok(!(await mine(lightly)).includes(done.id));
  assert.ok((await mine(lightly, '&archived=only')).includes(archived.id));
  await leave(team, ben);
  const left = await mine(pawl.api(ben.token));
  assert.ok(!left.includes(open.id));
  assert.ok(left.includes(done.id), 'what he has completed stays his');
  assert.equal((await read(open.id)).version, open.version, 'the task itself is as it was');
  await sound(pawl);

  expect(await admin.delete(`${org.path}/completed-tasks/${done.id}`), 200);
  assert.ok(!(await mine(pawl.api(ben.token))).includes(done.id));
  assert.ok((await mine(lightly)).includes(done.id), 'it is open again, for who is there now');
  await sound(pawl);
});

test('who is named as well keeps the task when they leave the group', async () => {
  const team = await group([ben, lou]);
  const { id } = await give({ users: [ben.id], groups: [team.id] });

  await leave(team, ben);
  assert.ok((await mine(pawl.api(ben.token))).includes(id));
  expect(
    await api.patch(`${TASKS}/${id}`, { owners: { users: [lou.id], groups: [team.id] } }), 200);
  assert.ok(!(await mine(pawl.api(ben.token))).includes(id));
  expect(await api.patch(`${TASKS}/${id}`, { owners: { groups: [team.id] } }), 200);
  assert.ok((await mine(lightly)).includes(id), 'no longer named, still in the group');
  await leave(team, lou);
  assert.ok(!(await mine(lightly)).includes(id));
  await sound(pawl);
});

test('an edit that leaves the groups out takes the task from their people', async () => {
  const team = await group([ben, lou]);
  const { id } = await give({ users: [ann.id], groups: [team.id] });
  const { owners } = expect(
    await api.patch(`${TASKS}/${id}`, { owners: { users: [ann.id] } }), 200).data;

  assert.deepEqual(owners.groups, []);
  assert.ok(!(await mine(lightly)).includes(id));
  assert.deepEqual(await ids(api, TASKS, `&groups=${team.id}`), []);
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=task&entity_id=${id}`), 200);
  assert.deepEqual(data[0].audit.data.unassigned_groups, [team.id]);
  await sound(pawl);
});

test('a task for everyone counts each member of its groups once', async () => {
  const one = await group([ben, lou]);
  const two = await group([ben]);
  const { id, completion_progress: progress } = await give(
    { users: [ann.id, ben.id], groups: [one.id, two.id] }, { everyone_must_complete: true });

  assert.equal(progress, 0);
  assert.equal(expect(await complete(api, id), 200).data.status, 'in-progress');
  const half = expect(await complete(pawl.api(ben.token), id), 200).data;
  assert.ok(Math.abs(half.completion_progress - 66.7) < 0.1);
  assert.match(invalid(await complete(admin, id), 'task').text, /Each assignee/);
  const whole = expect(await complete(lightly, id), 200).data;
  assert.equal(whole.status, 'completed');
  assert.deepEqual(whole.completions.map((one_) => one_.user_id), [ann.id, ben.id, lou.id]);
  await sound(pawl);
});

test('who leaves takes their part along, and the others can close the task', async () => {
  const team = await group([ann, ben, lou]);
  const { id } = await give({ groups: [team.id] },
    { everyone_must_complete: true, task_type: 'approval' });

  expect(await complete(pawl.api(ben.token), id, { is_approved: false }), 200);
  expect(await complete(api, id, { is_approved: true }), 200);
  await leave(team, ben);
  assert.deepEqual((await read(id)).completions.map((part) => part.user_id), [ann.id]);
  assert.equal((await read(id)).completion_progress, 50);
  await leave(team, lou);
  const waiting = await read(id, api);
  assert.equal(waiting.completion_progress, 100);
  assert.equal(waiting.status, 'in-progress', 'nobody completed it');
  assert.equal(waiting.is_completable, true);
  const closed = expect(await complete(api, id, { is_approved: true }), 200).data;
  assert.equal(closed.status, 'completed');
  assert.equal(closed.is_approved, true, 'whoever left has no say');
  await sound(pawl);
});

test('a task whose groups are empty waits for nobody', async () => {
  const team = await group([ben]);
  const { id } = await give({ groups: [team.id] }, { everyone_must_complete: true });

  await leave(team, ben);
  assert.equal((await read(id)).completion_progress, null);
  assert.ok((await ids(admin, TASKS, '&unassigned=true')).includes(id));
  await join(team, lou);
  assert.ok(!(await ids(admin, TASKS, '&unassigned=true')).includes(id));
  await leave(team, lou);
  assert.equal(expect(await complete(api, id), 200).data.status, 'completed');
  await sound(pawl);
});

test('a list asks for groups and people, any of them', async () => {
  const one = await group([ben]);
  const two = await group([]);
  const first = await give({ groups: [one.id] }, { deadline: '2031-01-01' });
  const second = await give({ groups: [two.id] }, { deadline: '2031-01-02' });
  const third = await give({ users: [lou.id] }, { deadline: '2031-01-03' });
  const asked = (query) => ids(api, TASKS, `${query}&deadline_start_range=2031-01-01` +
    '&deadline_end_range=2031-01-03');

  assert.deepEqual(await asked(`&groups=${one.id}`), [first.id]);
  assert.deepEqual(await asked(`&groups=${one.id}&sort=-deadline`), [first.id]);
  assert.deepEqual(await asked(`&groups=${two.id},${one.id}&sort=-deadline`),
    [second.id, first.id]);
  assert.deepEqual(await asked(`&groups=${two.id}&owners=${lou.id}`), [second.id, third.id]);
  assert.deepEqual(await asked(`&groups=${'0'.repeat(32)}`), []);
  assert.deepEqual(await asked(`&groups=${two.id}&status=completed`), []);
  assert.deepEqual(await asked(`&groups=x'; DROP TABLE tasks`), []);
  assert.deepEqual(await ids(pawl.api(ben.token), `${org.path}/me/tasks`, `&groups=${two.id}`), []);
  assert.deepEqual(await ids(lightly, TASKS, `&groups=${one.id}`), []);
  const page = expect(await api.get(`${TASKS}?groups=${one.id},${two.id}&per_page=1&page=2`), 200);
  assert.equal(page.meta.pagination.total, 2);
  assert.equal(page.data[0].id, second.id);
});

test('secret tasks of a group are for its people', async () => {
  const team = await group([lou]);
  const { id } = await give({ groups: [team.id] }, { top_secret: true }, admin);

  assert.deepEqual(await ids(api, TASKS, `&groups=${team.id}`), []);
  assert.deepEqual(await ids(admin, TASKS, `&groups=${team.id}`), [id]);
  assert.ok((await mine(lightly)).includes(id));
});

test('a group that is gone is named nowhere, and none of its tasks is left to nobody', async () => {
  const gone = await group([ben, lou]);
  const stays = await group([lou]);
  const alone = await give({ groups: [gone.id] });
  const both = await give({ groups: [gone.id, stays.id] });
  const named = await give({ users: [ben.id], groups: [gone.id] });
  const done = await give({ groups: [gone.id] });

  expect(await complete(lightly, done.id), 200);
  expect(await admin.delete(`${GROUPS}/${gone.id}`), 204);
  for (const [task, users, left] of [[alone, [ann.id], []], [both, [], [stays.id]],
    [named, [ben.id], []], [done, [ann.id], []]]) {
    const { owners, version } = await read(task.id);

    assert.deepEqual([owners.users, owners.groups], [users, left]);
    assert.equal(version, task.version + (task === done ? 2 : 1));
  }
  assert.deepEqual((await mine(lightly)).filter((id) =>
    [alone, both, named, done].some((task) => task.id === id)), [both.id, done.id]);
  assert.ok((await mine(api)).includes(alone.id));
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=task&entity_id=${alone.id}`), 200);
  assert.deepEqual(data[0].verb, ['owners-updated']);
  assert.deepEqual(data[0].audit.data.assigned, [ann.id]);
  assert.deepEqual(data[0].audit.data.unassigned_groups, [gone.id]);
  assert.match(data[0].description, /^Ada Admin changed whom the task .* is assigned to$/);
  await sound(pawl);
});

test('a task that is reopened after its group is gone is no longer its people’s', async () => {
  const team = await group([lou]);
  const { id } = await give({ users: [ann.id], groups: [team.id] });

  expect(await complete(api, id), 200);
  expect(await admin.delete(`${GROUPS}/${team.id}`), 204);
  assert.ok((await mine(lightly)).includes(id), 'she had it when it was done');
  expect(await api.delete(`${org.path}/completed-tasks/${id}`), 200);
  assert.ok(!(await mine(lightly)).includes(id));
  refused(await lightly.get(`${TASKS}/${id}`), 404);
  await sound(pawl);
});

test('where its starter has left, a task goes to the default administrator', async () => {
  const team = await group([lou]);
  const cal = await pawl.user(org, { first: 'Cal' });
  const { id } = await give({ groups: [team.id] }, {}, pawl.api(cal.token));

  expect(await admin.delete(`${org.path}/users/${cal.id}/disable`), 200);
  expect(await admin.delete(`${GROUPS}/${team.id}`), 204);
  assert.deepEqual((await read(id)).owners.users, [org.admin.id]);
});

test('a group of many tasks can go', async () => {
  const team = await group([lou]);

  for (let i = 0; i < 250; i += 1) await give({ users: [ann.id], groups: [team.id] });
  await join(team, ben);
  await leave(team, ben);
  assert.equal(
    expect(await api.get(`${TASKS}?groups=${team.id}`), 200).meta.pagination.total, 250);
  expect(await admin.delete(`${GROUPS}/${team.id}`), 204);
  assert.equal(expect(await api.get(`${TASKS}?groups=${team.id}`), 200).meta.pagination.total, 0);
  await sound(pawl);
});

test('not too many people join or leave a group that has many tasks at once', async () => {
  const team = await group([lou]);
  const path = `${GROUPS}/${team.id}`;
  const many = Array.from({ length: 200 }, (_, i) => `crowd${i}@example.com`);

  expect(await admin.patch(path, { guests: many.slice(0, 100) }), 200);
  for (let i = 0; i < 256; i += 1) await give({ users: [ann.id], groups: [team.id] });
  expect(await admin.patch(path, { guests: [] }), 200);
  assert.match(invalid(await admin.patch(path, { guests: many }), 'guests').text,
    /at most 195 can join or leave it at once/);
  assert.match(invalid(await admin.patch(path, { guests: many, members: [] }), 'members').text,
    /change fewer people at a time/);
  assert.deepEqual(expect(await admin.get(path), 200).data.members, [lou.id]);
  expect(await admin.patch(path, { guests: many.slice(0, 120) }), 200);
  expect(await admin.patch(path, { guests: many }), 200);
  await join(team, ben);
  invalid(await admin.delete(path), 'members');
  await sound(pawl);

  expect(await admin.patch(path, { guests: many.slice(0, 100) }), 200);
  expect(await admin.delete(path), 204);
  await sound(pawl);
});

test('who joins and leaves at once changes only their own tasks', async () => {
  const [one, two] = [await group([ann, ben, lou]), await group([ben])];
  const both = await give({ users: [lou.id], groups: [one.id, two.id] },
    { everyone_must_complete: true });
  const only = await give({ groups: [one.id] }, { everyone_must_complete: true });

  for (const { id } of [both, only]) {
    expect(await complete(pawl.api(ben.token), id), 200);
    expect(await complete(api, id), 200);
  }
  expect(await admin.patch(`${GROUPS}/${one.id}`, { members: [lou.id, org.admin.id] }), 200);
  assert.deepEqual((await read(both.id)).completions.map((part) => part.user_id), [ben.id]);
  assert.ok(Math.abs((await read(both.id)).completion_progress - 33.3) < 0.1);
  assert.deepEqual((await read(only.id)).completions, []);
  assert.equal((await read(only.id)).completion_progress, 0);
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=task&entity_id=${only.id}`), 200);
  assert.ok(!data.some(({ verb }) => [verb].flat().includes('owners-updated')),
    'the log of the group tells who joined and left');
  await sound(pawl);
});

test('a copy is for the same groups, a purged task for none', async () => {
  const team = await group([lou]);
  const { id } = await give({ users: [ben.id], groups: [team.id] });
  const copy = expect(await api.post(`${TASKS}/${id}/clone`), 201).data;

  assert.deepEqual(copy.owners.groups, [team.id]);
  assert.ok((await mine(lightly)).includes(copy.id));
  expect(await admin.delete(`${TASKS}/${id}`), 204);
  expect(await admin.delete(`${TASKS}/${id}/delete`), 204);
  assert.deepEqual(await ids(api, TASKS, `&groups=${team.id}&archived=true`), [copy.id]);
  await sound(pawl);
});

test('two who change a group and its task at once leave no one out', async () => {
  const team = await group([]);
  const people = await Promise.all([1, 2, 3].map((n) => pawl.user(org, { first: `P${n}` })));
  const made = await Promise.all([
    ...people.map((person) => join(team, person)),
    ...[1, 2, 3].map(() => give({ groups: [team.id] })),
  ]);

  for (const person of people) {
    const list = await mine(pawl.api(person.token));

    for (const { id } of made.slice(3)) assert.ok(list.includes(id));
  }
  await sound(pawl);
});
