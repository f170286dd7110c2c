// From the start of the process to its first answer, and its memory.

import { once } from 'node:events';
import { connect } from 'node:net';

import { Pawl } from '../lib/pawl.js';
import { residentMiB } from '../lib/process.js';
import { median } from '../lib/rounds.js';

const STARTS = 5;
const IDLE = 10_000;
const AT_ONCE = 200;

export async function start({ scratch, big, report }) {
  const empty = new Pawl(scratch);
  const first = [];

  for (let i = 0; i < STARTS; i++) {
    const fresh = new Pawl(scratch);
    first.push(await fresh.start());
    await fresh.discard();
  }
  report({
    what: 'first start (makes the key), ms', value: median(first), bar: { value: '<=', at: 100 },
  });
  await empty.start();
  await empty.stop();
  report({
    what: 'start, empty store, ms', value: await startTime(empty, '/health'),
    bar: { value: '<=', at: 100 },
  });

  await empty.start();
  report({ what: 'memory, MiB', value: residentMiB(empty.pid), bar: { value: '<=', at: 32 } });
  const sockets = await openIdle(empty);
  report({
    what: `memory, ${IDLE} connections, MiB`, value: residentMiB(empty.pid),
    bar: { value: '<=', at: 200 },
  });
  for (const socket of sockets) socket.destroy();
  await empty.discard();

  const full = await big();
  report({
    what: `start, ${full.tasks} tasks, ms`,
    value: await startTime(full, full.path('/me/tasks')), bar: { value: '<=', at: 300 },
  });
}

async function startTime(pawl, path) {
  const times = [];

  for (let i = 0; i < STARTS; i++) {
    times.push(await pawl.start(path));
    await pawl.stop();
  }
  return median(times);
}

// Connections that have each had one answer and now wait.
async function openIdle(pawl) {
  const sockets = [];

  while (sockets.length < IDLE) {
    sockets.push(...await Promise.all(Array.from({ length: AT_ONCE }, () => openOne(pawl.port))));
  }
  return sockets;
}

async function openOne(port) {
  const socket = connect(port, '127.0.0.1');

  await once(socket, 'connect');
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = await once(socket, 'data');
  if (!answer.toString().startsWith('HTTP/1.1 200 ')) throw new Error(answer.toString());
  return socket;
}
