// What members prefer in an organization.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org();
const mine = `${org.path}/me/preferences`;

const STANDARD = {
  mail_assigned: true,
  mail_updates: true,
  mail_comments: true,
  mail_mentions: true,
  mail_process_completed: true,
  mail_deadline_changed: true,
  digest_days: null,
  digest_hour: 6,
  theme: 'system',
  density: 'comfortable',
  sounds: false,
  relative_dates: true,
  shortcuts: true,
  step_preferences: true,
};

const someone = async (role) => pawl.api((await pawl.user(org, { role })).token);

test('everybody begins with what is usual', async () => {
  for (const role of ['admin', 'standard', 'light'])
    assert.deepEqual(expect(await (await someone(role)).get(mine), 200).data, STANDARD);
});

test('PATCH changes what it says, PUT puts the rest back', async () => {
  const api = await someone();

  const dark = { ...STANDARD, theme: 'dark', sounds: true, digest_days: ['Monday', 'Sunday'] };
  const { theme, sounds, digest_days } = dark;
  assert.deepEqual(expect(await api.patch(mine, { theme, sounds, digest_days }), 200).data, dark);
  assert.deepEqual(expect(await api.patch(mine, { digest_hour: '23' }), 200).data,
    { ...dark, digest_hour: 23 });
  assert.deepEqual(expect(await api.get(mine), 200).data, { ...dark, digest_hour: 23 });
  assert.deepEqual(expect(await api.put(mine, { density: 'compact' }), 200).data,
    { ...STANDARD, density: 'compact' });
  assert.equal(expect(await api.patch(mine, { digest_days: null }), 200).data.digest_days, null);
  assert.deepEqual(expect(await api.put(mine, {}), 200).data, STANDARD);
});

test('all that is wrong is said at once, and nothing is kept', async () => {
  const api = await someone();
  const wrong = {
    mail_assigned: 'sometimes',
    digest_days: ['Someday'],
    digest_hour: 24,
    theme: 'pink',
    density: 7,
    sounds: [],
  };

  for (const send of ['put', 'patch'])
    invalid(await api[send](mine, { ...wrong, shortcuts: false }), ...Object.keys(wrong));
  for (const digest_days of ['Monday', {}, ['Monday', 'Monday'], [1], [['Monday']]])
    invalid(await api.patch(mine, { digest_days }), 'digest_days');
  for (const digest_hour of [-1, 6.5, 'six', 1e9])
    invalid(await api.patch(mine, { digest_hour }), 'digest_hour');
  assert.deepEqual(expect(await api.get(mine), 200).data, STANDARD);
  refused(await api.put(mine, '[]', { headers: { 'content-type': 'application/json' } }), 400);
});

test('what is not known is told and left out', async () => {
  const { data, body } = expect(await (await someone()).patch(mine, { colour: 'red' }), 200);

  assert.deepEqual(data, STANDARD);
  assert.deepEqual(body.meta.warnings.map(({ field }) => field), ['colour']);
});

test('the profile’s step_preferences is one of them', async () => {
  const api = await someone();

  expect(await api.patch(`${org.path}/me`, { step_preferences: 'False' }), 200);
  assert.equal(expect(await api.get(mine), 200).data.step_preferences, false);
  expect(await api.patch(`${org.path}/me`, { team: 'x' }), 200);
  assert.equal(expect(await api.get(mine), 200).data.step_preferences, false);
});

test('each organization has its own, and nobody else’s are seen', async () => {
  refused(await (await someone()).get(`${other.path}/me/preferences`), 403);
  refused(await pawl.api(null).get(mine), 401);
});
