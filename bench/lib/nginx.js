// nginx as the measure of what the machine can do: it answers one path with an answer recorded from
// Pawl, out of memory, one worker a core.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ask } from './pawl.js';
import { freePort, start, stop } from './process.js';

const START_TRIES = 100;
const CHUNK = 1500; // nginx takes 4096 bytes a word, and escaping may double them

// nginx writes these itself.
const ITS_OWN = new Set(['connection', 'content-length', 'content-type', 'date', 'server']);

export class Nginx {
  // Serves GET `path` with the recorded answer.
  static async with(scratch, path, answer) {
    const nginx = new Nginx();

    nginx.folder = mkdtempSync(join(scratch, 'nginx-'));
    nginx.port = await freePort();
    nginx.url = `http://127.0.0.1:${nginx.port}`;
    const file = join(nginx.folder, 'nginx.conf');
    writeFileSync(file, configuration(nginx.port, path, answer));
    nginx.child = start('nginx', ['-p', nginx.folder, '-e', 'stderr', '-c', file]);
    await nginx.answersAs(path, answer);
    return nginx;
  }

  async answersAs(path, expected) {
    let answer = null;

    for (let i = 0; i < START_TRIES && answer === null; i++) {
      answer = await ask(this.url + path, {}).catch(() => null);
      if (answer === null) await delay(10);
    }
    if (answer === null) throw new Error(`nginx does not answer:\n${this.child.output}`);
    if (answer.status !== expected.status || answer.body !== expected.body) {
      throw new Error(`nginx does not answer as Pawl did: ${answer.status} ${answer.body}`);
    }
  }

  get pid() {
    return this.child.pid;
  }

  async discard() {
    await stop(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function configuration(port, path, answer) {
  const chunks = chunksOf(answer.body);
  const headers = [];
  const body = chunks.map((text, i) => `set $body${i} ${quote(text)};`);
  let type = 'text/plain';

  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    const [name, value] = answer.rawHeaders.slice(i, i + 2);
    if (name.toLowerCase() === 'content-type') type = value;
    if (ITS_OWN.has(name.toLowerCase())) continue;
    headers.push(`add_header ${name} ${quote(value)} always;`);
  }
  return `
    daemon off;
    worker_processes auto;
    pid nginx.pid;
    events { worker_connections 4096; }
    http {
        access_log off;
        server_tokens off;
        keepalive_requests 1000000000;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        server {
            listen 127.0.0.1:${port} reuseport;
            location = ${path} {
                default_type ${quote(type)};
                ${headers.join('\n                ')}
                ${body.join('\n                ')}
                return ${answer.status} "${chunks.map((_, i) => `\${body${i}}`).join('')}";
            }
        }
    }`;
}

function chunksOf(text) {
  const bytes = Buffer.from(text);

  if (bytes.length !== text.length) throw new Error('the recorded answer must be ASCII');
  return Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, i) =>
    text.slice(i * CHUNK, (i + 1) * CHUNK));
}

function quote(text) {
  if (text.includes('$')) throw new Error(`nginx would read a variable in: ${text}`);
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
