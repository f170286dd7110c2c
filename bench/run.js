// Runs the measurements and prints their table. See README.md; started by script/bench.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';

import { Pawl } from './lib/pawl.js';
import { killAll } from './lib/process.js';
import { completions } from './parts/completions.js';
import { flood } from './parts/flood.js';
import { lists } from './parts/lists.js';
import { meTasks } from './parts/me-tasks.js';
import { people } from './parts/people.js';
import { refused } from './parts/refused.js';
import { start } from './parts/start.js';

const PARTS = { 'me-tasks': meTasks, refused, completions, start, lists, people, flood };
const TIME_LIMIT = 7 * 60 * 1000;
const QUIET = 0.5; // load average of a machine that does nothing else
const FULL_TIME_LIMIT = 15 * 60 * 1000; // most of it fills a store with a million tasks

const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('--'));
const names = words.filter((word) => !word.startsWith('--'));
const wrong = options.find((word) => !['--short', '--full'].includes(word))
  ?? names.find((name) => !(name in PARTS));

if (wrong) {
  console.error(`script/bench: not ${wrong}, but [--short] [--full] [PART]..., of these parts: ` +
    Object.keys(PARTS).join(' '));
  process.exit(2);
}
const short = options.includes('--short');
const full = options.includes('--full');

// On the disk that the build is on: many a /tmp is memory, where syncing costs nothing.
const scratch = mkdtempSync(join(resolve(import.meta.dirname, '../build'), 'bench-'));

function leave(code, message) {
  if (message) console.error(message);
  killAll();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => leave(1));
setTimeout(() => leave(1, 'script/bench: out of time'), full ? FULL_TIME_LIMIT : TIME_LIMIT);

// ---- stores that several parts use ----

const PATTERNS = 20;

// A store with one organization of so many tasks, copies of a few that the API made: half of them
// completed, overdue and due later, a tenth archived, a fifth the administrator's. Made once a run.
function storeWith(tasks) {
  let made = null;

  return () => (made ??= make());
  async function make() {
    const pawl = await Pawl.withOrganization(scratch);
    const bob = await pawl.admin('user', 'create', '--org', pawl.org, '--email',
      'bob@example.com', '--role', 'standard');

    pawl.tasks = tasks;
    await pawl.start();
    for (let i = 0; i < PATTERNS; i++) {
      await makePattern(pawl, i, i % 5 === 0 ? pawl.user : bob.user_id);
    }
    await pawl.stop();
    await pawl.store('fill', pawl.file, pawl.org, tasks - PATTERNS);
    await pawl.check();
    return pawl;
  }
}

async function makePattern(pawl, i, user) {
  const days = [-2, 0.5, 3, 20][(i >> 1) % 4];
  const { id } = await pawl.task(`Call the courier about parcel ${i}`, {
    days, owners: { users: [user] },
  });

  if (i % 2 === 1) await pawl.post(pawl.path('/completed-tasks'), { task_id: id });
  if (i % 10 === 4) await pawl.delete(pawl.path(`/tasks/${id}`));
}

// ---- the table ----

const COLUMNS = [-13, -37, 10, -22, 10, 8, -9, -5];

function line(...cells) {
  console.log(cells.map((cell, i) => (COLUMNS[i] < 0 ? String(cell).padEnd(-COLUMNS[i]) :
    String(cell).padStart(COLUMNS[i]))).join('  ').trimEnd());
}

function number(value) {
  if (value === undefined) return '';
  return value.toLocaleString('en', value >= 1000 ? { maximumFractionDigits: 0 } :
    { maximumSignificantDigits: 3 });
}

// One measurement: `value`, that of `than` beside it, and the bar for the value or the ratio.
function report(part, { what, value, than = '', other, bar = {} }) {
  const ratio = other === undefined ? undefined : value / other;
  const operator = bar.value ?? bar.ratio ?? '';
  const reached = bar.value ? value : ratio;
  const met = operator === '>=' ? reached >= bar.at : reached <= bar.at;
  const verdict = operator === '' ? '' : met ? 'ok' : 'BELOW';

  line(part, what, number(value), than, number(other), number(ratio),
    operator === '' ? '' : `${operator} ${number(bar.at)}`, verdict);
}

function describeMachine() {
  const disk = execFileSync('df', ['--output=source,fstype', scratch], { encoding: 'utf8' });
  const all = cpus();

  console.log(`${all[0].model}, ${all.length} cores; store on ${disk.split('\n')[1].trim()}`);
  console.log('The load is made on the same machine.');
  if (loadavg()[0] > QUIET) {
    console.log(`The machine is at work already (load ${number(loadavg()[0])}): ` +
      'believe the ratios, and those but a little.');
  }
  console.log();
}

const small = storeWith(1000);
const big = storeWith(full ? 1_000_000 : 200_000);

describeMachine();
line('part', 'what', 'Pawl', 'against', '', 'ratio', 'bar', '');
try {
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
    await PARTS[name]({
      scratch, small, big, full, seconds: short ? 2 : 3, rounds: short ? 1 : 3,
      report: (measurement) => report(name, measurement),
    });
  }
  leave(0);
} catch (error) {
  leave(1, error.stack);
}
