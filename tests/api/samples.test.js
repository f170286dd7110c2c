// The requests shown on the page Settings > Integrations > REST API, each run as its reader would:
// filled in, built and started. Languages that this machine does not have are skipped.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { startServer } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'pawl-samples-'));
const pawl = await startServer();
after(async () => {
  await pawl.stop();
  rmSync(folder, { recursive: true });
});

const org = await pawl.org();
await pawl.api(org.admin.token).post(`${org.path}/tasks`, {
  title: 'Ring the bell',
  task_type: 'task',
  deadline: '2031-01-01 09:00:00',
  owners: { users: [org.admin.id] },
});

// What it takes to run a sample: a command that must be there, how to build it, how to start it.
const curl = () =>
  execFileSync('pkg-config', ['--cflags', '--libs', 'libcurl'], { encoding: 'utf8' })
    .trim().split(/\s+/);
const LANGUAGES = {
  'request.sh': { needs: ['curl', '--version'], run: (file) => ['sh', file] },
  'request.mjs': {
    needs: [process.execPath, '--version'],
    run: (file) => [process.execPath, file],
  },
  'request.py': { needs: ['python3', '--version'], run: (file) => ['python3', file] },
  'Request.java': { needs: ['java', '--version'], run: (file) => ['java', file] },
  'request.go': { needs: ['go', 'version'], run: (file) => ['go', 'run', file] },
  'request.c': {
    needs: ['gcc', '--version'],
    build: (file, out) => ['gcc', '-Wall', '-Werror', file, '-o', out, ...curl()],
    run: (file, out) => [out],
  },
  'request.cpp': {
    needs: ['g++', '--version'],
    build: (file, out) => ['g++', '-std=c++17', '-Wall', '-Werror', file, '-o', out, ...curl()],
    run: (file, out) => [out],
  },
};

function has([command, ...args]) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Written out as the page fills it, with this token; gives what it printed.
async function run(name, token) {
  const { build, run: start } = LANGUAGES[name];
  const place = mkdtempSync(join(folder, 'sample-'));
  const file = join(place, basename(name));
  const out = join(place, 'sample');
  const shown = readFileSync(join(import.meta.dirname, '../../web/src/samples', name), 'utf8')
    .replaceAll('https://pawl.example.com', pawl.url)
    .replaceAll('YOUR_ORGANIZATION_ID', org.id)
    .replaceAll('YOUR_PERSONAL_ACCESS_TOKEN', token);

  writeFileSync(file, shown);
  if (build) execFileSync(...split(build(file, out)));
  return promisify(execFile)(...split(start(file, out)), {
    env: { ...process.env, GOCACHE: join(folder, 'go'), GOFLAGS: '-mod=mod' },
  });
}

const split = ([command, ...args]) => [command, args];

for (const [name, { needs }] of Object.entries(LANGUAGES))
  test(`${name} prints the reader’s tasks, and says when it may not`, { skip: !has(needs) },
    async () => {
      assert.match((await run(name, org.admin.token)).stdout, /Ring the bell/);

      const refused = await run(name, 'no-token').catch((error) => error);
      assert.match(`${refused.stdout}${refused.stderr}`, /401/);
    });
