// The list of tasks and what is done with it, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { oneOff } from '../lib/fixtures.js';
import { DAY, startServer } from '../harness.js';
import {
  assertAccessible, at, line, PHONE, renewSession, tabTo, withBrowser,
} from './browser.js';

const { pawl, browser } = await withBrowser({ pawl: await startServer() });
let org, bob, api, page;

// Each test has an organization of its own, so none sees the tasks of another.
beforeEach(async () => {
  org = await pawl.org({ name: 'Northwind' });
  bob = await pawl.user(org, { first: 'Bob', last: 'Bell' });
  api = pawl.api(org.admin.token);
});

async function create(more) {
  const answer = await api.post(`${org.path}/tasks`, oneOff(org.admin, more));
  assert.equal(answer.status, 201, answer.text);
  return answer.data;
}

const read = async (task) => (await api.get(`${org.path}/tasks/${task.id}`)).data;

async function openTasks(path = '', options = {}) {
  page = await browser.open(pawl, { person: org.admin, ...options });
  await page.goto(`/${org.id}/tasks${path}`);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
}

test('a new task by mouse', async () => {
  await openTasks();
  await page.getByRole('link', { name: 'New task' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Order the badges');
  await dialog.getByLabel('Bob Bell').check();
  await dialog.getByRole('button', { name: 'In a week' }).click();
  await dialog.getByLabel('Description').fill('Twenty of them.');
  await dialog.getByLabel('Everyone must complete').check();
  await dialog.getByRole('button', { name: 'Create task' }).click();

  // It opens at an address of its own, beside the list that now holds it.
  await at(page, /\/tasks\/[0-9a-f]{32}$/);
  const drawer = page.getByRole('complementary', { name: 'Task details' });
  await drawer.getByRole('heading', { name: 'Order the badges' }).waitFor();
  await drawer.getByText('Twenty of them.').waitFor();
  await drawer.getByText('0 of 2 done').waitFor();
  await line(page, 'Order the badges').waitFor();

  const { data } = await api.get(`${org.path}/me/tasks`);
  assert.equal(data.length, 1);
  assert.deepEqual(data[0].owners.users.toSorted(), [org.admin.id, bob.id].toSorted());
  assert.equal(data[0].everyone_must_complete, true);
  await page.finish();
});

test('a new task by keyboard alone', async () => {
  await openTasks();
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'New task' }).waitFor();
  await page.keyboard.type('Typed, never clicked');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Typed, never clicked' }).waitFor();
  await page.keyboard.press('Escape');
  await at(page, `/${org.id}/tasks`);
  assert.equal((await api.get(`${org.path}/me/tasks`)).data[0].title, 'Typed, never clicked');
  await page.finish();
});

test('a refused task keeps what was typed and says what is wrong', async () => {
  await openTasks('/new');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Description').fill('All but a title.');
  await dialog.getByRole('button', { name: 'Create task' }).click();
  const title = dialog.getByLabel('Title');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid'));
  assert.ok(await title.evaluate((element) => element === document.activeElement));
  assert.equal(await dialog.getByLabel('Description').inputValue(), 'All but a title.');

  await title.fill('For nobody');
  await dialog.getByLabel('Ada Admin').uncheck();
  await dialog.getByRole('button', { name: 'Create task' }).click();
  await page.waitForFunction(() => document.activeElement?.localName === 'fieldset');
  await assertAccessible(page, 'a task without assignees');
  await page.finish();
});

test('a draft outlives the session it was typed in', async () => {
  await openTasks('/new');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Typed with care');
  await page.context().clearCookies();
  await dialog.getByRole('button', { name: 'Create task' }).click();
  await dialog.getByText('You are signed out. Nothing was lost').waitFor();

  await renewSession(page, pawl, org.admin);
  await dialog.getByRole('button', { name: 'Create task' }).click();
  await page.getByRole('heading', { name: 'Typed with care' }).waitFor();
  await page.finish();
});

test('Back from a new task leads to the list, not into the form', async () => {
  await openTasks();
  await page.keyboard.press('c');
  await page.keyboard.type('Here to stay');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Here to stay' }).waitFor();
  await page.goBack();
  await at(page, `/${org.id}/tasks`);
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.finish();
});

test('complete from the list, and take it back', async () => {
  const task = await create({ title: 'Water the plants' });
  await openTasks();
  await page.getByRole('button', { name: 'Complete “Water the plants”' }).click();
  await page.getByText('Completed “Water the plants”').waitFor();
  await page.getByText('Nothing waiting for you').waitFor();
  assert.equal((await read(task)).status, 'completed');

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Complete “Water the plants”' }).waitFor();
  assert.notEqual((await read(task)).status, 'completed');
  await page.finish();
});

test('complete with e, moving with j and k', async () => {
  const first = await create({ title: 'First', deadline: '2031-01-01' });
  const second = await create({ title: 'Second', deadline: '2031-01-02' });
  await openTasks();
  await line(page, 'Second').waitFor();
  for (const key of ['j', 'j', 'k', 'j', 'e']) await page.keyboard.press(key);
  await page.getByText('Completed “Second”').waitFor();
  await line(page, 'Second').waitFor({ state: 'detached' });
  assert.equal((await read(second)).status, 'completed');
  assert.notEqual((await read(first)).status, 'completed');
  await page.finish();
});

test('single-key shortcuts can be switched off', async () => {
  await openTasks();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByLabel('Use single-key shortcuts').uncheck();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.keyboard.press('?');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.finish();
});

test('reopen from the completed view', async () => {
  const task = await create({ title: 'Done too early' });
  await api.post(`${org.path}/completed-tasks`, { task_id: task.id });
  await openTasks('?view=completed');
  await page.getByRole('button', { name: 'Reopen “Done too early”' }).click();
  await page.getByText('Reopened “Done too early”').waitFor();
  await page.getByText('Nothing completed yet').waitFor();
  assert.notEqual((await read(task)).status, 'completed');
  await page.finish();
});

test('approve and reject', async () => {
  const yes = await create({ title: 'Travel budget', task_type: 'approval' });
  const no = await create({ title: 'New logo', task_type: 'approval' });
  await openTasks();
  await page.getByRole('button', { name: 'Approve or reject “Travel budget”' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('Approved “Travel budget”').waitFor();

  await page.getByRole('link', { name: 'New logo' }).click();
  const drawer = page.getByRole('complementary', { name: 'Task details' });
  await drawer.getByRole('button', { name: 'Reject' }).click();
  await drawer.getByText('Rejected', { exact: true }).waitFor();
  assert.equal((await read(yes)).is_approved, true);
  assert.equal((await read(no)).is_approved, false);
  await page.finish();
});

test('acknowledge an expiring task', async () => {
  const task = await create({ title: 'New policy', task_type: 'expiring' });
  await openTasks(`/${task.id}`);
  await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
  await page.getByText('Acknowledged “New policy”').waitFor();
  assert.equal((await read(task)).status, 'completed');
  await page.finish();
});

test('my part of a task that everyone must complete', async () => {
  const owners = { users: [org.admin.id, bob.id], guests: [], groups: [] };
  const task = await create({ title: 'Sign the code', everyone_must_complete: true, owners });
  await openTasks(`/${task.id}`);
  const drawer = page.getByRole('complementary', { name: 'Task details' });
  await drawer.getByRole('button', { name: 'Complete' }).click();
  await page.getByText('Your part of “Sign the code” is done: 1 of 2').waitFor();
  await drawer.getByText('You have done your part.').waitFor();
  await drawer.getByText('1 of 2 done').waitFor();
  await page.finish();
});

test('a refusal of the server takes the tick back and says why', async () => {
  await create({ title: 'Contested' });
  await openTasks();
  await page.route('**/completed-tasks', (route) =>
    route.fulfill({
      status: 422,
      json: { error: true, message: 'An issue is open.', code: 'VALIDATION_FAILED', errors: {} },
    }),
  );
  await page.getByRole('button', { name: 'Complete “Contested”' }).click();
  await page.getByText('“Contested” was not changed. An issue is open.').waitFor();
  await page.getByRole('button', { name: 'Complete “Contested”' }).waitFor();
  await page.finish();
});

test('a failing server shows the request ID and a way to try again', async () => {
  page = await browser.open(pawl, { person: org.admin });
  const tasks = '**/me/tasks?*';
  await page.route(tasks, (route) =>
    route.fulfill({
      status: 500,
      headers: { 'X-Request-Id': 'request-4711' },
      json: { error: true, message: 'Internal error', code: 'INTERNAL_ERROR' },
    }),
  );
  await page.goto(`/${org.id}/tasks`);
  await page.getByText('Request ID request-4711').waitFor();
  await page.unroute(tasks);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Nothing waiting for you').waitFor();
  await page.finish();
});

test('groups by due date, in words', async () => {
  const due = (title, days) => create({ title, deadline: pawl.clock.wire(days * DAY) });
  await due('Long gone', -3);
  await due('Next year', 400);
  await openTasks();
  const group = (name) => page.getByRole('region', { name: new RegExp(`^${name}`) });
  await group('Overdue').getByText('3 days late').waitFor();
  await group('Later').getByText('Next year').waitFor();
  await page.finish();
});

test('filters are in the address: reload and Back return to them', async () => {
  await create({ title: 'Prepare the report', deadline: '2020-01-01' });
  await create({ title: 'Prepare the room' });
  await create({ title: 'Something else' });
  await openTasks('?view=everyone');
  await line(page, 'Something else').waitFor();

  await page.getByLabel('Search tasks').fill('prepare');
  await line(page, 'Something else').waitFor({ state: 'detached' });
  await page.getByLabel('State').selectOption('overdue');
  await line(page, 'Prepare the room').waitFor({ state: 'detached' });
  await page.getByText('2 tasks hidden by filters.').waitFor();
  await at(page, /view=everyone&q=prepare&state=overdue$/);

  await page.reload();
  await line(page, 'Prepare the report').waitFor();
  assert.equal(await page.getByLabel('Search tasks').inputValue(), 'prepare');
  assert.equal(await page.getByLabel('State').inputValue(), 'overdue');

  await page.getByRole('link', { name: 'Prepare the report' }).click();
  await at(page, /\/tasks\/[0-9a-f]{32}\?view=everyone&q=prepare&state=overdue$/);
  await page.goBack();
  await at(page, /\/tasks\?view=everyone&q=prepare&state=overdue$/);

  await page.getByRole('button', { name: 'Remove filter: Overdue' }).click();
  await line(page, 'Prepare the room').waitFor();
  await page.getByRole('button', { name: 'Clear' }).first().click();
  await line(page, 'Something else').waitFor();
  await at(page, /\/tasks\?view=everyone$/);
  await page.finish();
});

test('an assignee filter, and what nobody has', async () => {
  const owners = { users: [bob.id], guests: [], groups: [] };
  await create({ title: 'For Bob', owners });
  await create({ title: 'For me' });
  await openTasks('?view=everyone');
  await line(page, 'For Bob').waitFor();
  await page.getByLabel('Assigned to').selectOption({ label: 'Bob Bell' });
  await line(page, 'For me').waitFor({ state: 'detached' });
  await line(page, 'For Bob').waitFor();
  await page.getByRole('link', { name: 'Unassigned' }).click();
  await page.getByText('Everything has an owner').waitFor();
  await page.finish();
});

test('fifty at a time, with the total', async () => {
  for (let i = 0; i < 52; i++) await create({ title: `Shelf ${i}` });
  await openTasks();
  await page.getByText('1–50 of 52 tasks').waitFor();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('51–52 of 52 tasks').waitFor();
  await page.reload();
  await page.getByText('51–52 of 52 tasks').waitFor();
  await page.finish();
});

test('edit, duplicate, archive and restore', async () => {
  const task = await create({ title: 'Old title' });
  await openTasks(`/${task.id}`);
  const drawer = page.getByRole('complementary', { name: 'Task details' });

  await drawer.getByRole('link', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit task' });
  await dialog.getByLabel('Title').fill('New title');
  await dialog.getByLabel('Bob Bell').check();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await drawer.getByRole('heading', { name: 'New title' }).waitFor();
  await drawer.getByText('Bob Bell').waitFor();
  assert.equal((await read(task)).title, 'New title');

  await drawer.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Archive' }).click();
  await page.getByText('Archived “New title”').waitFor();
  await drawer.getByRole('button', { name: 'Restore' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await drawer.getByRole('button', { name: 'Complete' }).waitFor();
  assert.equal((await read(task)).archived_at, null);

  await drawer.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(task.id));
  assert.equal((await api.get(`${org.path}/me/tasks`)).meta.pagination.total, 2);
  await page.finish();
});

test('an archived task is deleted for good only after its title is typed', async () => {
  const task = await create({ title: 'A mistake' });
  await api.delete(`${org.path}/tasks/${task.id}`);
  await openTasks(`/${task.id}?view=archived`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete for good' });
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  assert.ok(await confirm.isDisabled());
  await dialog.getByLabel('Type the title').fill('A mistake');
  await confirm.click();
  await page.getByText('The archive is empty').waitFor();
  assert.equal((await api.get(`${org.path}/tasks/${task.id}`)).status, 404);
  await page.finish();
});

test('on a phone a task has the whole screen, and Back returns to the list', async () => {
  await create({ title: 'Water the plants' });
  await openTasks('', { viewport: PHONE });
  await page.getByRole('link', { name: 'Water the plants' }).click();
  await page.getByRole('heading', { name: 'Water the plants' }).waitFor();
  assert.ok(await page.getByRole('heading', { name: 'Tasks' }).isHidden());
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  await page.finish();
});

test('closing a task gives the focus back to its line', async () => {
  await create({ title: 'First', deadline: '2031-01-01' });
  await create({ title: 'Second', deadline: '2031-01-02' });
  await openTasks();
  const link = page.getByRole('link', { name: 'Second' });
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Second' }).waitFor();
  await page.keyboard.press('Escape');
  await at(page, `/${org.id}/tasks`);
  await page.waitForFunction(() => document.activeElement?.textContent === 'Second');
  await page.finish();
});

test('only active members can be chosen: not the invited, the disabled, the bot', async () => {
  const dora = await pawl.user(org, { first: 'Dora', last: 'Dole' });
  const people = `${org.path}/users`;

  assert.equal((await api.delete(`${people}/${dora.id}/disable`)).status, 200);
  assert.equal((await api.post(`${people}/invite`,
    { email: 'ivy@example.com', first_name: 'Ivy', last_name: 'Ash' })).status, 200);
  await openTasks('?view=everyone');
  const who = page.getByRole('combobox', { name: 'Assigned to' });
  assert.deepEqual(await who.getByRole('option').allTextContents(),
    ['Anyone', 'Ada Admin', 'Bob Bell']);
  await page.getByRole('link', { name: 'New task' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New task' });
  assert.deepEqual(await dialog.locator('.person-choice').allTextContents(),
    ['AAAda Admin (you)', 'BBBob Bell']);
  await page.finish();
});

test('guests, groups and who is gone stand beside the members', async () => {
  const dora = await pawl.user(org, { first: 'Dora', last: 'Dole' });
  const { id: crew } = (await api.post(`${org.path}/groups`,
    { name: 'Crew', members: [bob.id] })).data;

  const task = await create({ title: 'Move the piano', everyone_must_complete: true,
    owners: { users: [dora.id], guests: ['gwen@example.com'], groups: [crew] } });
  await api.delete(`${org.path}/users/${dora.id}/disable`);
  await api.delete(`${org.path}/users/${dora.id}/delete`);
  await openTasks('?view=everyone');
  const all = 'Somebody who is gone, gwen@example.com, Crew';
  await page.getByText(`Assigned to ${all}`).waitFor();
  await line(page, 'Move the piano').click();
  const drawer = page.getByRole('complementary', { name: 'Task details' });
  await drawer.getByText('Crew').waitFor();
  assert.deepEqual(await drawer.locator('.assignees li').allTextContents(),
    ['Somebody who is gone Waiting', 'gwen@example.com Guest', 'Crew Group']);
  assert.ok(!(await page.content()).includes('Nobody'));
  await assertAccessible(page);

  await drawer.getByRole('link', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit task' });
  await dialog.getByText('3 chosen').waitFor();
  await dialog.getByLabel('Somebody who is gone').uncheck();
  await dialog.getByLabel('gwen@example.com').uncheck();
  await dialog.getByLabel('Ada Admin').check();
  await dialog.getByText('2 chosen').waitFor();
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Task saved').waitFor();
  const { owners } = await read(task);
  assert.deepEqual([owners.users, owners.guests, owners.groups], [[org.admin.id], [], [crew]]);
  await page.finish();
});
