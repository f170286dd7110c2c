// Groups: their people, whole lists and one by one, who may change them, and what happens when many
// do so at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';

const GROUP = {
  id: 'id',
  name: 'string',
  description: 'string',
  logo: 'string?',
  members: 'ints',
  guests: 'strings',
  created_at: 'time',
  last_updated: 'time',
};
const BOT = 1;

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const groups = `${org.path}/groups`;
const other = await pawl.org({ name: 'Other' });
const stranger = await pawl.user(other);
const [ann, bob, cyd] = [await pawl.user(org), await pawl.user(org, { role: 'light' }),
  await pawl.user(org)];

let made = 0;
const create = async (body = {}) =>
  expect(await admin.post(groups, { name: `Group ${++made}`, ...body }), 201).data;
const read = async (id) => expect(await admin.get(`${groups}/${id}`), 200).data;

test('a logo is an address of the web', async () => {
  for (const logo of ['javascript:alert(1)', 'logo.png', 'data:image/png;base64,AAAA'])
    invalid(await admin.post(groups, { name: 'Bad logo', logo }), 'logo');
  const group = await create({ logo: 'https://example.com/a.png' });

  invalid(await admin.patch(`${groups}/${group.id}`, { logo: '//example.com/a.png' }), 'logo');
  assert.equal((await read(group.id)).logo, 'https://example.com/a.png');
});

test('light members see the guests of groups whom they work with, and no others', async () => {
  const group = await create({
    members: [bob.id], guests: ['near@example.org', 'far@example.org'],
  });
  const light = pawl.api(bob.token);
  const task = { title: 'Together', task_type: 'task', deadline: '2031-02-03 04:05:06',
    owners: { users: [bob.id], guests: ['near@example.org'], groups: [] } };

  expect(await admin.post(`${org.path}/tasks`, task), 201);
  const addresses = (list) => list.data.map(({ email }) => email);
  const seen = async (client) => [
    expect(await client.get(`${groups}/${group.id}`), 200).data.guests,
    expect(await client.get(`${groups}?per_page=100`), 200).data
      .find(({ id }) => id === group.id).guests,
    expect(await client.get(`${org.path}/users?with=groups`), 200).data
      .find(({ id }) => id === bob.id).groups.data.find(({ id }) => id === group.id).guests,
    addresses(expect(await client.get(`${groups}/${group.id}?with=guests`), 200).data.guests),
  ];

  for (const list of await seen(light)) assert.deepEqual(list, ['near@example.org']);
  for (const list of await seen(admin))
    assert.deepEqual(list.toSorted(), ['far@example.org', 'near@example.org']);
});

test('a group is made, read, changed and deleted', async () => {
  const group = await create({
    name: 'Night shift', description: 'Those who are up', logo: 'https://example.com/moon.png',
    members: [bob.id, ann.id], guests: ['Owl@Example.org'],
  });

  shape(group, GROUP);
  assert.equal(group.name, 'Night shift');
  assert.equal(group.description, 'Those who are up');
  assert.equal(group.logo, 'https://example.com/moon.png');
  assert.deepEqual(group.members, [ann.id, bob.id]);
  assert.deepEqual(group.guests, ['Owl@Example.org']);
  assert.deepEqual(await read(group.id), group);
  const put = expect(
    await admin.put(`${groups}/${group.id}`, { name: 'Day shift', members: [cyd.id] }), 201);
  assert.equal(put.data.name, 'Day shift');
  assert.deepEqual(put.data.members, [cyd.id]);
  assert.deepEqual(put.data.guests, ['Owl@Example.org']);
  assert.equal(put.data.description, 'Those who are up');
  assert.equal(put.data.created_at, group.created_at);
  const patched = expect(
    await admin.patch(`${groups}/${group.id}`, { description: '', logo: null, guests: [] }), 200);
  assert.equal(patched.data.description, '');
  assert.equal(patched.data.logo, null);
  assert.deepEqual(patched.data.guests, []);
  assert.deepEqual(patched.data.members, [cyd.id]);
  assert.equal(expect(await admin.delete(`${groups}/${group.id}`), 204).text, '');
  refused(await admin.get(`${groups}/${group.id}`), 404);
  refused(await admin.put(`${groups}/${group.id}`, { name: 'Ghosts' }), 404);
  refused(await admin.delete(`${groups}/${group.id}`), 404);
});

test('a name is enough', async () => {
  const group = await create({ name: '  Lonely  ' });

  assert.equal(group.name, 'Lonely');
  assert.equal(group.description, '');
  assert.equal(group.logo, null);
  assert.deepEqual(group.members, []);
  assert.deepEqual(group.guests, []);
  assert.deepEqual((await create({ members: null, guests: null })).members, []);
});

test('ids may be digits, and nobody is in a group twice', async () => {
  const group = await create({
    members: [String(ann.id), ann.id, String(bob.id)],
    guests: ['twin@example.org', ' TWIN@example.org '],
  });

  assert.deepEqual(group.members, [ann.id, bob.id]);
  assert.equal(group.guests.length, 1);
});

test('unknown addresses become guests, known ones stay who they are', async () => {
  const group = await create({ guests: ['new@example.org'] });
  const guest = expect(await admin.get(`${org.path}/guests/new@example.org`), 200).data;
  const again = await create({ guests: ['NEW@example.org'] });

  assert.deepEqual(again.guests, ['new@example.org']);
  assert.deepEqual(group.guests, ['new@example.org']);
  assert.equal(expect(await admin.get(`${org.path}/guests/new@example.org`), 200).data.id,
    guest.id);
});

test('names are unique, whatever their case and accents', async () => {
  const one = await create({ name: 'Équipe' });
  const two = await create({ name: 'Zwei' });

  for (const name of ['Équipe', 'EQUIPE', 'équipe'])
    invalid(await admin.post(groups, { name }), 'name');
  invalid(await admin.put(`${groups}/${two.id}`, { name: 'equipe' }), 'name');
  expect(await admin.put(`${groups}/${one.id}`, { name: 'EQUIPE' }), 201);
  expect(await pawl.api(other.admin.token).post(`${other.path}/groups`, { name: 'Équipe' }), 201);
});

test('what is wrong is told, all of it, and nothing is made', async () => {
  const before = expect(await admin.get(groups), 200).meta.pagination.total;
  const guests = expect(await admin.get(`${org.path}/guests`), 200).meta.pagination.total;

  for (const name of [undefined, null, '', ' ', 7, [], 'x'.repeat(201), 'two\nlines',
    '\u200b\u0301'])
    invalid(await admin.post(groups, { name }), 'name');
  for (const members of ['1', 7, {}, [0], [-1], ['x'], [1.5], [null], [[]], [999999], [BOT],
    [stranger.id], Array(2001).fill(ann.id)])
    invalid(await admin.post(groups, { name: 'Wrong', members }), 'members');
  for (const list of ['a@b.co', {}, [7], ['nobody'], ['a@b@c.org'], [''], [null],
    [org.admin.email]])
    invalid(await admin.post(groups, { name: 'Wrong', guests: list }), 'guests');
  invalid(await admin.post(groups, { name: 'x', description: 'é'.repeat(2001) }), 'description');
  await create({ name: 'Taken' });
  const { body } = invalid(
    await admin.post(groups, {
      name: 'TAKEN', description: 7, logo: 7, members: [999999, 'x', ann.id],
      guests: ['fine@example.org', 'nobody'],
    }),
    'name', 'description', 'logo', 'members', 'guests',
  );
  assert.equal(body.errors.members.length, 2);
  assert.equal(expect(await admin.get(groups), 200).meta.pagination.total, before + 1);
  assert.equal(expect(await admin.get(`${org.path}/guests`), 200).meta.pagination.total, guests);
});

test('a refused change leaves the group as it was', async () => {
  const group = await create({ members: [ann.id], guests: ['kept@example.org'] });

  invalid(await admin.put(`${groups}/${group.id}`, { name: '', members: [BOT], guests: ['x'] }),
    'name', 'members', 'guests');
  assert.deepEqual(await read(group.id), group);
});

test('lists are sorted, searched and cut into pages', async () => {
  const home = await pawl.org({ name: 'Sorted' });
  const api = pawl.api(home.admin.token);
  const path = `${home.path}/groups`;
  const ids = {};

  for (const [name, description] of [['Beta', 'Testers'], ['élan', ''], ['Alpha', '100% Café'],
    ['Zeta', 'under_score']]) {
    ids[name] = expect(await api.post(path, { name, description }), 201).data.id;
    pawl.clock.advance(2000);
  }
  expect(await api.patch(`${path}/${ids.Beta}`, { description: 'Last ones' }), 200);
  const names = async (query = '') =>
    expect(await api.get(path + query), 200).data.map((group) => group.name);
  const byAge = ['Beta', 'élan', 'Alpha', 'Zeta'], byName = ['Alpha', 'Beta', 'élan', 'Zeta'];
  const byChange = ['élan', 'Alpha', 'Zeta', 'Beta'];

  assert.deepEqual(await names(), byAge);
  assert.deepEqual(await names('?sort_by=created_at'), byAge);
  assert.deepEqual(await names('?sort_by=nonsense'), byAge);
  assert.deepEqual(await names('?sort_by=-created_at'), byAge.toReversed());
  assert.deepEqual(await names('?sort_direction=desc'), byAge.toReversed());
  assert.deepEqual(await names('?sort_by=name'), byName);
  assert.deepEqual(await names('?sort=name'), byName);
  assert.deepEqual(await names('?sort_by=name&sort_direction=desc'), byName.toReversed());
  assert.deepEqual(await names('?sort_by=-name'), byName.toReversed());
  assert.deepEqual(await names('?sort_by=updated_at'), byChange);
  assert.deepEqual(await names('?q=ELAN'), ['élan']);
  assert.deepEqual(await names('?q=cafe'), ['Alpha']);
  assert.deepEqual(await names('?q=%25'), ['Alpha']);
  assert.deepEqual(await names('?q=_'), ['Zeta']);
  assert.deepEqual(await names('?q=testers'), []);
  assert.deepEqual(await names('?q=eta&sort_by=name'), ['Beta', 'Zeta']);
  assert.deepEqual(await names('?sort_by=name&per_page=3&page=2'), ['Zeta']);
  assert.deepEqual(await names('?limit=1'), ['Beta']);
  const { meta } = expect(await api.get(`${path}?per_page=3&page=2&q=a`), 200);
  assert.equal(meta.pagination.total, 4);
  assert.equal(meta.pagination.total_pages, 2);
  assert.equal(expect(await api.get(path), 200).meta.pagination.per_page, 10);
  assert.equal(expect(await api.get(`${path}?per_page=500`), 200).meta.pagination.per_page, 100);
  invalid(await api.get(`${path}?q=${'x'.repeat(201)}`), 'q');
});

test('people can be included', async () => {
  const group = await create({ members: [ann.id], guests: ['inc@example.org'] });
  const { data } = expect(
    await admin.get(`${groups}/${group.id}?with=assets,users,guests,nonsense`), 200);

  assert.deepEqual(data.assets, { data: [] });
  assert.equal(data.users.data.length, 1);
  assert.equal(data.users.data[0].id, ann.id);
  assert.equal(data.users.data[0].email, ann.email);
  assert.equal(data.users.data[0].full_name, 'Bob Bell');
  assert.equal(data.users.data[0].status, 'active');
  assert.equal(data.guests.data[0].email, 'inc@example.org');
  assert.equal(typeof data.guests.data[0].id, 'number');
  assert.ok(!('link' in data.guests.data[0]));
  assert.ok(!('nonsense' in data));
  const list = expect(await admin.get(`${groups}?with=users&q=${group.name}`), 200).data;
  assert.equal(list[0].users.data[0].id, ann.id);
  assert.deepEqual(list[0].guests, ['inc@example.org']);
});

test('the groups of a person can be included', async () => {
  const group = await create({ name: 'Shown', members: [cyd.id], guests: ['shown@example.org'] });
  const of = async (path) => expect(await admin.get(path), 200).data;
  const users = await of(`${org.path}/users?with=groups`);

  for (const user of [await of(`${org.path}/users/${cyd.id}?with=groups`),
    users.find(({ id }) => id === cyd.id)])
    assert.deepEqual(user.groups.data.find(({ id }) => id === group.id), {
      id: group.id, name: 'Shown', logo: null, members: [cyd.id], guests: ['shown@example.org'],
    });
  assert.deepEqual(users.find(({ id }) => id === org.admin.id).groups, { data: [] });
});

test('one person joins and leaves, as often as it is said', async () => {
  const group = await create({ members: [ann.id] });
  const member = `${groups}/${group.id}/members`;
  const guest = `${groups}/${group.id}/guests`;

  for (let i = 0; i < 2; i++)
    assert.deepEqual(expect(await admin.put(`${member}/${bob.id}`), 200).data.members,
      [ann.id, bob.id]);
  for (let i = 0; i < 2; i++)
    assert.deepEqual(expect(await admin.delete(`${member}/${ann.id}`), 200).data.members,
      [bob.id]);
  for (const address of ['one@example.org', 'ONE%40example.org'])
    assert.deepEqual(expect(await admin.put(`${guest}/${address}`), 200).data.guests,
      ['one@example.org']);
  for (const address of ['One@Example.org', 'one@example.org', 'nobody', 'new2@example.org'])
    assert.deepEqual(expect(await admin.delete(`${guest}/${address}`), 200).data.guests, []);
  refused(await admin.get(`${org.path}/guests/new2@example.org`), 404);
  expect(await admin.get(`${org.path}/guests/one@example.org`), 200);
  for (const id of [stranger.id, 999999, 'x', -1]) refused(await admin.put(`${member}/${id}`), 404);
  invalid(await admin.put(`${member}/${BOT}`), 'members');
  invalid(await admin.put(`${guest}/nobody`), 'email');
  invalid(await admin.put(`${guest}/${ann.email}`), 'email');
  assert.deepEqual((await read(group.id)).members, [bob.id]);
});

test('only active members can be in a group, and who is disabled leaves it', async () => {
  const leaver = await pawl.user(org);
  const one = await create({ members: [leaver.id, ann.id] });
  const two = await create({ members: [leaver.id] });

  expect(await admin.delete(`${org.path}/users/${leaver.id}/disable`), 200);
  assert.deepEqual((await read(one.id)).members, [ann.id]);
  assert.deepEqual((await read(two.id)).members, []);
  const { body } = invalid(await admin.post(groups, { name: 'Late', members: [leaver.id] }),
    'members');
  assert.equal(body.errors.members[0], `${leaver.id} is disabled.`);
  invalid(await admin.put(`${groups}/${one.id}/members/${leaver.id}`), 'members');
  const invited = expect(
    await admin.post(`${org.path}/users/invite`,
      { email: 'soon@example.com', first_name: 'Sue', last_name: 'Soon' }),
    200,
  ).data;
  invalid(await admin.put(`${groups}/${one.id}`, { members: [invited.id] }), 'members');
});

test('a guest who is deleted leaves all groups', async () => {
  const group = await create({ guests: ['gone@example.org', 'stays@example.org'] });

  expect(await admin.delete(`${org.path}/guests/gone@example.org`), 200);
  assert.deepEqual((await read(group.id)).guests, ['stays@example.org']);
});

test('no group grows beyond the organization’s limit', async () => {
  const home = await pawl.org({ name: 'Small' });
  const api = pawl.api(home.admin.token);
  const path = `${home.path}/groups`;
  const people = [home.admin.id];

  for (let i = 0; i < 3; i++) people.push((await pawl.user(home)).id);
  const large = expect(await api.post(path, { name: 'Large', members: people }), 201).data;
  expect(await api.patch(home.path, { maximum_group_assignment_limit: 2 }), 200);
  invalid(await api.post(path, { name: 'All', members: people }), 'members');
  invalid(await api.post(path, { name: 'All', members: people.slice(0, 2), guests: ['a@b.co'] }),
    'members');
  const two = { name: 'Two', members: people.slice(0, 2) };
  const small = expect(await api.post(path, two), 201).data;
  invalid(await api.put(`${path}/${small.id}/members/${people[2]}`), 'members');
  invalid(await api.put(`${path}/${small.id}/guests/a@b.co`), 'guests');
  // One that is too large already keeps its name and its people, and may shrink.
  expect(await api.put(`${path}/${large.id}`, { name: 'Too large' }), 201);
  expect(await api.put(`${path}/${large.id}`, { members: people }), 201);
  expect(await api.put(`${path}/${large.id}`, { members: people.slice(0, 3) }), 201);
});

test('everybody sees groups; who changes them is a setting', async () => {
  const group = await create();
  const as = { standard: pawl.api(ann.token), light: pawl.api(bob.token) };
  const tries = (api) => [
    api.post(groups, { name: `By ${made++}` }), api.put(`${groups}/${group.id}`, {}),
    api.patch(`${groups}/${group.id}`, {}), api.put(`${groups}/${group.id}/members/${ann.id}`),
    api.put(`${groups}/${group.id}/guests/by@example.org`),
    api.delete(`${groups}/${group.id}/members/${ann.id}`),
    api.delete(`${groups}/${group.id}/guests/by@example.org`),
  ];

  for (const api of Object.values(as)) {
    expect(await api.get(groups), 200);
    expect(await api.get(`${groups}/${group.id}`), 200);
    for (const answer of await Promise.all(tries(api))) refused(answer, 403, 'FORBIDDEN_ROLE');
    refused(await api.delete(`${groups}/${group.id}`), 403, 'FORBIDDEN_ROLE');
  }
  expect(await admin.patch(org.path, { allow_manage_groups: true }), 200);
  for (const answer of await Promise.all(tries(as.standard)))
    assert.ok(answer.status < 300, answer.text);
  refused(await as.light.post(groups, { name: 'By light' }), 403, 'FORBIDDEN_ROLE');
  expect(await as.standard.delete(`${groups}/${group.id}`), 204);
  expect(await admin.patch(org.path, { allow_manage_groups: false }), 200);
});

test('another organization’s groups do not exist here', async () => {
  const theirs = pawl.api(other.admin.token);
  const group = await create({ members: [ann.id] });

  for (const id of [group.id, '0'.repeat(32), 'nonsense', '1']) {
    const path = `${other.path}/groups/${id}`;

    refused(await theirs.get(path), 404);
    refused(await theirs.put(path, { name: 'Mine' }), 404);
    refused(await theirs.patch(path, { name: 'Mine' }), 404);
    refused(await theirs.put(`${path}/members/${stranger.id}`), 404);
    refused(await theirs.delete(`${path}/members/${ann.id}`), 404);
    refused(await theirs.put(`${path}/guests/a@b.co`), 404);
    refused(await theirs.delete(`${path}/guests/a@b.co`), 404);
    refused(await theirs.delete(path), 404);
  }
  refused(await theirs.get(`${groups}/${group.id}`), 403);
  assert.deepEqual(await read(group.id), group);
});

test('of many lists that are sent at once, one is what the group is', async () => {
  const people = [];

  for (let i = 0; i < 6; i++) people.push((await pawl.user(org, { withToken: false })).id);
  const group = await create({ members: people });
  const lists = Array.from({ length: 20 }, (_, i) => people.filter((_, k) => (i >> (k % 5)) % 2));
  const answers = await Promise.all(
    lists.map((members) => admin.put(`${groups}/${group.id}`, { members })));

  answers.forEach((answer, i) =>
    assert.deepEqual(expect(answer, 201).data.members, lists[i]));
  const final = JSON.stringify((await read(group.id)).members);
  assert.ok(lists.some((list) => JSON.stringify(list) === final), final);
  assert.equal(expect(await admin.get(`${groups}/${group.id}?with=users`), 200).data.users.data
    .length, JSON.parse(final).length);
});

test('many who join one by one at once are all in', async () => {
  const group = await create();
  const addresses = Array.from({ length: 12 }, (_, i) => `crowd${i}@example.org`);
  const answers = await Promise.all(
    addresses.map((address) => admin.put(`${groups}/${group.id}/guests/${address}`)));

  answers.forEach((answer, i) => assert.ok(expect(answer, 200).data.guests.includes(addresses[i])));
  assert.deepEqual((await read(group.id)).guests.toSorted(), addresses.toSorted());
});

test('who is disabled while joining many groups is in none of them', async () => {
  const leaver = await pawl.user(org);
  const all = [];

  for (let i = 0; i < 6; i++) all.push(await create());
  const [gone, ...answers] = await Promise.all([
    admin.delete(`${org.path}/users/${leaver.id}/disable`),
    ...all.map(({ id }) => admin.put(`${groups}/${id}/members/${leaver.id}`)),
    ...all.map(({ id }) => admin.put(`${groups}/${id}`, { members: [ann.id, leaver.id] })),
  ]);

  expect(gone, 200);
  for (const answer of answers) assert.ok([200, 201, 422].includes(answer.status), answer.text);
  for (const { id } of all) assert.ok(!(await read(id)).members.includes(leaver.id));
});

test('a group that is deleted while it is changed is gone', async () => {
  const group = await create({ members: [ann.id] });
  const answers = await Promise.all([
    ...Array.from({ length: 4 }, (_, i) =>
      admin.put(`${groups}/${group.id}/guests/late${i}@example.org`)),
    admin.delete(`${groups}/${group.id}`),
    admin.put(`${groups}/${group.id}`, { members: [bob.id] }),
    admin.delete(`${groups}/${group.id}`),
  ]);

  for (const answer of answers)
    assert.ok([200, 201, 204, 404].includes(answer.status), answer.text);
  assert.equal(answers.filter((answer) => answer.status === 204).length, 1);
  refused(await admin.get(`${groups}/${group.id}`), 404);
});

test('the log tells who joined and who left, and nothing when nothing changed', async () => {
  const group = await create({ name: 'Logged', members: [ann.id] });

  expect(await admin.put(`${groups}/${group.id}`, { name: 'Logged', members: [ann.id] }), 201);
  expect(await admin.put(`${groups}/${group.id}`, { members: [bob.id, cyd.id] }), 201);
  expect(await admin.delete(`${groups}/${group.id}`), 204);
  const { data } = expect(
    await admin.get(`${org.path}/activity-feeds?entity_type=group&entity_id=${group.id}`), 200);

  assert.deepEqual(data.map((row) => row.verb[0]), ['deleted', 'updated', 'created']);
  assert.equal(data[0].description, 'Ada Admin deleted the group “Logged”');
  assert.deepEqual(data[1].audit.data.joined, [bob.id, cyd.id]);
  assert.deepEqual(data[1].audit.data.left, [ann.id]);
});

test('an organization has a thousand groups at most', async () => {
  const home = await pawl.org({ name: 'Many' });
  const api = pawl.api(home.admin.token);
  const path = `${home.path}/groups`;

  for (let i = 0; i < 1000; i += 50)
    await Promise.all(Array.from({ length: 50 }, async (_, k) =>
      expect(await api.post(path, { name: `G${i + k}` }), 201)));
  const { body } = invalid(await api.post(path, { name: 'One more' }), 'name');
  assert.match(body.errors.name[0], /1000/);
});

test('the store is sound after all this', async () => {
  await pawl.admin(['check']);
});
