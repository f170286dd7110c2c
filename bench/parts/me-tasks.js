// The call that clients make most: a person's tasks.

import { Nginx } from '../lib/nginx.js';
import { Pawl } from '../lib/pawl.js';
import { sideBySide } from '../lib/rounds.js';

const CONNECTIONS = 64;

export async function meTasks({ scratch, seconds, rounds, report }) {
  const pawl = await Pawl.withOrganization(scratch);
  const path = pawl.path('/me/tasks');

  await pawl.start();
  for (let i = 0; i < 10; i++) await pawl.task(`Send the signed lease to the landlord, ${i}`);
  const answer = await pawl.get(path);
  if (JSON.parse(answer.body).data.length !== 10) throw new Error(`not ten tasks: ${answer.body}`);

  const nginx = await Nginx.with(scratch, path, answer);
  const load = { path, connections: CONNECTIONS, headers: pawl.headers() };
  const [ours, theirs] = await sideBySide(
    [{ server: pawl, ...load }, { server: nginx, ...load }], { seconds, rounds });
  report({
    what: `requests/s, ${answer.body.length} bytes`,
    value: ours.rate, than: 'nginx', other: theirs.rate, bar: { ratio: '>=', at: 1 / 3 },
  });
  report({
    what: 'CPU a request, us', value: ours.cpu, than: 'nginx', other: theirs.cpu,
    bar: { value: '<=', at: 40 },
  });
  report({ what: 'p99, ms', value: ours.p99, than: 'nginx', other: theirs.p99 });
  await nginx.discard();
  await pawl.discard();
}
