// The activity feed: who did what, in words and in filters; all of it to administrators, one's own
// part to everybody else.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const ROW = {
  id: 'int',
  organization_id: 'id',
  verb: 'strings',
  source: 'strings?',
  actor_type: 'strings?',
  actor_id: 'ints?',
  actor: 'array?',
  type: 'string',
  description: 'string',
  field: 'array?',
  old_value: 'array?',
  text: 'array?',
  references: 'array?',
  auditable_type: 'string',
  auditable_id: 'string',
  parentable_type: 'string?',
  parentable_id: 'string?',
  token_id: 'string?',
  created_at: 'time',
  undoable: 'bool',
  audit: 'object',
  parent: 'object?',
  origin: 'any',
};

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
const sam = await pawl.user(org, { first: 'Sam', last: 'Smith' });
const admin = pawl.api(org.admin.token);

const feed = async (query = '', api = admin, where = org) =>
  expect(await api.get(`${where.path}/activity-feeds?${query}`), 200);

// A task that somebody has made.
async function task(person, title) {
  const path = `${org.path}/tasks`;
  const { data } = expect(await pawl.api(person.token).post(path, oneOff(person, { title })), 201);

  return { ...data, path: `${path}/${data.id}` };
}

const about = async (entity, more = '') =>
  (await feed(`entity_type=task&entity_id=${entity.id}${more}`)).data;

const sentences = async (entity) => (await about(entity)).map((row) => row.description).reverse();

test('a row says who did what to what', async () => {
  const made = await task(bob, 'Water “everything”');
  const [row, ...others] = await about(made);

  assert.equal(others.length, 0);
  shape(row, ROW);
  assert.equal(row.organization_id, org.id);
  assert.deepEqual(row.verb, ['created']);
  assert.deepEqual(row.source, ['Member']);
  assert.deepEqual(row.actor_type, ['App\\Models\\User']);
  assert.deepEqual(row.actor_id, [bob.id]);
  assert.equal(row.actor[0].email, bob.email);
  assert.equal(row.actor[0].full_name, 'Bob Bell');
  assert.equal(row.type, 'Task');
  assert.equal(row.auditable_type, 'task');
  assert.equal(row.auditable_id, made.id);
  assert.equal(row.description, 'Bob Bell created the task “Water “everything””');
});

test('the life of a task reads well', async () => {
  const made = await task(bob, 'Paint');
  const api = pawl.api(bob.token);

  expect(await api.patch(made.path, { title: 'Paint the door' }), 200);
  expect(await api.post(`${org.path}/completed-tasks`, { task_id: made.id }), 200);
  expect(await api.delete(`${org.path}/completed-tasks/${made.id}`), 200);
  expect(await api.delete(made.path), 204);
  expect(await api.put(`${made.path}/restore`), 200);
  assert.deepEqual(await sentences(made), [
    'Bob Bell created the task “Paint the door”',
    'Bob Bell updated the task “Paint the door”',
    'Bob Bell completed the task “Paint the door”',
    'Bob Bell reopened the task “Paint the door”',
    'Bob Bell archived the task “Paint the door”',
    'Bob Bell restored the task “Paint the door”',
  ]);
  expect(await api.delete(made.path), 204);
  expect(await admin.delete(`${made.path}/delete`), 204);
  assert.equal((await sentences(made)).at(-1), 'Ada Admin deleted the task “Paint the door”');
});

test('some verbs have the names that clients know', async () => {
  const made = await task(bob, 'Known');
  const api = pawl.api(bob.token);

  expect(await api.delete(made.path), 204);
  expect(await api.put(`${made.path}/restore`), 200);
  for (const word of ['unarchived', 'restored']) {
    const rows = await about(made, `&verb=${word}`);
    assert.deepEqual(rows.map((row) => row.verb), [['unarchived']]);
  }
});

test('organizations, people and tokens are called what they are called', async () => {
  const { data: rows } = await feed('per_page=100');
  const said = rows.map((row) => row.description);

  assert.ok(said.includes('Pawl added Bob Bell'));
  assert.ok(said.includes('Pawl created the organization “Acme”'));
  assert.ok(said.includes('Pawl created the personal token of Bob Bell'));
  for (const row of rows) {
    shape(row, ROW);
    assert.doesNotMatch(row.description, /[{}]|undefined|null/);
  }
});

test('members see what they did, administrators all', async () => {
  await task(bob, 'By Bob');
  const own = await feed('per_page=100', pawl.api(bob.token));

  assert.ok(own.data.length > 0);
  for (const row of own.data) assert.deepEqual(row.actor_id, [bob.id]);
  const light = await pawl.user(org, { role: 'light' });
  assert.equal((await feed('type=Task', pawl.api(light.token))).meta.pagination.total, 0);
  for (const query of [`actor_id=${bob.id}`, `actor_email=${bob.email}`])
    assert.deepEqual((await feed(query, pawl.api(sam.token))).data, []);
  assert.ok((await feed(`actor_id=${bob.id}`)).data.length > 0);
});

test('another organization has a feed of its own', async () => {
  const other = await pawl.org({ name: 'Other' });
  const made = await task(bob, 'Ours');
  const theirs = await feed('per_page=100', pawl.api(other.admin.token), other);

  for (const row of theirs.data) assert.equal(row.organization_id, other.id);
  const query = `entity_type=task&entity_id=${made.id}`;
  assert.deepEqual((await feed(query, pawl.api(other.admin.token), other)).data, []);
  refused(await pawl.api(other.admin.token).get(`${org.path}/activity-feeds`), 403);
  refused(await pawl.api(null).get(`${org.path}/activity-feeds`), 401);
});

test('filters', async () => {
  const made = await task(sam, 'Filtered');
  const totals = async (query) => (await feed(query)).meta.pagination.total;
  const each = async (query, check) => {
    const { data } = await feed(`${query}&per_page=100`);
    assert.ok(data.length > 0, query);
    for (const row of data) assert.ok(check(row), `${query}: ${JSON.stringify(row)}`);
  };

  await each('type=Task', (row) => row.type === 'Task');
  await each('type=User', (row) => ['member', 'account'].includes(row.auditable_type));
  await each('entity_type=member', (row) => row.auditable_type === 'member');
  await each('verb=created', (row) => row.verb[0] === 'created');
  await each(`actor_id=${sam.id}`, (row) => row.actor_id[0] === sam.id);
  await each(`actor_email=${sam.email.toUpperCase()}`, (row) => row.actor_id[0] === sam.id);
  await each(`entity_id=${made.id}`, (row) => row.auditable_id === made.id);
  for (const query of ['actor_type=user', 'source=Member', 'actor_type=user&source=member'])
    await each(query, (row) => row.source[0] === 'Member');
  await each(`entity_type=task&entity_id=${made.id}&actor_id=${sam.id}&verb=created&type=Task`,
    (row) => row.auditable_id === made.id);
  for (const nothing of [
    'source=Webhook', 'actor_type=user&source=Guest', 'actor_type=guest&source=Webhook',
    'type=Comment', 'entity_type=checklist', 'verb=issue-reported', 'actor_id=0',
    'actor_id=999999', 'actor_email=nobody@example.com', 'entity_id=nothing',
    `actor_id=${bob.id}&actor_email=${sam.email}`, 'type=Task&entity_type=member',
  ])
    assert.equal(await totals(nothing), 0, nothing);
  assert.ok((await totals('')) > (await totals('type=Task')));
});

test('both ends of a period belong to it', async () => {
  pawl.clock.advance(DAY);
  const made = await task(bob, 'Timed');
  const [{ created_at: at }] = await about(made);
  const there = async (query) => (await about(made, `&${query}`)).length === 1;
  const day = at.slice(0, 10);
  const before = new Date(Date.parse(at) - 1000).toISOString();
  const later = new Date(Date.parse(at) + 1000).toISOString();

  for (const query of [
    `created_after=${at}`, `created_before=${at}`, `created_after=${day}`,
    `created_before=${day}`, `created_after=${day}&created_before=${day}`,
    `created_after=${before}&created_before=${later}`,
  ])
    assert.ok(await there(query), query);
  assert.ok(!(await there(`created_after=${later}`)));
  assert.ok(!(await there(`created_before=${before}`)));
});

test('filters that make no sense are named', async () => {
  const wrong = {
    entity_type: 'unicorn', type: 'Unicorn', verb: 'drop%20table', actor_id: 'me',
    actor_email: 'nobody', created_after: 'yesterday', created_before: '2030-13-01',
  };

  for (const [name, value] of Object.entries(wrong))
    invalid(await admin.get(`${org.path}/activity-feeds?${name}=${value}`), name);
  const query = Object.entries(wrong).map((pair) => pair.join('=')).join('&');
  refused(await admin.get(`${org.path}/activity-feeds?${query}`), 422);
  invalid(await admin.get(`${org.path}/activity-feeds?entity_id=${'x'.repeat(101)}`), 'entity_id');
  expect(await admin.get(`${org.path}/activity-feeds?type=&verb=&created_after=`), 200);
});

test('pages follow one another without a gap', async () => {
  for (let i = 0; i < 5; i += 1) await task(bob, `Page ${i}`);
  const first = await feed('per_page=3&page=1');
  const second = await feed('per_page=3&page=2');
  const ids = [...first.data, ...second.data].map((row) => row.id);

  assert.equal(first.meta.pagination.per_page, 3);
  assert.equal(first.meta.pagination.total, ids[0]);
  assert.deepEqual(ids, ids.map((_, i) => ids[0] - i));
  assert.equal((await feed()).meta.pagination.per_page, 20);
  assert.deepEqual((await feed('page=100000')).data, []);
});

test('a limited token needs users.read', async () => {
  const make = async (scopes) => {
    const { body } = expect(
      await admin.post('/oauth/personal-access-tokens', { name: 'feed', scopes }), 201);
    return pawl.api(body.accessToken);
  };

  await feed('', await make(['users.read']));
  refused(await (await make(['tasks.write'])).get(`${org.path}/activity-feeds`), 403,
    'INSUFFICIENT_SCOPE');
});
