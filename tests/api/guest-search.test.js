// Finding guests and putting them in order.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SECOND, startServer } from '../harness.js';
import { expect, invalid } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const other = await pawl.org({ name: 'Other' });
const path = `${org.path}/guests`;

// In the order in which they are added, a second after each other.
const PEOPLE = [
  ['zebra@example.com', 'Émile', 'Zola'],
  ['mara@acme.example', 'Mara', 'Äbel'],
  ['Li.Wei@example.com', '伟', '李'],
  ['nameless@example.org', null, null],
  ['o_percent%@example.com', 'Øyvind', "O'Neill"],
  ['anna@acme.example', 'anna', 'émile'],
];
for (const [email, first_name, last_name] of PEOPLE) {
  expect(await admin.post(path, { email, first_name, last_name }), 201);
  pawl.clock.advance(SECOND);
}
const ALL = PEOPLE.map(([email]) => email);
expect(await pawl.api(other.admin.token).post(`${other.path}/guests`,
  { email: 'emile@example.com', first_name: 'Emile' }), 201);

const emails = async (query) =>
  expect(await admin.get(`${path}?${new URLSearchParams(query)}`), 200).data
    .map(({ email }) => email);
const sorted = (...list) => [...list].sort();

test('the order is that of their age; others are asked for', async () => {
  const down = (list) => [...list].reverse();
  const byFirst = [ALL[3], ALL[5], ALL[0], ALL[1], ALL[4], ALL[2]];
  const byLast = [ALL[3], ALL[1], ALL[5], ALL[4], ALL[0], ALL[2]];
  const byEmail = [ALL[5], ALL[2], ALL[1], ALL[3], ALL[4], ALL[0]];

  assert.deepEqual(await emails({}), ALL);
  assert.deepEqual(await emails({ sort: 'nonsense' }), ALL);
  for (const [sort, list] of Object.entries({
    created_at: ALL, id: ALL, first_name: byFirst, full_name: byFirst, last_name: byLast,
    email: byEmail,
  })) {
    assert.deepEqual(await emails({ sort }), list, sort);
    assert.deepEqual(await emails({ sort: `-${sort}` }), down(list), `-${sort}`);
    assert.deepEqual(await emails({ sort_by: sort, sort_direction: 'desc' }), down(list));
    assert.deepEqual(await emails({ sort_by: sort, sort_direction: 'asc' }), list);
    assert.deepEqual(await emails({ sort, q: 'e', per_page: 100 }),
      list.filter((email) => /^e|\be|[ .@_]e/i.test(`${words(email)}`)), `found, by ${sort}`);
    assert.deepEqual(await emails({ sort, per_page: 2, page: 2 }), list.slice(2, 4));
  }
});

// Name and address as search reads them.
function words(email) {
  const [, first, last] = PEOPLE.find(([one]) => one === email);

  return `${first ?? ''} ${last ?? ''} ${email}`.normalize('NFD').replace(/\p{M}/gu, '');
}

test('a search finds parts of names and addresses, in any case, accents or not', async () => {
  for (const [q, found] of [
    ['emile', [ALL[0], ALL[5]]],
    ['ÉMILE', [ALL[0], ALL[5]]],
    ['mile zo', [ALL[0]]],
    ['abel', [ALL[1]]],
    ['ACME', [ALL[1], ALL[5]]],
    ['li.wei@', [ALL[2]]],
    ['李', [ALL[2]]],
    ["o'neill", [ALL[4]]],
    ['o_p', [ALL[4]]],
    ['percent%', [ALL[4]]],
    ['nameless', [ALL[3]]],
    ['  zola  ', [ALL[0]]],
    ['nobody', []],
    ['', ALL],
    [' ', ALL],
  ]) {
    assert.deepEqual(sorted(...(await emails({ q }))), sorted(...found), q);
  }
});

test('pages of what is found have their own totals', async () => {
  const answer = expect(await admin.get(`${path}?q=example.com&per_page=2&sort=email`), 200);

  assert.equal(answer.meta.pagination.total, 3);
  assert.equal(answer.meta.pagination.total_pages, 2);
  assert.match(answer.meta.pagination.links.next, /q=example.com/);
  const all = expect(await admin.get(`${path}?q=example.com&without_pagination=true`), 200);
  assert.equal(all.data.length, 3);
  assert.ok(!('meta' in all.body));
});

test('a question that makes no sense is refused', async () => {
  invalid(await admin.get(`${path}?q=${'x'.repeat(201)}`), 'q');
  invalid(await admin.get(`${path}?without_pagination=perhaps`), 'without_pagination');
});

test('who is renamed is found by the new name alone', async () => {
  expect(await admin.put(`${path}/${ALL[3]}`, { first_name: 'Quentin' }), 201);
  assert.deepEqual(await emails({ q: 'quentin' }), [ALL[3]]);
  expect(await admin.patch(`${path}/${ALL[3]}`, { first_name: 'Rufus' }), 200);
  assert.deepEqual(await emails({ q: 'quentin' }), []);
  assert.deepEqual(await emails({ q: 'rufus' }), [ALL[3]]);
  assert.deepEqual((await emails({ sort: 'first_name' })).at(-3), ALL[3]);
  expect(await admin.delete(`${path}/${ALL[3]}`), 200);
  assert.deepEqual(await emails({ q: 'rufus' }), []);
  assert.deepEqual(await emails({ q: 'nameless' }), []);
});
