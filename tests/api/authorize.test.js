// The authorization endpoint: what is sent back and what never is, and the page in between
// (RFC 6749 sections 3.1 and 4.1, RFC 7636, RFC 8252, RFC 8707, RFC 9207, RFC 9700).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, oauthError, refused } from '../lib/expect.js';
import { back, BACK, OAuth, proofKey } from '../lib/oauth.js';
import { place, proved } from '../lib/store.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const other = await pawl.org({ name: 'Other' });
const oauth = new OAuth(pawl);
const person = await pawl.user(org);
const session = await pawl.session(person);

const QUERY = 'https://app.example.com/back?tenant=1';
const LOOPBACK = 'http://127.0.0.1/cb';
const client = await oauth.client({ org, redirects: [BACK, QUERY, LOOPBACK] });
const single = await oauth.client({ redirects: [BACK] });
const open = await oauth.client({ isPublic: true });

const asks = (more = {}) => ({
  client_id: client.client_id,
  response_type: 'code',
  redirect_uri: BACK,
  ...more,
});
const { challenge } = proofKey();
const PKCE = { code_challenge: challenge, code_challenge_method: 'S256' };

// Sent back to the application with this error.
async function sentBack(params, error, { to = BACK, part } = {}) {
  const answer = expect(await oauth.authorize(params), 302);
  const location = answer.headers.get('location');
  const said = back(location, part);

  assert.ok(location.startsWith(to), location);
  assert.equal(said.error, error, location);
  assert.ok(said.error_description);
  assert.equal(said.iss, pawl.url);
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.equal(answer.text, '');
  return said;
}

// Sent nowhere: the page, which asks and is told the same.
async function sentNowhere(params, error = 'invalid_request') {
  const answer = expect(await oauth.authorize(params), 400);

  assert.equal(answer.headers.get('location'), null);
  assert.match(answer.headers.get('content-type'), /^text\/html/);
  oauthError(await oauth.question(session, params), 400, error);
  oauthError(await oauth.answer(session, params, { allow: false }), 400, error);
}

test('a good request is answered with the page, framed by nobody', async () => {
  for (const prefix of ['', '/api']) {
    const path = `${prefix}/oauth/authorize?${new URLSearchParams(asks({ state: 's' }))}`;
    const answer = expect(await oauth.bare.get(path), 200);

    assert.match(answer.headers.get('content-type'), /^text\/html/);
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(answer.headers.get('x-frame-options'), 'DENY');
    assert.match(answer.headers.get('content-security-policy'), /frame-ancestors 'none'/);
  }
});

test('an unknown client is sent nowhere', async () => {
  for (const client_id of ['999999', 'x', '', '1', `${client.client_id} `, '0x3e9', '-1'])
    await sentNowhere(asks({ client_id }), 'invalid_client');
  const { client_id, ...rest } = asks();
  await sentNowhere(rest, 'invalid_client');
});

test('only a registered address is gone back to, letter by letter', async () => {
  for (const redirect_uri of [
    'https://evil.example.com/', `${BACK}/`, `${BACK}/more`, `${BACK}?x=1`, `${BACK}#x`,
    `${BACK}%2f..%2fevil`, 'https://app.example.com/back/../evil', 'https://app.example.com/bac',
    'https://app.example.com/', 'https://app.example.com', 'https://app.example.com/Back',
    'https://APP.example.com/back', 'HTTPS://app.example.com/back', 'http://app.example.com/back',
    'https://app.example.com:443/back', 'https://app.example.com@evil.example.com/back',
    'https://user@app.example.com/back', 'https://app.example.com.evil.example/back',
    'https://sub.app.example.com/back', `${QUERY}&more=1`, '//app.example.com/back', '/back',
    'javascript:alert(1)', 'data:text/html,x', `${BACK} `, ` ${BACK}`, `${BACK}\\@evil.example.com`,
    'http://127.0.0.1.evil.example/cb', 'http://127.0.0.1:8x/cb', 'http://127.0.0.1:8/cb/x',
    'http://127.0.0.1@evil.example/cb', 'http://127.0.0.1:1@evil.example/cb', 'http://[::1]/cb',
    'http://localhost/cb', 'https://127.0.0.1/cb',
  ])
    await sentNowhere(asks({ redirect_uri }));
});

test('on the loopback the port is the application\'s affair', async () => {
  for (const redirect_uri of [LOOPBACK, 'http://127.0.0.1:49152/cb', 'http://127.0.0.1:65535/cb'])
    expect(await oauth.authorize(asks({ redirect_uri })), 200);
  for (const port of ['', '65536', '99999', '000080', '1'.repeat(5000), '1'.repeat(7000)])
    await sentNowhere(asks({ redirect_uri: `http://127.0.0.1:${port}/cb`, response_type: 'x' }));
});

test('a client with one address need not name it, one with several must', async () => {
  expect(await oauth.authorize({ client_id: single.client_id, response_type: 'code' }), 200);
  expect(
    await oauth.authorize({ client_id: single.client_id, response_type: 'code', redirect_uri: '' }),
    200,
  );
  await sentNowhere({ client_id: client.client_id, response_type: 'code' });
});

test('an address that the request does not name is told to nobody beforehand', async () => {
  const theirs = await oauth.client({ org: other });
  const asked = async (of) => {
    const params = { client_id: of.client_id, response_type: 'code' };
    const answer = expect(await oauth.question(session, params), 200);

    assert.ok(!answer.text.includes('app.example.com'), answer.text);
    return params;
  };

  await sentNowhere({ client_id: single.client_id, response_type: 'x' },
    'unsupported_response_type');
  await sentNowhere({ client_id: single.client_id, response_type: 'code', redirect_uri: '',
    scope: 'tasks.read x' }, 'invalid_scope');
  const params = await asked(single);
  assert.ok((await oauth.allow(session, params, org)).startsWith(`${BACK}?code=`));
  const denied = expect(await oauth.answer(session, params, { allow: false }), 200);
  assert.equal(back(denied.data.redirect_to).error, 'access_denied');
  const closed = await asked(theirs); // who could not allow it, cannot find it out by refusing
  refused(await oauth.answer(session, closed, { allow: false }), 403, 'NO_ORGANIZATION');
});

test('for one that registered itself, a fault sends nobody anywhere', async () => {
  for (const route of [oauth, new OAuth(pawl, '/mcp')]) {
    const { client_id } = await oauth.registered();
    const good = asks({ client_id, ...PKCE });
    const faulty = async (more, error) => {
      const answer = expect(await route.authorize({ ...good, ...more }), 400);

      assert.equal(answer.headers.get('location'), null);
      assert.match(answer.headers.get('content-type'), /^text\/html/);
      assert.ok(!answer.text.includes('app.example.com'));
      const told = oauthError(await route.question(session, { ...good, ...more }), 400, error);
      assert.ok(!told.text.includes('app.example.com'));
    };

    await faulty({ response_type: 'x' }, 'unsupported_response_type');
    await faulty({ response_type: '' }, 'invalid_request');
    await faulty({ code_challenge: '' }, 'invalid_request');
    await faulty({ scope: 'mcp.tasks.read tasks.read' }, 'invalid_scope');
    await faulty({ resource: 'nowhere' }, 'invalid_target');
    await faulty({ redirect_uri: '' }, 'invalid_request'); // a stranger names it, for all to see
    expect(await route.authorize(good), 200);
    const denied = expect(await route.answer(session, good, { allow: false }), 200);
    assert.equal(back(denied.data.redirect_to).error, 'access_denied');
  }
});

test('what is given twice is no request; two addresses send nobody anywhere', async () => {
  const twice = async (name, value) => {
    const query = new URLSearchParams(asks({ state: 'mine', ...PKCE }));

    query.append(name, value);
    return query;
  };

  await sentNowhere(await twice('redirect_uri', BACK));
  await sentNowhere(await twice('redirect_uri', 'https://evil.example.com/'));
  await sentNowhere(await twice('client_id', client.client_id), 'invalid_client');
  for (const name of ['response_type', 'code_challenge', 'code_challenge_method'])
    assert.equal((await sentBack(await twice(name, 'x'), 'invalid_request')).state, 'mine');
  assert.equal((await sentBack(await twice('state', 'x'), 'invalid_request')).state, undefined);
  const scopes = await twice('scope', '*');
  scopes.append('scope', '*');
  await sentBack(scopes, 'invalid_request');
  const resources = await twice('resource', 'https://a.example.com');
  resources.append('resource', 'https://b.example.com');
  await sentBack(resources, 'invalid_target');
});

test('the kind of answer must be one that is given here', async () => {
  await sentBack({ client_id: client.client_id, redirect_uri: BACK }, 'invalid_request');
  for (const response_type of ['none', 'id_token', 'code token', 'CODE', 'device'])
    await sentBack(asks({ response_type }), 'unsupported_response_type');
  for (const response_mode of ['fragment', 'form_post', 'web_message', 'x'])
    await sentBack(asks({ response_mode }), 'invalid_request');
  expect(await oauth.authorize(asks({ response_mode: 'query' })), 200);
});

test('a client is held to its grants', async () => {
  const machine = await oauth.client({ org, grants: ['password'], redirects: [BACK] });

  await sentBack(asks({ client_id: machine.client_id }), 'unauthorized_client');
  await sentBack(asks({ response_type: 'token' }), 'unauthorized_client', { part: 'hash' });
});

test('a public client proves itself by a key, S256 alone', async () => {
  const mine = (more) => asks({ client_id: open.client_id, ...more });

  await sentBack(mine(), 'invalid_request');
  await sentBack(mine({ code_challenge_method: 'S256' }), 'invalid_request');
  await sentBack(mine({ code_challenge: challenge }), 'invalid_request');
  for (const code_challenge_method of ['plain', 's256', 'S512'])
    await sentBack(mine({ code_challenge: challenge, code_challenge_method }), 'invalid_request');
  for (const code_challenge of ['x', `${challenge}=`, `${challenge}x`, challenge.slice(1)])
    await sentBack(mine({ code_challenge, code_challenge_method: 'S256' }), 'invalid_request');
  expect(await oauth.authorize(mine(PKCE)), 200);
});

test('a key given by a confidential client is looked at as well', async () => {
  await sentBack(asks({ code_challenge: challenge }), 'invalid_request');
  await sentBack(asks({ ...PKCE, code_challenge_method: 'plain' }), 'invalid_request');
  await sentBack(asks({ code_challenge_method: 'S256' }), 'invalid_request');
});

test('scopes are those that exist, of one kind, within what the client may have', async () => {
  const narrow = await oauth.client({ org, scopes: ['tasks.read', 'users.read'] });
  const offered = async (params) =>
    expect(await oauth.question(session, params), 200).data.scopes.map((s) => s.name);

  for (const scope of ['tasks.read nonsense', 'tasks.read mcp.tasks.read', 'mcp.tasks.delete',
    '* mcp.users.read'])
    await sentBack(asks({ scope }), 'invalid_scope');
  await sentBack(asks({ client_id: narrow.client_id, scope: 'tasks.write' }), 'invalid_scope');
  assert.deepEqual(await offered(asks()), ['*']);
  assert.deepEqual(await offered(asks({ scope: 'read write' })), ['*']);
  assert.deepEqual(await offered(asks({ scope: 'tasks.read users.read' })),
    ['tasks.read', 'users.read']);
  assert.deepEqual(await offered(asks({ scope: 'mcp.tasks.read' })), ['mcp.tasks.read']);
  const all = await offered(asks({ client_id: narrow.client_id }));
  assert.deepEqual(all.sort(), ['tasks.read', 'users.read']);
});

test('a resource is an absolute address without a fragment', async () => {
  const long = (length) => 'https://mcp.example.com/'.padEnd(length, 'x');

  for (const resource of ['nowhere', '/api', 'https://a.example.com/#x', 'https://a b', ':', 'x:',
    long(501), long(1500)])
    await sentBack(asks({ resource }), 'invalid_target');
  for (const resource of ['https://mcp.example.com/', long(500)])
    expect(await oauth.authorize(asks({ resource })), 200);
});

test('the state comes back as it was, up to 2,000 bytes', async () => {
  const faulty = (state) => asks({ state, response_type: 'x' });

  for (const state of ['x', 'a b+c&d=e%20#?/', 'ä€😀', '"<script>', 'é'.repeat(500),
    'x'.repeat(2000), 'https://app.example.com/?a=b&c='.repeat(60)])
    assert.equal((await sentBack(faulty(state), 'unsupported_response_type')).state, state);
  for (const state of ['x'.repeat(2001), '😀'.repeat(501), '😀'.repeat(600)])
    assert.equal((await sentBack(faulty(state), 'invalid_request')).state, undefined);
  expect(await oauth.authorize(faulty('😀'.repeat(2000))), 414);
});

test('a state that no header can carry back comes back by the page alone', async () => {
  const state = '😀'.repeat(500);

  await sentNowhere(asks({ state, response_type: 'x' }), 'unsupported_response_type');
  assert.equal(back(await oauth.allow(session, asks({ state }), org)).state, state);
});

test('what is sent back is added to the query that the address has', async () => {
  const url = await oauth.allow(session, asks({ redirect_uri: QUERY, state: 's' }), org);
  const said = back(url);

  assert.ok(url.startsWith(`${QUERY}&`), url);
  assert.deepEqual(Object.keys(said), ['tenant', 'code', 'state', 'iss']);
  assert.equal(said.tenant, '1');
  assert.equal(said.iss, pawl.url);
});

test('the page asks what the application wants, and where it may have it', async () => {
  const both = await pawl.user(org);
  const api = await pawl.session(both);
  const mine = expect(await api.post('/organizations', { name: 'Mine' }), 201).data;
  const asked = async (of) =>
    expect(await oauth.question(api, asks({ client_id: of.client_id, scope: 'tasks.read' })), 200)
      .data;
  const place = { id: org.id, name: 'Acme', role: 'standard' };
  const data = await asked(client);

  assert.deepEqual(data.client, { id: String(client.client_id), name: 'App', origin: 'operator',
    redirect_host: 'app.example.com' });
  assert.deepEqual(data.organizations, [place]); // the client is that organization's
  assert.deepEqual((await asked(single)).organizations,
    [place, { id: mine.id, name: 'Mine', role: 'admin' }]);
  assert.equal(data.scopes.length, 1);
  assert.equal(data.scopes[0].name, 'tasks.read');
  assert.ok(data.scopes[0].title && data.scopes[0].text);
  assert.equal(data.previous, null);
  assert.equal(data.refusal, null);
});

test('the page names the place that the answer goes to, and no other', async () => {
  for (const [uri, place] of [
    ['https://app.example.com:8443/back?to=https://elsewhere.example/', 'app.example.com:8443'],
    ['HTTPS://app.example.com', 'HTTPS://app.example.com'.slice(8)],
    ['https://app.example.com?x', 'app.example.com'],
    ['http://127.0.0.1:49152/cb', '127.0.0.1:49152'],
    ['http://[::1]:8123/cb', '[::1]:8123'],
    ['http://[::1]/cb', '[::1]'],
    ['com.evil.app:/cb?x=https://elsewhere.example/back', 'com.evil.app'],
    ['com.evil.app://claude.ai/back', 'com.evil.app'],
    ['https.evil.app://claude.ai/back', 'https.evil.app'],
  ]) {
    const { client_id } = await oauth.registered({ redirect_uris: [uri],
      token_endpoint_auth_method: 'none' });
    const params = asks({ client_id, redirect_uri: uri, ...PKCE });
    const { data } = expect(await oauth.question(session, params), 200);

    assert.equal(data.client.redirect_host, place);
  }
});

test('it remembers what was allowed before', async () => {
  const params = asks({ scope: 'tasks.read users.read' });
  const again = await pawl.user(org);
  const api = await pawl.session(again);

  await oauth.allow(api, params, org, ['tasks.read']);
  const { previous } = expect(await oauth.question(api, params), 200).data;
  assert.deepEqual(previous.scopes, ['tasks.read']);
  assert.match(previous.at, /^\d{4}-/);
});

test('a refusal of the person is an error like others', async () => {
  const answer = await oauth.answer(session, asks({ state: 'mine' }), { allow: false });
  const said = back(expect(answer, 200).data.redirect_to);

  assert.equal(said.error, 'access_denied');
  assert.equal(said.state, 'mine');
  assert.equal(said.iss, pawl.url);
  assert.equal(said.code, undefined);
});

test('an answer is of a session, with its token against forgery', async () => {
  const said = { allow: true, organization_id: org.id, scopes: ['*'] };
  const path = `/oauth/consent?${new URLSearchParams(asks())}`;

  for (const api of [pawl.api(null), pawl.api(person.token)]) {
    refused(await api.get(path), 401, 'UNAUTHENTICATED');
    refused(await api.post(path, said), 401, 'UNAUTHENTICATED');
  }
  for (const token of [null, 'x'])
    refused(await session.post(path, said, { headers: { 'x-csrf-token': token } }), 403,
      'CSRF_TOKEN_MISMATCH');
});

test('an answer names a place and scopes among those offered', async () => {
  const params = asks({ scope: 'tasks.read users.read' });
  const good = { allow: true, organization_id: org.id, scopes: ['tasks.read'] };
  const wrong = async (more, field) =>
    invalid(await oauth.answer(session, params, { ...good, ...more }), field);

  for (const organization_id of [undefined, null, '', other.id, 'x', 7, {}])
    await wrong({ organization_id }, 'organization_id');
  for (const scopes of [undefined, null, [], 'tasks.read', ['*'], ['tasks.write'], [1], {},
    ['tasks.read', 'admin'], ['mcp.tasks.read']])
    await wrong({ scopes }, 'scopes');
  for (const allow of [undefined, null, 'maybe', 2, []]) await wrong({ allow }, 'allow');
  expect(await oauth.answer(session, params, good), 200);
});

test('an organization\'s client is for its members alone', async () => {
  const theirs = await oauth.client({ org: other });
  const params = asks({ client_id: theirs.client_id });
  const { data } = expect(await oauth.question(session, params), 200);
  const said = { allow: true, organization_id: org.id, scopes: ['*'] };

  assert.deepEqual(data.organizations, []);
  assert.equal(data.refusal.code, 'NO_ORGANIZATION');
  assert.equal(back(data.refusal.redirect_to).error, 'access_denied');
  for (const organization_id of [org.id, other.id])
    refused(await oauth.answer(session, params, { ...said, organization_id }), 403,
      'NO_ORGANIZATION');
});

test('light members and unproved accounts let nobody act for them', async () => {
  const light = await pawl.user(org, { role: 'light' });
  const unproved = await pawl.user(org);
  const said = { allow: true, organization_id: org.id, scopes: ['*'] };

  await proved(pawl, unproved, false);
  for (const [who, code] of [[light, 'NO_ORGANIZATION'], [unproved, 'EMAIL_NOT_VERIFIED']]) {
    const api = await pawl.session(who);
    const { refusal } = expect(await oauth.question(api, asks()), 200).data;

    assert.equal(refusal.code, code);
    assert.ok(refusal.message);
    assert.equal(back(refusal.redirect_to).error, 'access_denied');
    refused(await oauth.answer(api, asks(), said), 403, code);
    expect(await oauth.answer(api, asks(), { allow: false }), 200);
  }
});

test('a place that one has left is not offered', async () => {
  const leaver = await pawl.user(org);
  const api = await pawl.session(leaver);

  await place(pawl, org, leaver, { status: 'invited' });
  assert.deepEqual(expect(await oauth.question(api, asks()), 200).data.organizations, []);
  await place(pawl, org, leaver, { role: 'light' });
  assert.deepEqual(expect(await oauth.question(api, asks()), 200).data.organizations, []);
  await place(pawl, org, leaver, { role: 'admin' });
  assert.deepEqual(expect(await oauth.question(api, asks()), 200).data.organizations,
    [{ id: org.id, name: 'Acme', role: 'admin' }]);
});
