// How often somebody may ask. The limits are those of a server that nobody has configured.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { SECOND, startServer } from '../harness.js';
import { expect } from '../lib/expect.js';

const PER_MINUTE = 600;
const DEFAULTS = { rate_limit: '', token_rate_limit: '', registration_rate_limit: '' };
const MINUTE = 66 * SECOND; // and the tenth of it by which the count may lag behind

const left = (answer) => Number(answer.headers.get('x-ratelimit-remaining'));

// Sends so many requests, some at once, and answers all answers.
async function many(count, send) {
  const answers = [];

  while (answers.length < count) {
    const some = Array.from({ length: Math.min(50, count - answers.length) }, send);
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

function refused(answer) {
  expect(answer, 429);
  assert.equal(answer.body.code ?? answer.body.error, 'RATE_LIMIT_EXCEEDED');
  assert.match(answer.headers.get('retry-after'), /^\d+$/);
  assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  assert.equal(left(answer), 0);
}

describe('rate limits', () => {
  let pawl, org, bob;

  before(async () => {
    pawl = await startServer({ settings: DEFAULTS });
    org = await pawl.org();
    bob = await pawl.user(org);
  });
  after(() => pawl.stop());

  test('an account may send 600 requests a minute, then waits as told', async () => {
    const api = pawl.api(org.admin.token);
    const answers = await many(PER_MINUTE, () => api.get('/me'));

    assert.ok(answers.every((answer) => answer.status === 200));
    assert.ok(answers.every((answer) => answer.headers.get('x-ratelimit-limit') === '600'));
    assert.deepEqual(
      answers.map(left).sort((a, b) => a - b),
      Array.from({ length: PER_MINUTE }, (_, i) => i),
    );

    const last = await api.get('/me');
    refused(last);
    assert.equal(last.body.message, 'Too many requests. Please slow down.');
    // The same person by another credential, and before anything else is looked at.
    refused(await (await pawl.api((await pawl.token(org.admin.email)), {})).get('/me'));
    refused(await pawl.api(org.admin.token, { 'x-tallyfy-client': null }).get('/me'));

    // Others go on, by other accounts or without one.
    expect(await pawl.api(bob.token).get('/me'), 200);
    expect(await pawl.api(null).get('/me'), 401);

    pawl.clock.advance(Number(last.headers.get('retry-after')) * SECOND);
    expect(await api.get('/me'), 200);
  });

  test('who is not known is counted by address, and refused before being told 401', async () => {
    const answers = await many(PER_MINUTE, () => pawl.api('nonsense').get('/me'));
    const statuses = new Set(answers.map((answer) => answer.status));

    assert.ok([...statuses].every((status) => status === 401 || status === 429));
    refused(await pawl.api('nonsense').get('/me'));
    refused(await pawl.api(null).get('/me'));
    refused(await pawl.api(null).post('/session', { email: bob.email, password: 'x' }));
    expect(await pawl.api(bob.token).get('/me'), 200);

    // What monitors and browsers fetch is not counted.
    expect(await pawl.api(null).get('/health'), 200);
    expect(await pawl.api(null).get('/metrics'), 200);
    expect(await pawl.api(null).get('/login'), 200);
    assert.equal((await pawl.api(null).get('/health')).headers.get('x-ratelimit-limit'), null);

    pawl.clock.advance(MINUTE);
    expect(await pawl.api(null).get('/me'), 401);
  });

  test('a revoked token, which no store is asked about, counts as well', async () => {
    const carl = await pawl.user(org);
    const session = await pawl.session(carl);

    expect(await pawl.api(carl.token).post('/auth/logout'), 204);
    expect(await session.delete('/session'), 204);
    await many(PER_MINUTE, () => pawl.api(carl.token).get('/me'));
    refused(await pawl.api(carl.token).get('/me'));
    pawl.clock.advance(MINUTE);
  });

  test('the token endpoint takes 60 requests a minute from one address', async () => {
    const ask = () => pawl.api(null).post('/oauth/token', { grant_type: 'client_credentials' });
    const answers = await many(60, ask);

    assert.ok(answers.every((answer) => answer.status === 400));
    const last = await ask();
    expect(last, 429);
    assert.match(last.headers.get('retry-after'), /^\d+$/);
    expect(await pawl.api(null).post('/api/oauth/token', {}), 429);
    expect(await pawl.api(bob.token).get('/me'), 200);
    pawl.clock.advance(MINUTE);
    expect(await ask(), 400);
  });
});

describe('rate limits that are configured', () => {
  let pawl, org;

  before(async () => {
    pawl = await startServer({
      settings: {
        rate_limit: 3,
        password_change_limit: 1,
        profile_change_limit: 2,
        mcp_proxy_secret: 'between us two',
      },
    });
    org = await pawl.org();
  });
  after(() => pawl.stop());

  const rested = () => pawl.clock.advance(MINUTE);

  test('a smaller number is taken at its word', async () => {
    const api = pawl.api(org.admin.token);

    for (const expected of [2, 1, 0]) assert.equal(left(await api.get('/me')), expected);
    refused(await api.get('/me'));
    rested();
  });

  test('a trusted MCP server says for whom it asks; nobody else may', async () => {
    const from = (address, secret) =>
      pawl.api('nonsense', { 'x-tallyfy-client-ip': address, 'x-tallyfy-proxy-auth': secret });

    for (let i = 0; i < 3; i++) expect(await from('192.0.2.1', 'between us two').get('/me'), 401);
    refused(await from('192.0.2.1', 'between us two').get('/me'));
    expect(await from('192.0.2.2', 'between us two').get('/me'), 401);
    for (let i = 0; i < 3; i++) expect(await from(`192.0.2.${10 + i}`, 'wrong').get('/me'), 401);
    refused(await from('192.0.2.20', 'wrong').get('/me'));
    rested();
  });

  test('a stolen token that is good elsewhere only takes nobody’s share', async () => {
    const api = pawl.api(org.admin.token);
    const limits = { name: 'Robot', addresses: ['192.0.2.1'] };
    const made = expect(await api.post('/oauth/personal-access-tokens', limits), 201);

    for (let i = 0; i < 3; i++) expect(await pawl.api(made.body.accessToken).get('/me'), 403);
    refused(await pawl.api(made.body.accessToken).get('/me'));
    expect(await api.get('/me'), 200);
    rested();
  });

  test('a profile and a password may be changed so often a day', async () => {
    const api = pawl.api(org.admin.token);
    const change = (title) => api.patch(`${org.path}/me`, { job_title: title });

    expect(await change('Clerk'), 200);
    expect(await api.get(`${org.path}/me`), 200);
    rested();
    expect(await api.patch(`${org.path}/me`, '{"broken', {
      headers: { 'content-type': 'application/json' },
    }), 400); // counts for nothing
    expect(await change('Head clerk'), 200);
    rested();
    const answer = await change('Chief');
    expect(answer, 429);
    assert.equal(answer.body.message, 'You have done this often enough for today.');
    assert.equal((await api.get(`${org.path}/me`)).data.job_title, 'Head clerk');
    pawl.clock.advance(27 * 3600 * SECOND);
    expect(await change('Chief'), 200);
  });
});
