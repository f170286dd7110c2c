// The members of an organization, as its other members see them.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { MEMBER, MEMBER_ENTRY, PAGINATION } from '../lib/shapes.js';
import { change } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const standard = await pawl.user(org, { first: 'Émile', last: 'Zola', email: 'zola@example.com' });
const light = await pawl.user(org, { role: 'light', first: 'Lou', last: 'Light' });
const other = await pawl.org({ name: 'Other' });
const BOT = 1;
const everybody = [BOT, org.admin.id, standard.id, light.id].sort((a, b) => a - b);

const ids = ({ data }) => data.map(({ id }) => id);

test('every member lists all members, in the order of their ids', async () => {
  for (const { token } of [org.admin, standard, light]) {
    const list = expect(await pawl.api(token).get(`${org.path}/users`), 200);

    for (const one of list.data) shape(one, MEMBER);
    assert.deepEqual(ids(list), everybody);
    shape(list.meta.pagination, PAGINATION);
    assert.deepEqual(list.meta.pagination, {
      total: 4,
      count: 4,
      per_page: 9999,
      current_page: 1,
      total_pages: 1,
      has_more_pages: false,
      links: [],
    });
  }
});

test('when and from where somebody was here is for administrators and themselves', async () => {
  const traces = ['last_login_at', 'last_accessed_at', 'last_known_ip', 'last_known_country'];

  await pawl.session(standard);
  for (const { id, token } of [org.admin, standard, light]) {
    const list = expect(await pawl.api(token).get(`${org.path}/users?q=zola`), 200).data;
    const told = traces.filter((key) => list[0][key] !== null);

    assert.equal(told.includes('last_login_at'), id !== light.id);
    if (id === light.id) assert.deepEqual(told, []);
  }
});

test('the bot is listed, and told from people', async () => {
  const { data, meta } = expect(await admin.get(`${org.path}/users?q=pawl%20bot`), 200);

  assert.equal(meta.pagination.total, 1);
  shape(data[0], MEMBER);
  assert.equal(data[0].id, BOT);
  assert.equal(data[0].support_user, true);
  assert.equal(data[0].status, 'active');
  assert.equal(expect(await admin.get(org.path), 200).data.users_count, 3);
});

test('who was deleted is in no list', async () => {
  const other = await pawl.org();
  const api = pawl.api(other.admin.token);
  const leaver = await pawl.user(other, { first: 'Lea', last: 'Leaver' });

  await change(pawl, `UPDATE members SET deleted_at = 1, status = 'disabled'
    WHERE org_id = '${other.id}' AND user_id = ${leaver.id}`);
  for (const query of ['', '?sort=first_name', '?sort=-email', '?q=leaver', '?q=le'])
    assert.ok(!ids(expect(await api.get(`${other.path}/users${query}`), 200)).includes(leaver.id));
  assert.ok(!ids(expect(await api.get(`${other.path}/users-list`), 200)).includes(leaver.id));
  refused(await api.get(`${other.path}/users/${leaver.id}`), 404, 'RESOURCE_NOT_FOUND');
});

test('the list pages, and follows its own links', async () => {
  const seen = [];
  let path = `/api${org.path}/users?per_page=2&with=groups`;

  while (path) {
    const { data, meta } = expect(await admin.get(path), 200);

    for (const one of data) assert.deepEqual(one.groups, { data: [] });
    seen.push(...data.map(({ id }) => id));
    assert.equal(meta.pagination.has_more_pages, Boolean(meta.pagination.links.next));
    path = meta.pagination.links.next?.slice(pawl.url.length);
  }
  assert.deepEqual(seen, everybody);
  assert.equal(
    expect(await admin.get(`${org.path}/users?per_page=1000000`), 200).meta.pagination.per_page,
    9999,
  );
  assert.equal(expect(await admin.get(`${org.path}/users?limit=1`), 200).data.length, 1);
});

test('a search finds names and addresses, in any case and literally', async () => {
  const found = async (q) =>
    ids(expect(await admin.get(`${org.path}/users?q=${encodeURIComponent(q)}`), 200));

  assert.deepEqual(await found('ZOLA'), [standard.id]);
  assert.deepEqual(await found('émile'), [standard.id]);
  assert.deepEqual(await found('ÉMI'), [standard.id]);
  assert.deepEqual(await found('zola@example.com'), [standard.id]);
  assert.deepEqual(await found('%'), []);
  assert.deepEqual(await found('_'), []);
  assert.deepEqual(await found("'"), []);
});

test('two people of almost the same address are two people', async () => {
  const other = await pawl.org();
  const zoe = await pawl.user(other, { email: 'zoe@example.com' });
  const zoë = await pawl.user(other, { email: 'Zoë@example.com' });
  const whoIs = async (email) => expect(await (await pawl.session({ email })).get('/me'), 200).data;

  assert.notEqual(zoe.id, zoë.id);
  assert.equal((await whoIs('ZOE@example.com')).id, zoe.id);
  assert.equal((await whoIs('ZOË@example.com')).id, zoë.id);
  for (const [q, id] of [['zoë@', zoë.id], ['zoe@', zoe.id]]) {
    const path = `${other.path}/users?q=${encodeURIComponent(q)}`;
    const found = expect(await pawl.api(other.admin.token).get(path), 200);
    assert.deepEqual(ids(found), [id]);
  }
});

test('a search for a whole book is refused', async () => {
  invalid(await admin.get(`${org.path}/users?q=${encodeURIComponent('ﷺ'.repeat(250))}`), 'q');
});

test('the short list has no pages', async () => {
  for (const { token } of [org.admin, standard, light]) {
    const list = expect(await pawl.api(token).get(`${org.path}/users-list`), 200);

    for (const one of list.data) shape(one, MEMBER_ENTRY);
    assert.deepEqual(ids(list).sort((a, b) => a - b), everybody);
    assert.ok(!('meta' in list.body));
    assert.deepEqual(list.data.filter((one) => one.support_user).map(({ id }) => id), [1],
      'the bot is told from people');
  }
});

test('one member is read by administrators and by oneself', async () => {
  const path = `${org.path}/users/${standard.id}`;

  for (const { token } of [org.admin, standard]) {
    const { data } = expect(await pawl.api(token).get(path), 200);

    shape(data, MEMBER);
    assert.equal(data.id, standard.id);
    assert.equal(data.role, 'standard');
  }
  refused(await pawl.api(light.token).get(path), 403);
});

test('who is no member is not found', async () => {
  for (const id of [other.admin.id, 999_999, 0, -1, 'x', '1e3', '9'.repeat(30), `0${standard.id}`,
    `${standard.id}abc`, `${standard.id}%20`])
    refused(await admin.get(`${org.path}/users/${id}`), 404, 'RESOURCE_NOT_FOUND');
});

test('another organization’s members are not listed', async () => {
  const stranger = pawl.api(other.admin.token);

  for (const path of ['users', 'users-list', `users/${standard.id}`])
    refused(await stranger.get(`${org.path}/${path}`), 403);
  assert.deepEqual(ids(expect(await stranger.get(`${other.path}/users`), 200)),
    [BOT, other.admin.id]);
  assert.deepEqual(
    ids(expect(await stranger.get(`${other.path}/users?q=zola`), 200)),
    [],
  );
});
