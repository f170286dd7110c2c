// Who am I, and where do I belong?

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, isAbout, refused, shape } from '../lib/expect.js';
import { MEMBER, MY_ORGANIZATION, PAGINATION, USER } from '../lib/shapes.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org({ name: 'Acme' });

test('/me is the whole user, without any organization', async () => {
  const person = await pawl.user(org, { first: 'Zoë', last: 'Žižek' });
  const { data } = expect(await pawl.api(person.token).get('/me'), 200);

  shape(data, USER);
  assert.equal(data.id, person.id);
  assert.equal(data.email, person.email);
  assert.equal(data.first_name, 'Zoë');
  assert.equal(data.full_name, 'Zoë Žižek');
  assert.equal(data.is_active, data.active);
  assert.equal(data.updated_at, data.last_updated);
  assert.equal(data.is_suspended, false);
  assert.equal(data.support_user, false);
  isAbout(data.created_at, pawl.clock, 0);
});

test('within an organization the membership comes along', async () => {
  for (const role of ['admin', 'standard', 'light']) {
    const person = await pawl.user(org, { role });
    const { data } = expect(await pawl.api(person.token).get(`${org.path}/me`), 200);

    shape(data, MEMBER);
    assert.equal(data.role, role);
    assert.equal(data.type, role);
    assert.equal(data.status, 'active');
    assert.equal(data.is_active, true);
    assert.equal(data.is_default_admin, false);
  }
  const first = expect(await pawl.api(org.admin.token).get(`${org.path}/me`), 200).data;
  assert.equal(first.is_default_admin, true);
});

test('the offset is that of the zone, now', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token);

  for (const [timezone, offset] of [['Asia/Kolkata', '+05:30'], ['America/Phoenix', '-07:00']]) {
    const { data } = expect(await api.patch(`${org.path}/me`, { timezone }), 200);

    assert.equal(data.timezone, timezone);
    assert.equal(data.UTC_offset, offset);
  }
});

test('one changes one’s own profile', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token);
  const profile = {
    first_name: 'Renée',
    last_name: 'Öz',
    timezone: 'Europe/Paris',
    phone: '+33 1 23 45 67 89',
    job_title: 'Baker',
    job_description: 'Bakes',
    team: 'Ovens',
    date_format: 'dd/mm/yyyy',
  };
  const { data } = expect(await api.put(`${org.path}/me`, profile), 200);

  shape(data, MEMBER);
  for (const [key, value] of Object.entries(profile)) assert.equal(data[key], value, key);
  assert.equal(data.full_name, 'Renée Öz');
  assert.equal(expect(await api.get('/me'), 200).data.first_name, 'Renée');
});

test('a name is one line', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token);

  for (const first_name of ['Bob\r\nBcc: all@example.com', 'B\tob', 'B\u007fob'])
    invalid(await api.patch(`${org.path}/me`, { first_name }), 'first_name');
});

test('an address is not changed in passing', async () => {
  const person = await pawl.user(org);
  const { data } = expect(
    await pawl.api(person.token).patch(`${org.path}/me`, {
      email: 'other@example.com',
      username: 'other',
      first_name: 'Still',
    }),
    200,
  );

  assert.equal(data.email, person.email);
  assert.equal(data.first_name, 'Still');
});

test('a profile is checked field by field', async () => {
  const api = pawl.api((await pawl.user(org)).token);
  const me = `${org.path}/me`;

  invalid(await api.put(me, {}), 'first_name', 'last_name', 'timezone');
  for (const [field, ...values] of [
    ['first_name', '', 'é'.repeat(33), 'https://spam.example', [], null],
    ['last_name', '', 'é'.repeat(33), 'www.spam.example'],
    ['timezone', 'Mars/Base', '', '+02:00x', '../../etc/passwd'],
    ['phone', '1'.repeat(21)],
    ['date_format', 'yyyy-mm-dd'],
    ['country_id', 'somewhere', -1],
  ])
    for (const value of values) invalid(await api.patch(me, { [field]: value }), field);
  expect(await api.patch(me, { first_name: '🙂'.repeat(32) }), 200);
});

test('/me/organizations lists where one belongs', async () => {
  const other = await pawl.org({ name: 'Zebra' });
  const { email, token, id } = await pawl.user(org);
  await pawl.admin(['user', 'create', '--org', other.id, '--email', email, '--role', 'light']);
  const api = pawl.api(token);
  const list = expect(await api.get('/me/organizations'), 200);

  for (const one of list.data) shape(one, MY_ORGANIZATION);
  assert.deepEqual(
    Object.fromEntries(list.data.map((one) => [one.id, one.user_role])),
    { [org.id]: 'standard', [other.id]: 'light' },
  );
  assert.ok(list.data.every((one) => one.user_status === 'active'));
  shape(list.meta.pagination, PAGINATION);
  assert.equal(list.meta.pagination.total, 2);
  assert.equal(list.meta.pagination.per_page, 10);
  assert.deepEqual(
    expect(await api.get(`/current-user/${id}/organizations`), 200).data,
    list.data,
  );

  const paged = expect(await api.get('/api/me/organizations?per_page=1'), 200);
  assert.equal(paged.data.length, 1);
  assert.equal(paged.meta.pagination.has_more_pages, true);
  assert.ok(paged.meta.pagination.links.next.startsWith(`${pawl.url}/api/me/organizations?`));
});

test('the alias is for oneself', async () => {
  const person = await pawl.user(org);
  const api = pawl.api(person.token);

  for (const id of [org.admin.id, 999_999, 'x'])
    assert.match(String((await api.get(`/current-user/${id}/organizations`)).status), /^40[34]$/);
});

test('what is asked for comes wrapped, and unknown names are ignored', async () => {
  const { data } = expect(
    await pawl.api(org.admin.token).get(`${org.path}/me?with=groups,stats,nonsense,a.b,`),
    200,
  );

  assert.deepEqual(data.groups, { data: [] });
  shape(data.stats.data, {
    steps_created: 'int',
    tasks_completed: 'int',
    processes_launched: 'int',
    checklists_created: 'int',
    last_step_created_at: 'time?',
  });
  assert.ok(!('nonsense' in data));
});

test('one’s place in another organization is nobody’s', async () => {
  const other = await pawl.org({ name: 'Other' });
  const api = pawl.api(org.admin.token);

  refused(await api.get(`${other.path}/me`), 403);
  refused(await api.put(`${other.path}/me`, { first_name: 'x' }), 403);
  refused(await api.get(`/organizations/${'0'.repeat(32)}/me`), 404, 'RESOURCE_NOT_FOUND');
});
