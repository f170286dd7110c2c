// The processes that are measured: starting them so that none outlives the run, and what the kernel
// knows about them.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const children = new Set();
const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK']));
const STOP_TIMEOUT = 15_000;

// Starts a process whose output is kept in child.output, to be shown if it fails.
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });

  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (child.output += chunk));
  }
  children.add(child);
  child.once('error', (error) => (child.output += error.message));
  child.once('close', () => children.delete(child));
  return child;
}

// Runs a process to its end; answers what it wrote to standard output.
export async function run(command, args, { input = '', ...options } = {}) {
  const child = start(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';

  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stdin.on('error', () => {}); // it ended without reading
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${child.output}`);
  }
  return stdout;
}

export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  child.kill('SIGTERM');
  await once(child, 'close');
  clearTimeout(timer);
}

export function killAll() {
  for (const child of children) child.kill('SIGKILL');
}

export function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();

    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// Seconds of CPU that the process and its children that still run have used.
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

  return below.split(' ').filter(Boolean).reduce((sum, child) => sum + cpuSeconds(child), own);
}

export function residentMiB(pid) {
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));

  return Number(kib) / 1024;
}
