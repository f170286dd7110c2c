// Load, made by wrk.

import { resolve } from 'node:path';

import { run } from './process.js';

const SCRIPTS = resolve(import.meta.dirname, '../lua');

// Asks `url` for `seconds` and answers what happened:
//   requests, rate (a second), refused (answers of status 400 and more),
//   p50 and p99 (milliseconds).
// `script` is a file of bench/lua, `args` go to it. Answers of status 400 and more are a failure
// unless they are wanted (`refusals`), and so is none at all within the time; with `slow`, one that
// takes longer counts as having taken just that long.
export async function load(url, {
  seconds, connections, headers = {}, script = 'report.lua', args = [],
  refusals = false, slow = false,
}) {
  const threads = Math.min(2, connections);
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const printed = await run('wrk', [
    '-t', threads, '-c', connections, '-d', `${Math.ceil(seconds)}s`, '--timeout', '10s',
    '-s', script, ...given, url, '--', ...args,
  ].map(String), { cwd: SCRIPTS });
  const result = JSON.parse(printed.slice(printed.lastIndexOf('{"requests"')));

  if (result.broken > 0) throw new Error(`${url}: ${result.broken} requests were not answered`);
  if (result.requests === 0 && !slow) throw new Error(`${url}: nothing was answered`);
  if (result.requests === 0) result.p50 = result.p99 = result.seconds * 1000;
  if (!refusals && result.refused > 0) {
    throw new Error(`${url}: ${result.refused} of ${result.requests} requests were refused`);
  }
  return { ...result, rate: result.requests / result.seconds };
}
