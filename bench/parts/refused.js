// Tokens that are refused: one whose signature is wrong, and one that was good once.

import { Nginx } from '../lib/nginx.js';
import { Pawl } from '../lib/pawl.js';
import { sideBySide } from '../lib/rounds.js';

const CONNECTIONS = 64;

export async function refused({ scratch, seconds, rounds, report }) {
  const pawl = await Pawl.withOrganization(scratch);
  const revoked = pawl.token;
  const path = pawl.path('/me/tasks');

  await pawl.start();
  await pawl.post('/api/auth/logout', {});
  await pawl.stop();
  await pawl.newToken();
  await pawl.start();
  for (const [what, token] of [['wrong signature', spoil(pawl.token)], ['revoked', revoked]]) {
    const headers = pawl.headers(token);
    const answer = await pawl.get(path, headers);
    if (answer.status !== 401) throw new Error(`${what}: ${answer.status} ${answer.body}`);
    const nginx = await Nginx.with(scratch, path, answer);
    const load = { path, connections: CONNECTIONS, headers, refusals: true };
    const [ours, theirs] = await sideBySide(
      [{ server: pawl, ...load }, { server: nginx, ...load }],
      { seconds, rounds: Math.min(rounds, 2) });

    report({
      what: `${what}, 401s/s`, value: ours.rate, than: 'nginx', other: theirs.rate,
      bar: { ratio: '>=', at: 2 / 3 },
    });
    report({ what: `${what}, CPU, us`, value: ours.cpu, than: 'nginx', other: theirs.cpu });
    await nginx.discard();
  }
  await pawl.discard();
}

// Another letter in the middle of the signature.
function spoil(token) {
  const at = token.lastIndexOf('.') + 100;

  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}
