// Job titles, which the paths call roles: what everybody reads and administrators keep.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';

const JOB_TITLE = {
  id: 'id',
  title: 'string',
  name: 'string',
  created_at: 'time',
  last_updated: 'time',
};

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const roles = `${org.path}/roles`;

const create = async (title) => expect(await admin.post(roles, { title }), 201).data;

test('a job title is made, read, renamed and deleted', async () => {
  const made = await create('Plumber');

  shape(made, JOB_TITLE);
  assert.equal(made.title, 'Plumber');
  assert.equal(made.name, 'Plumber');
  assert.deepEqual(expect(await admin.get(`${roles}/${made.id}`), 200).data, made);
  for (const method of ['PUT', 'PATCH']) {
    const title = `Plumber by ${method}`;
    const { data } = expect(await admin.send(method, `${roles}/${made.id}`, { title }), 200);

    assert.equal(data.title, title);
    assert.equal(data.id, made.id);
    assert.equal(data.created_at, made.created_at);
  }
  assert.equal(expect(await admin.delete(`${roles}/${made.id}`), 204).text, '');
  refused(await admin.get(`${roles}/${made.id}`), 404);
  refused(await admin.put(`${roles}/${made.id}`, { title: 'Ghost' }), 404);
  refused(await admin.delete(`${roles}/${made.id}`), 404);
});

test('name is another word for title', async () => {
  const { data } = expect(await admin.post(roles, { name: 'Gardener' }), 201);

  assert.equal(data.title, 'Gardener');
  assert.equal(expect(await admin.put(`${roles}/${data.id}`, { name: 'Florist' }), 200).data.title,
    'Florist');
  const both = expect(await admin.post(roles, { title: 'Baker', name: 'Cook' }), 201).data;
  assert.equal(both.title, 'Baker');
  invalid(await admin.post(roles, { name: 'BAKER' }), 'name');
});

test('a title is given, short and no other’s', async () => {
  const chef = await create('Chéf');

  for (const body of [{}, { title: '' }, { title: '  ' }, { title: null }, { title: ['Cook'] },
    { title: 7 }, { title: 'x'.repeat(201) }, { title: 'two\nlines' }, { title: 'CHEF' },
    { title: '\u200b' }])
    invalid(await admin.post(roles, body), 'title');
  const other = await create('Sous-chef');
  invalid(await admin.put(`${roles}/${other.id}`, { title: 'chef' }), 'title');
  invalid(await admin.put(`${roles}/${other.id}`, {}), 'title');
  invalid(await admin.patch(`${roles}/${other.id}`, { title: null }), 'title');
  assert.deepEqual(expect(await admin.patch(`${roles}/${other.id}`, {}), 200).data, other);
  expect(await admin.put(`${roles}/${chef.id}`, { title: 'CHEF' }), 200);
  assert.equal((await create('🧑‍🍳'.repeat(60))).title, '🧑‍🍳'.repeat(60));
});

test('the list is sorted, searched and cut into pages', async () => {
  const other = await pawl.org({ name: 'Sorted' });
  const api = pawl.api(other.admin.token);
  const path = `${other.path}/roles`;

  for (const title of ['Écuyer', 'Zoo keeper', 'actor', 'Driver', '100% owner'])
    expect(await api.post(path, { title }), 201);
  const titles = async (query = '') =>
    expect(await api.get(path + query), 200).data.map((role) => role.title);
  assert.deepEqual(await titles(), ['100% owner', 'actor', 'Driver', 'Écuyer', 'Zoo keeper']);
  assert.deepEqual(await titles('?q=ECU'), ['Écuyer']);
  assert.deepEqual(await titles('?q=%25'), ['100% owner']);
  assert.deepEqual(await titles('?q=nobody'), []);
  assert.deepEqual(await titles('?per_page=2&page=2'), ['Driver', 'Écuyer']);
  const { meta } = expect(await api.get(`${path}?per_page=2&page=2`), 200);
  assert.equal(meta.pagination.total, 5);
  assert.equal(meta.pagination.total_pages, 3);
  assert.equal(expect(await api.get(`${path}?per_page=9999`), 200).meta.pagination.per_page, 100);
  invalid(await api.get(`${path}?q=${'x'.repeat(201)}`), 'q');
});

test('everybody reads, administrators write', async () => {
  const made = await create('Archivist');

  for (const role of ['standard', 'light']) {
    const api = pawl.api((await pawl.user(org, { role })).token);

    expect(await api.get(roles), 200);
    expect(await api.get(`${roles}/${made.id}`), 200);
    refused(await api.post(roles, { title: 'Boss' }), 403, 'FORBIDDEN_ROLE');
    refused(await api.put(`${roles}/${made.id}`, { title: 'Boss' }), 403, 'FORBIDDEN_ROLE');
    refused(await api.delete(`${roles}/${made.id}`), 403, 'FORBIDDEN_ROLE');
  }
});

test('another organization’s job titles do not exist here', async () => {
  const other = await pawl.org({ name: 'Elsewhere' });
  const api = pawl.api(other.admin.token);
  const made = await create('Translator');

  for (const id of [made.id, '0'.repeat(32), 'nonsense', '1']) {
    refused(await api.get(`${other.path}/roles/${id}`), 404);
    refused(await api.put(`${other.path}/roles/${id}`, { title: 'Mine' }), 404);
    refused(await api.delete(`${other.path}/roles/${id}`), 404);
  }
  refused(await api.get(roles), 403);
  expect(await api.post(`${other.path}/roles`, { title: 'Translator' }), 201);
  assert.equal(expect(await admin.get(`${roles}/${made.id}`), 200).data.title, 'Translator');
});

test('of many who make the same one at once, one does', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      admin.post(roles, { title: i % 2 ? 'Only one' : 'ONLY ONE' })),
  );

  assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
  for (const answer of answers) if (answer.status !== 201) invalid(answer, 'title');
});

test('the log tells of each change', async () => {
  const made = await create('Auditor');

  expect(await admin.put(`${roles}/${made.id}`, { title: 'Auditor' }), 200);
  expect(await admin.put(`${roles}/${made.id}`, { title: 'Reviewer' }), 200);
  expect(await admin.delete(`${roles}/${made.id}`), 204);
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=job_title&entity_id=${made.id}`),
    200,
  );
  assert.deepEqual(data.map((row) => row.verb[0]), ['deleted', 'updated', 'created']);
  assert.equal(data[0].description, 'Ada Admin deleted the job title “Reviewer”');
});
