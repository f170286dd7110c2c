// Organizations: all that they tell, who may change it, and who may not even look.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { ORGANIZATION } from '../lib/shapes.js';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org({ name: 'Acme', timezone: 'Europe/Rome' });
const admin = pawl.api(org.admin.token);

test('every member reads the whole organization', async () => {
  for (const role of ['admin', 'standard', 'light']) {
    const { token } = await pawl.user(org, { role });
    const { data } = expect(await pawl.api(token).get(org.path), 200);

    shape(data, ORGANIZATION);
    assert.equal(data.id, org.id);
    assert.equal(data.timezone, 'Europe/Rome');
  }
});

test('the settings have the values that clients expect at first', async () => {
  const fresh = await pawl.org({ name: 'Fresh' });
  const { data } = expect(await pawl.api(fresh.admin.token).get(fresh.path), 200);

  assert.equal(data.name, 'Fresh');
  assert.equal(data.created_at, data.created_on);
  assert.equal(data.users_count, 1);
  assert.equal(data.in_trial, false);
  assert.equal(data.limit_trial_features, false);
  assert.deepEqual(Object.keys(data.working_days).sort(), [...DAYS].sort());
  assert.deepEqual(data.default_deadline, { type: 'days', value: 5 });
  assert.deepEqual(data.auto_archive_processes_after, { unit: 'weeks', value: 52 });
  assert.equal(data.auto_complete_task_months, 18);
  assert.equal(data.webhook_date_field_format, 'yyyy-MM-ddTHH:mm:ssZ');
  for (const day of data.guest_cadence_days) assert.ok(DAYS.includes(day), day);
});

test('users are counted', async () => {
  const { path, id, admin: first } = await pawl.org({ name: 'Counted' });

  await pawl.user({ id });
  await pawl.user({ id }, { role: 'light' });
  assert.equal(expect(await pawl.api(first.token).get(path), 200).data.users_count, 3);
});

test('billing can be asked for, and is empty', async () => {
  const { data } = expect(await admin.get(`${org.path}?with=billing_info,nonsense`), 200);

  assert.ok('data' in data.billing_info);
  assert.ok(!('nonsense' in data));
});

test('administrators change what they send and nothing else', async () => {
  for (const method of ['PUT', 'PATCH']) {
    const before = expect(await admin.get(org.path), 200).data;
    const fields = {
      name: `Acme by ${method}`,
      description: 'Anvils – “best” 🔨',
      industry: 'Metal',
      address1: 'Via Roma 1',
      city: 'Rome',
      state: 'RM',
      zipcode: '00100',
      timezone: 'Europe/Paris',
      welcome_title: 'Benvenuti',
      allow_user_invite: true,
      allow_manage_groups: '1',
      working_days: { ...before.working_days, Saturday: true },
      default_deadline: { type: 'days', value: 7 },
      auto_complete_task_months: 12,
    };
    const { data } = expect(await admin.send(method, org.path, fields), 200);

    shape(data, ORGANIZATION);
    assert.equal(data.name, fields.name);
    assert.equal(data.description, fields.description);
    assert.equal(data.city, 'Rome');
    assert.equal(data.timezone, 'Europe/Paris');
    assert.equal(data.allow_user_invite, true);
    assert.equal(data.allow_manage_groups, true);
    assert.equal(Boolean(data.working_days.Saturday), true);
    assert.deepEqual(data.default_deadline, { type: 'days', value: 7 });
    assert.equal(data.auto_complete_task_months, 12);
    assert.equal(data.webhook_date_field_format, before.webhook_date_field_format);
    assert.equal(data.created_on, before.created_on);
    const kept = expect(await admin.get(org.path), 200).data;
    assert.equal(kept.name, fields.name);
  }
});

test('a change is checked', async () => {
  for (const [field, ...values] of [
    ['name', '', 'é'.repeat(51), [], null],
    ['timezone', 'Mars/Base', ''],
    ['auto_complete_task_months', 1, 25, 'many'],
    ['default_deadline', 'soon', { type: 'eons', value: 1 }, { type: 'days', value: -1 }],
    ['allow_user_invite', 'perhaps'],
    ['working_days', 'all', [1]],
  ])
    for (const value of values)
      invalid(await admin.patch(org.path, { [field]: value }), field);
  const name = '🙂'.repeat(50);
  assert.equal(expect(await admin.patch(org.path, { name }), 200).data.name, name);
});

test('what the server alone decides is not changed', async () => {
  const before = expect(await admin.get(org.path), 200).data;
  const { data } = expect(
    await admin.patch(org.path, {
      id: '0'.repeat(32),
      users_count: 1000,
      created_on: '2001-01-01T00:00:00Z',
      in_trial: true,
      nonsense: 1,
    }),
    200,
  );

  for (const key of ['id', 'users_count', 'created_on', 'in_trial'])
    assert.deepEqual(data[key], before[key], key);
});

test('others may read but not write', async () => {
  for (const role of ['standard', 'light']) {
    const api = pawl.api((await pawl.user(org, { role })).token);

    refused(await api.put(org.path, { name: 'Mine' }), 403);
    refused(await api.patch(org.path, { name: 'Mine' }), 403);
  }
});

test('a stranger’s organization is 403, one that does not exist 404', async () => {
  const other = await pawl.org({ name: 'Other' });

  refused(await admin.get(other.path), 403);
  refused(await admin.patch(other.path, { name: 'Mine' }), 403);
  for (const id of ['0'.repeat(32), 'f'.repeat(32), 'nonsense', `${org.id}0`, '1'])
    refused(await admin.get(`/organizations/${id}`), 404);
  assert.equal(
    expect(await pawl.api(other.admin.token).get(other.path), 200).data.name,
    'Other',
  );
});

test('a refusal does not read like a sign-in problem', async () => {
  const other = await pawl.org({ name: 'Other' });
  const { body } = refused(await admin.get(other.path), 403);

  assert.doesNotMatch(
    body.message,
    /token|expired|audience|forbidden|unauthori|unauthenticated|(access|permission) denied/i,
  );
});

test('whoever makes an organization is its administrator', async () => {
  const person = await pawl.user(org, { role: 'standard' });
  const api = pawl.api(person.token);
  const { data } = expect(await api.post('/organizations', { name: 'Start-up' }), 201);
  const path = `/organizations/${data.id}`;

  shape(data, ORGANIZATION);
  assert.equal(data.name, 'Start-up');
  const me = expect(await api.get(`${path}/me`), 200).data;
  assert.equal(me.role, 'admin');
  assert.equal(me.is_default_admin, true);
  refused(await admin.get(path), 403);
  assert.equal(expect(await api.get('/me/organizations'), 200).meta.pagination.total, 2);
  invalid(await api.post('/organizations', {}), 'name');
  invalid(await api.post('/organizations', { name: 'x'.repeat(51) }), 'name');
});

test('many made at once are all there', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token);
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, i) => api.post('/organizations', { name: `Branch ${i}` })),
  );

  for (const answer of answers) expect(answer, 201);
  const { meta } = expect(await api.get('/me/organizations'), 200);
  assert.equal(meta.pagination.total, 25);
});
