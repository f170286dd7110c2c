// Prints "PASSED FAILED" for the C tests that meson ran last in the build folder given: the cases
// that cmocka counted, and a failure for each program that ended badly without counting one.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const log = join(process.argv[2], 'meson-logs', 'testlog.json');
const programs = existsSync(log)
  ? readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  : [];
let passed = 0;
let failed = 0;

for (const program of programs) {
  const output = `${program.stdout ?? ''}\n${program.stderr ?? ''}`;
  const cases = (word) =>
    [...output.matchAll(new RegExp(`\\[  ${word}  \\] .*?(\\d+) test\\(s\\)`, 'g'))]
      .reduce((sum, match) => sum + Number(match[1]), 0);
  const sound = program.result === 'OK';

  passed += cases('PASSED') || (sound ? 1 : 0);
  failed += cases('FAILED') || (sound ? 0 : 1);
}
if (programs.length === 0) failed = 1;
console.log(passed, failed);
