// The web app as files: one document for every page, and what it is built of.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const browser = pawl.api(null, { 'x-tallyfy-client': null, accept: 'text/html,*/*;q=0.8' });

async function page(path) {
  const answer = expect(await browser.get(path), 200);

  assert.match(answer.headers.get('content-type'), /^text\/html; *charset=utf-8/i);
  return answer;
}

test('every page of the app is the one document', async () => {
  const { text } = await page('/');

  assert.match(text, /<title>[^<]*Pawl[^<]*<\/title>/);
  for (const path of ['/login', '/logout', '/setup', '/organizations/create', `/${org.id}`,
    `/${org.id}/dashboard`, `/${org.id}/settings/integrations/rest-api`])
    assert.equal((await page(path)).text, text, path);
});

test('other addresses are no pages', async () => {
  for (const path of ['/members', '/nonsense/page', '/index.html.bak', `/${org.id}0/dashboard`])
    refused(await browser.get(path), 404, 'ENDPOINT_NOT_FOUND');
  refused(await browser.post('/login', {}), 405, 'METHOD_NOT_ALLOWED');
});

test('a page is asked for anew each time, what it is built of is kept for ever', async () => {
  const { text, headers } = await page('/login');
  const parts = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);

  assert.match(headers.get('cache-control'), /no-cache|no-store|max-age=0/);
  assert.ok(parts.length > 0, text);
  for (const path of parts) {
    const answer = expect(await browser.get(path), 200);

    assert.match(answer.headers.get('cache-control'), /immutable/);
    assert.match(answer.headers.get('content-type'), /javascript|css|svg|font/);
  }
});

test('what has not changed is not sent again, and may travel compressed', async () => {
  const plain = await browser.get('/', { headers: { 'accept-encoding': 'identity' } });
  const packed = await browser.get('/', { headers: { 'accept-encoding': 'gzip' } });
  const etag = plain.headers.get('etag');

  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  assert.equal(packed.text, plain.text);
  const again = expect(await browser.get('/', { headers: { 'if-none-match': etag } }), 304);
  assert.equal(again.text, '');
});

test('a page is guarded against being framed, sniffed and injected into', async () => {
  const { headers, text } = await page('/login');
  const policy = headers.get('content-security-policy') ?? '';

  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.match(policy, /default-src '(self|none)'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe-(inline|eval)/);
  assert.match(headers.get('referrer-policy') ?? '', /no-referrer|same-origin|strict-origin/);
  assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)[^>]*>/, 'a script inside the page');
});

test('no file but the app’s own is served', async () => {
  for (const path of ['/assets/nothing.js', '/assets/', '/assets/..%2f..%2fetc/passwd',
    '/assets/%2e%2e/index.html', '/assets//etc/passwd', '/assets/%00'])
    assert.match(String((await browser.get(path)).status), /^40[04]$/, path);
  const raw = await pawl.raw(
    'GET /assets/../../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  assert.match(String(raw.status), /^40[04]$/);
});

test('a signed-in page and a strange one look the same to whoever is not in', async () => {
  assert.equal((await page(`/${org.id}`)).text, (await page(`/${'0'.repeat(32)}`)).text);
});
