// Lists of an organization with few tasks against the same with many: a list should cost what its
// page costs, whatever stands behind it.

import { median, sideBySide } from '../lib/rounds.js';

const BAR = 2;

// Parameters of /me/tasks, and of /tasks.
const MINE = ['', 'status=active', 'status=completed', 'status=overdue', 'sort=newest'];
const ALL = ['', 'status=active', 'status=completed', 'status=overdue', 'status=due_soon',
  'sort=newest', 'sort=completed_newest', 'assignee=me', 'archived=only', 'per_page=100'];

export async function lists({ rounds, small, big, report }) {
  const few = await small();
  const many = await big();
  const paths = [...MINE.map((query) => `/me/tasks?${query}`), ...ALL.map((q) => `/tasks?${q}`)];
  const ratios = [];

  await few.start();
  await many.start();
  for (const path of paths) {
    const [a, b] = await sideBySide(
      [few, many].map((server) => ({
        server, path: server.path(path), headers: server.headers(), connections: 1,
        slow: true,
      })), { seconds: 1, rounds: Math.min(rounds, 2), warmUp: 0 });
    ratios.push(b.p50 / a.p50);
    report({
      what: `${path.replace(/\?$/, '')}, ms`, value: b.p50, than: `${few.tasks} tasks`,
      other: a.p50, bar: { ratio: '<=', at: BAR },
    });
  }
  report({ what: 'median of these ratios', value: median(ratios) });
  await few.stop();
  await many.stop();
}
