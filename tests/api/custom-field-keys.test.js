// The keys of custom fields: what an organization adds to its records.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { change } from '../lib/store.js';

const KEY = {
  id: 'id',
  key: 'string',
  label: 'string',
  applies_to: 'string',
  field_type: 'string',
  key_type: 'string',
  is_required: 'bool',
  is_active: 'bool',
  options: 'array?',
  columns: 'array?',
  created_at: 'time',
  last_updated: 'time',
};
const KINDS = ['checklist', 'step', 'capture', 'prerun', 'run', 'task', 'user', 'guest', 'folder',
  'tag'];
const PLAIN = ['text', 'textarea', 'number', 'boolean', 'date', 'email', 'url'];
const CHOICES = ['radio', 'dropdown', 'multiselect'];
const UNKNOWN = '0'.repeat(32);

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);
const standard = pawl.api((await pawl.user(org)).token);
const light = pawl.api((await pawl.user(org, { role: 'light' })).token);
const stranger = pawl.api(other.admin.token);
const KEYS = `${org.path}/custom-field-keys`;

let made = 0;
const unused = () => `key_${(made += 1)}`;
const body = (more = {}) => ({ key: unused(), applies_to: 'task', field_type: 'text', ...more });
const make = async (more, where = org, api = admin) =>
  expect(await api.post(`${where.path}/custom-field-keys`, body(more)), 201).data;
const keys = async (query) =>
  expect(await admin.get(`${KEYS}?per_page=100&${query}`), 200).data.map(({ key }) => key);

// A key of the system, as the server would make one.
async function systemKey(key, appliesTo = 'task') {
  const id = made.toString(16).padStart(32, 'f');

  made += 1;
  await change(pawl, `INSERT INTO custom_field_keys (org_id, id, key, label, label_folded,
      applies_to, field_type, key_type, created_at, updated_at)
    VALUES ('${org.id}', '${id}', '${key}', '${key}', '${key}', '${appliesTo}', 'text', 'system',
      1, 1)`);
  return id;
}

test('a key is made, and everybody may read it', async () => {
  const key = await make({ key: 'cost-centre_1', label: ' Kostenstelle ', is_required: true });

  shape(key, KEY);
  assert.equal(key.key, 'cost-centre_1');
  assert.equal(key.label, 'Kostenstelle');
  assert.equal(key.applies_to, 'task');
  assert.equal(key.field_type, 'text');
  assert.equal(key.key_type, 'organization');
  assert.equal(key.is_required, true);
  assert.equal(key.is_active, true);
  assert.equal(key.options, null);
  assert.equal(key.columns, null);
  for (const api of [admin, standard, light]) {
    assert.deepEqual(expect(await api.get(`${KEYS}/${key.id}`), 200).data, key);
    assert.ok(expect(await api.get(`${KEYS}?per_page=100`), 200).data.some((k) => k.id === key.id));
  }
});

test('a label that is left out is the key', async () => {
  assert.equal((await make({ key: 'plain' })).label, 'plain');
  assert.equal((await make({ key: 'blank', label: ' ' })).label, 'blank');
});

test('every kind of record takes keys of every type', async () => {
  for (const applies_to of KINDS) {
    for (const field_type of PLAIN) await make({ applies_to, field_type });
    for (const field_type of CHOICES) await make({ applies_to, field_type, options: ['a', 'b'] });
    await make({ applies_to, field_type: 'table', columns: ['a', 'b'] });
  }
});

test('kinds have other names too', async () => {
  const names = { template: 'checklist', blueprint: 'checklist', process: 'run', member: 'user' };

  for (const [name, kind] of Object.entries(names)) {
    const key = await make({ applies_to: name });

    assert.equal(key.applies_to, kind);
    assert.ok((await keys(`applies_to=${name}&q=${key.key}`)).includes(key.key));
  }
});

test('each wrong field is named', async () => {
  invalid(await admin.post(KEYS, {}), 'key', 'applies_to', 'field_type');
  invalid(await admin.post(KEYS), 'key', 'applies_to', 'field_type');
  invalid(
    await admin.post(KEYS, { key: 'Not this', label: 'x'.repeat(201), applies_to: 'car',
      field_type: 'file', key_type: 'secret', is_required: 'maybe', is_active: [] }),
    'key', 'label', 'applies_to', 'field_type', 'key_type', 'is_required', 'is_active',
  );
  for (const key of ['Upper', 'white space', 'dot.ted', 'schlüssel', 'x'.repeat(65), '', 5, {}])
    invalid(await admin.post(KEYS, body({ key })), 'key');
  invalid(await admin.post(KEYS, body({ key_type: 'system' })), 'key_type');
  expect(await admin.post(KEYS, body({ key: 'x'.repeat(64), key_type: 'organization' })), 201);
});

test('a key is one of its kind', async () => {
  const { key } = await make();

  invalid(await admin.post(KEYS, body({ key })), 'key');
  await make({ key, applies_to: 'tag' });
  await make({ key }, other, stranger);
});

test('a choice needs options, a table needs columns, and nothing else has them', async () => {
  for (const field_type of CHOICES)
    for (const options of [undefined, null, [], 'a', {}, [''], [null], ['a', 'A'], [{ id: 1 }],
      ['x'.repeat(201)], [{ id: 0, text: 'a' }], [{ id: 1, text: 'a' }, { id: 1, text: 'b' }]])
      invalid(await admin.post(KEYS, body({ field_type, options })), 'options');
  for (const columns of [undefined, [], ['a', 'a']])
    invalid(await admin.post(KEYS, body({ field_type: 'table', columns })), 'columns');
  invalid(await admin.post(KEYS, body({ options: ['a'] })), 'options');
  invalid(await admin.post(KEYS, body({ columns: ['a'] })), 'columns');
  invalid(
    await admin.post(KEYS, body({ field_type: 'radio', options: ['a'], columns: ['a'] })),
    'columns',
  );
  expect(await admin.post(KEYS, body({ options: [], columns: null })), 201);
  invalid(
    await admin.post(KEYS, body({ field_type: 'radio',
      options: Array.from({ length: 101 }, (_, i) => `${i}`) })),
    'options',
  );
});

test('options and columns have ids that stay', async () => {
  const tier = await make({ field_type: 'dropdown', options: ['Gold', { text: 'Silver' }] });
  const at = `${KEYS}/${tier.id}`;
  const options = async (list) =>
    expect(await admin.patch(at, { options: list }), 200).data.options;

  assert.deepEqual(tier.options, [{ id: 1, text: 'Gold' }, { id: 2, text: 'Silver' }]);
  assert.deepEqual(await options(['Silver', 'Bronze']),
    [{ id: 2, text: 'Silver' }, { id: 3, text: 'Bronze' }]);
  assert.deepEqual(await options([{ id: 2, text: 'Argent' }, 'Bronze', 'Gold']),
    [{ id: 2, text: 'Argent' }, { id: 3, text: 'Bronze' }, { id: 4, text: 'Gold' }]);
  assert.deepEqual(expect(await admin.get(at), 200).data.options.length, 3);

  const table = await make({ field_type: 'table', columns: ['Name', { id: 7, label: 'Price' }] });
  assert.deepEqual(table.columns, [{ id: 8, label: 'Name' }, { id: 7, label: 'Price' }]);
  assert.equal(table.options, null);
});

test('a change keeps what it does not name', async () => {
  const key = await make({ field_type: 'radio', options: ['a', 'b'], label: 'Before' });
  const at = `${KEYS}/${key.id}`;
  const put = expect(await admin.put(at, { label: 'After', is_required: true }), 200).data;

  shape(put, KEY);
  assert.deepEqual(put, { ...key, label: 'After', is_required: true,
    last_updated: put.last_updated });
  const patched = expect(await admin.patch(at, { is_active: 'False' }), 200).data;
  assert.deepEqual(patched, { ...put, is_active: false, last_updated: patched.last_updated });
  const read = expect(await admin.get(at), 200).data;
  assert.deepEqual(read, patched);
  assert.deepEqual({ ...expect(await admin.put(at, read), 200).data, last_updated: 0 },
    { ...read, last_updated: 0 });
  invalid(await admin.put(at, { label: 5, options: [] }), 'label', 'options');
});

test('what a key is cannot be changed', async () => {
  const key = await make({ field_type: 'number' });
  const at = `${KEYS}/${key.id}`;
  const { key: name, applies_to, field_type, key_type } = key;

  for (const method of ['PUT', 'PATCH']) {
    invalid(
      await admin.send(method, at, { key: 'another', applies_to: 'tag', field_type: 'text',
        key_type: 'system' }),
      'key', 'applies_to', 'field_type', 'key_type',
    );
    expect(await admin.send(method, at, { key: name, applies_to, field_type, key_type }), 200);
  }
  assert.equal(expect(await admin.get(at), 200).data.key, name);
});

test('a list is narrowed, sorted and paged', async () => {
  const where = await pawl.org({ name: 'Lists' });
  const api = pawl.api(where.admin.token);
  const at = `${where.path}/custom-field-keys`;
  const add = (more) => make(more, where, api);
  const list = async (query) =>
    expect(await api.get(`${at}?${query}`), 200).data.map(({ key }) => key);

  await add({ key: 'b', label: 'Âge', applies_to: 'user', field_type: 'number' });
  await add({ key: 'c', label: 'zone_1', applies_to: 'run', is_required: true });
  await add({ key: 'a', label: 'Müller', applies_to: 'user', is_active: false });

  assert.deepEqual(await list(''), ['b', 'c', 'a']);
  assert.deepEqual(await list('applies_to=user'), ['b', 'a']);
  assert.deepEqual(await list('field_type=number'), ['b']);
  assert.deepEqual(await list('key_type=system'), []);
  assert.deepEqual(await list('key_type=organization&is_required=1'), ['c']);
  assert.deepEqual(await list('is_required=false'), ['b', 'a']);
  assert.deepEqual(await list('is_active=True'), ['b', 'c']);
  assert.deepEqual(await list('q=MULLER'), ['a']);
  assert.deepEqual(await list('q=AGE'), ['b']);
  assert.deepEqual(await list('q=_1'), ['c']);
  assert.deepEqual(await list('q=%25'), []);
  assert.deepEqual(await list('sort_by=key'), ['a', 'b', 'c']);
  assert.deepEqual(await list('sort=-key'), ['c', 'b', 'a']);
  assert.deepEqual(await list('sort_by=label&sort_direction=desc'), ['c', 'a', 'b']);
  assert.deepEqual(await list('sort_by=applies_to'), ['c', 'b', 'a']);
  assert.deepEqual(await list('sort_by=nonsense'), ['b', 'c', 'a']);
  assert.deepEqual(await list('sort_by=created_at&sort_direction=desc'), ['a', 'c', 'b']);
  pawl.clock.advance(60_000);
  const [{ id }] = expect(await api.get(`${at}?q=zone`), 200).data;
  expect(await api.patch(`${at}/${id}`, { label: 'zone_2' }), 200);
  assert.equal((await list('sort_by=-last_updated'))[0], 'c');

  const page = expect(await api.get(`${at}?per_page=2&page=2`), 200);
  assert.equal(page.data.length, 1);
  assert.equal(page.meta.pagination.total, 3);
  assert.equal(expect(await api.get(`${at}?per_page=1000`), 200).meta.pagination.per_page, 100);
  assert.equal(expect(await api.get(at), 200).meta.pagination.per_page, 10);
  invalid(await api.get(`${at}?applies_to=car&field_type=file&is_active=maybe`), 'applies_to',
    'field_type', 'is_active');
});

test('a kind has a hundred keys at most', async () => {
  const where = await pawl.org({ name: 'Many' });
  const api = pawl.api(where.admin.token);

  for (let i = 0; i < 100; i += 1) await make({}, where, api);
  invalid(await api.post(`${where.path}/custom-field-keys`, body()), 'applies_to');
  await make({ applies_to: 'tag' }, where, api);
});

test('a deleted key is gone, and its name is free', async () => {
  const { id, key } = await make();

  expect(await admin.delete(`${KEYS}/${id}`), 204);
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
    refused(await admin.send(method, `${KEYS}/${id}`, method === 'PUT' ? {} : undefined), 404);
  await make({ key });
});

test('only administrators make, change and delete keys', async () => {
  const { id } = await make();

  for (const api of [standard, light]) {
    refused(await api.post(KEYS, body()), 403, 'FORBIDDEN_ROLE');
    refused(await api.put(`${KEYS}/${id}`, {}), 403, 'FORBIDDEN_ROLE');
    refused(await api.patch(`${KEYS}/${id}`, {}), 403, 'FORBIDDEN_ROLE');
    refused(await api.delete(`${KEYS}/${id}`), 403, 'FORBIDDEN_ROLE');
  }
});

test('the keys of another organization are not there', async () => {
  const { id } = await make();
  const theirs = `${other.path}/custom-field-keys`;

  assert.ok(!expect(await stranger.get(theirs), 200).data.some((key) => key.id === id));
  for (const wrong of [id, UNKNOWN, 'x'])
    for (const method of ['GET', 'PUT', 'DELETE'])
      refused(await stranger.send(method, `${theirs}/${wrong}`,
        method === 'PUT' ? { label: 'Mine' } : undefined), 404);
  refused(await stranger.get(`${KEYS}/${id}`), 403);
  expect(await admin.get(`${KEYS}/${id}`), 200);
});

test('a key of the system is read, and not touched', async () => {
  const id = await systemKey('origin');
  const at = `${KEYS}/${id}`;

  assert.equal(expect(await standard.get(at), 200).data.key_type, 'system');
  assert.deepEqual(await keys('key_type=system'), ['origin']);
  refused(await admin.put(at, { label: 'Mine' }), 403);
  refused(await admin.patch(at, { is_active: false }), 403);
  refused(await admin.delete(at), 403);
  invalid(await admin.post(KEYS, body({ key: 'origin' })), 'key');
});

test('what happens to keys is told', async () => {
  const { id } = await make({ label: 'Region' });

  expect(await admin.patch(`${KEYS}/${id}`, { label: 'Area' }), 200);
  expect(await admin.delete(`${KEYS}/${id}`), 204);
  const feed = `${org.path}/activity-feeds?entity_type=custom_field_key&entity_id=${id}`;
  const rows = expect(await admin.get(feed), 200).data.reverse();

  assert.deepEqual(rows.map(({ verb }) => verb[0]), ['created', 'updated', 'deleted']);
  assert.match(rows[2].description, /deleted the custom field “Area”/);
});
