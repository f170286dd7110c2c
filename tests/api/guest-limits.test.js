// How many guests an organization may add within an hour.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SECOND, startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const LIMIT = 3;
const HOUR = 3600 * SECOND;
const pawl = await startServer({ settings: { guest_invite_limit: LIMIT } });
after(() => pawl.stop());

let made = 0;
const fresh = () => `guest${(made += 1)}@example.com`;
const total = async (api, org) => (await api.get(`${org.path}/guests`)).meta.pagination.total;

function limited(answer, most = LIMIT) {
  refused(answer, 429, 'RATE_LIMIT_EXCEEDED');
  assert.equal(answer.body.message,
    `You've reached the hourly limit for Guest Invite (${most} per hour per organization). ` +
      'Please try again later.');
  return Number(answer.headers.get('retry-after'));
}

async function full() {
  const org = await pawl.org();
  const api = pawl.api(org.admin.token);
  const first = fresh();

  expect(await api.post(`${org.path}/guests`, { email: first }), 201);
  pawl.clock.advance(HOUR / 2);
  for (let i = 1; i < LIMIT; i += 1)
    expect(await api.post(`${org.path}/guests`, { email: fresh() }), 201);
  return { org, api, first };
}

test('one more than the limit waits until the first of the hour is an hour old', async () => {
  const { org, api } = await full();
  const wait = limited(await api.post(`${org.path}/guests`, { email: fresh() }));

  assert.ok(wait > 0 && wait <= 1800, `${wait}`);
  assert.equal(await total(api, org), LIMIT);
  pawl.clock.advance(wait * SECOND);
  expect(await api.post(`${org.path}/guests`, { email: fresh() }), 201);
  limited(await api.post(`${org.path}/guests`, { email: fresh() }));
});

test('members share it, other organizations have their own', async () => {
  const { org } = await full();
  const colleague = await pawl.user(org);
  const other = await pawl.org();

  limited(await pawl.api(colleague.token).post(`${org.path}/guests`, { email: fresh() }));
  expect(await pawl.api(other.admin.token).post(`${other.path}/guests`, { email: fresh() }), 201);
});

test('guests who are there already do not count', async () => {
  const { org, api, first } = await full();

  expect(await api.post(`${org.path}/guests`, { email: first }), 201);
  expect(await api.put(`${org.path}/guests/${first}`, { first_name: 'F' }), 201);
  limited(await api.post(`${org.path}/guests`, { email: fresh() }));
});

test('deleting gives nothing back, and coming back counts', async () => {
  const { org, api, first } = await full();

  expect(await api.delete(`${org.path}/guests/${first}`), 200);
  limited(await api.post(`${org.path}/guests`, { email: fresh() }));
  limited(await api.post(`${org.path}/guests`, { email: first }));
  pawl.clock.advance(HOUR);
  expect(await api.post(`${org.path}/guests`, { email: first }), 201);
});

test('members who become guests do not count', async () => {
  const { org, api } = await full();
  const bob = await pawl.user(org);

  expect(await api.put(`${org.path}/users/${bob.id}/to/guest`), 200);
  pawl.clock.advance(HOUR);
  for (let i = 0; i < LIMIT; i += 1)
    expect(await api.post(`${org.path}/guests`, { email: fresh() }), 201);
  limited(await api.post(`${org.path}/guests`, { email: fresh() }));
  for (let turn = 0; turn < 2; turn += 1) {
    expect(await api.post(`${org.path}/guests/${bob.email}/to/member`), 200);
    expect(await api.put(`${org.path}/users/${bob.id}/to/guest`), 200);
  }
});

test('what is refused for another reason does not count', async () => {
  const org = await pawl.org();
  const api = pawl.api(org.admin.token);

  for (let i = 0; i <= LIMIT; i += 1)
    refused(await api.post(`${org.path}/guests`, { email: fresh(), timezone: 'x' }), 422);
  expect(await api.post(`${org.path}/guests`, { email: fresh() }), 201);
});

test('many at once get no further', async () => {
  const org = await pawl.org();
  const api = pawl.api(org.admin.token);
  const answers = await Promise.all(
    Array.from({ length: LIMIT + 3 }, () => api.post(`${org.path}/guests`, { email: fresh() })));

  assert.equal(answers.filter(({ status }) => status === 201).length, LIMIT);
  assert.equal(answers.filter(({ status }) => status === 429).length, 3);
  assert.equal(await total(api, org), LIMIT);
});

test('guests who are made by a task or a group count too', async () => {
  const org = await pawl.org();
  const api = pawl.api(org.admin.token);
  const task = (guests) => api.post(`${org.path}/tasks`,
    oneOff(org.admin, { owners: { users: [org.admin.id], guests, groups: [] } }));
  const mine = fresh();

  expect(await task([mine, fresh()]), 201);
  limited(await task([fresh(), fresh()]));
  assert.equal(await total(api, org), 2, 'all or none');
  expect(await api.post(`${org.path}/groups`,
    { name: 'G', description: '', guests: [fresh(), mine] }), 201);
  limited(await api.post(`${org.path}/groups`, { name: 'H', description: '', guests: [fresh()] }));
  limited(await task([fresh()]));
  expect(await task([mine]), 201);
});

test('without a setting it is thirty, and zero is no limit', async () => {
  const usual = await startServer({ settings: { guest_invite_limit: 30 } });
  const { code, stdout } = await usual.command(['help']);

  assert.equal(code, 0);
  assert.match(stdout, /--guest-invite-limit N +.*\(30\)/);
  await usual.stop();
  const free = await startServer();
  const org = await free.org();
  const api = free.api(org.admin.token);
  for (let i = 0; i < 31; i += 1)
    expect(await api.post(`${org.path}/guests`, { email: fresh() }), 201);
  await free.stop();
});
