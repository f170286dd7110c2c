// Starts the real server for one test file and speaks to it as its users do.
//
//   const pawl = await startServer();
//   after(() => pawl.stop());
//   const org = await pawl.org();                      an organization and its administrator
//   const bob = await pawl.user(org, { role: 'light' });
//   const tasks = await pawl.api(bob.token).get(`/organizations/${org.id}/me/tasks`);
//
// Every server has an empty store of its own, on the engine that PAWL_TEST_DB names (sqlite or
// postgres), so files run in any order and beside each other. Tests wait for events, never for
// time: a test that needs another date moves the server's clock.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { found, remember, rememberAnswer, rememberJson } from './lib/secrets.js';

const BINARY = resolve(process.env.PAWL_BIN ?? join(import.meta.dirname, '../build-test/pawl'));
export const ENGINE = process.env.PAWL_TEST_DB ?? 'sqlite';

// Generous, for a sanitizer build on a busy machine; only a hang is meant to meet them.
const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 30_000;
const RAW_TIMEOUT = 30_000;
const OUTPUT_MAX = 64 * 1024 * 1024;

const KEYS = ['signing-key.pem', 'sealing-key'];
// Tests ask faster than people do; those of the limits set their own.
const LIMITS = {
  rate_limit: 0,
  token_rate_limit: 0,
  registration_rate_limit: 0,
  guest_invite_limit: 0,
};

const SANITIZER = /ERROR: \w+Sanitizer|runtime error:/;

export const PASSWORD = 'correct horse battery';
// It as argon2id at the least cost, so that tests do not wait for what only slows guessers down.
const PASSWORD_HASH = '$argon2id$v=19$m=8,t=1,p=1$y0Bp72/s6fmKRiSsxq7dZQ$' +
  '1W6VrnRoUGJsd+iD+ge8PZsgujT3466i04eebpUHkb8';
export const SECOND = 1000;
export const DAY = 24 * 3600 * SECOND;

// Starts a server. `settings` are named as in the product's list of options: they travel as PAWL_*
// variables. `args` follow `pawl serve`. With `beside` it is a second node on the PostgreSQL store
// of another server, whose clock and keys it shares.
export async function startServer({ settings = {}, args = [], beside = null } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-test-'));
  const database = beside?.database ?? (ENGINE === 'postgres' ? await createDatabase() : null);
  const server = new Server({ folder, database, settings, args, beside });

  if (beside) KEYS.forEach((key) => copyFileSync(join(beside.folder, key), join(folder, key)));

  try {
    await server.start();
  } catch (error) {
    await server.discard();
    throw error;
  }
  return server;
}

// A test that crashes or is ended leaves no server behind.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

class Server {
  constructor({ folder, database, settings, args, beside }) {
    const clockFile = beside?.clock.file ?? join(folder, 'clock');
    const entries = Object.entries({ ...LIMITS, ...settings }).map(([name, value]) => [
      `PAWL_${name.toUpperCase()}`,
      String(value),
    ]);

    this.folder = folder;
    this.database = database;
    this.beside = beside;
    this.args = args;
    this.env = {
      ...process.env,
      ...Object.fromEntries(entries),
      PAWL_TEST_CLOCK: clockFile,
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    };
    this.clock = beside?.clock ?? new Clock(clockFile);
    this.log = ''; // all that the server printed
    this.errors = ''; // what of it is the log proper
    this.people = 0;
  }

  get store() {
    return ['--data', this.folder, ...(this.database ? ['--db', this.database] : [])];
  }

  async start() {
    const listen = ['--listen', '127.0.0.1:0'];
    const child = spawn(BINARY, ['serve', ...this.store, ...listen, ...this.args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.folder,
      env: this.env,
    });

    this.child = child;
    running.add(child);
    this.exited = new Promise((done) => {
      child.once('error', (error) => done(String(error)));
      child.once('close', (code, signal) => done(code ?? signal));
    }).finally(() => running.delete(child));
    child.stdout.on('data', (chunk) => (this.log += chunk));
    child.stderr.on('data', (chunk) => {
      this.log += chunk;
      this.errors += chunk;
    });
    this.url = await this.listens();
    this.port = Number(new URL(this.url).port);
    if (this.url.startsWith('https:')) return; // whom to trust is its test's business
    const health = await fetch(`${this.url}/health`);
    if (!health.ok) throw new Error(`the server is not well: ${await health.text()}\n${this.log}`);
  }

  // The address with the port that the kernel gave, as the log tells it.
  listens() {
    return new Promise((done, fail) => {
      const giveUp = (why) => {
        clearTimeout(timer);
        fail(new Error(`the server ${why}:\n${this.log}`));
      };
      const timer = setTimeout(giveUp, START_TIMEOUT, 'does not start');
      let heard = '';
      const hear = (chunk) => {
        const url = /listens on (https?:\/\/127\.0\.0\.1:\d+)/.exec((heard += chunk))?.[1];

        if (!url) return;
        clearTimeout(timer);
        this.child.stderr.off('data', hear);
        done(url);
      };

      this.child.stderr.on('data', hear);
      this.exited.then((how) => giveUp(`ended (${how})`));
    });
  }

  // Ends the server as an operator does, and holds it to a clean end. Whatever it has issued since
  // its start, none of it may be found in the store or in the log.
  async stop() {
    const stored = await this.storedText();

    this.child.kill('SIGTERM');
    const ended = await this.wait();
    await this.discard();
    const told = { store: found(stored), log: found(this.errors) };
    for (const [where, secrets] of Object.entries(told))
      if (secrets.length) throw new Error(`secrets stand in the ${where}: ${secrets}`);
    if (ended !== 0) throw new Error(`the server ended with ${ended}:\n${this.log}`);
    if (SANITIZER.test(this.log)) throw new Error(`a sanitizer complained:\n${this.log}`);
  }

  // Ends the process and starts another on the same store.
  async restart() {
    this.child.kill('SIGTERM');
    await this.wait();
    await this.start();
  }

  // How the process ended: its exit code, or the signal that killed it.
  async wait() {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT);

    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async discard() {
    this.child?.kill('SIGKILL');
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true });
    if (this.database && !this.beside) await dropDatabase(this.database);
  }

  // Runs `pawl admin WORDS...` on the store and answers the JSON line it prints, if it does.
  async admin(words, { stdin = '' } = {}) {
    const { code, stdout, stderr } = await this.command(['admin', ...words, ...this.store], stdin);

    if (code !== 0) throw new Error(`pawl admin ${words.join(' ')} ended with ${code}:\n${stderr}`);
    try {
      const answer = JSON.parse(stdout);
      rememberJson(answer);
      return answer;
    } catch {
      return stdout;
    }
  }

  // Runs `pawl ARGS...` and answers how it ended and what it printed.
  command(args, stdin = '') {
    return new Promise((done) => {
      const options = { cwd: this.folder, env: this.env, maxBuffer: OUTPUT_MAX };
      const child = execFile(BINARY, args, options, (error, stdout, stderr) =>
        done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
      );
      child.stdin.on('error', () => {}); // it may end without reading
      child.stdin.end(stdin);
    });
  }

  // A new organization: { id, admin }, the administrator as `user` gives people.
  async org({ name = 'Acme', timezone = 'UTC' } = {}) {
    const email = this.email('admin');
    const made = await this.admin(
      ['org', 'create', '--name', name, '--email', email, '--first-name', 'Ada', '--last-name',
        'Admin', '--timezone', timezone, '--password-hash-stdin', '--token'],
      { stdin: `${PASSWORD_HASH}\n` },
    );
    const { org_id: id, user_id, access_token: token } = made;

    return { id, path: `/organizations/${id}`, admin: { id: user_id, email, token } };
  }

  // A new member of an organization: { id, email, token }. The password is PASSWORD.
  async user(org, { role = 'standard', email = this.email(role), first, last,
    withToken = true } = {}) {
    const { user_id: id, access_token: token } = await this.admin(
      ['user', 'create', '--org', org.id, '--email', email, '--role', role, '--first-name',
        first ?? 'Bob', '--last-name', last ?? 'Bell', '--password-hash-stdin',
        ...(withToken ? ['--token'] : [])],
      { stdin: `${PASSWORD_HASH}\n` },
    );

    return { id, email, token };
  }

  // A personal access token, as the operator makes one.
  async token(email) {
    return (await this.admin(['token', 'create', '--email', email])).access_token;
  }

  // Everything in the store, as the bytes on disk or a dump show it.
  storedText() {
    if (this.database) return run('pg_dump', ['--inserts', this.database]);
    return readdirSync(this.folder)
      .filter((name) => name.startsWith('pawl.db'))
      .map((name) => readFileSync(join(this.folder, name), 'latin1'))
      .join('');
  }

  email(who) {
    this.people += 1;
    return `${who}${this.people}@example.com`;
  }

  // A client with the three headers that the API asks for. `headers` adds to them; null leaves one
  // of them out.
  api(token, headers = {}) {
    return new Client(this, {
      authorization: token ? `Bearer ${token}` : null,
      accept: 'application/json',
      'x-tallyfy-client': 'tests',
      ...headers,
    });
  }

  // Signs in with e-mail address and password and answers a client that holds the session cookie.
  async session(person, { password = PASSWORD, remember } = {}) {
    const login = { email: person.email, password, remember };
    const answer = await this.api(null).post('/session', login);

    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${answer.text}`);
    return this.holder(answer);
  }

  // A client with the session that an answer has just opened.
  holder(answer) {
    const cookie = answer.headers.getSetCookie()[0].split(';')[0];
    const client = this.api(null, { cookie, 'x-csrf-token': answer.data.csrf_token });

    client.cookie = cookie;
    client.csrf = answer.data.csrf_token;
    return client;
  }

  // Sends bytes as they are, and answers what came back until the server closed the connection or,
  // with `until`, until that pattern was seen.
  raw(bytes, { until } = {}) {
    return new Promise((done, fail) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      const finish = (closed) => {
        socket.destroy();
        done({ status: Number(/^HTTP\/1\.\d (\d+)/.exec(text)?.[1] ?? 0), text, closed });
      };

      socket.setTimeout(RAW_TIMEOUT, () => {
        socket.destroy();
        fail(new Error(`no end of the answer; so far:\n${text}`));
      });
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (until?.test(text)) finish(false);
      });
      socket.on('error', () => finish(true)); // a reset while we still write
      socket.on('close', () => finish(true));
    });
  }
}

class Client {
  constructor(server, headers) {
    this.server = server;
    this.headers = headers;
  }

  get(path, options) {
    return this.send('GET', path, undefined, options);
  }

  post(path, body, options) {
    return this.send('POST', path, body, options);
  }

  put(path, body, options) {
    return this.send('PUT', path, body, options);
  }

  patch(path, body, options) {
    return this.send('PATCH', path, body, options);
  }

  delete(path, body, options) {
    return this.send('DELETE', path, body, options);
  }

  // Sends a request: an object goes as JSON, anything else as fetch takes it. The answer has
  // `status`, `headers`, `text`, `body` (parsed), and its `data`, `meta` and `code`.
  async send(method, path, body, { headers = {} } = {}) {
    const all = { ...this.headers, ...headers };
    const plain = body !== undefined && Object.getPrototypeOf(body) === Object.prototype;

    if (plain) all['content-type'] ??= 'application/json';
    for (const name of Object.keys(all)) if (all[name] === null) delete all[name];
    const answer = await fetch(this.server.url + path, {
      method,
      headers: all,
      body: plain ? JSON.stringify(body) : body,
      redirect: 'manual',
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.startsWith('application/json');
    const parsed = json && text ? JSON.parse(text) : null;

    rememberAnswer(text, parsed, answer.headers);
    if (plain && answer.ok) remember(body.password);
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: parsed,
      data: parsed?.data,
      meta: parsed?.meta,
      code: parsed?.code,
    };
  }
}

// The server adds the milliseconds in this file to its own time.
class Clock {
  constructor(file) {
    this.file = file;
    this.offset = 0;
  }

  advance(milliseconds) {
    this.offset += milliseconds;
    writeFileSync(`${this.file}.new`, String(this.offset));
    renameSync(`${this.file}.new`, this.file);
  }

  // The server's time in milliseconds.
  now() {
    return Date.now() + this.offset;
  }

  // The server's time so much later, as the API writes it.
  wire(later = 0) {
    return new Date(this.now() + later).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

async function createDatabase() {
  const admin = process.env.PAWL_TEST_PG;
  const name = `pawl_test_${randomBytes(6).toString('hex')}`;

  if (!admin) throw new Error('PAWL_TEST_PG is not set: run script/test, which does');
  await psql(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  return admin.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}

function dropDatabase(url) {
  const name = /\/(pawl_test_\w+)/.exec(url)[1];

  return psql(`DROP DATABASE ${name} WITH (FORCE)`);
}

function psql(statement) {
  return run('psql', ['-qXv', 'ON_ERROR_STOP=1', '-c', statement, process.env.PAWL_TEST_PG]);
}

function run(command, args) {
  return new Promise((done, fail) =>
    execFile(command, args, { maxBuffer: 1 << 28 }, (error, stdout) =>
      error ? fail(error) : done(stdout),
    ),
  );
}
