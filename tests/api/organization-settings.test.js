// The settings of an organization: each is kept as it was sent, or refused with its name.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { ORGANIZATION } from '../lib/shapes.js';
import { change } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const read = async () => expect(await admin.get(org.path), 200).data;

const WEEK = {
  Monday: true, Tuesday: true, Wednesday: true, Thursday: true, Friday: false, Saturday: false,
  Sunday: true,
};

// What each setting may be.
const KEPT = {
  working_days: [WEEK],
  working_hours: [{ start: '09:00', end: '17:30' }, { start: '00:00', end: '24:00' }, null],
  deadline_setting: ['working_time', 'any_time', null],
  default_deadline: [{ type: 'hours', value: 1000 }, { type: 'months', value: 0 }],
  cadence_days: [['Sunday', 'Monday'], []],
  guest_cadence_days: [['Tuesday'], []],
  auto_archive_processes_after: [{ unit: 'days', value: 1 }, { unit: 'weeks', value: 90 }],
  auto_complete_task_months: [2, 24],
  webhook_date_field_format: ['yyyy-MM-dd', 'dd/MM/yyyy HH:mm:ss', 'yyyy-MM-ddTHH:mm:ssZ'],
  allow_user_invite: [true, false],
  allow_manage_groups: [true, false],
  restrict_blueprint_permissions: [true, false],
  wyiwyg: [false, true],
  auto_archive: [true, false],
  auto_complete_tasks: [true, false],
  auto_join_signups: [false],
  enable_onboarding_template: [false],
  onboarding_template_id: [null],
  maximum_group_assignment_limit: [25, 0],
  sso_default_role: ['standard', 'light'],
  live_support_enabled: [1, 0],
  team_size: [[1, 10], []],
  signup_survey: [{ why: ['curious', 'bored'], deep: { er: 1 } }, null],
  settings: [{ theme: 'dark', rows: 12, beta: true, none: null }, {}],
  org_logo: ['https://example.com/logo.png?v=2', 'http://intranet/logo.svg', null],
  home_bg: ['https://example.com/bücher.jpg', null],
  global_css: ['a > b { color: red }', 'x'.repeat(30000), null],
  homepage_snippet: ['<p>Hello</p>', null],
  onboarding_snippet: ['<b>Hi</b>', null],
  guest_onboarding_snippet: ['<i>Hi</i>', null],
  light_role_error_snippet: ['Ask Ada', null],
  error_404_template: ['<h1>Lost</h1>', null],
  google_analytics_id: ['G-ABC123', null],
  mixpanel_token: ['0123456789abcdef', null],
  welcome_description: ['Two\nlines', null],
};

test('each setting is kept as it was sent', async () => {
  for (const [name, values] of Object.entries(KEPT))
    for (const value of values) {
      const { data } = expect(await admin.patch(org.path, { [name]: value }), 200);

      assert.deepEqual(data[name], value, name);
      assert.deepEqual((await read())[name], value, name);
    }
  shape(await read(), { ...ORGANIZATION, working_hours: 'object?' });
});

test('all settings can be changed at once', async () => {
  const before = await read();
  const all = Object.fromEntries(Object.entries(KEPT).map(([name, values]) => [name, values[0]]));
  const { data } = expect(await admin.put(org.path, { name: 'All', ...all }), 200);

  for (const [name, value] of Object.entries(all)) assert.deepEqual(data[name], value, name);
  assert.equal(data.name, 'All');
  for (const name of ['id', 'users_count', 'created_on', 'plan_code', 'saml_enabled'])
    assert.deepEqual(data[name], before[name], name);
});

// What clients write for the same.
const SPELLED = {
  working_days: [
    { ...WEEK, Monday: 1, Tuesday: '1', Wednesday: 'True', Friday: 0, Saturday: 'false' }, WEEK],
  default_deadline: [{ type: 'days', value: '3' }, { type: 'days', value: 3 }],
  auto_archive_processes_after: [{ unit: 'weeks', value: '8' }, { unit: 'weeks', value: 8 }],
  team_size: [['1', 10], [1, 10]],
  live_support_enabled: [true, 1],
};

test('flags and numbers may be texts, also inside of objects', async () => {
  for (const [name, [said, is]] of Object.entries(SPELLED)) {
    const { data } = expect(await admin.patch(org.path, { [name]: said }), 200);

    assert.deepEqual(data[name], is, name);
  }
  expect(await admin.patch(org.path, { live_support_enabled: 'False' }), 200);
  assert.equal((await read()).live_support_enabled, 0);
});

test('a form sets all that is nested', async () => {
  const form = new URLSearchParams([
    ...Object.entries(WEEK).map(([day, works]) => [`working_days[${day}]`, works ? '1' : '0']),
    ['default_deadline[type]', 'weeks'], ['default_deadline[value]', '2'],
    ['working_hours[start]', '08:00'], ['working_hours[end]', '16:00'],
    ['cadence_days[]', 'Monday'], ['cadence_days[]', 'Friday'], ['team_size[0]', '5'],
    ['auto_archive_processes_after[unit]', 'days'], ['auto_archive_processes_after[value]', '9'],
    ['settings[theme]', 'dark'], ['guest_cadence_days', ''], ['signup_survey', ''],
  ]);
  const { data } = expect(await admin.patch(org.path, form), 200);

  assert.deepEqual(data.working_days, WEEK);
  assert.deepEqual(data.default_deadline, { type: 'weeks', value: 2 });
  assert.deepEqual(data.working_hours, { start: '08:00', end: '16:00' });
  assert.deepEqual([data.cadence_days, data.guest_cadence_days], [['Monday', 'Friday'], []]);
  assert.deepEqual([data.team_size, data.signup_survey], [[5], null]);
  assert.deepEqual(data.auto_archive_processes_after, { unit: 'days', value: 9 });
  assert.deepEqual(data.settings, { theme: 'dark' });
  expect(await admin.patch(org.path, new URLSearchParams({ working_hours: '' })), 200);
  assert.equal((await read()).working_hours, null);
});

test('null empties the lists and objects that may be empty', async () => {
  const { data } = expect(
    await admin.patch(org.path,
      { cadence_days: null, guest_cadence_days: null, team_size: null, settings: null }),
    200,
  );

  assert.deepEqual(data.cadence_days, []);
  assert.deepEqual(data.guest_cadence_days, []);
  assert.deepEqual(data.team_size, []);
  assert.deepEqual(data.settings, {});
});

const many = (n, value) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, value]));

// What each setting may not be.
const WRONG = {
  working_days: [null, {}, [], 'all', { ...WEEK, Sunday: 'yes' }, { ...WEEK, Someday: true },
    Object.fromEntries(Object.keys(WEEK).map((day) => [day, false]))],
  working_hours: [{ start: '17:00', end: '09:00' }, { start: '9:00', end: '17:00' }, {}, [], '9-5',
    { start: '09:00', end: '09:00' }, { start: '09:00', end: '25:00' }, { start: 9, end: 17 }],
  deadline_setting: ['sometimes', 1, {}],
  default_deadline: [null, { type: 'days' }, { type: 'days', value: 1001 },
    { type: 'years', value: 1 }, { type: 'days', value: 1.5 }],
  cadence_days: ['Monday', ['monday'], ['Monday', 'Monday'], [1], {}],
  guest_cadence_days: [['Someday']],
  auto_archive_processes_after: [null, { unit: 'days', value: 0 }, { unit: 'weeks', value: 91 },
    { unit: 'months', value: 2 }],
  auto_complete_task_months: [0, 1, 25, -2, 'two'],
  webhook_date_field_format: ['whatever', 7],
  allow_user_invite: ['perhaps', 2, []],
  auto_join_signups: [true],
  enable_onboarding_template: [true],
  onboarding_template_id: ['0'.repeat(32), 'welcome', 5],
  maximum_group_assignment_limit: [-1, 'many', 1e9],
  sso_default_role: ['owner'],
  live_support_enabled: [2],
  team_size: [7, [1.5], ['1-10'], [-1], Array(11).fill(1), {}],
  signup_survey: [[], 'text', 7, { text: 'x'.repeat(8200) }],
  settings: [[], 'text', { nested: {} }, { list: [] }, many(51, 1), many(50, 'x'.repeat(200))],
  org_logo: ['logo.png', 'javascript:alert(1)', '//example.com/x', 'https://', 'ftp://a.b/c',
    'https://a.b/\u0001', 7],
  home_bg: ['url(x)', 'data:image/png;base64,AAAA'],
  global_css: ['</style><script>', 'x'.repeat(30001)],
  homepage_snippet: ['x'.repeat(30001), 7],
  google_analytics_id: ['"><script>', 'x'.repeat(201), 'two words'],
  mixpanel_token: ["'"],
};

test('what a setting cannot be is refused by its name, and changes nothing', async () => {
  const before = await read();

  for (const [name, values] of Object.entries(WRONG))
    for (const value of values) invalid(await admin.patch(org.path, { [name]: value }), name);
  assert.deepEqual(await read(), before);
});

test('all that is wrong is told at once', async () => {
  const wrong = Object.fromEntries(Object.entries(WRONG).map(([name, [value]]) => [name, value]));
  delete wrong.enable_onboarding_template; // with a template, even a wrong one, it may be on
  const names = Object.keys(wrong);

  for (const method of ['PUT', 'PATCH']) {
    invalid(await admin.send(method, org.path, { name: '', ...wrong }), 'name', ...names);
    invalid(
      await admin.send(method, org.path, {
        name: 'x'.repeat(51), timezone: 'Mars/Base', working_hours: 'late', org_logo: 'logo',
        auto_complete_task_months: 99,
      }),
      'name', 'timezone', 'working_hours', 'org_logo', 'auto_complete_task_months',
    );
  }
  invalid(await admin.post('/organizations', { name: '', timezone: 'Mars/Base' }),
    'name', 'timezone');
});

test('what is not possible here says so', async () => {
  const { body } = invalid(
    await admin.patch(org.path, { auto_join_signups: true, enable_onboarding_template: true }),
    'auto_join_signups', 'enable_onboarding_template',
  );

  assert.match(body.errors.auto_join_signups[0], /invite/);
  assert.match(body.errors.enable_onboarding_template[0], /onboarding_template_id/);
});

test('settings belong to one organization, and administrators change them', async () => {
  const other = await pawl.org({ name: 'Other' });
  const settings = { theme: 'light' };

  expect(await admin.patch(org.path, { settings }), 200);
  assert.deepEqual(
    expect(await pawl.api(other.admin.token).get(other.path), 200).data.settings, {});
  for (const role of ['standard', 'light']) {
    const api = pawl.api((await pawl.user(org, { role })).token);

    assert.deepEqual(expect(await api.get(org.path), 200).data.settings, settings);
    refused(await api.patch(org.path, { settings: {} }), 403, 'FORBIDDEN_ROLE');
  }
});

test('what was kept under older rules stands in no other setting’s way', async () => {
  const old = await pawl.org({ name: 'Old' });
  const api = pawl.api(old.admin.token);

  await change(pawl, `UPDATE organizations SET org_logo = 'logo.png', auto_join_signups = 1,
    enable_onboarding_template = 1, global_css = '<b>' WHERE id = '${old.id}'`);
  const { data } = expect(await api.put(old.path, { name: 'Renamed' }), 200);
  assert.equal(data.name, 'Renamed');
  assert.equal(data.org_logo, 'logo.png');
  expect(await api.put(old.path, { name: 'Whole', ...data }), 200);
  expect(await api.patch(`${old.path}/custom-branding`, { show_powered_by: false }), 200);
  invalid(await api.patch(old.path, { org_logo: 'other.png' }), 'org_logo');
});
