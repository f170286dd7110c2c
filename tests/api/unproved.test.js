// Whoever signs up may found an organization. Until they have proved their own address they have no
// mail sent to others in its name.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newAddress, signUp, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { proved } from '../lib/store.js';

const world = await startOpen({ guest_invite_limit: 0 });
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const org = await pawl.org();
const admin = pawl.api(org.admin.token);

// Somebody who has just signed up, and has not opened the mail.
async function stranger() {
  const { email, token } = await signUp(world, { organization_name: 'Win money' });
  const api = await pawl.session({ email });
  const { data } = expect(await api.get('/me/organizations'), 200);

  return { api, token, path: `/organizations/${data[0].id}`,
    id: expect(await api.get('/me'), 200).data.id };
}

const unproved = (answer) => refused(answer, 403, 'EMAIL_NOT_VERIFIED', /Confirm your e-mail/);

test('neither by inviting, nor by way of guests', async () => {
  const { api, path, id, token } = await stranger();
  const email = newAddress('target');
  const other = newAddress('other');
  const task = (guests) => oneOff({ id }, { owners: { users: [id], guests, groups: [] } });
  const before = box.mails.length;
  const calls = [
    () => api.post(`${path}/users/invite`, { email: other }),
    () => api.put(`${path}/guests/${email}/reset-link`),
    () => api.post(`${path}/tasks`, task([email])),
    () => api.post(`${path}/tasks`, task([newAddress()])),
    () => api.post(`${path}/guests/${email}/to/member`),
  ];

  expect(await api.post(`${path}/guests`, { email, first_name: 'Tara' }), 201);
  for (const call of calls) unproved(await call());
  const own = expect(await api.post(`${path}/tasks`, task([])), 201).data;
  unproved(await api.patch(`${path}/tasks/${own.id}`,
    { owners: { users: [id], guests: [email], groups: [] } }));
  const group = expect(await api.post(`${path}/groups`, { name: 'All', members: [id] }), 201).data;
  expect(await api.post(`${path}/tasks`,
    oneOff({ id }, { owners: { users: [], guests: [], groups: [group.id] } })), 201);
  unproved(await api.put(`${path}/groups/${group.id}/guests/${email}`));
  assert.equal(expect(await api.get(`${path}/guests`), 200).meta.pagination.total, 1);
  assert.equal(box.mails.length, before);

  expect(await nobody.post('/auth/verify', { token }), 200);
  for (const call of calls) assert.ok((await call()).status < 300);
});

test('nor by enabling or inviting again who was invited', async () => {
  const { api, path, id, token } = await stranger();

  expect(await nobody.post('/auth/verify', { token }), 200);
  const invite = async () =>
    expect(await api.post(`${path}/users`, { email: newAddress() }), 200).data;
  const off = await invite();
  const waiting = await invite();
  expect(await api.delete(`${path}/users/${off.id}/disable`), 200);
  await proved(pawl, { id }, false);
  unproved(await api.put(`${path}/users/${off.id}/enable`));
  unproved(await api.post(`${path}/users/${waiting.id}/resend-invite`));
});

test('a guest’s name is no advertisement', async () => {
  const email = newAddress('guest');
  const wrong = { first_name: 'Buy pills at www.evil.example', last_name: 'https://evil.example' };

  invalid(await admin.post(`${org.path}/guests`, { email, ...wrong }), 'first_name', 'last_name');
  expect(await admin.post(`${org.path}/guests`, { email }), 201);
  for (const method of ['PUT', 'PATCH'])
    invalid(await admin.send(method, `${org.path}/guests/${email}`, wrong), 'first_name',
      'last_name');
});

test('making a guest a member counts as inviting', async (t) => {
  const strict = await startOpen({ invite_limit: 1 });
  t.after(() => Promise.all([strict.pawl.stop(), strict.box.stop()]));
  const small = await strict.pawl.org();
  const api = strict.pawl.api(small.admin.token);
  const email = newAddress('guest');

  expect(await api.post(`${small.path}/guests`, { email }), 201);
  expect(await api.post(`${small.path}/users`, { email: newAddress() }), 200);
  refused(await api.post(`${small.path}/guests/${email}/to/member`), 429, 'RATE_LIMIT_EXCEEDED');
});
