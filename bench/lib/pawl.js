// A Pawl server on a store of its own, and what a measurement needs of it.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort, run, start, stop } from './process.js';

const BINARY = process.env.PAWL_BIN ?? resolve(import.meta.dirname, '../../build/pawl');
const STORE_TOOL = resolve(import.meta.dirname, '../../build/bench-store');
const START_TIMEOUT = 20_000;
const EMAIL = 'ada@example.com';

// One account makes all the load.
const UNLIMITED = ['--rate-limit', '0', '--token-rate-limit', '0'];

export class Pawl {
  // An empty store under `scratch`; nothing runs yet.
  constructor(scratch) {
    this.folder = mkdtempSync(join(scratch, 'pawl-'));
    this.file = join(this.folder, 'pawl.db');
    this.options = [];
  }

  // A store with one organization and its administrator, and their token.
  static async withOrganization(scratch) {
    const pawl = new Pawl(scratch);
    const made = await pawl.admin('org', 'create', '--name', 'Bench', '--email', EMAIL);

    pawl.org = made.org_id;
    pawl.user = made.user_id;
    await pawl.newToken();
    return pawl;
  }

  async admin(...words) {
    return JSON.parse(await run(BINARY, ['admin', ...words, '--data', this.folder]));
  }

  async newToken() {
    this.token = (await this.admin('token', 'create', '--email', EMAIL)).access_token;
  }

  // Proves that what was measured has left the store sound.
  async check() {
    await this.admin('check');
  }

  // Changes the store file directly; the server must be stopped for most of it.
  async store(...words) {
    return JSON.parse(await run(STORE_TOOL, words.map(String)));
  }

  // Starts serving; answers the milliseconds until the first answer to GET `path`.
  async start(path = '/health') {
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    const began = performance.now();
    this.child = start(BINARY, [
      'serve', '--data', this.folder, '--listen', `127.0.0.1:${this.port}`, ...UNLIMITED,
      ...this.options,
    ]);
    await this.listens();
    const answer = await this.get(path);
    const took = performance.now() - began;
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.body}`);
    return took;
  }

  async listens() {
    for (const end = performance.now() + START_TIMEOUT; performance.now() < end; await delay(1)) {
      if (this.child.exitCode !== null) break;
      const socket = connect(this.port, '127.0.0.1');
      const open = await once(socket, 'connect').then(() => true, () => false);
      socket.destroy();
      if (open) return;
    }
    throw new Error(`the server does not answer:\n${this.child.output}`);
  }

  async stop() {
    if (this.child) await stop(this.child);
  }

  async discard() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get pid() {
    return this.child.pid;
  }

  // What API clients send.
  headers(token = this.token) {
    return {
      Accept: 'application/json',
      Authorization: `Bearer ${token}`,
      'X-Tallyfy-Client': 'APIClient',
    };
  }

  path(rest) {
    return `/api/organizations/${this.org}${rest}`;
  }

  get(path, headers = this.headers()) {
    return ask(this.url + path, { headers });
  }

  post(path, body) {
    return this.change('POST', path, JSON.stringify(body));
  }

  delete(path) {
    return this.change('DELETE', path);
  }

  async change(method, path, body) {
    const answer = await ask(this.url + path, {
      method, headers: { ...this.headers(), 'Content-Type': 'application/json' },
    }, body);

    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body === '' ? null : JSON.parse(answer.body);
  }

  signIn(email, password) {
    return ask(`${this.url}/session`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
    }, JSON.stringify({ email, password }));
  }

  // A one-off task of the administrator, due in so many days; answers it.
  async task(title, { days = 3, owners = { users: [this.user] }, ...rest } = {}) {
    const due = new Date(Date.now() + days * 24 * 3600 * 1000);
    const deadline = due.toISOString().replace(/\.\d+Z/, 'Z');

    return (await this.post(this.path('/tasks'), {
      title, deadline, owners, task_type: 'task', summary: 'As agreed on Monday.', ...rest,
    })).data;
  }
}

// The answer with its headers as they came: [name, value, name, value, …].
export function ask(url, options, body) {
  return new Promise((done, failed) => {
    const call = request(url, options, (response) => {
      let text = '';

      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('error', failed);
      response.on('end', () => done({
        status: response.statusCode, rawHeaders: response.rawHeaders, body: text,
      }));
    });

    call.on('error', failed);
    call.end(body);
  });
}
