// Every request says who it is, in exactly one form, and names its client.

import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';

const pawl = await startServer();
after(() => pawl.stop());

const { admin } = await pawl.org();
const api = pawl.api(admin.token);

const REFUSAL = { error: true, message: 'Unauthenticated.', code: 'UNAUTHENTICATED' };

function unauthenticated(answer) {
  expect(answer, 401);
  assert.deepEqual(answer.body, REFUSAL);
  assert.match(answer.headers.get('www-authenticate'), /^Bearer realm="[^"]+"/);
  return answer;
}

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a bearer token is the user, whatever the case of the word', async () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const headers = { authorization: `${scheme} ${admin.token}` };

    assert.equal(expect(await api.get('/me', { headers }), 200).data.id, admin.id);
  }
});

test('without a token the challenge names no error', async () => {
  const answer = unauthenticated(await pawl.api(null).get('/me'));

  assert.doesNotMatch(answer.headers.get('www-authenticate'), /error=/);
});

test('a token that is wrong is an invalid token', async () => {
  for (const token of ['nonsense', 'a.b.c', `${admin.token}x`, admin.token.slice(0, -1)]) {
    const answer = unauthenticated(await pawl.api(token).get('/me'));

    assert.match(answer.headers.get('www-authenticate'), /error="invalid_token"/);
  }
});

for (const [what, value] of [
  ['no space', `Bearer${admin.token}`],
  ['two spaces', `Bearer  ${admin.token}`],
  ['a tab', `Bearer\t${admin.token}`],
  ['no scheme', admin.token],
  ['another scheme', `Token ${admin.token}`],
  ['Basic', `Basic ${Buffer.from(`${admin.email}:x`).toString('base64')}`],
  ['no token', 'Bearer'],
  ['words after it', `Bearer ${admin.token} more`],
  ['a list', `Bearer ${admin.token}, Bearer ${admin.token}`],
  ['quotes', `Bearer "${admin.token}"`],
])
  test(`Authorization with ${what} is refused`, async () => {
    unauthenticated(await api.get('/me', { headers: { authorization: value } }));
  });

test('an empty Authorization and two of them are refused', async () => {
  const start = ['GET /me HTTP/1.1', 'Host: a', 'X-Tallyfy-Client: x', 'Connection: close'];
  const ask = (...headers) => pawl.raw([...start, ...headers, '', ''].join('\r\n'));

  assert.equal((await ask('Authorization:')).status, 401);
  const twice = await ask(
    `Authorization: Bearer ${admin.token}`,
    `Authorization: Bearer ${admin.token}`,
  );
  assert.match(String(twice.status), /^40[01]$/);
});

test('a token in the query or the body is none', async () => {
  const nobody = pawl.api(null);

  unauthenticated(await nobody.get(`/me?access_token=${admin.token}`));
  unauthenticated(await nobody.put('/me', { access_token: admin.token }).then((answer) =>
    answer.status === 405 ? nobody.get('/me') : answer));
});

test('the client header may hold anything, but something', async () => {
  for (const name of ['APIClient', 'n8n', 'TallyfySDK', 'x'])
    expect(await api.get('/me', { headers: { 'x-tallyfy-client': name } }), 200);
  for (const name of [null, '', '  ']) {
    const answer = await api.get('/me', { headers: { 'x-tallyfy-client': name } });

    refused(answer, 401, 'CLIENT_HEADER_REQUIRED');
    assert.equal(answer.body.message, 'The X-Tallyfy-Client header is required.');
  }
});

test('a session needs the client header on the API as well', async () => {
  const browser = await pawl.session(admin);

  expect(await browser.get('/me'), 200);
  refused(
    await browser.get('/me', { headers: { 'x-tallyfy-client': null } }),
    401,
    'CLIENT_HEADER_REQUIRED',
  );
});

test('the operator may lift the client header', async () => {
  const lenient = await startServer({ settings: { require_client_header: 'false' } });

  try {
    const { admin: other } = await lenient.org();
    expect(await lenient.api(other.token, { 'x-tallyfy-client': null }).get('/me'), 200);
  } finally {
    await lenient.stop();
  }
});

test('headers that name an organization decide nothing', async () => {
  const other = await pawl.org({ name: 'Other' });

  for (const name of ['org', 'x-organization-id', 'x-org-id', 'org-id', 'x-tallyfy-org-id'])
    refused(await api.get(other.path, { headers: { [name]: other.id } }), 403);
});

test('an access token is a JWT that the published keys verify', async () => {
  const [head, body, signature] = admin.token.split('.');
  const header = decode(head);
  const claims = decode(body);
  const answer = expect(
    await pawl.api(null, { 'x-tallyfy-client': null }).get('/.well-known/jwks.json'),
    200,
  );
  const key = answer.body.keys.find(({ kid }) => kid === header.kid);

  assert.ok(admin.token.startsWith('eyJ0eXAiOiJKV1Q'));
  assert.equal(header.typ, 'JWT');
  assert.equal(header.alg, 'RS256');
  assert.match(answer.headers.get('cache-control'), /public, max-age=3600/);
  for (const one of answer.body.keys)
    assert.deepEqual(Object.keys(one).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
  assert.deepEqual(
    { kty: key.kty, use: key.use, alg: key.alg, e: key.e },
    { kty: 'RSA', use: 'sig', alg: 'RS256', e: 'AQAB' },
  );
  assert.ok(
    verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      createPublicKey({ key, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    ),
  );
  assert.equal(String(claims.aud), '1');
  assert.equal(claims.sub, String(admin.id));
  assert.equal(typeof claims.jti, 'string');
  assert.ok([claims.iat, claims.nbf, claims.exp].every(Number.isInteger));
  assert.equal(claims.exp - claims.iat, 15_778_800);
  assert.deepEqual(claims.scopes, ['*']);
  assert.equal('org_id' in claims, false);
});

test('a token that was tampered with is refused', async () => {
  const [head, body, signature] = admin.token.split('.');
  const header = decode(head);
  const claims = decode(body);
  const { keys } = (await pawl.api(null).get('/.well-known/jwks.json')).body;
  const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  const hmac = (text) => createHmac('sha256', pem).update(text).digest('base64url');
  const hs256 = `${encode({ ...header, alg: 'HS256' })}.${body}`;
  const forged = [
    `${encode({ ...header, alg: 'none' })}.${body}.`,
    `${encode({ ...header, alg: 'none' })}.${body}.${signature}`,
    `${hs256}.${hmac(hs256)}`,
    `${encode({ ...header, kid: 'other' })}.${body}.${signature}`,
    `${head}.${encode({ ...claims, sub: '1' })}.${signature}`,
    `${head}.${encode({ ...claims, exp: claims.exp + 1 })}.${signature}`,
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}..${signature}`,
    `..`,
    `${head}.${body}.${signature}.`,
    `${head}.${body}.${signature}=`,
    `${head}.${body}.${'A'.repeat(signature.length)}`,
    `${'A'.repeat(6000)}.${body}.${signature}`,
  ];

  for (const token of forged) unauthenticated(await pawl.api(token).get('/me'));
});
