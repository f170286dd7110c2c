// Profiles: what people and administrators change of an account, and what an answer about people
// may include.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PASSWORD, startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { MEMBER, PAGINATION } from '../lib/shapes.js';
import { change, place } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const BOT = 1;
const org = await pawl.org({ name: 'Acme' });
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);

const PROFILE = {
  first_name: 'Νίκη',
  last_name: 'Ωμέγα',
  timezone: 'Europe/Athens',
  locale: 'el',
  phone: '+30 210 1234567',
  job_title: 'Ταμίας',
  job_description: 'Keeps the till.',
  team: '💶',
  date_format: 'dd/mm/yyyy',
  country_id: 300,
};
const GREECE = { id: 300, name: 'Greece', phone_code: '+30', iso2: 'GR' };

// Somebody who is an active member of both organizations.
async function inBoth() {
  const person = await pawl.user(org);

  await pawl.admin(['user', 'invite', '--org', other.id, '--email', person.email, '--role',
    'standard', '--first-name', 'Bob', '--last-name', 'Bell']);
  await place(pawl, other, person);
  return person;
}

test('an administrator changes a member’s profile, and the answer is all of it', async () => {
  const person = await pawl.user(org);
  const path = `${org.path}/users/${person.id}`;
  const { data } = expect(await admin.put(path, PROFILE), 200);

  shape(data, MEMBER);
  for (const [key, value] of Object.entries(PROFILE)) assert.equal(data[key], value, key);
  assert.equal(data.full_name, 'Νίκη Ωμέγα');
  assert.deepEqual(data.country, GREECE);
  assert.equal(data.role, 'standard');
  assert.deepEqual(expect(await admin.get(path), 200).data, data);
  const feed = await admin.get(`${org.path}/activity-feeds?entity_type=member`);
  const [event] = expect(feed, 200).data;
  assert.equal(event.description, `Ada Admin changed the profile of ${data.full_name}`);
});

test('a part is changed by PATCH, and the rest stays', async () => {
  const person = await pawl.user(org, { first: 'Ann', last: 'Other' });
  const path = `${org.path}/users/${person.id}`;

  expect(await admin.put(path, PROFILE), 200);
  const { data } = expect(await admin.patch(path, { country_id: null, phone: null }), 200);
  assert.equal(data.country_id, null);
  assert.equal(data.country, null);
  assert.equal(data.phone, null);
  assert.equal(data.first_name, PROFILE.first_name);
  const back = expect(await admin.patch(path, { country_id: '300' }), 200).data;
  assert.deepEqual(back.country, GREECE);
});

test('all that is wrong is said at once', async () => {
  const path = `${org.path}/users/${(await pawl.user(org)).id}`;
  const wrong = {
    first_name: 'http://spam.example',
    last_name: 'ß'.repeat(33),
    timezone: 'Mars/Base',
    locale: 'e',
    phone: '1'.repeat(21),
    job_title: 'x'.repeat(201),
    date_format: 'yyyy',
    country_id: 7,
    step_preferences: 'perhaps',
  };

  for (const where of [path, `${org.path}/me`])
    invalid(await admin.put(where, wrong), ...Object.keys(wrong));
  invalid(await admin.put(path, {}), 'first_name', 'last_name', 'timezone');
  invalid(await admin.put(path, { country_id: 999 }),
    'first_name', 'last_name', 'timezone', 'country_id');
  for (const locale of ['', 'en-', '-en', 'en--GB', 'verylongword', 'é!', 'en GB'])
    invalid(await admin.patch(path, { locale }), 'locale');
  for (const locale of ['en', 'en-GB', 'zh_Hans', 'pt-BR'])
    assert.equal(expect(await admin.patch(path, { locale }), 200).data.locale, locale);
  for (const body of ['[]', '"x"', '7'])
    refused(await admin.put(path, body, { headers: { 'content-type': 'application/json' } }), 400);
});

test('a client may send back what it read', async () => {
  const person = await pawl.user(org);
  const path = `${org.path}/users/${person.id}`;
  const before = expect(await admin.get(path), 200).data;
  const { data, body } = expect(await admin.put(path, {
    ...before, email: 'other@example.com', username: 'other', role: 'admin', id: 7,
  }), 200);

  assert.ok(!body.meta, 'no warning');
  assert.deepEqual({ ...data, updated_at: 0, last_updated: 0 },
    { ...before, updated_at: 0, last_updated: 0 });
});

test('others than administrators change only themselves', async () => {
  for (const role of ['standard', 'light']) {
    const person = await pawl.user(org, { role });
    const api = pawl.api(person.token);
    const mine = `${org.path}/users/${person.id}`;

    refused(await api.patch(`${org.path}/users/${org.admin.id}`, { team: 'x' }), 403,
      'FORBIDDEN_ROLE');
    assert.equal(expect(await api.patch(mine, { team: 'Mine' }), 200).data.team, 'Mine');
    assert.equal(expect(await api.get(mine), 200).data.team, 'Mine');
  }
});

test('who is elsewhere too is changed by nobody else', async () => {
  const person = await inBoth();
  const path = `${org.path}/users/${person.id}`;

  for (const answer of [await admin.put(path, PROFILE), await admin.patch(path, { team: 'x' })])
    refused(answer, 403, undefined, /also a member of another organization/);
  expect(await pawl.api(person.token).patch(path, { team: 'Own' }), 200);
  await place(pawl, other, person, { status: 'disabled' });
  assert.equal(expect(await admin.patch(path, { team: 'Theirs' }), 200).data.team, 'Theirs');
});

test('the bot is changed by nobody', async () => {
  for (const body of [PROFILE, {}])
    refused(await admin.put(`${org.path}/users/${BOT}`, body), 400, undefined, /bot/);
});

test('who is no member is not found', async () => {
  const api = pawl.api(other.admin.token);
  const person = await pawl.user(org);

  refused(await api.patch(`${other.path}/users/${person.id}`, { team: 'x' }), 404);
  refused(await api.patch(`${org.path}/users/${person.id}`, { team: 'x' }), 403);
  for (const id of ['x', '999999', '0', '-1'])
    refused(await admin.put(`${org.path}/users/${id}`, PROFILE), 404, 'RESOURCE_NOT_FOUND');
});

test('names have thirty-two characters of any script', async () => {
  const path = `${org.path}/users/${(await pawl.user(org)).id}`;

  for (const name of ['🙂'.repeat(32), 'ω'.repeat(32), '李'.repeat(32), 'ع'.repeat(32)]) {
    const { data } = expect(await admin.patch(path, { first_name: name, last_name: name }), 200);

    assert.equal(data.full_name, `${name} ${name}`);
    invalid(await admin.patch(path, { first_name: `${name}x` }), 'first_name');
  }
});

test('a name of nothing that is seen is none', async () => {
  for (const last_name of ['\u200d', '\u0301\u0308', '\u3164', '\u200b\u2060'])
    invalid(await admin.patch(`${org.path}/me`, { last_name }), 'last_name');
  expect(await admin.patch(`${org.path}/me`, { last_name: 'می\u200cخواهم' }), 200);
  expect(await admin.patch(`${org.path}/me`, { last_name: 'Admin' }), 200);
});

test('countries are a list for everybody who is signed in', async () => {
  const light = pawl.api((await pawl.user(org, { role: 'light' })).token);
  const { data, meta } = expect(await light.get('/countries'), 200);

  shape(meta.pagination, PAGINATION);
  assert.equal(meta.pagination.total, data.length);
  assert.equal(data.length, 249);
  assert.deepEqual(data.find(({ iso2 }) => iso2 === 'GR'), GREECE);
  for (const one of data) {
    shape(one, { id: 'int', name: 'string', phone_code: 'string', iso2: 'string' });
    assert.match(one.phone_code, /^\+\d{1,4}$/);
    assert.match(one.iso2, /^[A-Z]{2}$/);
  }
  for (const key of ['id', 'name', 'iso2'])
    assert.equal(new Set(data.map((one) => one[key])).size, data.length);
  assert.deepEqual(expect(await light.get('/countries?per_page=2&page=2'), 200).data,
    data.slice(2, 4));
  assert.deepEqual(expect(await light.get('/countries?page=900'), 200).data, []);
  refused(await pawl.api(null).get('/countries'), 401);
});

const INCLUDES = 'stats,groups,organizations,preferences,assets,member_watchers,guest_watchers,'
  + 'auth_methods,country,nothing';

test('an answer includes what it is asked for, about oneself', async () => {
  const home = await pawl.org({ name: 'Home' });
  const api = pawl.api(home.admin.token);
  const task = expect(await api.post(`${home.path}/tasks`, oneOff(home.admin)), 201).data;
  const group = expect(await api.post(`${home.path}/groups`,
    { name: 'Crew', members: [home.admin.id] }), 201).data;

  expect(await api.post(`${home.path}/completed-tasks`, { task_id: task.id }), 200);
  for (const path of ['me', `users/${home.admin.id}`, 'users']) {
    const { data } = expect(await api.get(`${home.path}/${path}?with=${INCLUDES}`), 200);
    const me = Array.isArray(data) ? data.find(({ id }) => id === home.admin.id) : data;

    assert.deepEqual(me.stats, { data: { steps_created: 0, tasks_completed: 1,
      processes_launched: 0, checklists_created: 0, last_step_created_at: null } });
    assert.deepEqual(me.groups.data.map(({ id, name }) => [id, name]), [[group.id, 'Crew']]);
    assert.deepEqual(me.organizations.data.map(({ id, name }) => [id, name]), [[home.id, 'Home']]);
    assert.equal(me.preferences.data.theme, 'system');
    assert.deepEqual(me.auth_methods, { data: [{ method: 'native' }] });
    for (const none of ['assets', 'member_watchers', 'guest_watchers'])
      assert.deepEqual(me[none], { data: [] });
    assert.ok(!('nothing' in me));
  }
});

test('what is private is told to administrators and to oneself', async () => {
  const [one, two] = [await pawl.user(org), await pawl.user(org)];
  const { data } = expect(
    await pawl.api(one.token).get(`${org.path}/users?with=preferences,auth_methods`), 200);

  for (const person of data)
    for (const key of ['preferences', 'auth_methods'])
      assert.equal(person[key] === null, person.id !== one.id, `${key} of ${person.id}`);
  const read = expect(await admin.get(`${org.path}/users/${two.id}?with=preferences`), 200).data;
  assert.equal(read.preferences.data.sounds, false);
});

test('other organizations are told to nobody else', async () => {
  const person = await inBoth();
  const ids = async (api, path) => expect(await api.get(`${path}?with=organizations`), 200)
    .data.organizations.data.map(({ id }) => id);
  const path = `${org.path}/users/${person.id}`;

  assert.deepEqual(await ids(admin, path), [org.id]);
  assert.deepEqual((await ids(pawl.api(person.token), path)).sort(), [org.id, other.id].sort());
});

test('a page of many people includes the right things of each', async () => {
  const crowd = await pawl.org();
  const api = pawl.api(crowd.admin.token);
  const people = [];

  for (let i = 0; i < 5; i++) people.push(await pawl.user(crowd, { withToken: false }));
  await change(pawl, `INSERT INTO users (id, email, email_folded, first_name, last_name,
      created_at, updated_at)
    WITH RECURSIVE n (id) AS (SELECT 500001 UNION ALL SELECT id + 1 FROM n WHERE id < 500120)
    SELECT id, 'p' || id, 'p' || id, 'P', 'Q', 1, 1 FROM n`);
  await change(pawl, `INSERT INTO members (org_id, user_id, role, status, joined_at)
    SELECT '${crowd.id}', id, 'light', 'active', 1 FROM users WHERE id > 500000`);
  const task = expect(await api.post(`${crowd.path}/tasks`, oneOff(people[4])), 201).data;
  expect(await api.post(`${crowd.path}/completed-tasks`, { task_id: task.id }), 200);

  const { data } = expect(await api.get(`${crowd.path}/users?with=stats,groups`), 200);
  assert.equal(data.length, 127);
  for (const person of data)
    assert.equal(person.stats.data.tasks_completed, person.id === people[4].id ? 1 : 0);
});

test('who was disabled everywhere is told by whom and when, with the right password', async () => {
  const person = await pawl.user(org);
  const body = (password) => ({ email: person.email, password });
  const nobody = pawl.api(null, { 'x-tallyfy-client': null });

  await change(pawl, `UPDATE members SET status = 'disabled', disabled_at = 1767323045000,
    disabled_by = ${org.admin.id} WHERE user_id = ${person.id}`);
  refused(await nobody.post('/session', body('wrong horse battery')), 401);
  refused(await nobody.post('/session', body(PASSWORD)), 403, 'ACCOUNT_DISABLED',
    /^Account Disabled\. Ada Admin of Acme ended your membership on 2026-01-02 at 03:04 UTC\.$/);
});

test('who has become a guest is told so', async () => {
  const person = await pawl.user(org);
  const body = { email: person.email, password: PASSWORD };
  const nobody = pawl.api(null, { 'x-tallyfy-client': null });

  expect(await admin.put(`${org.path}/users/${person.id}/to/guest`), 200);
  refused(await nobody.post('/session', body), 403, 'ACCOUNT_DISABLED',
    /^Account Disabled\. Ada Admin of Acme .* You are a guest there now: .* by mail\.$/);
  expect(await admin.delete(`${org.path}/guests/${person.email}`), 200);
  refused(await nobody.post('/session', body), 403, 'ACCOUNT_DISABLED', /UTC\.$/);
});
