// The server is killed at random moments while many write, again and again on one store. What it
// acknowledged must be there afterwards, and what nobody asked for must not.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ENGINE, startServer } from '../harness.js';
import { expect } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { inParallel, randomFrom, seedOf } from './lib.js';

const KILLS = 25;
const WRITERS = 32;
const LIFE = 60; // tasks, at most, from one kill to the next
const KILLED_WHILE_STARTING = 0.2;

const seed = seedOf('PAWL_TEST_SEED');
const random = randomFrom(seed);
console.log(`seed ${seed}; PAWL_TEST_SEED=${seed} kills at the same moments again`);

const pawl = await startServer();
after(() => pawl.discard());

const org = await pawl.org();
const TASKS = `${org.path}/tasks`;
const DONE = `${org.path}/completed-tasks`;
const api = pawl.api(org.admin.token);

const tasks = []; // that the server said it has: { id, title, asked, completed }
let kills = 0;
let up = Promise.resolve(); // the server is there again
let writing = true;

async function writer(name) {
  for (let n = 1; writing; n++) {
    try {
      await write(`${name}-${n}`, n % 2 === 0);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch's word for a lost connection
      await up;
      await delay(10);
    }
  }
}

async function write(title, complete) {
  const { data } = expect(await api.post(TASKS, oneOff(org.admin, { title })), 201);
  const task = { id: data.id, title, asked: false, completed: false };

  tasks.push(task);
  if (!complete) return;
  task.asked = true;
  expect(await api.post(DONE, { task_id: task.id }), 200);
  task.completed = true;
}

async function acknowledged(more) {
  const target = tasks.length + more;

  while (writing && tasks.length < target) await delay(1);
}

async function kill() {
  if (pawl.child.kill('SIGKILL')) kills += 1;
  await pawl.wait();
}

// Sometimes the server does not survive its start either: recovery must bear that, too.
async function restart() {
  for (;;) {
    const doomed = random() < KILLED_WHILE_STARTING;
    const started = pawl.start().then(() => null, (error) => error);

    if (doomed) {
      await delay(50 * random());
      await kill();
    }
    const error = await started;
    if (doomed) continue; // in time or not, it is dead
    if (error) throw error;
    return;
  }
}

async function look(task) {
  const { data } = expect(await api.get(`${TASKS}/${task.id}`), 200);

  assert.equal(data.title, task.title);
  if (task.completed) assert.equal(data.status, 'completed', `${task.title} was completed`);
  if (!task.asked) assert.equal(data.status, 'not-started', `nobody completed ${task.title}`);
}

test(`nothing acknowledged is lost in ${KILLS} kills on ${ENGINE}`, async () => {
  const writers = Array.from({ length: WRITERS }, (_, i) => writer(`w${i}`));
  const killer = async () => {
    while (writing && kills < KILLS) {
      await acknowledged(LIFE * random());
      await delay(20 * random());
      await kill();
      up = restart();
      await up;
    }
  };

  // Whoever ends first, in success or failure, ends the others.
  await Promise.race([...writers, killer()]).finally(() => (writing = false));
  await Promise.all(writers);
  await inParallel(WRITERS, tasks, look);
  console.log(`${kills} kills, ${tasks.length} tasks acknowledged, all there`);
});

test('the store is sound', async () => {
  const check = await pawl.command(['admin', 'check', ...pawl.store]);

  assert.equal(check.code, 0, check.stdout + check.stderr);
});
