// What the crash tests share.

import { randomBytes } from 'node:crypto';

// The number in that variable, or a random one.
export function seedOf(variable) {
  return Number(process.env[variable] ?? randomBytes(4).readUInt32BE());
}

// A function that gives numbers from 0 to 1, the same ones for the same seed (xorshift).
export function randomFrom(seed) {
  let state = seed >>> 0 || 1;

  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

// Does the work for each item, so many at a time.
export async function inParallel(width, items, work) {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };

  await Promise.all(Array.from({ length: width }, worker));
}
