// Roles, administrators, and the default one among them: an organization is never left without.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ENGINE, startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { sound } from '../lib/store.js';

const DEFAULT = 'Cannot modify the default administrator. Please assign another member as ' +
  'default administrator first.';

const pawl = await startServer();
after(() => pawl.stop());

const other = await pawl.org({ name: 'Other' });
const BOT = 1;

// An organization with so many administrators beside the first one.
async function world(count = 1) {
  const org = await pawl.org();
  const admins = [];

  for (let i = 0; i < count; i++) admins.push(await pawl.user(org, { role: 'admin' }));
  return { org, admin: pawl.api(org.admin.token), admins, path: `${org.path}/users` };
}

const members = async ({ admin, path }) => expect(await admin.get(path), 200).data;
const administrators = async (of) => (await members(of)).filter(
  ({ role, status }) => role === 'admin' && status === 'active');

// There is exactly one default administrator, who is an active one.
async function defaultAdmin(of) {
  const flagged = (await members(of)).filter((member) => member.is_default_admin);

  assert.equal(flagged.length, 1);
  assert.equal(flagged[0].role, 'admin');
  assert.equal(flagged[0].status, 'active');
  return flagged[0].id;
}

describe('changing a role', () => {
  test('takes effect at once', async () => {
    const { org, admin, path } = await world(0);
    const bob = await pawl.user(org, { role: 'admin' });
    const client = pawl.api(bob.token);

    expect(await client.get(`${org.path}/mails`), 200);
    const { data } = expect(await admin.put(`${path}/${bob.id}/role`, { role: 'Light' }), 200);
    assert.equal(data.role, 'light');
    assert.equal(data.type, 'light');
    refused(await client.get(`${org.path}/mails`), 403);
    expect(await client.get(`${org.path}/me/tasks`), 200);
    expect(await admin.put(`${path}/${bob.id}/role`, { role: 'member' }), 200);
    expect(await client.post(`${org.path}/tasks`, { title: 'Tea', task_type: 'task',
      deadline: '2031-02-03', owners: { users: [bob.id] } }), 201);
    expect(await admin.patch(`${path}/${bob.email}/role`, { role: 'admin' }), 200);
    expect(await client.get(`${org.path}/mails`), 200);
  });

  test('is told in the log, once', async () => {
    const { org, admin, path } = await world(0);
    const bob = await pawl.user(org);

    expect(await admin.put(`${path}/${bob.id}/role`, { role: 'admin' }), 200);
    expect(await admin.put(`${path}/${bob.id}/role`, { role: 'admin' }), 200);
    const { data } = expect(await admin.get(`${org.path}/activity-feeds?verb=role_changed`), 200);
    assert.equal(data.length, 1);
    assert.equal(data[0].description, 'Ada Admin changed the role of Bob Bell');
    assert.deepEqual(data[0].audit.data, { from: 'standard', to: 'admin' });
  });

  test('names what is wrong', async () => {
    const { org, admin, path } = await world(0);
    const bob = await pawl.user(org);

    for (const body of [{}, { role: 'king' }, { role: '' }, { role: 3 }, { role: null }])
      invalid(await admin.put(`${path}/${bob.id}/role`, body), 'role');
    refused(await admin.put(`${path}/${BOT}/role`, { role: 'admin' }), 400, null, /^Bot users/);
  });

  test('is for administrators of the organization', async () => {
    const { org, admin, path } = await world(0);
    const bob = await pawl.user(org);
    const stranger = await pawl.user(other);

    refused(await pawl.api(bob.token).put(`${path}/${bob.id}/role`, { role: 'admin' }), 403);
    refused(await pawl.api(other.admin.token).put(`${path}/${bob.id}/role`, { role: 'admin' }),
      403);
    for (const id of [stranger.id, 0, 99999999, '9'.repeat(30), 'x', stranger.email])
      refused(await admin.put(`${path}/${id}/role`, { role: 'admin' }), 404);
  });

  test('works on invited and disabled members', async () => {
    const { org, admin, path } = await world(0);
    const { data } = expect(await admin.post(path, { email: pawl.email('inv') }), 200);
    const bob = await pawl.user(org);

    assert.equal(expect(await admin.put(`${path}/${data.id}/role`, { role: 'admin' }), 200)
      .data.type, null);
    expect(await admin.delete(`${path}/${bob.id}`), 200);
    assert.equal(expect(await admin.put(`${path}/${bob.id}/role`, { role: 'admin' }), 200)
      .data.role, 'admin');
  });
});

describe('the default administrator', () => {
  test('keeps the role until somebody else is it', async () => {
    const of = await world(1);
    const { org, admin, admins: [eve], path } = of;

    refused(await admin.put(`${path}/${org.admin.id}/role`, { role: 'light' }), 400, null,
      new RegExp(`^${DEFAULT}$`));
    const { data } = expect(await admin.put(`${path}/${eve.id}/default-admin`), 200);
    assert.equal(data.is_default_admin, true);
    assert.equal(await defaultAdmin(of), eve.id);
    expect(await admin.patch(`${path}/${eve.id}/default-admin`), 200);
    expect(await admin.put(`${path}/${org.admin.id}/role`, { role: 'light' }), 200);
    const feed = await pawl.api(eve.token).get(`${org.path}/activity-feeds?verb=default_admin`);
    assert.deepEqual(expect(feed, 200).data.map((event) => event.description),
      ['Ada Admin made Bob Bell the default administrator']);
  });

  test('is an active administrator', async () => {
    const { org, admin, admins: [eve], path } = await world(1);
    const bob = await pawl.user(org);
    const { data } = expect(await admin.post(path, { email: pawl.email('i'), role: 'admin' }), 200);

    expect(await admin.delete(`${path}/${eve.id}`), 200);
    for (const id of [bob.id, eve.id, data.id, BOT])
      refused(await admin.put(`${path}/${id}/default-admin`), 422);
    refused(await admin.put(`${path}/${other.admin.id}/default-admin`), 404);
    refused(await pawl.api(bob.token).put(`${path}/${bob.id}/default-admin`), 403);
  });

  test('passes the flag on when disabled, to the oldest other one', async () => {
    const of = await world(2);
    const { org, admins: [eve, mia], path } = of;
    const last = pawl.api(mia.token);

    expect(await last.delete(`${path}/${org.admin.id}/disable`), 200);
    of.admin = last;
    assert.equal(await defaultAdmin(of), eve.id);
    expect(await last.delete(`${path}/${eve.id}`), 200);
    assert.equal(await defaultAdmin(of), mia.id);
    refused(await last.delete(`${path}/${mia.id}`), 400, null, new RegExp(`^${DEFAULT}$`));
    refused(await last.delete(`${path}/${mia.id}/disable`), 400, null, new RegExp(`^${DEFAULT}$`));
    refused(await last.put(`${path}/${mia.id}/to/guest`), 400, null, /only administrator/);
    refused(await last.put(`${path}/${mia.id}/role`, { role: 'standard' }), 400, null,
      /only administrator/);
    expect(await last.put(`${path}/${org.admin.id}/enable`), 200);
    assert.equal(await defaultAdmin(of), mia.id);
  });

  test('passes the flag on when becoming a guest', async () => {
    const of = await world(1);
    const { org, admins: [eve], path } = of;

    of.admin = pawl.api(eve.token);
    expect(await of.admin.put(`${path}/${org.admin.id}/to/guest`), 200);
    assert.equal(await defaultAdmin(of), eve.id);
  });
});

describe('of several changes at once', () => {
  const ways = {
    disabling: (client, path, id) => client.delete(`${path}/${id}/disable`),
    removing: (client, path, id) => client.delete(`${path}/${id}`),
    demoting: (client, path, id) => client.put(`${path}/${id}/role`, { role: 'light' }),
    converting: (client, path, id) => client.put(`${path}/${id}/to/guest`),
  };

  // Everybody does it to the one before them, some by another node.
  async function everybody(of, way, nodes) {
    const all = [of.org.admin, ...of.admins];

    const answers = await Promise.all(all.map((one, i) => way(
      nodes[i % nodes.length].api(one.token), of.path, all[(i + 1) % all.length].id)));
    for (const { status } of answers) assert.ok([200, 400, 401, 403].includes(status), `${status}`);
    for (const one of all) {
      of.admin = pawl.api(one.token);
      if ((await of.admin.get(`${of.org.path}/mails`)).status === 200) break;
    }
    assert.ok((await administrators(of)).length >= 1);
    await defaultAdmin(of);
  }

  for (const [name, way] of Object.entries(ways))
    test(`${name} leaves an administrator`, async () => {
      for (let round = 0; round < 3; round++) await everybody(await world(2), way, [pawl]);
    });

  test('on two nodes one is left too', { skip: ENGINE !== 'postgres' }, async (t) => {
    const second = await startServer({ beside: pawl });
    t.after(() => second.stop());

    for (const way of Object.values(ways))
      for (let round = 0; round < 3; round++)
        await everybody(await world(1), way, [pawl, second]);
  });

  test('making two the default leaves one', async () => {
    const of = await world(4);
    const answers = await Promise.all(of.admins.map(({ id }) =>
      of.admin.put(`${of.path}/${id}/default-admin`)));

    for (const answer of answers) expect(answer, 200);
    await defaultAdmin(of);
  });
});

test('the store is sound after all that', () => sound(pawl));
