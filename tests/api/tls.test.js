// https by the server itself, from certificate files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { startServer } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'pawl-tls-'));
const cert = join(folder, 'cert.pem');
const key = join(folder, 'key.pem');

execFileSync(
  'openssl',
  ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  { stdio: 'ignore' },
);
const pawl = await startServer({ settings: { tls_cert: cert, tls_key: key } });
after(async () => {
  await pawl.stop();
  rmSync(folder, { recursive: true });
});

function get(path, options = {}) {
  return new Promise((done, fail) => {
    const trust = { ca: readFileSync(cert), agent: false };
    const call = request(`${pawl.url}${path}`, { ...trust, ...options });

    call.on('response', (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode, text, socket: answer.socket }));
    });
    call.on('error', fail);
    call.end();
  });
}

test('the API answers over TLS', async () => {
  const { status, text } = await get('/health');

  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(text), { status: 'ok' });
});

test('the set-up link is an https link', () => {
  assert.match(pawl.log, /https:\/\/127\.0\.0\.1:\d+\/setup#code=/);
});

test('what is older than TLS 1.2 is refused', async () => {
  const old = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' };

  await assert.rejects(get('/health', { ...old, maxVersion: 'TLSv1.1' }));
  assert.equal((await get('/health', { ...old, maxVersion: 'TLSv1.2' })).status, 200);
});

test('plain HTTP on that port is no way in', async () => {
  await assert.rejects(fetch(`http://127.0.0.1:${pawl.port}/health`));
});
