// Folders: trees of templates, processes and tasks, and what lies in them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const NOWHERE = '0'.repeat(32);

let pawl, org, other, api, theirs, light, folders;

before(async () => {
  pawl = await startServer();
  org = await pawl.org();
  other = await pawl.org({ name: 'Other' });
  api = pawl.api(org.admin.token);
  theirs = pawl.api(other.admin.token);
  light = await pawl.user(org, { role: 'light' });
  folders = `${org.path}/folders`;
});
after(() => pawl.stop());

let count = 0;
const make = async (more = {}) =>
  expect(await api.post(folders, { name: `folder ${count++}`, ...more }), 201).data;
const ofTasks = (more) => make({ folder_type: 'task', ...more });
const task = async () =>
  expect(await api.post(`${org.path}/tasks`, oneOff(org.admin)), 201).data;
const put = (client, subject, folder, more = {}) =>
  client.post(`${folders}/add-object`, {
    folder_id: folder.id, subject_id: subject.id, subject_type: 'Task', ...more,
  });
const read = async (id, query = '') => expect(await api.get(`${folders}/${id}${query}`), 200).data;

describe('folders', () => {
  test('are made, read, changed and deleted', async () => {
    const made = await make({ name: 'Προσωπικό 📁' });

    shape(made, { id: 'id', name: 'string', parent_id: 'string?', folder_type: 'string',
                  position: 'int', custom_fields: 'object', created_at: 'time',
                  last_updated: 'time' });
    assert.deepEqual([made.parent_id, made.folder_type], [null, 'checklist']);
    assert.deepEqual(await read(made.id), made);
    const named = expect(await api.put(`${folders}/${made.id}`, { name: 'People' }), 200).data;
    assert.deepEqual([named.name, named.parent_id, named.position],
      ['People', null, made.position]);
    assert.deepEqual(expect(await api.delete(`${folders}/${made.id}`), 200).body,
      { success: true });
    refused(await api.get(`${folders}/${made.id}`), 404);
    refused(await api.put(`${folders}/${made.id}`, { name: 'x' }), 404);
    refused(await api.delete(`${folders}/${made.id}`), 404);
  });

  test('are of one of three types, for good', async () => {
    for (const [said, is] of [['run', 'run'], ['task', 'task'], ['checklist', 'checklist'],
      ['anything', 'checklist'], [undefined, 'checklist']])
      assert.equal((await make({ folder_type: said })).folder_type, is);
    const made = await make({ folder_type: 'run' });

    invalid(await api.put(`${folders}/${made.id}`, { folder_type: 'checklist' }), 'folder_type');
    expect(await api.put(`${folders}/${made.id}`, { name: 'x', folder_type: 'run' }), 200);
  });

  test('say all that is wrong at once', async () => {
    invalid(await api.post(folders, {}), 'name');
    invalid(await api.post(folders, { name: 'x'.repeat(33), parent_id: NOWHERE, position: 'a' }),
      'name', 'parent_id', 'position');
    expect(await api.post(folders, { name: 'ي'.repeat(32) }), 201);
    for (const name of ['', ' ', null, 7, []]) invalid(await api.post(folders, { name }), 'name');
  });

  test('lie in folders of their own type, and never in themselves', async () => {
    const top = await make();
    const middle = await make({ parent_id: top.id });
    const low = await make({ parent_id: middle.id });
    const move = (folder, parent_id) => api.put(`${folders}/${folder.id}`, { parent_id });
    const foreign = expect(
      await theirs.post(`${other.path}/folders`, { name: 'theirs' }), 201,
    ).data;

    assert.equal(low.parent_id, middle.id);
    for (const parent of [top, middle, low]) invalid(await move(top, parent.id), 'parent_id');
    for (const parent of [await make({ folder_type: 'run' }), foreign, { id: NOWHERE }])
      invalid(await move(low, parent.id), 'parent_id');
    assert.equal(expect(await move(low, top.id), 200).data.parent_id, top.id);
    assert.equal(expect(await move(low, null), 200).data.parent_id, null);
  });

  test('are of the type of the folder they are made in', async () => {
    const runs = await make({ folder_type: 'run' });

    for (const folder_type of [undefined, '', 'run'])
      assert.equal((await make({ parent_id: runs.id, folder_type })).folder_type, 'run');
    invalid(await api.post(folders, { name: 'x', parent_id: runs.id, folder_type: 'task' }),
      'parent_id');
    invalid(await api.post(folders, { name: 'x', parent_id: NOWHERE }), 'parent_id');
  });

  test('that are moved into each other at once make no ring', async () => {
    const [a, b] = [await make(), await make()];

    await Promise.all([
      api.put(`${folders}/${a.id}`, { parent_id: b.id }),
      api.put(`${folders}/${b.id}`, { parent_id: a.id }),
    ]);
    const parents = [(await read(a.id)).parent_id, (await read(b.id)).parent_id];
    assert.equal(parents.filter((id) => id !== null).length, 1, `${parents}`);
  });

  test('lie twenty deep at most', async () => {
    let parent = null;

    for (let i = 0; i < 20; i++) parent = (await make({ parent_id: parent })).id;
    invalid(await api.post(folders, { name: 'too deep', parent_id: parent }), 'parent_id');
    const top = await make();
    await make({ parent_id: top.id });
    invalid(await api.put(`${folders}/${top.id}`, { parent_id: parent }), 'parent_id');
  });

  test('have places among their siblings', async () => {
    const top = await make();
    const names = async () =>
      (await read(top.id, '?with=children')).children.data.map(({ name }) => name);

    const [, , c] = [await make({ name: 'a', parent_id: top.id }),
      await make({ name: 'b', parent_id: top.id }), await make({ name: 'c', parent_id: top.id })];
    assert.deepEqual(await names(), ['a', 'b', 'c']);
    expect(await api.put(`${folders}/${c.id}`, { position: 1 }), 200);
    assert.deepEqual(await names(), ['c', 'a', 'b']);
    await make({ name: 'd', parent_id: top.id, position: 2 });
    assert.deepEqual(await names(), ['c', 'd', 'a', 'b']);
  });

  test('are found, sorted, paged, and shown as a tree', async () => {
    const mine = await pawl.org({ name: 'Sorted' });
    const own = pawl.api(mine.admin.token);
    const add = async (body) => expect(await own.post(`${mine.path}/folders`, body), 201).data;
    const list = async (query) => expect(await own.get(`${mine.path}/folders${query}`), 200);
    const names = async (query) => (await list(query)).data.map(({ name }) => name);

    const zeta = await add({ name: 'Zêta' });
    await add({ name: 'alpha', parent_id: zeta.id });
    await add({ name: 'Runs', folder_type: 'run' });
    assert.deepEqual(await names('?folder_type=run'), ['Runs']);
    assert.deepEqual(await names('?folder_type=checklist&sort=name'), ['alpha', 'Zêta']);
    assert.deepEqual(await names('?sort=-name'), ['Zêta', 'Runs', 'alpha']);
    assert.deepEqual(await names('?q=zeta'), ['Zêta']);
    assert.deepEqual(await names(`?parent_id=${zeta.id}`), ['alpha']);
    assert.equal((await list('?per_page=1')).meta.pagination.total, 3);
    const [tree] = (await list('?q=z%C3%AAta&with=children')).data;
    assert.deepEqual(tree.children.data.map(({ name, children }) => [name, children]),
      [['alpha', { data: [] }]]);
    assert.ok(!('children' in (await list('')).data[0]));
  });

  test('of another organization do not exist', async () => {
    const made = await make();

    refused(await theirs.get(`${other.path}/folders/${made.id}`), 404);
    refused(await theirs.put(`${other.path}/folders/${made.id}`, { name: 'x' }), 404);
    refused(await theirs.delete(`${other.path}/folders/${made.id}`), 404);
    refused(await pawl.api(light.token).post(folders, { name: 'x' }), 403, 'FORBIDDEN_ROLE');
    expect(await pawl.api(light.token).get(folders), 200);
  });
});

describe('a task in a folder', () => {
  test('has a place with a number, the same when put twice', async () => {
    const [folder, one] = [await ofTasks(), await task()];
    const place = expect(await put(api, one, folder), 201).data;

    shape(place, { id: 'int', folder_id: 'id', subject_id: 'id', subject_type: 'string',
                   created_at: 'time' });
    assert.equal(expect(await put(api, one, folder), 201).data.id, place.id);
    const seen = expect(await api.get(`${org.path}/tasks/${one.id}?with=folders`), 200).data;
    assert.deepEqual(seen.folders.data.map(({ id, relation_id }) => [id, relation_id]),
      [[folder.id, place.id]]);
    const found = expect(await api.get(`${org.path}/tasks?folder=${folder.id}`), 200);
    assert.deepEqual(found.data.map(({ id }) => id), [one.id]);
    assert.deepEqual(
      expect(await api.delete(`${org.path}/folders-objects/${place.id}`), 200).body,
      { success: true },
    );
    refused(await api.delete(`${org.path}/folders-objects/${place.id}`), 404);
  });

  test('moves out when the folder goes', async () => {
    const top = await ofTasks();
    const inner = await ofTasks({ parent_id: top.id });
    const child = await ofTasks({ parent_id: inner.id });
    const one = await task();
    const foldersOf = async () =>
      expect(await api.get(`${org.path}/tasks/${one.id}?with=folders`), 200)
        .data.folders.data.map(({ id }) => id);

    expect(await put(api, one, inner), 201);
    expect(await put(api, one, top), 201);
    expect(await api.delete(`${folders}/${inner.id}`), 200);
    assert.deepEqual(await foldersOf(), [top.id]);
    assert.equal((await read(child.id)).parent_id, top.id);
    expect(await api.delete(`${folders}/${top.id}`), 200);
    assert.deepEqual(await foldersOf(), []);
    assert.equal((await read(child.id)).parent_id, null);
    expect(await api.get(`${org.path}/tasks/${one.id}`), 200);
  });

  test('is refused where it does not belong', async () => {
    const [folder, one, archived] = [await ofTasks(), await task(), await task()];
    const message = (answer, field, text) => {
      invalid(answer, field);
      assert.equal(answer.body.message, text);
    };

    expect(await api.delete(`${org.path}/tasks/${archived.id}`), 204);
    message(await put(api, one, await make()), 'folder_id', 'No such a folder exists in Tasks.');
    message(await put(api, one, folder, { subject_type: 'Run' }), 'folder_id',
      'No such a folder exists in Processes.');
    message(await put(api, one, await make({ folder_type: 'run' }), { subject_type: 'Run' }),
      'subject_id', 'Subject not found');
    message(await put(api, archived, folder), 'subject_id', 'Subject not found');
    message(await put(api, { id: NOWHERE }, folder), 'subject_id', 'Subject not found');
    invalid(await put(api, one, folder, { subject_type: 'Guest' }), 'subject_type');
    invalid(await api.post(`${folders}/add-object`, {}),
      'folder_id', 'subject_id', 'subject_type');
    refused(await put(pawl.api(light.token), one, folder), 403, 'FORBIDDEN_ROLE');
  });
});
