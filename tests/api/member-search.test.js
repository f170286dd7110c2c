// Finding members: by parts of names and addresses in any script, and in any order.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid } from '../lib/expect.js';
import { change, place } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const BOT = 1;

const PEOPLE = {
  giorgos: ['Γιώργος', 'Παπαδόπουλος', 'giorgos@athens.example'],
  layla: ['ليلى', 'الحدّاد', 'layla@cairo.example'],
  li: ['李', '明华', 'li.minghua@beijing.example'],
  kim: ['김', '민수', 'kim@seoul.example'],
  emoji: ['🦊 Fox', '👩‍💻', 'fox@woods.example'],
  emile: ['Émile', 'Zola', 'zola@paris.example'],
  anna: ['Anna Maria', "O'Neil-Straße", 'anna_maria+work@berlin.example'],
  percent: ['Hundred%', 'Under_score', 'odd\u0301@example.com'],
};
const id = {};
for (const [key, [first, last, email]] of Object.entries(PEOPLE))
  id[key] = (await pawl.user(org, { first, last, email, withToken: false })).id;

async function list(query) {
  const path = `${org.path}/users?${new URLSearchParams(query)}`;

  return expect(await admin.get(path), 200);
}

async function found(q, more = {}) {
  const { data, meta } = await list({ q, ...more });

  assert.equal(meta.pagination.total, data.length);
  return data.map((person) => Object.keys(id).find((key) => id[key] === person.id) ?? person.id);
}

for (const [what, key, ...queries] of [
  ['Greek', 'giorgos', 'Γιώργος', 'γιωργος', 'ΓΙΩΡΓΟΣ', 'παπαδ', 'ΌΠΟΥΛΟΣ', 'οσ παπ', 'γ', 'πα'],
  ['Arabic', 'layla', 'ليلى', 'الحداد', 'لي', 'لَيْلى'],
  ['Chinese', 'li', '李', '明华', '华', '李 明', 'minghua', 'beijing'],
  ['Korean', 'kim', '김', '민수', 'seoul'],
  ['emoji', 'emoji', '🦊', '👩‍💻', '🦊 fox', 'woods'],
  ['French', 'emile', 'émile', 'EMILE', 'zola@', 'paris.example', 'é', 'zo', '  zola  '],
  ['German', 'anna', 'maria', 'a maria', 'strasse', "o'neil", 'neil-s', 'work@', 'a_m', 'ST'],
  ['literal', 'percent', 'hundred%', 'r_s', 'ed%'],
])
  test(`parts of a ${what} name or address find its owner`, async () => {
    for (const q of queries) assert.ok((await found(q)).includes(key), `${q} finds ${key}`);
  });

test('three characters are looked for anywhere, one or two where a word begins', async () => {
  assert.deepEqual(await found('ola'), ['emile']);
  assert.deepEqual(await found('la'), ['layla']);
  assert.deepEqual(await found('z'), ['emile']);
  assert.deepEqual(await found('la@'), ['emile', 'layla'].sort((a, b) => id[a] - id[b]));
});

test('what nobody has finds nobody, and wildcards are characters', async () => {
  for (const q of ['zolla', 'e%e', 'z_la', '%%%', '___', '\\\\\\', "'; --", 'zolazola', '李李', '🐻'])
    assert.deepEqual(await found(q), []);
});

test('a search for nothing is none', async () => {
  for (const q of ['', '   ', '\u0301'])
    assert.equal((await list({ q })).meta.pagination.total, Object.keys(id).length + 2);
});

test('two hundred characters may be looked for, no more', async () => {
  assert.deepEqual(await found('🙂'.repeat(200)), []);
  invalid(await admin.get(`${org.path}/users?${new URLSearchParams({ q: '🙂'.repeat(201) })}`), 'q');
});

test('a search has pages, and their total is exact', async () => {
  const pages = [];

  for (const page of [1, 2, 3]) {
    const { data, meta } = await list({ q: '.example', per_page: 3, page });

    pages.push(...data.map((person) => person.id));
    assert.equal(meta.pagination.total, 7);
  }
  assert.deepEqual(pages, Object.values(id).filter((one) => one !== id.percent));
  assert.deepEqual((await list({ q: '.example', page: 99 })).data, []);
  assert.equal((await list({ q: '.example', page: 99 })).meta.pagination.total, 7);
});

test('every order is that of its key, both ways, with and without a search', async () => {
  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const keys = {
    id: (p) => p.id,
    created_at: (p) => p.id,
    joined_at: (p) => p.id,
    first_name: (p) => fold(`${p.first_name} ${p.last_name}`),
    full_name: (p) => fold(p.full_name),
    last_name: (p) => fold(`${p.last_name} ${p.first_name}`),
    email: (p) => p.email.toLowerCase(),
  };
  const bytes = (a, b) =>
    typeof a === 'number' ? a - b : Buffer.compare(Buffer.from(a), Buffer.from(b));

  for (const more of [{}, { q: 'example' }])
    for (const [sort, key] of Object.entries(keys)) {
      const up = (await list({ sort, ...more })).data.filter((p) => p.id !== BOT);
      const down = (await list({ sort: `-${sort}`, ...more })).data.filter((p) => p.id !== BOT);
      const other = (await list({ sort_by: sort, sort_direction: 'desc', ...more })).data;

      assert.equal(up.length, Object.keys(id).length + 1);
      assert.deepEqual(up.map(key), [...up].sort((a, b) => bytes(key(a), key(b))).map(key), sort);
      assert.deepEqual(down.map((p) => p.id), up.map((p) => p.id).reverse(), `-${sort}`);
      assert.deepEqual(other.filter((p) => p.id !== BOT).map((p) => p.id), down.map((p) => p.id));
    }
  assert.deepEqual((await list({ sort: 'shoe_size' })).data, (await list({})).data);
});

test('a new name and a new address are found, the old ones no more, everywhere', async () => {
  const [one, two] = [await pawl.org(), await pawl.org()];
  const email = pawl.email('mover');
  const mover = await pawl.user(one, { email, first: 'Before', last: 'Hand' });
  const me = pawl.api(mover.token);
  const search = async ({ path, admin: { token } }, q) =>
    expect(await pawl.api(token).get(`${path}/users?q=${q}`), 200).data.map((p) => p.id);

  await pawl.admin(['user', 'invite', '--org', two.id, '--email', email, '--role', 'light',
    '--first-name', 'Before', '--last-name', 'Hand']);
  await place(pawl, two, mover, { role: 'light' });
  expect(await me.patch(`${one.path}/me`, { first_name: 'After' }), 200);
  for (const where of [one, two]) {
    assert.deepEqual(await search(where, 'after'), [mover.id]);
    assert.deepEqual(await search(where, 'before'), []);
    assert.deepEqual(await search(where, 'ter%20han'), [mover.id]);
  }
});

test('a search stays in its organization', async () => {
  const other = await pawl.org();
  const { data, meta } = expect(
    await pawl.api(other.admin.token).get(`${other.path}/users?q=zola`), 200);

  assert.deepEqual(data, []);
  assert.equal(meta.pagination.total, 0);
});

test('members from before the search are found after a start', async () => {
  await change(pawl, 'UPDATE members SET name_key = NULL, last_name_key = NULL, email_key = NULL');
  await change(pawl, 'DELETE FROM people_grams');
  assert.deepEqual(await found('zola'), []);
  await pawl.restart();
  assert.deepEqual(await found('zola'), ['emile']);
  assert.deepEqual(await found('γιωργος'), ['giorgos']);
});
