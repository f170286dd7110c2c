// Completing, approving and reopening: who may, and what it leaves behind.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SECOND, startServer } from '../harness.js';
import { expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { WHOLE_TASK } from '../lib/shapes.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const TASKS = `${org.path}/tasks`;
const DONE = `${org.path}/completed-tasks`;
const ann = await speaker();
const ben = await speaker();
const lou = await speaker('light');
const admin = { ...org.admin, api: pawl.api(org.admin.token) };

async function speaker(role) {
  const person = await pawl.user(org, { role });

  return { ...person, api: pawl.api(person.token) };
}

const create = async (owners, more = {}) =>
  expect(
    await ann.api.post(
      TASKS,
      oneOff(ann, { owners: { users: owners.map(({ id }) => id) }, ...more }),
    ),
    201,
  ).data;
const complete = (person, task, more = {}) =>
  person.api.post(DONE, { task_id: task.id, ...more });
const reopen = (person, task) => person.api.delete(`${DONE}/${task.id}`);
const read = async (person, task) => expect(await person.api.get(`${TASKS}/${task.id}`), 200).data;

test('completing records who and when', async () => {
  const task = await create([ann]);
  const { data } = expect(await complete(ann, task), 200);

  shape(data, WHOLE_TASK);
  assert.equal(data.id, task.id);
  assert.equal(data.status, 'completed');
  assert.equal(data.completer_id, ann.id);
  assert.equal(data.completer_guest, null);
  assert.equal(data.is_approved, null);
  assert.equal(data.is_completable, false);
  isAbout(data.completed_at, pawl.clock, 0);
  assert.deepEqual(await read(ann, task), data);
});

test('completing again changes nothing', async () => {
  const task = await create([ann, ben]);
  const first = expect(await complete(ann, task), 200).data;

  pawl.clock.advance(60 * SECOND);
  const second = expect(await complete(ben, task), 200).data;
  assert.equal(second.completed_at, first.completed_at);
  assert.equal(second.completer_id, ann.id);
  assert.equal(second.last_updated, first.last_updated);
});

test('two who complete at once complete it once', async () => {
  const task = await create([ann, ben]);
  const answers = await Promise.all([complete(ann, task), complete(ben, task)]);

  for (const answer of answers) expect(answer, 200);
  const [first, second] = answers.map(({ data }) => data.completer_id);
  assert.equal(first, second);
  assert.equal((await read(ann, task)).completer_id, first);
});

test('reopening clears what completing left', async () => {
  const task = await create([ann]);

  expect(await complete(ann, task), 200);
  const { data } = expect(await reopen(ann, task), 200);
  shape(data, WHOLE_TASK);
  assert.equal(data.status, 'in-progress');
  for (const key of ['completed_at', 'completer_id', 'completer_guest_id', 'is_approved'])
    assert.equal(data[key], null, key);
  assert.deepEqual(data.completions, []);
  assert.equal(data.is_completable, true);
  expect(await complete(ben, task), 200);
  assert.equal((await read(ann, task)).completer_id, ben.id);
});

test('a task that is done is not changed', async () => {
  const task = await create([ann]);

  expect(await complete(ann, task), 200);
  refused(await ann.api.patch(`${TASKS}/${task.id}`, { title: 'Late' }), 422);
  expect(await reopen(ann, task), 200);
  expect(await ann.api.patch(`${TASKS}/${task.id}`, { title: 'In time' }), 200);
});

test('an archived task is not completed', async () => {
  const task = await create([ann]);

  expect(await ann.api.delete(`${TASKS}/${task.id}`), 204);
  refused(await complete(ann, task), 422);
});

test('approval needs a decision', async () => {
  const task = await create([ann], { task_type: 'approval' });

  const answer = invalid(await complete(ann, task), 'is_approved');
  assert.match(JSON.stringify(answer.body), /The is approved field is required/);
  invalid(await complete(ann, task, { is_approved: 'perhaps' }), 'is_approved');
  assert.equal((await read(ann, task)).status, 'not-started');
});

test('approval approves or rejects', async () => {
  for (const [decision, approved, label] of [
    [true, true, 'approved'],
    [false, false, 'rejected'],
    ['true', true, 'approved'],
    [0, false, 'rejected'],
  ]) {
    const task = await create([ann], { task_type: 'approval' });
    const { data } = expect(await complete(ann, task, { is_approved: decision }), 200);

    assert.equal(data.is_approved, approved);
    assert.equal(data.status, 'completed');
    assert.equal(data.status_label, label);
  }
});

test('a plain task has no use for a decision', async () => {
  const task = await create([ann]);
  const { data } = expect(await complete(ann, task, { is_approved: false }), 200);

  assert.equal(data.is_approved, null);
});

test('what expires is acknowledged, or told to have expired', async () => {
  const seen = await create([ann], { task_type: 'expiring' });
  const missed = await create([ann], { task_type: 'expiring' });

  assert.equal(expect(await complete(ann, seen), 200).data.status_label, 'acknowledged');
  const { data } = expect(await complete(ann, missed, { is_approved: false }), 200);
  assert.equal(data.is_approved, false);
  assert.equal(data.status_label, 'expired');
});

test('when everyone must complete, the last one does', async () => {
  const task = await create([ann, ben, lou], { everyone_must_complete: true });
  const first = expect(await complete(ann, task), 200).data;

  assert.notEqual(first.status, 'completed');
  assert.equal(first.completed_at, null);
  assert.ok(Math.abs(first.completion_progress - 100 / 3) < 1, first.completion_progress);
  assert.deepEqual(first.completions.map(({ user_id }) => user_id), [ann.id]);
  shape(first.completions[0], { user_id: 'int', completed_at: 'time' });
  assert.equal(first.is_completable, false);

  // The same person again is no second one.
  assert.equal(expect(await complete(ann, task), 200).data.completions.length, 1);
  const second = expect(await complete(ben, task), 200).data;
  assert.ok(Math.abs(second.completion_progress - 200 / 3) < 1, second.completion_progress);
  assert.equal((await read(lou, task)).is_completable, true);

  const last = expect(await complete(lou, task), 200).data;
  assert.equal(last.status, 'completed');
  assert.equal(last.completion_progress, 100);
  assert.equal(last.completer_id, lou.id);
  assert.equal(last.completions.length, 3);

  const again = expect(await reopen(ann, task), 200).data;
  assert.deepEqual(again.completions, []);
  assert.equal(again.completion_progress, 0);
});

test('of those who must all complete, outsiders are none', async () => {
  const task = await create([ann, ben], { everyone_must_complete: true });
  const answer = await complete(admin, task);

  // Only assignees count: an administrator's word may be refused, but never taken for theirs.
  assert.match(String(answer.status), /^(200|403|422)$/);
  assert.notEqual((await read(ann, task)).status, 'completed');
});

test('all must approve for an approval by everyone', async () => {
  for (const [last, approved] of [[true, true], [false, false]]) {
    const task = await create([ann, ben], { task_type: 'approval', everyone_must_complete: true });

    expect(await complete(ann, task, { is_approved: true }), 200);
    const { data } = expect(await complete(ben, task, { is_approved: last }), 200);
    assert.equal(data.status, 'completed');
    assert.equal(data.is_approved, approved);
  }
});

test('two of everyone at once both count', async () => {
  const task = await create([ann, ben], { everyone_must_complete: true });

  for (const answer of await Promise.all([complete(ann, task), complete(ben, task)]))
    expect(answer, 200);
  const data = await read(ann, task);
  assert.equal(data.status, 'completed');
  assert.equal(data.completions.length, 2);
});

test('any standard member completes and reopens, unless only assignees may', async () => {
  const open = await create([ann]);
  const closed = await create([ann], { can_complete_only_assignees: true });

  expect(await complete(ben, open), 200);
  expect(await reopen(ben, open), 200);
  assert.equal((await read(ben, closed)).is_completable, false);
  refused(await complete(ben, closed), 403);
  assert.equal((await read(ann, closed)).is_completable, true);
  expect(await complete(ann, closed), 200);
  refused(await reopen(ben, closed), 403);
  expect(await reopen(admin, closed), 200);
  expect(await complete(admin, closed), 200);
});

test('light members complete and reopen what is assigned to them', async () => {
  const theirs = await create([lou]);
  const foreign = await create([ann]);

  expect(await complete(lou, theirs), 200);
  expect(await reopen(lou, theirs), 200);
  assert.match(String((await complete(lou, foreign)).status), /^4(03|04|22)$/);
  expect(await complete(ann, foreign), 200);
  assert.match(String((await reopen(lou, foreign)).status), /^40[34]$/);
});

test('an administrator may complete in somebody’s name, others may not', async () => {
  const task = await create([ann]);
  const answer = await complete(ben, task, { override_user: ann.id });

  assert.match(String(answer.status), /^4(03|22)$/, answer.text);
  const { data } = expect(await complete(admin, task, { override_user: ann.id }), 200);
  assert.equal(data.completer_id, ann.id);
});

test('the task must be named, and be one of ours', async () => {
  const other = await pawl.org({ name: 'Other' });
  const stranger = pawl.api(other.admin.token);
  const foreign = expect(
    await stranger.post(`${other.path}/tasks`, oneOff(other.admin)),
    201,
  ).data;

  invalid(await ann.api.post(DONE, {}), 'task_id');
  for (const task_id of ['0'.repeat(32), 'nonsense', foreign.id])
    assert.match(String((await ann.api.post(DONE, { task_id })).status), /^4(04|22)$/);
  refused(await stranger.post(DONE, { task_id: foreign.id }), 403);
  assert.equal(
    expect(await stranger.get(`${other.path}/tasks/${foreign.id}`), 200).data.status,
    'not-started',
  );
});

test('an overdue task says so until it is done', async () => {
  const task = await create([ann], { deadline: pawl.clock.wire(60 * SECOND) });

  assert.notEqual(task.status_label, 'overdue');
  pawl.clock.advance(120 * SECOND);
  const late = await read(ann, task);
  assert.equal(late.status_label, 'overdue');
  assert.equal(late.status, 'not-started');
  assert.notEqual(expect(await complete(ann, task), 200).data.status_label, 'overdue');
});
