// Lists of tasks: whose, filtered, sorted and in pages.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, SECOND, startServer } from '../harness.js';
import { expect, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { OWNERS, PAGINATION, TASK } from '../lib/shapes.js';

const HOUR = 3600 * SECOND;

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const TASKS = `${org.path}/tasks`;
const MINE = `${org.path}/me/tasks`;
const ann = await pawl.user(org);
const ben = await pawl.user(org);
const api = pawl.api(ann.token);

// Seven tasks, each made a second after the one before. The titles are their names in these tests.
const ids = {};
const made = {};
for (const [name, more] of [
  ['zebra', { deadline: pawl.clock.wire(10 * DAY) }],
  ['Apple', { deadline: pawl.clock.wire(5 * DAY) }],
  ['late', { deadline: pawl.clock.wire(-DAY) }],
  ['soon', { deadline: pawl.clock.wire(HOUR) }],
  ['done', { deadline: pawl.clock.wire(20 * DAY) }],
  ['again', { deadline: pawl.clock.wire(30 * DAY), owners: { users: [ann.id, ben.id] } }],
  ['gone', { deadline: pawl.clock.wire(40 * DAY) }],
]) {
  const { data } = expect(await api.post(TASKS, oneOff(ann, { title: name, ...more })), 201);

  ids[name] = data.id;
  made[name] = data;
  pawl.clock.advance(SECOND);
}
expect(
  await api.post(TASKS, oneOff(ben, { title: 'ben’s', deadline: pawl.clock.wire(50 * DAY) })),
  201,
);
const complete = (name) => api.post(`${org.path}/completed-tasks`, { task_id: ids[name] });
expect(await complete('done'), 200);
expect(await complete('again'), 200);
expect(await api.delete(`${org.path}/completed-tasks/${ids.again}`), 200);
expect(await api.delete(`${TASKS}/${ids.gone}`), 204);

const query = (fields) => new URLSearchParams({ per_page: '100', ...fields }).toString();
const list = async (path, fields = {}) => expect(await api.get(`${path}?${query(fields)}`), 200);
const titles = async (fields, path = MINE) =>
  (await list(path, fields)).data.map(({ title }) => title);
const found = async (fields, path) => (await titles(fields, path)).sort();

const ACTIVE = ['Apple', 'again', 'late', 'soon', 'zebra'];

test('an entry is the whole task, its summary only when asked for', async () => {
  const { data } = await list(MINE);

  for (const task of data) {
    shape(task, TASK);
    shape(task.owners, OWNERS);
    assert.ok(!('summary' in task));
  }
  for (const task of (await list(MINE, { with: 'summary,run,nonsense,x.y' })).data)
    assert.ok('summary' in task);
});

test('one’s own, another’s and everybody’s', async () => {
  assert.deepEqual(await found({ status: 'all' }), [...ACTIVE, 'done'].sort());
  assert.deepEqual(await found({ status: 'all' }, `${org.path}/users/${ben.id}/tasks`), [
    'again',
    'ben’s',
  ]);
  assert.deepEqual(await found({ status: 'all' }, TASKS), [...ACTIVE, 'ben’s', 'done'].sort());
});

test('by status', async () => {
  for (const [status, expected] of [
    ['all', [...ACTIVE, 'done']],
    ['active', ACTIVE],
    ['active_visible', ACTIVE],
    ['incomplete', ACTIVE],
    ['complete', ['done']],
    ['completed', ['done']],
    ['inprogress', ['again']],
    ['not-started', ['Apple', 'late', 'soon', 'zebra']],
    ['overdue', ['late']],
    ['due_soon', ['soon']],
    ['hasproblem', []],
  ])
    assert.deepEqual(await found({ status }), [...expected].sort(), status);
});

test('by name, in any case and literally', async () => {
  assert.deepEqual(await found({ q: 'APP' }), ['Apple']);
  assert.deepEqual(await found({ q: 'ebr' }), ['zebra']);
  for (const q of ['%', '_', 'a%e', '\\', "'", 'nothing like it'])
    assert.deepEqual(await found({ q }), [], q);
});

test('a search folds more than ASCII, and takes signs as they are', async () => {
  for (const title of ['ÄRGER in v1.0-beta', '100% _sure_']) {
    const { data } = expect(await api.post(TASKS, oneOff(ben, { title })), 201);

    assert.equal(data.title, title);
  }
  const search = (q) => found({ q }, TASKS);
  assert.deepEqual(await search('ärger'), ['ÄRGER in v1.0-beta']);
  assert.deepEqual(await search('v1.0-beta'), ['ÄRGER in v1.0-beta']);
  assert.deepEqual(await search('0%'), ['100% _sure_']);
  assert.deepEqual(await search('_sure'), ['100% _sure_']);
  const blanks = expect(await api.get(`${TASKS}?q=100%25+_sure`), 200);
  assert.equal(blanks.data.length, 1);
});

test('by owner', async () => {
  assert.ok((await found({ owners: String(ben.id) }, TASKS)).includes('ben’s'));
  assert.ok(!(await found({ owners: String(ben.id) }, TASKS)).includes('zebra'));
  const both = await found({ owners: `${ann.id},${ben.id}` }, TASKS);
  assert.ok(both.includes('ben’s') && both.includes('zebra'));
  assert.equal(both.length, new Set(both).size);
  assert.deepEqual(await found({ owners: '999999' }, TASKS), []);
  assert.deepEqual(
    await found({ assignee: 'me', status: 'all' }, TASKS),
    await found({ status: 'all' }),
  );
  assert.deepEqual(await found({ unassigned: 'true' }, TASKS), []);
});

test('by date', async () => {
  const at = (name) => made[name].deadline;
  const day = (name) => at(name).slice(0, 10);
  const created = made.zebra.created_at.slice(0, 10);
  const named = (all) => all.filter((title) => title in ids);

  assert.deepEqual(named(await found({ deadline_on: day('zebra') }, TASKS)), ['zebra']);
  assert.deepEqual(
    named(await found({ deadline_on: day('zebra'), deadline_before: '2001-01-01' }, TASKS)),
    ['zebra'],
  );
  // Both ends are left out.
  assert.deepEqual(
    named(await found({ deadline_after: at('Apple'), deadline_before: at('again') }, TASKS)),
    ['done', 'zebra'],
  );
  assert.deepEqual(
    named(
      await found(
        { deadline_start_range: at('Apple'), deadline_end_range: at('zebra') },
        TASKS,
      ),
    ),
    ['Apple', 'zebra'],
  );
  assert.ok((await found({ created }, TASKS)).includes('zebra'));
  assert.ok((await found({ created: `2001-01-01:${created}` }, TASKS)).includes('zebra'));
  assert.deepEqual(await found({ created: '2001-01-01' }, TASKS), []);
  assert.deepEqual(await found({ created: '1969-12-31' }, TASKS), []);
});

test('one-off and archived', async () => {
  assert.ok((await found({ is_oneoff: 'true' }, TASKS)).includes('zebra'));
  assert.deepEqual(await found({ is_oneoff: 'false' }, TASKS), []);
  assert.ok((await found({ archived: 'true' }, TASKS)).includes('gone'));
  assert.deepEqual(await found({ archived: 'only' }, TASKS), ['gone']);
});

test('unknown parameters are ignored', async () => {
  assert.deepEqual(
    await titles({ nonsense: '1', 'a[]': '2', replace_page: 'x' }),
    await titles({}),
  );
});

test('sorted as asked', async () => {
  const byDeadline = ['late', 'soon', 'Apple', 'zebra', 'done', 'again'];
  const byAge = ['zebra', 'Apple', 'late', 'soon', 'done', 'again'];
  const sorted = (sort, more = {}) => titles({ status: 'all', sort, ...more });

  assert.deepEqual(await sorted('deadline'), byDeadline);
  assert.deepEqual(await sorted('-deadline'), byDeadline.toReversed());
  assert.deepEqual(await sorted('created_at'), byAge);
  assert.deepEqual(await sorted('-created_at'), byAge.toReversed());
  assert.deepEqual(await sorted('newest'), byAge.toReversed());
  assert.deepEqual(await titles({ status: 'all', sort_by: 'newest' }), byAge.toReversed());
  assert.deepEqual(await sorted('title'), ['again', 'Apple', 'done', 'late', 'soon', 'zebra']);
  assert.deepEqual((await sorted('-title')).at(0), 'zebra');
  assert.equal((await sorted('completed_newest')).at(0), 'done');
  assert.equal((await sorted('-updated_at')).at(0), 'again');
  assert.deepEqual(
    await sorted('created_at', { sort_direction: 'desc' }),
    byAge.toReversed(),
  );
  assert.deepEqual(await sorted('nonsense'), await titles({ status: 'all' }));
});

test('the first page has no link back, the last none on, and each link works', async () => {
  const first = expect(
    await api.get(`/api${MINE}?per_page=4&status=all&sort=deadline&q=&with=summary`),
    200,
  );
  const { links, ...numbers } = first.meta.pagination;

  shape(first.meta.pagination, PAGINATION);
  assert.deepEqual(numbers, {
    total: 6,
    count: 4,
    per_page: 4,
    current_page: 1,
    total_pages: 2,
    has_more_pages: true,
  });
  assert.deepEqual(Object.keys(links), ['next']);
  const next = new URL(links.next);
  assert.equal(next.origin, pawl.url);
  assert.equal(next.pathname, `/api${MINE}`);
  assert.deepEqual(Object.fromEntries(next.searchParams), {
    per_page: '4',
    status: 'all',
    sort: 'deadline',
    q: '',
    with: 'summary',
    page: '2',
  });

  const second = expect(await api.get(links.next.slice(pawl.url.length)), 200);
  const after = second.meta.pagination;
  assert.deepEqual(second.data.map(({ title }) => title), ['done', 'again']);
  assert.equal(after.count, 2);
  assert.equal(after.current_page, 2);
  assert.equal(after.has_more_pages, false);
  assert.deepEqual(Object.keys(after.links), ['previous']);
  const back = expect(await api.get(after.links.previous.slice(pawl.url.length)), 200);
  assert.deepEqual(back.body, first.body);
});

test('links lead where the request came from', async () => {
  const plain = expect(await api.get(`${MINE}?per_page=1`), 200);

  assert.ok(plain.meta.pagination.links.next.startsWith(`${pawl.url}${MINE}?`));
});

test('ten a page, one page without links, a hundred at most', async () => {
  const { meta } = expect(await api.get(MINE), 200);

  assert.equal(meta.pagination.per_page, 10);
  assert.deepEqual(meta.pagination.links, []);
  assert.equal(meta.pagination.total_pages, 1);
  assert.equal((await list(MINE, { per_page: '101' })).meta.pagination.per_page, 100);
  const limited = expect(await api.get(`${MINE}?limit=2`), 200);
  assert.equal(limited.data.length, 2);
  assert.equal(limited.meta.pagination.per_page, 2);
  const both = expect(await api.get(`${MINE}?limit=2&per_page=3`), 200);
  assert.equal(both.meta.pagination.per_page, 3);
});

test('pages neither miss nor repeat a task, even of one moment', async () => {
  const other = await pawl.org({ name: 'Many' });
  const many = pawl.api(other.admin.token);
  const path = `${other.path}/tasks`;

  for (let i = 0; i < 13; i += 1) expect(await many.post(path, oneOff(other.admin)), 201);
  for (const sort of ['deadline', 'title', '-created_at', 'newest']) {
    const seen = new Set();

    for (let page = 1; page <= 5; page += 1) {
      const answer = expect(await many.get(`${path}?per_page=3&page=${page}&sort=${sort}`), 200);
      for (const { id } of answer.data) seen.add(id);
    }
    assert.equal(seen.size, 13, sort);
  }
  const { meta } = expect(await many.get(`${path}?per_page=3`), 200);
  assert.equal(meta.pagination.total_pages, 5);
});

test('a person’s list counts what is late and what will be', async () => {
  for (const path of [MINE, `${org.path}/users/${ann.id}/tasks`]) {
    const { meta } = await list(path, { per_page: '1' });

    assert.equal(meta.overdue_tasks, 1);
    assert.equal(meta.tasks_due_soon, 1);
  }
});

test('nobody’s list but a member’s', async () => {
  const other = await pawl.org({ name: 'Other' });

  for (const id of [other.admin.id, 999_999, 'x'])
    refused(await api.get(`${org.path}/users/${id}/tasks`), 404, 'RESOURCE_NOT_FOUND');
  const gone = await pawl.user(org, { withToken: false });
  const admin = pawl.api(org.admin.token);
  expect(await admin.delete(`${org.path}/users/${gone.id}/disable`), 200);
  expect(await admin.get(`${org.path}/users/${gone.id}/tasks`), 200);
  expect(await admin.delete(`${org.path}/users/${gone.id}/delete`), 200);
  refused(await admin.get(`${org.path}/users/${gone.id}/tasks`), 404, 'RESOURCE_NOT_FOUND');
  const light = await pawl.user(org, { role: 'light' });
  const theirs = await pawl.api(light.token).get(`${org.path}/users/${ann.id}/tasks`);
  assert.ok(theirs.status === 403 || theirs.data.length === 0, theirs.text);
});
