// Measuring two things side by side: in turns, so that a machine that grows slower does it to both.

import { cpuSeconds } from './process.js';
import { load } from './wrk.js';

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);

  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Loads each of `sides` ({ server, path, … options of load }) in turns; answers for each the
// medians of its rounds, with `cpu`, the microseconds that its server spent on a request.
export async function sideBySide(sides, { seconds, rounds, warmUp = 1 }) {
  const results = sides.map(() => []);

  for (const side of sides) if (warmUp > 0) await measure(side, warmUp);
  for (let round = 0; round < rounds; round++) {
    for (const [i, side] of sides.entries()) results[i].push(await measure(side, seconds));
  }
  return results.map((list) => Object.fromEntries(
    Object.keys(list[0]).map((key) => [key, median(list.map((result) => result[key]))]),
  ));
}

export async function measure({ server, path, ...options }, seconds) {
  const before = cpuSeconds(server.pid);
  const result = await load(server.url + path, { ...options, seconds });

  return { ...result, cpu: ((cpuSeconds(server.pid) - before) * 1e6) / result.requests };
}
