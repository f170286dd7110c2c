// Runs the test files of one folder, a few at a time, each in a process of its own:
//
//   node tests/run.js api [WORD...]      files whose names hold one of the words, or all
//
// Prints a line for each file, the whole report of those that failed, and adds "PASSED FAILED" to
// the file PAWL_TEST_TOTALS for script/test to sum.

import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const FILE_TIMEOUT = 300_000;

const [part, ...words] = process.argv.slice(2);
const folder = join(import.meta.dirname, part);
const engine = process.env.PAWL_TEST_DB ?? 'sqlite';

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));

const totals = { passed: 0, failed: 0 };
const queue = [...files];
const workers = availableParallelism() + 1; // tests also wait, for a mail or a page
await Promise.all(Array.from({ length: workers }, work));

console.log(`${part} on ${engine}: ${totals.passed} passed, ${totals.failed} failed`);
if (process.env.PAWL_TEST_TOTALS)
  appendFileSync(process.env.PAWL_TEST_TOTALS, `${totals.passed} ${totals.failed}\n`);
process.exit(totals.failed ? 1 : 0);

async function work() {
  for (let name = queue.shift(); name; name = queue.shift()) {
    const { report, exit } = await runFile(join(folder, name));
    const passed = count(report, 'pass');
    const skipped = count(report, 'skipped');
    // A file that crashed, hung or tested nothing is a failure too, unless it says why.
    const failed = count(report, 'fail') || (exit !== 0 || passed + skipped === 0 ? 1 : 0);
    const outcome = `${passed} passed${skipped ? `, ${skipped} skipped${reasons(report)}` : ''}`;

    totals.passed += passed;
    totals.failed += failed;
    console.log(`${failed ? 'FAILED' : 'ok    '}  ${part}/${name} on ${engine}: ${outcome}`);
    if (failed) console.log(report);
  }
}

// Why tests were skipped, as the report says it.
function reasons(report) {
  const said = [...report.matchAll(/^\s*﹣ .* # (.+)$/gm)].map(([, reason]) => reason);

  return said.length ? ` (${[...new Set(said)].join('; ')})` : '';
}

function count(report, word) {
  const lines = [...report.matchAll(new RegExp(`^. ${word} (\\d+)$`, 'gm'))];
  return Number(lines.at(-1)?.[1] ?? 0);
}

function runFile(path) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test-reporter=spec', path], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    const alarm = setTimeout(() => child.kill('SIGTERM'), FILE_TIMEOUT);
    let report = '';
    const take = (chunk) => (report += chunk);

    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('close', (code) => {
      clearTimeout(alarm);
      resolve({ report, exit: code ?? 1 });
    });
  });
}
