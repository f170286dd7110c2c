// Tags, and which of them is on what.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const NOWHERE = '0'.repeat(32);
const COLOR = '#1f7a8c';

let pawl, org, other, api, bob, light, tags;

before(async () => {
  pawl = await startServer();
  org = await pawl.org();
  other = await pawl.org({ name: 'Other' });
  api = pawl.api(org.admin.token);
  bob = await pawl.user(org);
  light = await pawl.user(org, { role: 'light' });
  tags = `${org.path}/tags`;
});
after(() => pawl.stop());

let count = 0;
const tag = async (more = {}) =>
  expect(await api.post(tags, { title: `tag ${count++}`, color: COLOR, ...more }), 201).data;
const task = async (more) =>
  expect(await api.post(`${org.path}/tasks`, oneOff(org.admin, more)), 201).data;
const attach = (client, subject, { id }, more = {}) =>
  client.post(`${org.path}/checklists/tags`, {
    subject_id: subject.id, subject_type: 'Task', tag_id: id, tag_type: 'private', ...more,
  });

describe('tags', () => {
  test('are made, read, changed and deleted', async () => {
    const made = await tag({ title: 'Über-Eilig 🚀' });

    shape(made, {
      id: 'id', title: 'string', color: 'string', type: 'string', auto_generated: 'bool',
      custom_fields: 'object', created_at: 'time', last_updated: 'time', deleted_at: 'any',
    });
    assert.equal(made.deleted_at, null);
    assert.equal(made.auto_generated, false);
    assert.deepEqual(expect(await api.get(`${tags}/${made.id}`), 200).data, made);

    const colored = expect(await api.put(`${tags}/${made.id}`, { color: '#ABCDEF' }), 200).data;
    assert.deepEqual([colored.title, colored.color], ['Über-Eilig 🚀', '#ABCDEF']);
    const named = expect(await api.patch(`${tags}/${made.id}`, { title: 'Eilig' }), 200).data;
    assert.deepEqual([named.title, named.color], ['Eilig', '#ABCDEF']);

    assert.equal(expect(await api.delete(`${tags}/${made.id}`), 204).text, '');
    expect(await api.delete(`${tags}/${made.id}`), 204);
    expect(await api.delete(`${tags}/${NOWHERE}`), 204);
    refused(await api.get(`${tags}/${made.id}`), 404);
    refused(await api.put(`${tags}/${made.id}`, { title: 'gone' }), 404);
  });

  test('have a colour without being given one', async () =>
    assert.match((await tag({ color: undefined })).color, /^#[0-9a-f]{6}$/));

  test('say all that is wrong at once', async () => {
    invalid(await api.post(tags, {}), 'title');
    invalid(await api.post(tags, { title: 'x'.repeat(31), color: 'red' }), 'title', 'color');
    expect(await api.post(tags, { title: '漢'.repeat(30), color: COLOR }), 201);
    for (const color of ['#12345', '#1234567', '#12345g', '1234567', ''])
      invalid(await api.post(tags, { title: `colour ${color}`, color }), 'color');
    for (const title of ['', '  ', null, 7, {}, []])
      invalid(await api.post(tags, { title, color: 7 }), 'title', 'color');
  });

  test('have titles of their own, whatever the case and accents', async () => {
    const first = await tag({ title: 'Müller' });
    const second = await tag({ title: 'Schulz' });

    invalid(await api.post(tags, { title: 'MULLER', color: COLOR }), 'title');
    invalid(await api.put(`${tags}/${second.id}`, { title: 'muller' }), 'title');
    expect(await api.put(`${tags}/${first.id}`, { title: 'MÜLLER' }), 200);
  });

  test('made by two at once become one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api.post(tags, { title: 'Twice', color: COLOR })),
    );

    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 201)) invalid(answer, 'title');
  });

  test('are found, sorted and paged', async () => {
    const mine = await pawl.org({ name: 'Sorted' });
    const own = pawl.api(mine.admin.token);
    const list = async (query) =>
      expect(await own.get(`${mine.path}/tags${query}`), 200);
    const titles = async (query) => (await list(query)).data.map(({ title }) => title);

    for (const title of ['Ångström', 'beta-2.0', 'Alpha'])
      expect(await own.post(`${mine.path}/tags`, { title, color: COLOR }), 201);
    assert.deepEqual(await titles(''), ['Alpha', 'Ångström', 'beta-2.0']);
    assert.deepEqual(await titles('?sort=-title'), ['beta-2.0', 'Ångström', 'Alpha']);
    assert.deepEqual(await titles('?sort_by=created_at&sort_direction=desc'),
      ['Alpha', 'beta-2.0', 'Ångström']);
    assert.deepEqual(await titles('?q=angst'), ['Ångström']);
    assert.deepEqual(await titles('?q=A-2.'), ['beta-2.0']);
    assert.deepEqual(await titles('?q=%25'), []);
    assert.deepEqual(await titles('?auto_generated=1'), []);
    assert.deepEqual(await titles('?all=true'), ['Alpha', 'Ångström', 'beta-2.0']);
    const page = await list('?per_page=2&page=2');
    assert.deepEqual(page.data.map(({ title }) => title), ['beta-2.0']);
    assert.equal(page.meta.pagination.total, 3);
  });

  test('of another organization do not exist', async () => {
    const theirs = pawl.api(other.admin.token);
    const made = await tag();

    refused(await theirs.get(`${other.path}/tags/${made.id}`), 404);
    refused(await theirs.put(`${other.path}/tags/${made.id}`, { title: 'x' }), 404);
    expect(await theirs.delete(`${other.path}/tags/${made.id}`), 204);
    expect(await api.get(`${tags}/${made.id}`), 200);
    assert.deepEqual(expect(await theirs.get(`${other.path}/tags`), 200).data, []);
  });
});

describe('a tag on a task', () => {
  test('is an association with a number, the same when put twice', async () => {
    const [made, on] = [await tag(), await task()];
    const link = expect(await attach(api, on, made), 201).data;

    shape(link, { id: 'int', tag_id: 'id', subject_id: 'id', subject_type: 'string',
                  tag_type: 'string', created_at: 'time' });
    assert.deepEqual([link.tag_id, link.subject_id, link.subject_type],
      [made.id, on.id, 'Task']);
    assert.equal(expect(await attach(pawl.api(bob.token), on, made), 201).data.id, link.id);

    const seen = expect(await api.get(`${org.path}/tasks/${on.id}?with=tags`), 200).data.tags;
    assert.deepEqual(seen.data.map(({ id, association_id }) => [id, association_id]),
      [[made.id, link.id]]);
    const statistics = { with: 'statistics' };
    const counted = expect(
      await api.get(`${tags}/${made.id}?${new URLSearchParams(statistics)}`), 200,
    ).data.statistics.data;
    assert.equal(counted.active_task, 1);
    shape(counted, { active_template: 'int', archived_template: 'int', active_process: 'int',
                     archived_process: 'int' });

    assert.deepEqual(
      expect(await api.delete(`${org.path}/checklists/tags/${link.id}`), 200).body,
      { success: true },
    );
    refused(await api.delete(`${org.path}/checklists/tags/${link.id}`), 404);
    assert.deepEqual(
      expect(await api.get(`${org.path}/tasks/${on.id}?with=tags`), 200).data.tags,
      { data: [] },
    );
  });

  test('may be on it from the start', async () => {
    const [a, b] = [await tag(), await tag()];
    const on = await task({ tags: [a.id, b.id, a.id] });
    const { data } = expect(await api.get(`${org.path}/tasks/${on.id}?with=tags`), 200).data.tags;
    const post = (wrong) => api.post(`${org.path}/tasks`, oneOff(org.admin, { tags: wrong }));

    assert.deepEqual(data.map(({ id }) => id).sort(), [a.id, b.id].sort());
    for (const wrong of [[NOWHERE], [a.id, NOWHERE], a.id, [7], { id: a.id },
      Array.from({ length: 51 }, () => a.id)])
      invalid(await post(wrong), 'tags');
    invalid(await api.post(`${org.path}/tasks`, { tags: [NOWHERE] }),
      'title', 'task_type', 'deadline', 'owners', 'tags');
    invalid(await api.patch(`${org.path}/tasks/${on.id}`, { tags: [a.id] }), 'tags');
  });

  test('finds it in the list', async () => {
    const [made, on] = [await tag(), await task()];

    expect(await attach(api, on, made), 201);
    for (const value of [made.id, made.title]) {
      const query = new URLSearchParams({ tag: value, with: 'tags' });
      const found = expect(await api.get(`${org.path}/tasks?${query}`), 200);

      assert.deepEqual(found.data.map(({ id }) => id), [on.id], value);
      assert.equal(found.meta.pagination.total, 1);
      assert.equal(found.data[0].tags.data[0].id, made.id);
    }
    assert.deepEqual(expect(await api.get(`${org.path}/tasks?tag=${NOWHERE}`), 200).data, []);
  });

  test('goes with the tag, and with the task', async () => {
    const [made, kept, on] = [await tag(), await tag(), await task()];

    expect(await attach(api, on, made), 201);
    const link = expect(await attach(api, on, kept), 201).data;
    expect(await api.delete(`${tags}/${made.id}`), 204);
    const { data } = expect(await api.get(`${org.path}/tasks/${on.id}?with=tags`), 200).data.tags;
    assert.deepEqual(data.map(({ id }) => id), [kept.id]);

    expect(await api.delete(`${org.path}/tasks/${on.id}`), 204);
    expect(await api.delete(`${org.path}/tasks/${on.id}/delete`), 204);
    refused(await api.delete(`${org.path}/checklists/tags/${link.id}`), 404);
  });

  test('is refused for what is not there', async () => {
    const [made, on, archived] = [await tag(), await task(), await task()];
    const missing = (answer) => {
      invalid(answer, 'subject_id');
      assert.equal(answer.body.message, 'Subject not found');
    };
    const theirs = pawl.api(other.admin.token);
    const foreign = expect(
      await theirs.post(`${other.path}/tasks`, oneOff(other.admin)), 201,
    ).data;

    expect(await api.delete(`${org.path}/tasks/${archived.id}`), 204);
    missing(await attach(api, archived, made));
    missing(await attach(api, foreign, made));
    missing(await attach(api, { id: NOWHERE }, made));
    for (const subject_type of ['Checklist', 'Run', 'Step', 'template', 'process'])
      missing(await attach(api, on, made, { subject_type }));
    invalid(await attach(api, on, made, { subject_type: 'Guest' }), 'subject_type');
    invalid(await attach(api, on, made, { tag_type: 'public' }), 'tag_type');
    invalid(await attach(api, on, { id: NOWHERE }), 'tag_id');
    invalid(await attach(api, { id: NOWHERE }, { id: NOWHERE }, { tag_type: 'public' }),
      'subject_id', 'tag_id', 'tag_type');
    invalid(await attach(api, on, { id: NOWHERE }, { subject_type: 'Guest' }),
      'subject_type', 'tag_id');
    invalid(await api.post(`${org.path}/checklists/tags`, {}),
      'subject_id', 'subject_type', 'tag_id');
    refused(await attach(pawl.api(light.token), on, made), 403, 'FORBIDDEN_ROLE');
  });

  test('stays when somebody who may not see the task takes it off', async () => {
    const [made, secret] = [await tag(), await task({ top_secret: true })];
    const link = expect(await attach(api, secret, made), 201).data;

    refused(await pawl.api(bob.token).delete(`${org.path}/checklists/tags/${link.id}`), 404);
    expect(await api.delete(`${org.path}/checklists/tags/${link.id}`), 200);
  });
});

test('what happens to tags is told', async () => {
  const made = await tag({ title: 'Told' });
  const link = expect(await attach(api, await task(), made), 201).data;

  expect(await api.delete(`${org.path}/checklists/tags/${link.id}`), 200);
  expect(await api.delete(`${tags}/${made.id}`), 204);
  const rows = expect(
    await api.get(`${org.path}/activity-feeds?entity_type=tag&entity_id=${made.id}`), 200,
  ).data;
  assert.deepEqual(
    rows.map(({ description }) => description).sort(),
    ['Ada Admin created the tag “Told”', 'Ada Admin deleted the tag “Told”',
     'Ada Admin put the tag “Told” on a record', 'Ada Admin took the tag “Told” off a record'],
  );
});
