// Completing one-off tasks, each of which must be on the disk before it is answered.

import { Pawl } from '../lib/pawl.js';
import { measure } from '../lib/rounds.js';

const MOST_A_SECOND = 30_000; // so many tasks are prepared
const ALONE = 5000;           // completed without a server, each with a commit of its own,
const BATCH = 64;             // and so many with one commit for BATCH
const BATCHED = 20_000;

export async function completions({ scratch, seconds, report }) {
  const pawl = await Pawl.withOrganization(scratch);
  const served = MOST_A_SECOND * seconds;

  await pawl.start();
  await pawl.task('Check the fire extinguishers');
  await pawl.stop();
  await pawl.store('fill', pawl.file, pawl.org, served + ALONE + BATCHED);

  await pawl.start();
  const many = await complete(pawl, { first: 1, last: served, connections: 64, seconds });
  const one = await complete(pawl, {
    first: many.next, last: served, connections: 1, seconds: Math.min(seconds, 2),
  });
  await pawl.stop();

  const alone = await pawl.store('complete', pawl.file, pawl.org, served + 1, served + ALONE, 1);
  const batched = await pawl.store('complete', pawl.file, pawl.org, served + ALONE + 1,
    served + ALONE + BATCHED, BATCH);
  await pawl.check();
  const sync = await pawl.store('sync', scratch, 1);

  report({
    what: 'tasks/s, 64 connections', value: many.rate, than: 'a commit each', other: alone.rate,
    bar: { ratio: '>=', at: 3 },
  });
  report({ what: 'the same', value: many.rate, bar: { value: '>=', at: 12_000 } });
  report({ what: 'CPU a request, us', value: many.cpu });
  report({ what: 'p99, ms', value: many.p99 });
  report({
    what: 'tasks/s, 64 connections', value: many.rate, than: '1 connection', other: one.rate,
  });
  report({
    what: 'tasks/s, 64 connections', value: many.rate, than: `store, ${BATCH} a commit`,
    other: batched.rate,
  });
  report({ what: 'a commit each, commits/s', value: alone.rate, than: 'bare fdatasync',
    other: sync.rate });
  await pawl.discard();
}

// Completes tasks from number `first`; answers also the `next` one, which is still open.
async function complete(pawl, { first, last, connections, seconds }) {
  const threads = Math.min(2, connections);
  const result = await measure({
    server: pawl, path: pawl.path('/completed-tasks'), connections, headers: pawl.headers(),
    script: 'complete.lua', args: [first, last, threads],
  }, seconds);

  if (result.next > last) throw new Error('more tasks were completed than had been prepared');
  return result;
}
