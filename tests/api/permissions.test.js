// Who may do what: every role tries every route of an organization, its own and another one.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { table, tryAll } from '../lib/routes.js';

// The matrix as it is promised. 'setting' is followed by the setting that decides.
const MATRIX = `
  action                admin  standard                     light  guest
  see_organization      yes    yes                          yes    no
  manage_organization   yes    no                           no     no
  keep_own_profile      yes    yes                          yes    no
  see_members           yes    yes                          yes    no
  keep_profiles         yes    own                          own    no
  invite_members        yes    setting:allow_user_invite    no     no
  manage_members        yes    no                           no     no
  see_groups            yes    yes                          yes    no
  manage_groups         yes    setting:allow_manage_groups  no     no
  see_guests            yes    yes                          own    no
  add_guests            yes    yes                          no     no
  manage_guests         yes    no                           no     no
  see_tasks_of_guests   yes    yes                          own    own
  see_tasks             yes    yes                          own    no
  create_tasks          yes    yes                          no     no
  work_on_tasks         yes    yes                          own    no
  reopen_tasks          yes    yes                          own    no
  delete_for_good       yes    no                           no     no
  see_tags              yes    yes                          yes    no
  use_tags              yes    yes                          no     no
  manage_tags           yes    no                           no     no
  see_folders           yes    yes                          yes    no
  manage_folders        yes    yes                          no     no
  see_activity          yes    own                          own    no
`;

const [HEAD, ...ROWS] = MATRIX.trim().split('\n').map((line) => line.trim().split(/\s+/));
const matrix = Object.fromEntries(
  ROWS.map(([action, ...cells]) => [
    action,
    Object.fromEntries(cells.map((cell, i) => [HEAD[i + 1], cell])),
  ]),
);
const ROLES = ['admin', 'standard', 'light'];

const pawl = await startServer();
after(() => pawl.stop());

const routes = (await table(pawl, 'routes')).filter(({ who }) => who in matrix);
const home = await pawl.org({ name: 'Home' });
const away = await pawl.org({ name: 'Away' });
const admin = pawl.api(home.admin.token);

async function people(org) {
  return { admin: org.admin, standard: await pawl.user(org, { role: 'standard' }),
           light: await pawl.user(org, { role: 'light' }) };
}

const ours = await people(home);
const theirs = await people(away);
const apiOf = (person) => pawl.api(person.token);

test('the table of the server is the one that is promised', async () => {
  const told = await table(pawl, 'permissions');

  assert.deepEqual(
    Object.fromEntries(told.map(({ name, setting, ...cells }) => [
      name,
      Object.fromEntries(Object.entries(cells).map(([role, cell]) => [
        role,
        cell === 'setting' ? `setting:${setting}` : cell,
      ])),
    ])),
    matrix,
  );
});

test('every action of the table stands before a route', () => {
  const used = new Set(routes.map(({ who }) => who));

  assert.deepEqual(Object.keys(matrix).filter((action) => !used.has(action)), []);
});

test('every route in an organization asks for an action', async () => {
  for (const { path, who } of await table(pawl, 'routes'))
    if (path.startsWith('/organizations/{org}')) assert.ok(who in matrix, `${path}: ${who}`);
});

// What the cell says of a route, with a subject that does not exist: either the role is refused, or
// whatever comes next is.
function judge(cell) {
  return (answer, { who }) => {
    const right = cell(matrix[who]);

    assert.notEqual(answer.status, 401);
    if (right === 'no') refused(answer, 403, 'FORBIDDEN_ROLE', / takes the role /);
    else if (right === 'yes') assert.notEqual(answer.code, 'FORBIDDEN_ROLE', answer.text);
  };
}

describe('in their own organization', () => {
  for (const role of ROLES)
    test(role, () =>
      tryAll(routes, apiOf(ours[role]), home,
        judge((row) => (row[role].startsWith('setting') ? 'no' : row[role]))));

  for (const setting of ['allow_user_invite', 'allow_manage_groups'])
    test(`standard, with ${setting}`, async () => {
      const concerned = routes.filter(({ who }) => matrix[who].standard === `setting:${setting}`);

      expect(await admin.patch(home.path, { [setting]: true }), 200);
      try {
        await tryAll(concerned, apiOf(ours.standard), home, judge(() => 'yes'));
        await tryAll(concerned, apiOf(ours.light), home, judge(() => 'no'));
      } finally {
        expect(await admin.patch(home.path, { [setting]: false }), 200);
      }
    });
});

describe('in another organization', () => {
  for (const role of ROLES)
    test(role, () =>
      tryAll(routes, apiOf(theirs[role]), home, (answer) => {
        refused(answer, 403);
        assert.notEqual(answer.code, 'FORBIDDEN_ROLE');
      }));
});

// What 'own' means, cell by cell: what is theirs is given, the same of somebody else is not.
describe('their own and not another\'s', () => {
  const given = (answer) => assert.ok(answer.status < 300, answer.text);
  const withheld = (answer) => assert.ok([403, 404].includes(answer.status), answer.text);
  const taskOf = async (person) =>
    expect(await admin.post(`${home.path}/tasks`, oneOff(person)), 201).data;
  const guestOf = async (person, email) => {
    const associated_members = [person.id];

    expect(await admin.post(`${home.path}/guests`, { email }), 201);
    expect(await admin.put(`${home.path}/guests/${email}`, { associated_members }), 201);
    return email;
  };
  const code = (guest) => guest.link.split('/').at(-1);

  for (const role of ['standard', 'light'])
    test(`keep_profiles: ${role}`, async () => {
      const api = apiOf(ours[role]);

      given(await api.get(`${home.path}/users/${ours[role].id}`));
      withheld(await api.get(`${home.path}/users/${home.admin.id}`));
      withheld(await api.patch(`${home.path}/users/${home.admin.id}`, { first_name: 'Eve' }));
    });

  test('see_guests, see_tasks_of_guests: light', async () => {
    const api = apiOf(ours.light);
    const mine = await guestOf(ours.light, 'mine@example.com');
    const other = await guestOf(ours.standard, 'other@example.com');

    assert.deepEqual(
      expect(await api.get(`${home.path}/guests`), 200).data.map(({ email }) => email),
      [mine],
    );
    for (const what of ['', '/tasks']) {
      given(await api.get(`${home.path}/guests/${mine}${what}`));
      withheld(await api.get(`${home.path}/guests/${other}${what}`));
    }
  });

  test('see_tasks_of_guests: guests', async () => {
    for (const email of ['one@example.com', 'two@example.com'])
      expect(await admin.post(`${home.path}/guests`, { email }), 201);
    const [one, two] = await Promise.all(
      ['one@example.com', 'two@example.com'].map(async (email) =>
        expect(await admin.get(`${home.path}/guests/${email}`), 200).data),
    );
    const api = pawl.api(null, { 'x-guest-code': code(one), 'x-tallyfy-client': null });

    given(await api.get(`${home.path}/guests/${code(one)}/tasks`));
    given(await api.get(`${home.path}/guests/${one.email}/tasks`));
    withheld(await api.get(`${home.path}/guests/${two.email}/tasks`));
  });

  test('see_tasks, work_on_tasks, reopen_tasks: light', async () => {
    const api = apiOf(ours.light);
    const mine = await taskOf(ours.light);
    const other = await taskOf(ours.standard);
    const complete = (task) => api.post(`${home.path}/completed-tasks`, { task_id: task.id });
    const reopen = (task) => api.delete(`${home.path}/completed-tasks/${task.id}`);

    given(await api.get(`${home.path}/tasks/${mine.id}`));
    withheld(await api.get(`${home.path}/tasks/${other.id}`));
    withheld(await complete(other));
    given(await complete(mine));
    given(await admin.post(`${home.path}/completed-tasks`, { task_id: other.id }));
    withheld(await reopen(other));
    given(await reopen(mine));
  });

  for (const role of ['standard', 'light'])
    test(`see_activity: ${role}`, async () => {
      const rows = expect(await apiOf(ours[role]).get(`${home.path}/activity-feeds`), 200).data;

      for (const { actor_id } of rows) assert.deepEqual(actor_id, [ours[role].id]);
    });
});

// A guest's code opens what is theirs, and is nobody's credential anywhere else.
test('guests, everywhere', async () => {
  const guest = expect(
    await admin.post(`${home.path}/guests`, { email: 'guest@example.com' }), 201,
  ).data;
  const code = guest.link.split('/').at(-1);
  const closed = routes.filter(({ who }) => matrix[who].guest === 'no');
  const open = routes.filter(({ who }) => matrix[who].guest !== 'no');

  for (const headers of [{ 'x-guest-code': code }, { authorization: `Bearer ${code}` }]) {
    const api = pawl.api(null, headers);

    await tryAll(closed, api, home, (answer) => refused(answer, 401));
    await tryAll(open, api, home, (answer) => assert.ok(answer.status !== 401, answer.text));
    await tryAll(open, api, away, (answer) => refused(answer, 403));
  }
});
