// What was read can be sent back as it is, with a change or without: clients do so, and what they
// cannot change of it is ignored, not complained about.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const bob = await pawl.user(org, { first: 'Bob' });
const STRICT = { headers: { 'x-strict': '1' } };
const made = async (path, body) => expect(await admin.post(`${org.path}${path}`, body), 201).data;

const guest = await made('/guests', {
  email: 'gil@example.org', first_name: 'Gil', external_date_creation: '2020-01-02 03:04:05',
});
const group = await made('/groups', { name: 'Crew', members: [bob.id], guests: [guest.email] });
const tag = await made('/tags', { title: 'Urgent', color: '#aa0000' });
const parent = await made('/folders', { name: 'All' });
const folder = await made('/folders', { name: 'Some', parent_id: parent.id });
const key = await made('/custom-field-keys', {
  key: 'size', applies_to: 'tag', field_type: 'radio', options: ['small', 'large'],
});
const title = await made('/roles', { name: 'Engineer' });
const task = await made('/tasks', oneOff(bob));
const application = await made('/oauth/clients', { name: 'Payroll' });

const OBJECTS = {
  'an organization': '',
  'its branding': '/custom-branding',
  'its preferences': '/me/preferences',
  'a member': `/users/${bob.id}`,
  'a guest': `/guests/${guest.email}`,
  'a group': `/groups/${group.id}`,
  'a tag': `/tags/${tag.id}`,
  'a folder': `/folders/${folder.id}`,
  'a custom field key': `/custom-field-keys/${key.id}`,
  'a job title': `/roles/${title.id}`,
  'a task': `/tasks/${task.id}`,
  'an application': `/oauth/clients/${application.id}`,
};

// But for when it was changed, which a change of nothing may or may not tell.
const still = ({ last_updated, updated_at, version, ...rest }) => rest;
const events = async () => {
  const { meta } = expect(await admin.get(`${org.path}/activity-feeds?per_page=1`), 200);

  return meta.pagination.total;
};

for (const [name, rest] of Object.entries(OBJECTS))
  for (const method of ['put', 'patch'])
    test(`${name}, by ${method.toUpperCase()}`, async () => {
      const path = `${org.path}${rest}`;
      const { data } = expect(await admin.get(path), 200);
      const answer = await admin[method](path, data, STRICT);

      assert.ok([200, 201].includes(answer.status), answer.text);
      assert.equal(answer.meta?.warnings, undefined);
      assert.deepEqual(still(expect(await admin.get(path), 200).data), still(data));
      invalid(await admin[method](path, { ...data, nonsense: 1 }, STRICT), 'nonsense');
    });

test('what changes nothing is no event', async () => {
  const before = await events();

  for (const rest of Object.values(OBJECTS)) {
    const path = `${org.path}${rest}`;
    const { data } = expect(await admin.get(path), 200);

    for (const body of [undefined, {}, data]) {
      const { status, text } = await admin.patch(path, body);

      assert.ok(status < 300, text);
      assert.equal(await events(), before, `an event of ${rest} by ${JSON.stringify(body)}`);
      assert.deepEqual(expect(await admin.get(path), 200).data, data, rest);
    }
  }
});

describe('what only some clients send', () => {
  test('the address of the guest that the path names', async () => {
    const answer = await admin.put(`${org.path}/guests/${guest.email}`,
      { email: guest.email, first_name: 'Gilda' }, STRICT);

    assert.ok(answer.status < 300, answer.text);
    assert.equal(answer.data.first_name, 'Gilda');
  });

  test('a job title that was read, with another name', async () => {
    const read = await made('/roles', { name: 'Cook' });

    for (const [method, name] of [['put', 'Chef'], ['patch', 'Head chef']]) {
      const { data } = expect(await admin[method](`${org.path}/roles/${read.id}`,
        { ...read, name }), 200);

      assert.deepEqual([data.title, data.name], [name, name]);
      read.title = name;
    }
  });

  test('permissions of a job title', async () => {
    const body = { name: 'Pilot', permissions: ['fly'] };
    const answer = expect(await admin.post(`${org.path}/roles`, body, STRICT), 201);

    assert.equal(answer.data.name, 'Pilot');
  });
});
