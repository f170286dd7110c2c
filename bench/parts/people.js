// Lists and search of people in a small organization against the same in a large one.

import { Pawl } from '../lib/pawl.js';
import { median, sideBySide } from '../lib/rounds.js';

const BAR = 2;
const SMALL = 100;
const AT_ONCE = 64;
const PAGE = 'per_page=20'; // so that the small organization has a second page, too

const MEMBERS = ['', 'sort=first_name', 'sort=-last_name', 'sort=email', 'sort=-created_at',
  'page=2', 'q=Nikolaou+42', 'q=person42%40', 'q=zzz'];
const GUESTS = ['', 'sort=first_name', 'sort=-last_name', 'sort=email', 'sort=created_at', 'page=2',
  'q=Nikolaou+42', 'q=person42%40', 'q=zzz', 'with=stats'];

const NAMES = ['Ada', 'Bruno', 'Chloé', 'Dimitra', 'Ebru', 'Farid', 'Grace', 'Héctor', 'Ines',
  'Jürgen'];
const SURNAMES = ['Okafor', 'Keller', 'Nikolaou', 'Papadopoulou', 'García', 'Nguyễn', 'Øster'];

const person = (i) => ({
  email: `person${i}@${i % 3 ? 'example.com' : 'example.org'}`,
  first_name: NAMES[i % NAMES.length],
  last_name: `${SURNAMES[i % SURNAMES.length]} ${i}`,
});

async function inParallel(count, job) {
  let next = 1;

  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next <= count) await job(next++);
  }));
}

// An organization of so many people, made by the API.
async function organizationOf(scratch, members, guests) {
  const pawl = await Pawl.withOrganization(scratch);

  pawl.options.push('--guest-invite-limit', '0');
  await pawl.start();
  await inParallel(members, (i) => pawl.post(pawl.path('/users/invite'), person(i)));
  await inParallel(guests, (i) => pawl.post(pawl.path('/guests'), {
    ...person(i), email: `guest.${person(i).email}`,
  }));
  return pawl;
}

export async function people({ scratch, rounds, full, report }) {
  const [members, guests] = full ? [10_000, 100_000] : [2_000, 10_000];
  const few = await organizationOf(scratch, SMALL, SMALL);
  const many = await organizationOf(scratch, members, guests);
  const ratios = [];

  for (const [list, queries, count] of [['/users', MEMBERS, members], ['/guests', GUESTS, guests]])
    for (const query of queries) {
      const path = `${list}?${[PAGE, query].filter(Boolean).join('&')}`;
      const [a, b] = await sideBySide(
        [few, many].map((server) => ({
          server, path: server.path(path), headers: server.headers(), connections: 1, slow: true,
        })), { seconds: 1, rounds: Math.min(rounds, 2), warmUp: 0 });

      ratios.push(b.p50 / a.p50);
      report({
        what: `${list}?${query}`, value: b.p50, than: `${count} to ${SMALL}`, other: a.p50,
        bar: { ratio: '<=', at: BAR },
      });
    }
  report({ what: 'median of these ratios', value: median(ratios) });
  for (const pawl of [few, many]) {
    await pawl.stop();
    await pawl.check();
    await pawl.discard();
  }
}
