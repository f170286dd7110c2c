// One task: what it tells, how it is made, changed, archived, purged and copied.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { oneOff, team } from '../lib/fixtures.js';
import { OWNERS, WHOLE_TASK } from '../lib/shapes.js';

const pawl = await startServer();
after(() => pawl.stop());

const { org, ann, ben, lou, other, admin, api, stranger } = await team(pawl);
const TASKS = `${org.path}/tasks`;

const create = async (more = {}) =>
  expect(await api.post(TASKS, oneOff(ann, more)), 201).data;
const read = async (id) => expect(await api.get(`${TASKS}/${id}`), 200).data;

test('a new task tells everything about itself', async () => {
  const made = await create({ title: 'Größe prüfen ✓', summary: 'Mit dem Maßband' });

  shape(made, WHOLE_TASK);
  shape(made.owners, OWNERS);
  assert.equal(made.title, 'Größe prüfen ✓');
  assert.equal(made.original_title, made.title);
  assert.equal(made.summary, 'Mit dem Maßband');
  assert.equal(made.status, 'not-started');
  assert.equal(made.task_type, 'task');
  assert.equal(made.deadline, '2031-02-03T04:05:06Z');
  assert.deepEqual(made.owners.users, [ann.id]);
  assert.deepEqual(made.owners.guests, []);
  assert.deepEqual(made.owners.groups, []);
  assert.equal(made.is_oneoff_task, true);
  assert.equal(made.is_completable, true);
  assert.deepEqual(made.taskdata, {});
  assert.deepEqual(made.completions, []);
  for (const key of ['run_id', 'step_id', 'checklist_id', 'completed_at', 'archived_at',
    'completer_id', 'is_approved'])
    assert.equal(made[key], null, key);
  for (const key of ['everyone_must_complete', 'can_complete_only_assignees', 'top_secret',
    'prevent_guest_comment', 'is_soft_start_date', 'problem'])
    assert.equal(made[key], false, key);
  assert.equal(made.max_assignable, 0);
  isAbout(made.created_at, pawl.clock, 0);
  assert.deepEqual(await read(made.id), made);
  assert.deepEqual(expect(await api.get(`/api${TASKS}/${made.id}`), 200).data, made);
});

test('numbers grow from task to task', async () => {
  const first = await create();
  const second = await create();

  assert.ok(second.increment_id > first.increment_id);
  assert.ok(second.id > first.id);
});

test('many made at once are all there, each under a number of its own', async () => {
  const made = await Promise.all(Array.from({ length: 40 }, () => api.post(TASKS, oneOff(ann))));
  const numbers = made.map((answer) => expect(answer, 201).data.increment_id);

  assert.equal(new Set(numbers).size, made.length);
  for (const { data } of made) assert.deepEqual(await read(data.id), data);
});

test('description and name are other words for summary and title', async () => {
  const body = oneOff(ann, { name: 'Named', description: 'Described' });
  delete body.title;
  const { data } = expect(await api.post(TASKS, body), 201);

  assert.equal(data.title, 'Named');
  assert.equal(data.summary, 'Described');
});

test('options are kept', async () => {
  const options = {
    task_type: 'approval',
    everyone_must_complete: true,
    can_complete_only_assignees: true,
    prevent_guest_comment: true,
    top_secret: true,
    is_soft_start_date: true,
    max_assignable: 3,
    webhook: 'https://hooks.example.com/x',
    started_at: '2030-01-01T00:00:00Z',
  };
  const made = await create(options);

  for (const [key, value] of Object.entries(options)) assert.equal(made[key], value, key);
});

test('ids of people and truths may be words', async () => {
  const made = await create({
    owners: { users: [String(ann.id), ben.id] },
    everyone_must_complete: 'True',
    top_secret: '0',
    max_assignable: '4',
  });

  assert.deepEqual(made.owners.users.sort((a, b) => a - b), [ann.id, ben.id].sort((a, b) => a - b));
  assert.equal(made.everyone_must_complete, true);
  assert.equal(made.top_secret, false);
  assert.equal(made.max_assignable, 4);
});

test('somebody named twice is one owner', async () => {
  const made = await create({ owners: { users: [ann.id, String(ann.id), ann.id] } });

  assert.deepEqual(made.owners.users, [ann.id]);
});

test('a date may come in each of the documented forms', async () => {
  for (const [given, meant] of [
    ['2031-02-03 04:05:06', '2031-02-03T04:05:06Z'],
    ['2031-02-03', '2031-02-03T00:00:00Z'],
    ['2031-02-03T04:05:06Z', '2031-02-03T04:05:06Z'],
    ['2031-02-03T04:05:06.789Z', '2031-02-03T04:05:06Z'],
    ['2031-02-03T04:05:06+02:00', '2031-02-03T02:05:06Z'],
    ['2031-02-03T04:05:06-0530', '2031-02-03T09:35:06Z'],
    ['2032-02-29 00:00:00', '2032-02-29T00:00:00Z'],
  ]) {
    const { status, text, data } = await api.post(TASKS, oneOff(ann, { deadline: given }));

    // RFC 3339 writes the colon; without it a refusal is right too.
    if (given.endsWith('-0530') && status === 422) continue;
    assert.equal(data?.deadline, meant, `${given}: ${text}`);
  }
  for (const wrong of ['soon', '2031-02-30', '2031-13-01', '2031-02-29 00:00:00', '', 7, {}, null,
    '2031-02-03 25:00:00', '2031-02-03 04:05:06 or so', '99999999-01-01', '1970-01-01',
    '9999-12-31T23:59:60Z', '9999-12-31T23:59:59-00:01'])
    invalid(await api.post(TASKS, oneOff(ann, { deadline: wrong })), 'deadline');
});

test('what is required is named, all at once', async () => {
  invalid(await api.post(TASKS, {}), 'title', 'task_type', 'deadline', 'owners');
  for (const field of ['title', 'task_type', 'deadline', 'owners'])
    invalid(await api.post(TASKS, oneOff(ann, { [field]: undefined })), field);
});

test('a limit counts characters, not bytes', async () => {
  const longest = '🙂'.repeat(600);

  assert.equal((await create({ title: longest })).title, longest);
  invalid(await api.post(TASKS, oneOff(ann, { title: `${longest}🙂` })), 'title');
  invalid(await api.post(TASKS, oneOff(ann, { title: 'x'.repeat(601) })), 'title');
  invalid(await api.post(TASKS, oneOff(ann, { title: '' })), 'title');
  invalid(await api.post(TASKS, oneOff(ann, { title: ' \t ' })), 'title');
});

test('text comes back exactly as it was sent', async () => {
  const texts = ['<b>&amp;"quoted"\\</b>', 'العربية', '日本語', '👩‍👩‍👧', 'e\u0301', '\u2028', 'a\nb'];

  for (const text of texts) {
    const made = await create({ title: `.${text}.`, summary: text });

    assert.equal((await read(made.id)).title, `.${text}.`);
    assert.equal((await read(made.id)).summary, text);
  }
});

test('values of the wrong kind are refused by name', async () => {
  for (const [field, ...values] of [
    ['title', ['x'], {}, null],
    ['task_type', 'errand', 7, null],
    ['owners', 'me', 7, [], { users: [] }],
    ['everyone_must_complete', 'perhaps', 2, []],
    ['max_assignable', 'many', -1, 1.5],
    ['started_at', 'soon'],
    ['summary', [], {}],
    ['webhook', 'no address', 'javascript:alert(1)'],
  ])
    for (const value of values)
      invalid(await api.post(TASKS, oneOff(ann, { [field]: value })), field);
});

test('only people of this organization can own a task', async () => {
  for (const users of [[other.admin.id], [999_999], ['x'], [ann.id, other.admin.id], [-1], [{}]])
    invalid(await api.post(TASKS, oneOff(ann, { owners: { users } })), 'owners');
  assert.equal(expect(await stranger.get(`${other.path}/tasks`), 200).data.length, 0);
});

test('no more owners than may be assigned', async () => {
  const two = { users: [ann.id, ben.id] };

  refused(await api.post(TASKS, oneOff(ann, { owners: two, max_assignable: 1 })), 422);
  const made = await create({ max_assignable: 1 });
  refused(await api.patch(`${TASKS}/${made.id}`, { owners: two }), 422);
});

test('every kind of task can be made', async () => {
  for (const task_type of ['task', 'approval', 'expiring', 'email', 'expiring_email'])
    assert.equal((await create({ task_type })).task_type, task_type);
});

test('a change by PUT needs title, deadline and owners', async () => {
  const { id } = await create();
  const path = `${TASKS}/${id}`;
  const change = {
    title: 'Changed',
    deadline: '2032-01-01 00:00:00',
    owners: { users: [String(ben.id)], guests: [], groups: [] },
    summary: 'New words',
  };
  const { data } = expect(await api.put(path, change), 200);

  shape(data, WHOLE_TASK);
  assert.equal(data.title, 'Changed');
  assert.equal(data.deadline, '2032-01-01T00:00:00Z');
  assert.equal(data.summary, 'New words');
  assert.deepEqual(data.owners.users, [ben.id]);
  for (const field of ['title', 'deadline', 'owners'])
    invalid(await api.put(path, { ...change, [field]: undefined }), field);
});

test('a change by PATCH leaves the rest alone', async () => {
  const made = await create({ summary: 'Words', max_assignable: 2 });
  const { data } = expect(await api.patch(`${TASKS}/${made.id}`, { title: 'Patched' }), 200);

  assert.equal(data.title, 'Patched');
  for (const key of ['deadline', 'owners', 'summary', 'max_assignable', 'status', 'created_at'])
    assert.deepEqual(data[key], made[key], key);
  invalid(await api.patch(`${TASKS}/${made.id}`, { title: 'x'.repeat(601) }), 'title');
  invalid(await api.patch(`${TASKS}/${made.id}`, { deadline: null }), 'deadline');
  assert.equal((await read(made.id)).title, 'Patched');
});

test('a bucket left out of the owners is emptied, so nobody may be left', async () => {
  const { id } = await create({ owners: { users: [ann.id, ben.id] } });
  const path = `${TASKS}/${id}`;

  const { data } = expect(await api.patch(path, { owners: { users: [ben.id] } }), 200);
  assert.deepEqual(data.owners.users, [ben.id]);
  invalid(await api.patch(path, { owners: {} }), 'owners');
  assert.deepEqual((await read(id)).owners.users, [ben.id]);
});

test('a refused change changes nothing', async () => {
  const made = await create();
  invalid(
    await api.patch(`${TASKS}/${made.id}`, { title: 'Half', owners: { users: [999_999] } }),
    'owners',
  );

  assert.deepEqual(await read(made.id), made);
});

test('what the server alone decides is not changed', async () => {
  const made = await create();
  const { data } = expect(
    await api.patch(`${TASKS}/${made.id}`, {
      id: '0'.repeat(32),
      increment_id: 1,
      created_at: '2001-01-01 00:00:00',
      completed_at: '2001-01-01 00:00:00',
      completer_id: ben.id,
      archived_at: '2001-01-01 00:00:00',
    }),
    200,
  );

  for (const key of ['id', 'increment_id', 'created_at', 'completed_at', 'completer_id',
    'archived_at'])
    assert.deepEqual(data[key], made[key], key);
});

test('archived, restored, archived and purged', async () => {
  const { id } = await create();
  const path = `${TASKS}/${id}`;

  const early = await admin.delete(`${path}/delete`);
  assert.match(String(early.status), /^4(00|09|22)$/, early.text);
  const answer = expect(await api.delete(path), 204);
  assert.equal(answer.text, '');
  const archived = await read(id);
  isAbout(archived.archived_at, pawl.clock, 0);
  const listed = expect(await api.get(`${TASKS}?per_page=100`), 200).data;
  assert.ok(!listed.some((task) => task.id === id));

  const restored = expect(await api.put(`${path}/restore`), 200).data;
  shape(restored, WHOLE_TASK);
  assert.equal(restored.archived_at, null);

  expect(await api.delete(path), 204);
  refused(await api.delete(`${path}/delete`), 403);
  expect(await admin.delete(`${path}/delete`), 204);
  refused(await api.get(path), 404, 'RESOURCE_NOT_FOUND');
  refused(await admin.put(`${path}/restore`), 404);
});

test('a copy is a new task', async () => {
  const made = await create({ title: 'Original', summary: 'Words', task_type: 'approval' });
  expect(
    await api.post(`${org.path}/completed-tasks`, { task_id: made.id, is_approved: true }),
    200,
  );
  const { data } = expect(await api.post(`${TASKS}/${made.id}/clone`), 201);

  shape(data, WHOLE_TASK);
  assert.notEqual(data.id, made.id);
  assert.match(data.title, /Original/);
  assert.equal(data.summary, 'Words');
  assert.equal(data.task_type, 'approval');
  assert.deepEqual(data.owners.users, [ann.id]);
  assert.equal(data.status, 'not-started');
  assert.equal(data.completed_at, null);
  assert.equal(data.is_approved, null);
});

test('a secret task is for its owners and the administrators', async () => {
  const { id } = await create({ top_secret: true });
  const curious = pawl.api(ben.token);
  const path = `${TASKS}/${id}`;

  expect(await api.get(path), 200);
  expect(await admin.get(path), 200);
  for (const answer of [
    await curious.get(path),
    await curious.patch(path, { title: 'Seen' }),
    await curious.delete(path),
    await curious.post(`${path}/clone`),
    await curious.post(`${org.path}/completed-tasks`, { task_id: id }),
  ])
    assert.match(String(answer.status), /^4(03|04|22)$/, answer.text);
  const listed = expect(await curious.get(`${TASKS}?per_page=100&sort=newest`), 200).data;
  assert.ok(!listed.some((task) => task.id === id));
});

test('light members see and do what is theirs', async () => {
  const light = pawl.api(lou.token);
  const theirs = await create({ owners: { users: [lou.id] } });
  const foreign = await create();

  expect(await light.get(`${TASKS}/${theirs.id}`), 200);
  for (const answer of [
    await light.get(`${TASKS}/${foreign.id}`),
    await light.patch(`${TASKS}/${foreign.id}`, { title: 'Mine' }),
    await light.delete(`${TASKS}/${foreign.id}`),
    await light.post(`${TASKS}/${foreign.id}/clone`),
  ])
    assert.match(String(answer.status), /^40[34]$/, answer.text);
  for (const list of [TASKS, `${org.path}/me/tasks`]) {
    const { data } = expect(await light.get(`${list}?per_page=100`), 200);

    assert.ok(data.some(({ id }) => id === theirs.id));
    assert.ok(data.every((task) => task.owners.users.includes(lou.id)));
  }
});

test('an id that is no task here is not found', async () => {
  const made = await create();
  const body = { title: 'x', deadline: '2031-01-01', owners: { users: [ann.id] } };
  const foreign = expect(
    await stranger.post(`${other.path}/tasks`, oneOff(other.admin)),
    201,
  ).data;

  for (const id of ['0'.repeat(32), 'nonsense', made.id.toUpperCase() + 'x', '1', foreign.id]) {
    const path = `${TASKS}/${id}`;

    for (const answer of [
      await admin.get(path),
      await admin.put(path, body),
      await admin.patch(path, { title: 'x' }),
      await admin.delete(path),
      await admin.put(`${path}/restore`),
      await admin.delete(`${path}/delete`),
      await admin.post(`${path}/clone`),
      await admin.delete(`${org.path}/completed-tasks/${id}`),
    ])
      refused(answer, 404, 'RESOURCE_NOT_FOUND', /^Resource not found$/);
  }
});

test('a stranger neither reads nor changes anything', async () => {
  const made = await create();

  for (const path of [`${TASKS}/${made.id}`, TASKS, `${org.path}/me/tasks`])
    refused(await stranger.get(path), 403);
  refused(await stranger.post(TASKS, oneOff(other.admin)), 403);
  // The right organization in the path, the wrong task behind it.
  refused(await stranger.get(`${other.path}/tasks/${made.id}`), 404);
  refused(await stranger.patch(`${other.path}/tasks/${made.id}`, { title: 'Mine' }), 404);
  assert.deepEqual(await read(made.id), made);
});
