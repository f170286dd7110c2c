// The disk of the embedded store fills up: writing is refused in plain words, reading goes on,
// nothing acknowledged is lost, and when there is room again all is well without a restart.
//
// The disk is a small one in memory; mounting it takes root.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ENGINE, startServer } from '../harness.js';
import { eventually, expect, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { inParallel } from './lib.js';

const DISK = 24; // MiB
const BALLAST = 12; // MiB of it that will be given back
const WRITERS = 8;
const REFUSALS = 50;
const LONG = 'x'.repeat(8000);

const disk = mount();
if (!disk) test('a full disk', { skip: skipped() });
else await whole();

function skipped() {
  return ENGINE === 'sqlite' ? 'this system lets only root mount a disk' : 'for the embedded store';
}

function mount() {
  if (ENGINE !== 'sqlite') return null;
  const folder = mkdtempSync(join(tmpdir(), 'pawl-disk-'));

  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}m`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return folder;
  } catch {
    rmdirSync(folder);
    return null;
  }
}

async function whole() {
  process.env.TMPDIR = disk; // where the harness puts the server's folder
  const ballast = join(disk, 'ballast');
  const pawl = await startServer();

  after(async () => {
    await pawl.discard();
    execFileSync('umount', [disk]);
    rmdirSync(disk);
  });

  const org = await pawl.org();
  const TASKS = `${org.path}/tasks`;
  const api = pawl.api(org.admin.token);
  const made = [];

  // Creates a task if there is room for it.
  async function create(summary) {
    const answer = await api.post(TASKS, oneOff(org.admin, { summary }));

    if (answer.status === 201) made.push({ id: answer.data.id, summary });
    else refused(answer, 503, 'STORE_FULL', /room/);
    return answer.status === 201;
  }

  const health = async () => (await pawl.api(null).get('/health')).status;

  test('writing is refused in plain words', async () => {
    const writers = Array.from({ length: WRITERS }, (_, i) => i);
    let refusals = 0;

    writeFileSync(ballast, Buffer.alloc(BALLAST * 1024 * 1024));
    // Long texts fill the disk, short ones the rest that is too small for them.
    for (const summary of [LONG, 'short']) {
      refusals = 0;
      await inParallel(WRITERS, writers, async () => {
        while (refusals < REFUSALS) if (!(await create(summary))) refusals += 1;
      });
    }
    assert.ok(made.length > 0);
  });

  test('health says so, however often it is asked', async () => {
    await eventually(async () => (await health()) === 503, 'health 503');
    for (let i = 0; i < 5; i++) assert.equal(await health(), 503);
  });

  test('reading goes on', async () => {
    expect(await api.get(TASKS), 200);
    await inParallel(WRITERS, made, look);
  });

  test('with room again, writing goes on without a restart', async () => {
    rmSync(ballast);
    assert.ok(await create(LONG));
    assert.equal(await health(), 200);
  });

  test('nothing acknowledged is lost, now or after a restart', async () => {
    await inParallel(WRITERS, made, look);
    await pawl.restart();
    await inParallel(WRITERS, made, look);
  });

  test('the store is sound', async () => {
    const check = await pawl.command(['admin', 'check', ...pawl.store]);

    assert.equal(check.code, 0, check.stdout + check.stderr);
  });

  async function look({ id, summary }) {
    const { data } = expect(await api.get(`${TASKS}/${id}`), 200);

    assert.equal(data.summary, summary);
  }
}
