// What answers include of other records: no request makes the server hold more than a few answers'
// worth of it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid } from '../lib/expect.js';
import { change } from '../lib/store.js';

const MOST = 350; // MiB that an answer may cost; sanitizers keep freed memory a while
const PEOPLE = 1000;
const GROUPS = 60;
const DEPTH = 18;
const FOLDERS = 4900;

let pawl, org, admin;

const upTo = (n) =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})`;
const id = (word) =>
  `substr('${'0'.repeat(32)}' || ${word}, length(CAST(${word} AS TEXT)) + 1)`;

before(async () => {
  pawl = await startServer();
  org = await pawl.org();
  admin = pawl.api(org.admin.token);
  await change(pawl, `INSERT INTO users (id, email, email_folded, first_name, last_name,
      created_at, updated_at)
    ${upTo(PEOPLE)} SELECT 5000 + i, i || '@example.com', i || '@example.com', 'A', 'B', 1, 1
    FROM n`);
  await change(pawl, `INSERT INTO members (org_id, user_id, role, status, joined_at, name_key,
      last_name_key, email_key)
    ${upTo(PEOPLE)} SELECT '${org.id}', 5000 + i, 'light', 'active', 1, 'a b', 'b a',
      i || '@example.com' FROM n`);
  await change(pawl, `INSERT INTO groups (org_id, id, name, name_folded, description,
      description_folded, created_at, updated_at)
    ${upTo(GROUPS)} SELECT '${org.id}', ${id('i')}, 'Group ' || i, 'group ' || i, '', '', 1, 1
    FROM n`);
  await change(pawl, `INSERT INTO group_people (org_id, group_id, person_id, is_guest)
    ${upTo(PEOPLE)} SELECT '${org.id}', g.id, 5000 + i, 0 FROM n CROSS JOIN groups g`);
  await change(pawl, `INSERT INTO folders (org_id, id, name, name_folded, folder_type, parent_id,
      position, created_at, updated_at)
    ${upTo(DEPTH + FOLDERS)} SELECT '${org.id}', ${id('i')}, 'Folder ' || i, 'folder ' || i,
      'run', CASE WHEN i = 1 THEN NULL WHEN i > ${DEPTH} THEN ${id(DEPTH)}
                  ELSE ${id('(i - 1)')} END, i, 1, 1 FROM n`);
});
after(() => pawl.stop());

const MiB = (word) =>
  Number(readFileSync(`/proc/${pawl.child.pid}/status`, 'utf8')
    .match(new RegExp(`${word}:\\s+(\\d+)`))[1]) / 1024;

// The answer, which has not cost more than MOST.
async function modestly(path) {
  writeFileSync(`/proc/${pawl.child.pid}/clear_refs`, '5'); // forgets the peak
  const had = MiB('VmRSS');
  const answer = await admin.get(`${org.path}${path}`);
  const cost = Math.round(MiB('VmHWM') - had);

  assert.ok(cost < MOST, `${path} took ${cost} MiB`);
  return answer;
}

test('people with their groups', async () => {
  invalid(await modestly('/users?with=groups'), 'per_page');
  const { data } = expect(await modestly('/users?with=groups&per_page=20&sort=-id'), 200);

  assert.equal(data.length, 20);
  for (const person of data) {
    assert.equal(person.groups.data.length, GROUPS);
    assert.equal(person.groups.data[0].members.length, PEOPLE);
  }
});

test('groups with their people', async () => {
  const { data } = expect(await modestly('/groups?with=users,guests&per_page=100'), 200);

  assert.equal(data.length, GROUPS);
  for (const group of data) assert.equal(group.users.data.length, PEOPLE);
});

test('folders with all that lies in them', async () => {
  const { data } = expect(await modestly('/folders?with=children&per_page=100'), 200);
  let children = { data };

  for (let i = 0; i < DEPTH; i++) {
    assert.equal(children.data[0].name, `Folder ${i + 1}`);
    children = children.data[0].children;
  }
  assert.deepEqual(children.data.map(({ position }) => position),
    Array.from({ length: FOLDERS }, (_, i) => DEPTH + 1 + i));
  const top = expect(await admin.post(`${org.path}/folders`, { name: 'Top', folder_type: 'run' }),
    201).data;
  const move = (i) =>
    admin.patch(`${org.path}/folders/${String(i).padStart(32, '0')}`, { parent_id: top.id });
  expect(await move(1), 200);
  assert.equal((await admin.get(`${org.path}/folders/${top.id}?with=children`)).data
    .children.data.length, 1);
});
