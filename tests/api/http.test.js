// What holds for every route: paths, methods, bodies, headers, and the order of checks.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const { admin } = org;
const api = pawl.api(admin.token);
const nobody = pawl.api(null);
const MISSING_ID = '0'.repeat(32);

test('every route answers at the root and under /api', async () => {
  const plain = expect(await api.get(org.path), 200);
  const prefixed = expect(await api.get(`/api${org.path}`), 200);

  assert.deepEqual(prefixed.body, plain.body);
});

test('a trailing slash is ignored', async () => {
  expect(await api.get('/me/'), 200);
  expect(await api.get(`/api${org.path}/`), 200);
});

test('a segment is percent-decoded once', async () => {
  const encoded = `/organizations/%${org.id.charCodeAt(0).toString(16)}${org.id.slice(1)}`;

  expect(await api.get(encoded), 200);
  refused(await api.get(encoded.replace('%', '%25')), 404, 'RESOURCE_NOT_FOUND');
});

test('a broken percent sign, a zero byte or bad UTF-8 in a path is refused', async () => {
  for (const id of ['%zz', '%', '%0', '%00', '%ff%fe', `${org.id}%00`, '..%2f..%2fetc%2fpasswd'])
    assert.match(String((await api.get(`/organizations/${id}/tasks`)).status), /^40[04]$/, id);
});

test('an encoded slash does not make another segment', async () => {
  const answer = await api.get(`/organizations%2f${org.id}`);

  refused(answer, 404, 'ENDPOINT_NOT_FOUND');
});

test('an unknown route is 404, whoever asks', async () => {
  for (const client of [api, nobody])
    for (const path of ['/members', '/api/users', '/no/such/thing', `${org.path}/nothing`])
      for (const method of ['GET', 'POST', 'DELETE'])
        refused(
          await client.send(method, path),
          404,
          'ENDPOINT_NOT_FOUND',
          /^API endpoint not found$/,
        );
});

test('a known route with another method is 405 and tells which are allowed', async () => {
  const answer = refused(await nobody.delete('/me'), 405, 'METHOD_NOT_ALLOWED');
  const allowed = (answer.headers.get('allow') ?? '').split(/, */);

  assert.ok(allowed.includes('GET'), `Allow: ${allowed}`);
  assert.ok(!allowed.includes('DELETE'));
  refused(await nobody.send('PROPFIND', '/me'), 405, 'METHOD_NOT_ALLOWED');
  refused(await nobody.get('/oauth/token'), 405, 'METHOD_NOT_ALLOWED');
});

test('OPTIONS tells the methods of a route', async () => {
  const answer = await fetch(`${pawl.url}${org.path}/tasks`, { method: 'OPTIONS' });

  assert.equal(answer.status, 204);
  assert.match(answer.headers.get('allow'), /GET.*POST/);
  assert.equal((await fetch(`${pawl.url}/nonsense`, { method: 'OPTIONS' })).status, 404);
});

test('HEAD answers as GET, without the body', async () => {
  const answer = expect(await api.send('HEAD', '/me'), 200);

  assert.equal(answer.text, '');
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.equal((await nobody.send('HEAD', '/me')).status, 401);
});

test('answers are JSON whatever Accept says', async () => {
  for (const accept of ['text/html', '*/*', null, 'application/xml']) {
    const answer = expect(await api.get('/me', { headers: { accept } }), 200);

    assert.match(answer.headers.get('content-type'), /^application\/json/);
    assert.equal(answer.data.id, admin.id);
  }
});

test('a Content-Type without a body is not judged', async () => {
  for (const type of ['application/json', 'text/xml', 'nonsense'])
    expect(await api.get('/me', { headers: { 'content-type': type } }), 200);
});

test('a missing body is an empty one: what is required is named', async () => {
  for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'text/x' }])
    refused(await api.post(`${org.path}/tasks`, undefined, { headers }), 422, 'VALIDATION_FAILED');
});

test('a body of another type is 415', async () => {
  for (const type of ['text/plain', 'application/xml', 'application/octet-stream', 'json'])
    refused(
      await api.post(`${org.path}/tasks`, 'title=x', { headers: { 'content-type': type } }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    );
});

test('JSON types are taken with parameters and in any case', async () => {
  for (const type of ['application/json; charset=utf-8', 'Application/JSON']) {
    const body = JSON.stringify(oneOff(admin));

    expect(
      await api.post(`${org.path}/tasks`, body, { headers: { 'content-type': type } }),
      201,
    );
  }
});

test('malformed JSON is 400', async () => {
  const headers = { 'content-type': 'application/json' };
  const bodies = [
    '{"title":',
    '{title:"x"}',
    '{"title":"x"}}',
    '{"title":"x"} {"title":"y"}',
    "{'title':'x'}",
    '{"title":"\\ud800"}',
    '{"title":"\\x"}',
    '{"title":1e999}',
    Buffer.from('{"title":"\xff\xfe"}', 'latin1'),
    '['.repeat(100_000),
    `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    'nonsense',
  ];

  for (const body of bodies)
    refused(await api.post(`${org.path}/tasks`, body, { headers }), 400, undefined, /./);
});

test('an object with thousands of keys is refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1]));

  refused(await pawl.api(null).post('/session', many), 400);
});

test('JSON that is no object is refused', async () => {
  const headers = { 'content-type': 'application/json' };

  for (const body of ['[]', '"text"', '7', 'true', '[{"title":"x"}]'])
    assert.match(
      String((await api.post(`${org.path}/tasks`, body, { headers })).status),
      /^4(00|22)$/,
      body,
    );
});

test('a zero byte in a text is refused on every engine', async () => {
  const answer = await api.post(`${org.path}/tasks`, oneOff(admin, { title: 'a\u0000b' }));

  assert.match(String(answer.status), /^4(00|22)$/);
});

test('forms are taken wherever JSON is', async () => {
  const url = new URLSearchParams({ name: 'Form & Sons +1 é' });
  const parts = new FormData();
  parts.set('name', 'Multi "Part" ü');

  assert.equal(expect(await api.patch(org.path, url), 200).data.name, 'Form & Sons +1 é');
  assert.equal(expect(await api.patch(org.path, parts), 200).data.name, 'Multi "Part" ü');
});

test('a form nests with brackets', async () => {
  const form = new URLSearchParams([
    ['title', 'From a form'],
    ['task_type', 'task'],
    ['deadline', '2031-02-03 04:05:06'],
    ['everyone_must_complete', 'True'],
    ['owners[users][]', String(admin.id)],
  ]);
  const { data } = expect(await api.post(`${org.path}/tasks`, form), 201);

  assert.equal(data.title, 'From a form');
  assert.equal(data.everyone_must_complete, true);
  assert.deepEqual(data.owners.users, [admin.id]);
});

test('a broken multipart body is 400', async () => {
  const broken = [
    ['multipart/form-data', '--x\r\n\r\n--x--\r\n'],
    ['multipart/form-data; boundary=x', '--y\r\nno end'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="name"\r\n'],
  ];

  for (const [type, body] of broken)
    refused(await api.patch(org.path, body, { headers: { 'content-type': type } }), 400);
});

test('a body that is too large is 413 before it is read', async () => {
  const answer = await pawl.raw(
    [
      `POST ${org.path}/tasks HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${admin.token}`,
      'X-Tallyfy-Client: tests',
      'Content-Type: application/json',
      'Content-Length: 999999999999',
      '',
      '',
    ].join('\r\n'),
    { until: /\r\n\r\n.*\}/s },
  );

  assert.equal(answer.status, 413, answer.text);
  assert.match(answer.text, /PAYLOAD_TOO_LARGE/);
});

test('unknown keys are accepted and reported, and refused when the caller is strict', async () => {
  const body = oneOff(admin, { colour: 'red', shape: 'round' });
  const answer = expect(await api.post(`${org.path}/tasks`, body), 201);

  assert.ok(Array.isArray(answer.meta.warnings));
  assert.match(JSON.stringify(answer.meta.warnings), /colour/);
  assert.match(JSON.stringify(answer.meta.warnings), /shape/);

  const strict = pawl.api(admin.token, { 'x-strict': '1' });
  invalid(await strict.post(`${org.path}/tasks`, body), 'colour', 'shape');
  const known = expect(await strict.post(`${org.path}/tasks`, oneOff(admin)), 201);
  assert.ok(!known.meta?.warnings?.length);
});

test('every answer has a request id of its own', async () => {
  const answers = await Promise.all([
    api.get('/me'),
    nobody.get('/me'),
    nobody.get('/health'),
    nobody.get('/nothing'),
    nobody.delete('/me'),
  ]);
  const ids = answers.map((answer) => answer.headers.get('x-request-id'));

  for (const id of ids) assert.match(id ?? '', /^[\w-]{8,}$/);
  assert.equal(new Set(ids).size, ids.length);
});

test('checks come in the order that the contract gives', async () => {
  const stranger = (await pawl.org({ name: 'Other' })).admin;
  const foreign = pawl.api(stranger.token);
  const standard = pawl.api((await pawl.user(org)).token);
  const bare = { authorization: 'Bearer nonsense', 'x-tallyfy-client': null };
  const broken = { headers: { 'content-type': 'application/json' } };

  refused(await nobody.get('/nothing', { headers: bare }), 404, 'ENDPOINT_NOT_FOUND');
  refused(await nobody.delete('/me', undefined, { headers: bare }), 405, 'METHOD_NOT_ALLOWED');
  refused(await nobody.get('/me', { headers: bare }), 401, 'CLIENT_HEADER_REQUIRED');
  refused(await nobody.get(`/organizations/${MISSING_ID}`), 401, 'UNAUTHENTICATED');
  refused(await api.get(`/organizations/${MISSING_ID}`), 404, 'RESOURCE_NOT_FOUND');
  refused(await foreign.get(org.path), 403);
  refused(await standard.put(org.path, '{"broken', broken), 403);
  refused(await api.put(org.path, '{"broken', broken), 400);
  refused(await api.put(org.path, { name: '' }), 422);
});

test('an own page may call across origins, another may not', async () => {
  const preflight = (origin) =>
    nobody.send('OPTIONS', '/me', undefined, {
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization, x-tallyfy-client',
      },
    });
  const own = expect(await preflight(pawl.url), 204);

  assert.equal(own.text, '');
  assert.equal(own.headers.get('access-control-allow-origin'), pawl.url);
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    assert.match(own.headers.get('access-control-allow-methods'), new RegExp(`\\b${method}\\b`));
  for (const header of ['authorization', 'accept', 'content-type', 'x-tallyfy-client'])
    assert.match(own.headers.get('access-control-allow-headers').toLowerCase(), RegExp(header));

  const foreign = await preflight('https://elsewhere.example');
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  assert.notEqual(own.headers.get('access-control-allow-origin'), '*');
});

test('an answer to an own page exposes what clients read', async () => {
  const answer = expect(await api.get('/me', { headers: { origin: pawl.url } }), 200);

  assert.equal(answer.headers.get('access-control-allow-origin'), pawl.url);
  assert.match(answer.headers.get('access-control-expose-headers').toLowerCase(), /x-request-id/);
});

test('lists clamp the page size and tell the truth past the end', async () => {
  const { meta } = expect(await api.get(`${org.path}/tasks?per_page=100000`), 200);

  assert.equal(meta.pagination.per_page, 100);
  const beyond = expect(await api.get(`${org.path}/tasks?page=9999`), 200);
  assert.deepEqual(beyond.data, []);
  assert.equal(beyond.meta.pagination.total, meta.pagination.total);
  assert.equal(beyond.meta.pagination.count, 0);
});

test('nonsense in a query is no fault of the server', async () => {
  const queries = [
    'page=0', 'page=-1', 'page=x', 'page=99999999999999999999', 'per_page=0', 'per_page=-5',
    'limit=', 'sort=;drop', 'sort=-', 'q=%25%5F%27%22', 'q=%ff', 'q=%00', 'with=,,,', 'status=x',
    'created=x', 'created=2031-02-30', 'deadline_on=::', 'owners=a,b', `owners=${'9'.repeat(20)}`,
    'is_oneoff=maybe', 'archived=x', '&&&', '=', 'a%5B%5D=1', `q=${'x'.repeat(3000)}`,
  ];

  for (const query of queries) {
    const { status, text } = await api.get(`${org.path}/tasks?${query}`);

    assert.ok([200, 400, 422].includes(status), `${query}: ${status} ${text}`);
  }
});
