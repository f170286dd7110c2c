// What records say under the keys of custom fields.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { change } from '../lib/store.js';

const UNKNOWN = '0'.repeat(32);

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);
const stranger = pawl.api(other.admin.token);
const bob = await pawl.user(org);
const standard = pawl.api(bob.token);
const lisa = await pawl.user(org, { role: 'light' });
const light = pawl.api(lisa.token);
const KEYS = `${org.path}/custom-field-keys`;

let made = 0;
const unused = () => `key_${(made += 1)}`;
const field = async (more = {}) =>
  expect(await admin.post(KEYS, { key: unused(), applies_to: 'task', field_type: 'text', ...more }),
    201).data;
const taskOf = async (person = bob, more = {}) =>
  expect(await admin.post(`${org.path}/tasks`, oneOff(person, more)), 201).data;
const fieldsOf = (task) => `${org.path}/tasks/${task.id}/custom-fields`;
const given = async (answer) => expect(await answer, 200).data.custom_fields;
const put = (at, custom_fields, api = admin) => api.put(at, { custom_fields });

// A field of the system with a value in each of these tasks, as the server would make one.
async function systemField(key, value, ...tasks) {
  const id = made.toString(16).padStart(32, 'e');

  made += 1;
  await change(pawl, `INSERT INTO custom_field_keys (org_id, id, key, label, label_folded,
      applies_to, field_type, key_type, created_at, updated_at)
    VALUES ('${org.id}', '${id}', '${key}', '${key}', '${key}', 'task', 'text', 'system', 1, 1)`);
  for (const task of tasks)
    await change(pawl, `UPDATE tasks SET custom_fields = '{"${id}":"${value}"}'
      WHERE org_id = '${org.id}' AND id = '${task.id}'`);
}

describe('values', () => {
  test('PUT replaces all, PATCH one, DELETE clears one', async () => {
    const at = fieldsOf(await taskOf());
    const b = await field();

    await field({ key: 'amount', field_type: 'number' });
    assert.deepEqual(await given(admin.get(at)), {});
    assert.deepEqual(await given(put(at, { amount: '12.5' })), { amount: 12.5 });
    assert.deepEqual(await given(put(at, { [b.key]: 'Ü' })), { [b.key]: 'Ü' });
    assert.deepEqual(await given(admin.patch(`${at}/amount`, { value: 7 })),
      { amount: 7, [b.key]: 'Ü' });
    assert.deepEqual(await given(admin.patch(at, { custom_fields: { amount: 8 } })),
      { amount: 8, [b.key]: 'Ü' });
    assert.deepEqual(await given(admin.patch(`${at}/${b.key}`, { value: '' })), { amount: 8 });
    assert.deepEqual(await given(admin.delete(`${at}/amount`)), {});
    assert.deepEqual(await given(admin.delete(`${at}/amount`)), {});
    assert.deepEqual(await given(put(at, { amount: 1, [b.key]: 'x' })),
      { amount: 1, [b.key]: 'x' });
    assert.deepEqual(await given(put(at, {})), {});
    assert.deepEqual(await given(admin.get(at)), {});
  });

  const TIERS = ['Gold', 'Silver'];
  const TYPES = [
    ['text', {}, ' Ada ', 'Ada'],
    ['text', {}, 5, '5'],
    ['textarea', {}, 'a\nb <b>c</b>', 'a\nb <b>c</b>'],
    ['number', {}, -0.25, -0.25],
    ['boolean', {}, 'False', false],
    ['date', {}, '2030-01-31', '2030-01-31T00:00:00Z'],
    ['date', {}, '2030-01-31T17:00:00+02:00', '2030-01-31T15:00:00Z'],
    ['email', {}, 'Ada@example.com', 'Ada@example.com'],
    ['url', {}, 'https://example.com/?q=1', 'https://example.com/?q=1'],
    ['radio', { options: TIERS }, 'Gold', 'Gold'],
    ['dropdown', { options: TIERS }, { id: 2, text: 'Silver' }, 'Silver'],
    ['multiselect', { options: TIERS }, ['Silver', { id: 1 }], ['Silver', 'Gold']],
    ['table', { columns: ['Name', 'Price'] }, [{ Name: 'Nut', Price: 0.5 }, ['Bolt', '']],
      [{ Name: 'Nut', Price: 0.5 }, { Name: 'Bolt' }]],
  ];
  const WRONG = {
    text: ['x'.repeat(201), 'a\nb', [1], { a: 1 }],
    textarea: ['x'.repeat(30_001), { a: 1 }],
    number: ['twelve', true, [1], '1e999', 'NaN'],
    boolean: ['perhaps', 2, [true]],
    date: ['soon', '2030-02-30', 5],
    email: ['ada', 5, ['ada@example.com']],
    url: ['example.com', 'javascript:alert(1)', 'ftp://example.com', 5],
    radio: ['Bronze', 1, ['Gold'], { id: 3 }],
    dropdown: ['gold', { id: 9, text: 'Gold' }, { text: 'Bronze' }, {}],
    multiselect: ['Gold', ['Gold', 'Bronze'], { id: 1 }],
    table: ['Nut', [{ Size: 1 }], [['Nut']], [{ Name: ['Nut'] }], { Name: 'Nut' }],
  };

  for (const [field_type, more, sent, shown] of TYPES)
    test(`${field_type}: ${JSON.stringify(sent)}`, async () => {
      const { key } = await field({ field_type, ...more });
      const at = fieldsOf(await taskOf());

      assert.deepEqual(await given(put(at, { [key]: sent })), { [key]: shown });
      assert.deepEqual(await given(admin.get(at)), { [key]: shown });
      assert.deepEqual(await given(put(at, { [key]: shown })), { [key]: shown });
      for (const wrong of WRONG[field_type]) {
        invalid(await put(at, { [key]: wrong }), `custom_fields.${key}`);
        invalid(await admin.patch(`${at}/${key}`, { value: wrong }), `custom_fields.${key}`);
      }
      assert.deepEqual(await given(admin.get(at)), { [key]: shown });
      assert.deepEqual(await given(admin.patch(`${at}/${key}`, { value: null })), {});
    });

  test('all faults are told at once', async () => {
    const [number, email] = [await field({ field_type: 'number' }),
      await field({ field_type: 'email' })];
    const required = await field({ is_required: true });
    const at = fieldsOf(await taskOf());

    try {
      invalid(await put(at, { [number.key]: 'x', [email.key]: 'y', nonsense: 1 }),
        `custom_fields.${number.key}`, `custom_fields.${email.key}`, 'custom_fields.nonsense',
        `custom_fields.${required.key}`);
      assert.deepEqual(await given(admin.get(at)), {});
    } finally {
      expect(await admin.delete(`${KEYS}/${required.id}`), 204);
    }
  });

  test('a body says what it is about', async () => {
    const { key } = await field();
    const at = fieldsOf(await taskOf());

    for (const body of [{}, { custom_fields: null }, { custom_fields: 'x' }, { custom_fields: [1] },
      { [key]: 'x' }])
      invalid(await admin.put(at, body), 'custom_fields');
    invalid(await admin.put(at), 'custom_fields');
    invalid(await admin.patch(`${at}/${key}`, {}), 'value');
    invalid(await admin.patch(`${at}/${key}`), 'value');
    refused(await admin.post(at, { custom_fields: {} }), 405);
  });

  test('a form will do', async () => {
    const { key } = await field({ field_type: 'boolean' });
    const at = fieldsOf(await taskOf());
    const form = new URLSearchParams({ [`custom_fields[${key}]`]: '1' });

    assert.deepEqual(await given(admin.put(at, form)), { [key]: true });
  });

  test('a required field is not cleared', async () => {
    const { key, id } = await field({ is_required: true });
    const free = await field();
    const at = fieldsOf(await taskOf());

    invalid(await put(at, {}), `custom_fields.${key}`);
    invalid(await put(at, { [key]: ' ' }), `custom_fields.${key}`);
    assert.deepEqual(await given(admin.patch(`${at}/${free.key}`, { value: 'x' })),
      { [free.key]: 'x' });
    assert.deepEqual(await given(put(at, { [key]: 'set' })), { [key]: 'set' });
    invalid(await admin.patch(`${at}/${key}`, { value: null }), `custom_fields.${key}`);
    invalid(await admin.delete(`${at}/${key}`), `custom_fields.${key}`);
    assert.deepEqual(await given(admin.get(at)), { [key]: 'set' });
    expect(await admin.patch(`${KEYS}/${id}`, { is_required: false }), 200);
    assert.deepEqual(await given(admin.delete(`${at}/${key}`)), {});
  });

  test('an unknown field is refused', async () => {
    const tag = await field({ applies_to: 'tag' });
    const at = fieldsOf(await taskOf());

    for (const key of ['nonsense', tag.key, 'Ünknown']) {
      invalid(await put(at, { [key]: 1 }), `custom_fields.${key}`);
      invalid(await admin.patch(`${at}/${encodeURIComponent(key)}`, { value: 1 }),
        `custom_fields.${key}`);
      invalid(await admin.delete(`${at}/${encodeURIComponent(key)}`), `custom_fields.${key}`);
    }
  });

  test('an inactive field is neither shown nor set, and keeps its value', async () => {
    const [sleeping, awake] = [await field(), await field()];
    const task = await taskOf();
    const at = fieldsOf(task);
    const set = (is_active) => admin.patch(`${KEYS}/${sleeping.id}`, { is_active });

    await given(put(at, { [sleeping.key]: 'kept' }));
    expect(await set(false), 200);
    assert.deepEqual(await given(admin.get(at)), {});
    invalid(await put(at, { [sleeping.key]: 'x' }), `custom_fields.${sleeping.key}`);
    invalid(await admin.patch(`${at}/${sleeping.key}`, { value: 'x' }),
      `custom_fields.${sleeping.key}`);
    invalid(await admin.delete(`${at}/${sleeping.key}`), `custom_fields.${sleeping.key}`);
    assert.deepEqual(await given(put(at, { [awake.key]: 'x' })), { [awake.key]: 'x' });
    expect(await set(true), 200);
    assert.deepEqual(await given(admin.get(at)), { [sleeping.key]: 'kept', [awake.key]: 'x' });
  });

  test('with its key a value is gone, and does not come back', async () => {
    const key = unused();
    const [first, stays] = [await field({ key }), await field()];
    const at = fieldsOf(await taskOf());

    await given(put(at, { [key]: 'old', [stays.key]: 'x' }));
    expect(await admin.delete(`${KEYS}/${first.id}`), 204);
    assert.deepEqual(await given(admin.get(at)), { [stays.key]: 'x' });
    await field({ key });
    assert.deepEqual(await given(admin.get(at)), { [stays.key]: 'x' });
    assert.deepEqual(await given(put(at, { [key]: 'new' })), { [key]: 'new' });
  });

  test('values follow their option when it is renamed, and go with it', async () => {
    const tier = await field({ field_type: 'multiselect', options: ['Gold', 'Silver'] });
    const table = await field({ field_type: 'table', columns: ['Name', 'Price'] });
    const at = fieldsOf(await taskOf());
    const rename = (key, more) => admin.patch(`${KEYS}/${key.id}`, more);

    await given(put(at, { [tier.key]: ['Gold', 'Silver'], [table.key]: [['Nut', 5]] }));
    expect(await rename(tier, { options: [{ id: 1, text: 'Aurum' }, 'Tin'] }), 200);
    expect(await rename(table, { columns: [{ id: 2, label: 'Cost' }] }), 200);
    assert.deepEqual(await given(admin.get(at)),
      { [tier.key]: ['Aurum'], [table.key]: [{ Cost: 5 }] });
    expect(await rename(tier, { options: ['Tin'] }), 200);
    assert.deepEqual(await given(admin.get(at)), { [table.key]: [{ Cost: 5 }] });
  });

  test('fields of the system stay, and nobody sets them', async () => {
    const task = await taskOf();
    const mine = await field();
    const at = fieldsOf(task);

    await systemField('origin', 'import', task);
    assert.deepEqual(await given(admin.get(at)), { origin: 'import' });
    assert.deepEqual(await given(put(at, { [mine.key]: 'x' })),
      { origin: 'import', [mine.key]: 'x' });
    assert.deepEqual(await given(put(at, {})), { origin: 'import' });
    invalid(await put(at, { origin: 'me' }), 'custom_fields.origin');
    invalid(await admin.patch(`${at}/origin`, { value: 'me' }), 'custom_fields.origin');
    refused(await admin.delete(`${at}/origin`), 403);
    assert.deepEqual(await given(admin.get(at)), { origin: 'import' });
  });

  test('a record holds 64 KB at most', async () => {
    const keys = [];
    const at = fieldsOf(await taskOf());

    for (let i = 0; i < 3; i += 1) keys.push((await field({ field_type: 'textarea' })).key);
    const values = (n) =>
      Object.fromEntries(keys.slice(0, n).map((key) => [key, 'x'.repeat(30_000)]));
    await given(put(at, values(2)));
    invalid(await put(at, values(3)), 'custom_fields');
    invalid(await admin.patch(`${at}/${keys[2]}`, { value: 'x'.repeat(30_000) }), 'custom_fields');
    assert.equal(Object.keys(await given(admin.get(at))).length, 2);
  });

  test('long names of columns count too, and spoil no list', async () => {
    const columns = ['x'.repeat(200)];
    const [long, short] = [await field({ field_type: 'table', columns }),
      await field({ field_type: 'table', columns: ['x'] })];
    const beside = await field();
    const task = await taskOf();
    const at = fieldsOf(task);
    const rows = Array.from({ length: 500 }, () => ['y']);

    invalid(await put(at, { [long.key]: rows }), 'custom_fields');
    await given(put(at, { [short.key]: rows, [beside.key]: 'z' }));
    expect(await admin.patch(`${KEYS}/${short.id}`,
      { columns: [{ id: 1, label: '𝔸'.repeat(200) }] }), 200);
    assert.deepEqual(await given(admin.get(at)), { [beside.key]: 'z' });
    const list = expect(await admin.get(`${org.path}/tasks?sort=-newest`), 200).data;
    assert.ok(list.length > 0);
    invalid(await put(at, { [short.key]: rows }), 'custom_fields');
    assert.deepEqual(await given(admin.delete(`${at}/${short.key}`)), { [beside.key]: 'z' });
  });

  test('two at once lose nothing', async () => {
    const keys = await Promise.all(Array.from({ length: 6 }, () => field()));
    const at = fieldsOf(await taskOf());

    await Promise.all(keys.map(async ({ key }) =>
      given(admin.patch(`${at}/${key}`, { value: key }))));
    assert.deepEqual(await given(admin.get(at)),
      Object.fromEntries(keys.map(({ key }) => [key, key])));
  });
});

// Every kind of record that there is: where it is, and who may change it.
describe('kinds', () => {
  const kinds = {};

  before(async () => {
    const task = await taskOf();
    const tag = expect(await admin.post(`${org.path}/tags`, { title: 'Urgent', color: '#ff0000' }),
      201).data;
    const folder = expect(
      await admin.post(`${org.path}/folders`, { name: 'Sales', folder_type: 'task' }), 201).data;
    const email = 'gus@example.org';

    expect(await admin.post(`${org.path}/guests`, { email }), 201);
    Object.assign(kinds, {
      task: { at: `tasks/${task.id}`, unknown: `tasks/${UNKNOWN}` },
      user: { at: `users/${bob.id}`, unknown: 'users/999999' },
      guest: { at: `guests/${email}`, unknown: 'guests/nobody@example.org' },
      folder: { at: `folders/${folder.id}`, unknown: `folders/${UNKNOWN}` },
      tag: { at: `tags/${tag.id}`, unknown: `tags/${UNKNOWN}` },
    });
  });

  const all = (at, key) => [
    ['GET', `${at}/custom-fields`],
    ['PUT', `${at}/custom-fields`, { custom_fields: { [key]: 'x' } }],
    ['PATCH', `${at}/custom-fields`, { custom_fields: { [key]: 'x' } }],
    ['PATCH', `${at}/custom-fields/${key}`, { value: 'x' }],
    ['DELETE', `${at}/custom-fields/${key}`],
  ];

  for (const kind of ['task', 'user', 'guest', 'folder', 'tag']) {
    test(`${kind}: read, changed, told`, async () => {
      const { key } = await field({ applies_to: kind });
      const at = `${org.path}/${kinds[kind].at}`;

      assert.deepEqual(await given(admin.get(`${at}/custom-fields`)), {});
      assert.deepEqual(await given(put(`${at}/custom-fields`, { [key]: 'one' })), { [key]: 'one' });
      assert.deepEqual(await given(admin.patch(`${at}/custom-fields/${key}`, { value: 'two' })),
        { [key]: 'two' });
      assert.deepEqual(await given(admin.get(`${at}/custom-fields`)), { [key]: 'two' });
      const { custom_fields } = expect(await admin.get(at), 200).data;
      if (kind === 'user' || kind === 'guest') assert.equal(custom_fields, undefined);
      else assert.deepEqual(custom_fields, { [key]: 'two' });
      assert.deepEqual(await given(admin.delete(`${at}/custom-fields/${key}`)), {});
    });

    test(`${kind}: in another organization, or nowhere`, async () => {
      const { key } = await field({ applies_to: kind });
      const body = { key, applies_to: kind, field_type: 'text' };

      expect(await stranger.post(`${other.path}/custom-field-keys`, body), 201);
      for (const [method, path, sent] of all(kinds[kind].unknown, key))
        refused(await admin.send(method, `${org.path}/${path}`, sent), 404);
      for (const [method, path, sent] of all(kinds[kind].at, key)) {
        refused(await stranger.send(method, `${other.path}/${path}`, sent), 404);
        refused(await stranger.send(method, `${org.path}/${path}`, sent), 403);
      }
    });
  }

  test('who may change what', async () => {
    const may = {
      task: [standard], user: [standard], guest: [standard], folder: [standard], tag: [],
    };

    for (const [kind, apis] of Object.entries(may)) {
      const { key } = await field({ applies_to: kind });

      for (const api of [standard, light])
        for (const [method, path, sent] of all(kinds[kind].at, key)) {
          const reads = method === 'GET' &&
            (api === standard || kind === 'folder' || kind === 'tag');
          const answer = await api.send(method, `${org.path}/${path}`, sent);

          if (apis.includes(api) || reads) expect(answer, 200);
          else assert.ok([403, 404].includes(answer.status), `${method} ${path} ${answer.text}`);
        }
    }
  });

  test('one\'s own profile, and nobody else\'s', async () => {
    const { key } = await field({ applies_to: 'user' });
    const mine = `${org.path}/users/${lisa.id}/custom-fields`;

    assert.deepEqual(await given(put(mine, { [key]: 'me' }, light)), { [key]: 'me' });
    refused(await standard.get(mine), 403);
    refused(await put(mine, {}, standard), 403);
    assert.deepEqual(await given(admin.get(mine)), { [key]: 'me' });
    for (const id of ['1', 'x', '0', '-1', '9'.repeat(30)])
      refused(await admin.get(`${org.path}/users/${id}/custom-fields`), 404);
  });

  test('a guest is found whatever the case of the address', async () => {
    const { key } = await field({ applies_to: 'guest' });

    await given(put(`${org.path}/guests/GUS%40example.org/custom-fields`, { [key]: 'x' }));
    assert.deepEqual(await given(admin.get(`${org.path}/guests/gus@example.org/custom-fields`)),
      { [key]: 'x' });
  });

  test('a task is changed by those who may change it, also when it is completed', async () => {
    const { key } = await field();
    const mine = await taskOf(bob);
    const theirs = await taskOf(lisa, { can_complete_only_assignees: true });
    const at = fieldsOf(mine);

    refused(await put(fieldsOf(theirs), { [key]: 'x' }, standard), 403);
    refused(await put(fieldsOf(theirs), { [key]: 'x' }, light), 403);
    expect(await light.get(fieldsOf(theirs)), 200);
    refused(await light.get(at), 404);
    const completion = { task_id: mine.id };
    expect(await admin.post(`${org.path}/completed-tasks`, completion), 200);
    assert.deepEqual(await given(put(at, { [key]: 'x' }, standard)), { [key]: 'x' });
  });

  test('a change of values is a change of the task', async () => {
    const { key } = await field();
    const task = await taskOf();
    const read = async () => expect(await admin.get(`${org.path}/tasks/${task.id}`), 200).data;

    pawl.clock.advance(60_000);
    await given(put(fieldsOf(task), { [key]: 'x' }));
    const once = await read();
    assert.equal(once.version, task.version + 1);
    assert.notEqual(once.last_updated, task.last_updated);
    await given(put(fieldsOf(task), { [key]: 'x' }));
    assert.equal((await read()).version, once.version);

    const feed = `${org.path}/activity-feeds?entity_type=task&entity_id=${task.id}`;
    const told = expect(await admin.get(feed), 200);
    assert.deepEqual(told.data.map(({ verb }) => verb[0]), ['updated', 'created']);
    assert.deepEqual(told.data[0].audit.data, { custom_fields: [key] });
    expect(await admin.patch(`${org.path}/tasks/${task.id}`, { title: 'Other' }), 200);
    assert.deepEqual((await read()).custom_fields, { [key]: 'x' });
  });
});

describe('lists', () => {
  test('tasks bring their values along', async () => {
    const [a, b] = [await field(), await field({ field_type: 'radio', options: ['Yes', 'No'] })];
    const kim = await pawl.user(org);
    const [none, one, both] = [await taskOf(kim), await taskOf(kim), await taskOf(kim)];

    assert.deepEqual(none.custom_fields, {});
    await given(put(fieldsOf(one), { [a.key]: 'x' }));
    await given(put(fieldsOf(both), { [a.key]: 'y', [b.key]: 'No' }));
    for (const path of [`${org.path}/me/tasks`, `${org.path}/tasks?owners=${kim.id}`,
      `${org.path}/users/${kim.id}/tasks`]) {
      const rows = expect(await pawl.api(kim.token).get(path), 200).data;
      const of = (task) => rows.find(({ id }) => id === task.id).custom_fields;

      assert.deepEqual(of(none), {});
      assert.deepEqual(of(one), { [a.key]: 'x' });
      assert.deepEqual(of(both), { [a.key]: 'y', [b.key]: 'No' });
    }
  });

  test('tasks are found by a value', async () => {
    const options = ['One', 'Two "2"'];
    const [text, number, radio, date, flag, many, table] = await Promise.all([
      field(), field({ field_type: 'number' }), field({ field_type: 'radio', options }),
      field({ field_type: 'date' }), field({ field_type: 'boolean' }),
      field({ field_type: 'multiselect', options }),
      field({ field_type: 'table', columns: ['a'] }),
    ]);
    const [first, second] = [await taskOf(), await taskOf()];
    const tasks = (key, value) =>
      admin.get(`${org.path}/tasks?${new URLSearchParams({
        custom_field_key: key.key, custom_field_value: value, per_page: 100 })}`);
    const found = async (key, value) => {
      const answer = expect(await tasks(key, value), 200);

      assert.equal(answer.meta.pagination.total, answer.data.length);
      return answer.data.map(({ id }) => id);
    };

    await given(put(fieldsOf(first), { [text.key]: '50%_\\ "a" Ä', [number.key]: 5,
      [radio.key]: 'One', [date.key]: '2030-01-31', [flag.key]: true }));
    await given(put(fieldsOf(second), { [text.key]: `"${text.id}":"x"`, [number.key]: 51,
      [radio.key]: 'Two "2"' }));
    assert.deepEqual(await found(text, '50%_\\ "A" Ä'), [first.id]);
    assert.deepEqual(await found(text, '50%'), []);
    assert.deepEqual(await found(text, 'x'), []);
    assert.deepEqual(await found(number, '5'), [first.id]);
    assert.deepEqual(await found(number, '51'), [second.id]);
    assert.deepEqual(await found(number, '1'), []);
    assert.deepEqual(await found(radio, 'One'), [first.id]);
    assert.deepEqual(await found(radio, 'Two "2"'), [second.id]);
    assert.deepEqual(await found(date, '2030-01-31 00:00:00'), [first.id]);
    assert.deepEqual(await found(flag, '1'), [first.id]);
    assert.deepEqual(await found({ key: 'nonsense' }, 'x'), []);
    invalid(await tasks(radio, 'Three'), 'custom_field_value');
    invalid(await tasks(number, 'five'), 'custom_field_value');
    invalid(await tasks(many, 'One'), 'custom_field_key');
    invalid(await tasks(table, 'One'), 'custom_field_key');
  });

  test('guests read none', async () => {
    const { key } = await field();
    const email = 'gil@example.org';
    const body = oneOff(bob, { owners: { users: [bob.id], guests: [email], groups: [] } });
    const task = expect(await admin.post(`${org.path}/tasks`, body), 201).data;
    const { link } = expect(await admin.get(`${org.path}/guests/${email}`), 200).data;
    const guest = pawl.api(null, { 'x-guest-code': link.split('/').at(-1),
      'x-tallyfy-client': null });

    await given(put(fieldsOf(task), { [key]: 'secret' }));
    const [row] = expect(await guest.get(`${org.path}/guests/${email}/tasks`), 200).data;
    assert.equal(row.id, task.id);
    assert.equal(row.custom_fields, null);
    const query = `custom_field_key=${key}&custom_field_value=secret`;
    const guess = await guest.get(`${org.path}/guests/${email}/tasks?${query}`);
    assert.deepEqual(expect(guess, 200).data, []);
    const answer = await guest.get(fieldsOf(task));
    assert.ok([401, 403].includes(answer.status), answer.text);
  });
});
