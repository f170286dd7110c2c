// Every server that a test stops is searched for the secrets that it issued (harness.js). Here: the
// search itself finds what it looks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PASSWORD, startServer } from '../harness.js';
import { expect } from '../lib/expect.js';

test('a secret in the store is found when the server stops', async () => {
  const pawl = await startServer();
  const org = await pawl.org();
  const task = {
    title: 'What not to do',
    task_type: 'task',
    summary: `Use this: ${org.admin.token}`,
    deadline: pawl.clock.wire(),
    owners: { users: [org.admin.id], guests: [], groups: [] },
  };

  expect(await pawl.api(org.admin.token).post(`${org.path}/tasks`, task), 201);
  await assert.rejects(pawl.stop(), /secrets stand in the store/);
});

test('what somebody says of themselves is kept without the tokens in it', async () => {
  const pawl = await startServer();
  const org = await pawl.org();
  const admin = pawl.api(org.admin.token);
  const named = expect(
    await admin.post('/oauth/personal-access-tokens', { name: 'Notes of eyJh.eyJi.c' }), 201).body;
  const saying = (text) => ({ 'user-agent': text, 'x-tallyfy-client': text });
  const signIn = (password, text) => pawl
    .api(null, saying(text))
    .post('/session', { email: org.admin.email, password });

  expect(await signIn('wrong', `curl ${named.accessToken}`), 401);
  expect(await signIn('wrong', 'eyJh.eyJi.c'), 401);
  const browser = pawl.holder(
    expect(await signIn(PASSWORD, `x=${org.admin.token}; n8n ${named.accessToken}x`), 200));
  const [{ user_agent: agent }] = expect(await browser.get('/sessions'), 200).data;
  assert.equal(agent, 'x=[token]; n8n [token]x');

  const careless = pawl.api(named.accessToken, saying(`n8n ${named.accessToken}`));
  expect(await careless.get('/me'), 200);
  expect(await admin.delete(`/oauth/personal-access-tokens/${named.token.id}`), 204);
  expect(await careless.get('/me'), 401);
  const path = `${org.path}/activity-feeds?entity_type=token&entity_id=${named.token.id}`;
  const feed = expect(await admin.get(path), 200).data;
  const { data } = feed.find(({ verb: [verb] }) => verb === 'refused').audit;
  assert.equal(data.client, 'n8n [token]');
  assert.equal(data.name, 'Notes of [token]');

  assert.equal((await pawl.admin(['check'])).status, 'sound');
  await pawl.stop();
});

test('a mail about what is called like a token', async () => {
  const pawl = await startServer();
  const org = await pawl.org({ name: 'eyJh.eyJi.c' });
  const invited = ['user', 'invite', '--org', org.id, '--email', 'zoe@example.com'];

  await pawl.admin([...invited, '--role', 'light']);
  assert.equal((await pawl.admin(['check'])).status, 'sound');
  await pawl.stop();
});

test('the log names a path without the code of a guest in it', async () => {
  const pawl = await startServer({ settings: { log_level: 'debug' } });
  const code = '00000000000000000000000000000000000iqUEf';

  expect(await pawl.api(null).get(`/guests/${code}/tasks?code=${code}`), 404);
  expect(await pawl.api(null).get(`/encoded/%30${code.slice(1)}`), 404);
  expect(await pawl.api(null).get(`/glued/x${code}y`), 404);
  const echoed = await pawl.api(null, { 'x-request-id': code }).get('/echoed');
  await pawl.stop();
  assert.match(pawl.errors, /GET \/guests\/\[token\]\/tasks 404 /);
  assert.match(pawl.errors, /GET \/encoded\/\[token\] 404 /);
  assert.match(pawl.errors, /GET \/glued\/x\[token\]y 404 /);
  assert.match(pawl.errors, /GET \/echoed 404 \d+ us \[token\]/);
  assert.equal(echoed.headers.get('x-request-id'), '[token]');
  assert.ok(!pawl.errors.includes(code.slice(1)));
});
