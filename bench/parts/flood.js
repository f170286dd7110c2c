// People at work while somebody tries passwords.

import { Pawl } from '../lib/pawl.js';
import { measure } from '../lib/rounds.js';
import { load } from '../lib/wrk.js';

const PEOPLE = 16;
const ATTACKERS = 32;
const HEAD_START = 500; // milliseconds until the flood is at its height
const LOCKING = 12;     // wrong passwords that surely lock an account

export async function flood({ scratch, seconds, report }) {
  const pawl = await Pawl.withOrganization(scratch);

  pawl.options = ['--trusted-proxies', '127.0.0.1'];
  await pawl.start();
  for (let i = 0; i < 10; i++) await pawl.task(`Order name badges, ${i}`);
  const people = () => measure({
    server: pawl, path: pawl.path('/me/tasks'), headers: pawl.headers(), connections: PEOPLE,
    script: 'calm.lua',
  }, seconds);
  const attack = (kind) => load(`${pawl.url}/session`, {
    connections: ATTACKERS, seconds: seconds + 1, script: 'sign-in.lua', args: [kind],
    refusals: true,
  });

  await people();
  const calm = await people();
  for (let i = 0; i < LOCKING; i++) {
    await pawl.signIn('eve@example.com', 'not the password');
  }
  for (const [kind, what] of [['one', 'one account'], ['many', 'many accounts']]) {
    const attacked = attack(kind);
    await new Promise((done) => setTimeout(done, HEAD_START));
    const hurt = await people();
    const { rate } = await attacked;
    report({
      what: `p99 of me/tasks, ms: ${what}`, value: hurt.p99, than: 'without', other: calm.p99,
      bar: { ratio: '<=', at: 2 },
    });
    report({ what: `refused sign-ins/s: ${what}`, value: rate });
  }
  await pawl.discard();
}
