// Authorization codes and the tokens for them (RFC 6749 section 4.1.3, RFC 7636 section 4.6,
// RFC 9700 sections 2 and 4).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, SECOND } from '../harness.js';
import { expect, oauthError, refused } from '../lib/expect.js';
import { back, BACK, claimsOf, proofKey, startWorld } from '../lib/oauth.js';
import { place, proved } from '../lib/store.js';

const {
  pawl, org, other, oauth, client, open, person, alive, dead,
} = await startWorld();
const invalid = async (fields) => oauthError(await oauth.token(fields), 400, 'invalid_grant');

// The code was spent by what was refused: the right request comes too late.
async function spent(good, wrong) {
  await invalid(wrong);
  await invalid(good);
}

test('a code gives a token for that organization, and one to refresh with', async () => {
  for (const path of ['/oauth/token', '/api/oauth/token', '/mcp/oauth/token']) {
    const fields = await oauth.code(client, person, org);
    const answer = await oauth.bare.post(path, new URLSearchParams(fields));
    const { body } = expect(answer, 200);
    const claims = claimsOf(body.access_token);

    assert.match(answer.headers.get('cache-control'), /no-store/);
    assert.deepEqual(Object.keys(body).sort(),
      ['access_token', 'expires_in', 'refresh_token', 'scope', 'token_type']);
    assert.equal(body.token_type, 'Bearer');
    assert.equal(body.expires_in, 15_778_800);
    assert.equal(body.scope, '*');
    assert.equal(claims.sub, String(person.id));
    assert.equal(claims.aud, String(client.client_id));
    assert.equal(claims.org_id, org.id);
    assert.equal(claims.iss, pawl.url);
    assert.deepEqual(claims.scopes, ['*']);
    assert.equal(claims.mcp_scopes, undefined);
    assert.equal((await alive(body.access_token)).data.id, person.id);
    refused(await pawl.api(body.access_token).get(`${other.path}/me`), 403);
  }
});

test('the token has the scopes that were ticked, and no others', async () => {
  const scope = 'tasks.read users.read';
  const body = await oauth.tokens(client, person, org, { scope }, ['users.read']);

  assert.equal(body.scope, 'users.read');
  expect(await pawl.api(body.access_token).get(`${org.path}/users`), 200);
  refused(await pawl.api(body.access_token).get(`${org.path}/tasks`), 403, 'INSUFFICIENT_SCOPE');
});

test('the request may be JSON, and a confidential client may authenticate by Basic', async () => {
  expect(await oauth.bare.post('/oauth/token', await oauth.code(client, person, org)), 200);
  const { client_id, client_secret, ...rest } = await oauth.code(client, person, org);
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  expect(await oauth.token(rest, { authorization: `Basic ${basic}` }), 200);
});

test('a code is good once: the second time ends what the first one gave', async () => {
  const fields = await oauth.code(client, person, org);
  const first = expect(await oauth.token(fields), 200).body;
  const mine = await oauth.tokens(client, person, org);

  await alive(first.access_token);
  await invalid(fields);
  await dead(first.access_token);
  oauthError(await oauth.refresh(client, first.refresh_token), 400, 'invalid_grant');
  await alive(mine.access_token); // of another code, which nobody used twice
});

test('a code that comes again ends also what was refreshed since', async () => {
  const fields = await oauth.code(client, person, org);
  const first = expect(await oauth.token(fields), 200).body;
  const second = expect(await oauth.refresh(client, first.refresh_token), 200).body;

  await invalid(fields);
  await dead(second.access_token);
  oauthError(await oauth.refresh(client, second.refresh_token), 400, 'invalid_grant');
});

test('of two exchanges at once one wins, and it loses what it won', async () => {
  for (let i = 0; i < 3; i++) {
    const fields = await oauth.code(client, person, org);
    const answers = await Promise.all(Array.from({ length: 4 }, () => oauth.token(fields)));
    const won = answers.filter((answer) => answer.status === 200);

    assert.equal(won.length, 1, answers.map((a) => a.text).join('\n'));
    for (const answer of answers)
      if (answer !== won[0]) oauthError(answer, 400, 'invalid_grant');
    await dead(won[0].body.access_token);
  }
});

test('a code lasts ten minutes', async () => {
  const early = await oauth.code(client, person, org);
  const late = await oauth.code(client, person, org);

  pawl.clock.advance(590 * SECOND);
  expect(await oauth.token(early), 200);
  pawl.clock.advance(11 * SECOND);
  await invalid(late);
  pawl.clock.advance(2 * DAY); // and is forgotten one day
  await invalid(late);
});

test('a code is spent by another client that presents it', async () => {
  const sibling = await oauth.client({ org });
  const good = await oauth.code(client, person, org);

  await spent(good, { ...good, ...sibling });
  const { client_secret, ...fields } = await oauth.code(client, person, org);
  await spent({ ...fields, client_secret }, { ...fields, ...open });
});

test('a client that does not prove itself spends no code', async () => {
  const good = await oauth.code(client, person, org);

  oauthError(await oauth.token({ ...good, client_secret: 'wrong' }), 401, 'invalid_client');
  oauthError(await oauth.token({ ...good, client_secret: '' }), 401, 'invalid_client');
  oauthError(await oauth.token({ ...good, client_id: 'x' }), 401, 'invalid_client');
  oauthError(await oauth.token({ ...good, client_id: '' }), 400, 'invalid_request');
  expect(await oauth.token(good), 200);
});

test('the address must be that of the request', async () => {
  for (const redirect_uri of ['', 'https://evil.example.com/', `${BACK}/`, `${BACK}?x=1`]) {
    const good = await oauth.code(client, person, org);

    await spent(good, { ...good, redirect_uri });
  }
  const { redirect_uri, ...rest } = await oauth.code(client, person, org);
  await spent({ ...rest, redirect_uri }, rest);
});

test('a request that named no address needs none', async () => {
  for (const more of [{}, { redirect_uri: BACK }]) {
    const { redirect_uri, ...rest } = await oauth.code(client, person, org, { redirect_uri: '' });
    expect(await oauth.token({ ...rest, ...more }), 200);
  }
  const good = await oauth.code(client, person, org, { redirect_uri: '' });
  await spent(good, { ...good, redirect_uri: 'https://evil.example.com/' });
});

test('an application on the loopback says the port that it had', async () => {
  const local = await oauth.client({ isPublic: true, redirects: ['http://127.0.0.1/cb'] });
  const redirect_uri = 'http://127.0.0.1:50123/cb';
  const good = await oauth.code(local, person, org, { redirect_uri });

  expect(await oauth.token({ ...good, redirect_uri }), 200);
  const again = await oauth.code(local, person, org, { redirect_uri });
  await spent(again, { ...again, redirect_uri: 'http://127.0.0.1:50124/cb' });
});

test('without the right verifier a code is spent for nothing', async () => {
  const { challenge } = proofKey();

  for (const of of [client, open])
    for (const wrong of ['', 'short', proofKey().verifier, 'a'.repeat(129), challenge,
      'ä'.repeat(43)]) {
      const good = await oauth.code(of, person, org);

      await spent(good, { ...good, code_verifier: wrong });
    }
  const { code_verifier, ...rest } = await oauth.code(open, person, org);
  await spent({ ...rest, code_verifier }, rest);
});

test('the challenge itself is no verifier', async () => {
  const { verifier, challenge } = proofKey();
  const more = { code_challenge: challenge };
  const good = { ...(await oauth.code(open, person, org, more)), code_verifier: verifier };

  await spent(good, { ...good, code_verifier: challenge });
});

test('a verifier for a request without a challenge tells of a downgrade', async () => {
  const params = { client_id: client.client_id, response_type: 'code', redirect_uri: BACK };
  const session = await pawl.session(person);
  const fresh = async () => ({ ...client, grant_type: 'authorization_code', redirect_uri: BACK,
    code: back(await oauth.allow(session, params, org)).code });

  expect(await oauth.token(await fresh()), 200);
  const good = await fresh();
  await spent(good, { ...good, code_verifier: proofKey().verifier });
});

test('whoever may not let applications act any more gets no token', async () => {
  const ends = [
    (who) => place(pawl, org, who, { status: 'disabled' }),
    (who) => place(pawl, org, who, { role: 'light' }),
    (who) => proved(pawl, who, false),
  ];

  for (const end of ends) {
    const who = await pawl.user(org);
    const fields = await oauth.code(client, who, org);

    await end(who);
    await invalid(fields);
  }
});

test('a client that was deleted gets nothing, one that lost the grant neither', async () => {
  const gone = await oauth.client({ org });
  const less = await oauth.client({ org });
  const first = await oauth.code(gone, person, org);
  const second = await oauth.code(less, person, org);
  const path = `${org.path}/oauth/clients`;
  const admin = pawl.api(org.admin.token);

  expect(await admin.delete(`${path}/${gone.client_id}`), 204);
  oauthError(await oauth.token(first), 401, 'invalid_client');
  const body = { name: 'App', grants: ['client_credentials'], redirect_uris: [BACK] };
  expect(await admin.put(`${path}/${less.client_id}`, body), 200);
  oauthError(await oauth.token(second), 400, 'unauthorized_client');
});

test('a request is complete, and says each thing once', async () => {
  const good = await oauth.code(client, person, org);
  const twice = new URLSearchParams(good);

  for (const name of ['code', 'grant_type'])
    for (const value of [undefined, '']) {
      const fields = { ...good, [name]: value };

      if (value === undefined) delete fields[name];
      oauthError(await oauth.token(fields), 400, 'invalid_request');
    }
  twice.append('code', good.code);
  oauthError(await oauth.bare.post('/oauth/token', twice), 400, 'invalid_request');
  oauthError(await oauth.bare.post('/oauth/token', { ...good, code: [good.code] }), 400,
    'invalid_request');
  await invalid({ ...good, code: 'x' });
  await invalid({ ...good, code: 'ä'.repeat(3000) });
  expect(await oauth.token(good), 200);
});

test('a resource that was asked for stays, and no other takes its place', async () => {
  const resource = 'https://mcp.example.com/mcp';
  const body = await oauth.tokens(client, person, org, { resource });

  assert.equal(claimsOf(body.access_token).mcp_resource, resource);
  const good = await oauth.code(client, person, org, { resource });
  oauthError(await oauth.token({ ...good, resource: 'https://evil.example.com/' }), 400,
    'invalid_target');
  await invalid(good);
  const said = await oauth.code(client, person, org, { resource });
  expect(await oauth.token({ ...said, resource }), 200);
});

test('codes are no use as anything else, nor anything else as a code', async () => {
  const { code } = await oauth.code(client, person, org);
  const { access_token, refresh_token } = await oauth.tokens(client, person, org);

  refused(await pawl.api(code).get('/me'), 401);
  oauthError(await oauth.refresh(client, code), 400, 'invalid_grant');
  for (const text of [access_token, refresh_token])
    await invalid({ ...client, grant_type: 'authorization_code', code: text, redirect_uri: BACK });
  await alive(access_token);
});

test('the end of a consent ends codes, tokens and refresh tokens', async () => {
  const who = await pawl.user(org);
  const body = await oauth.tokens(client, who, org);
  const fields = await oauth.code(client, who, org);
  const path = `${org.path}/oauth/clients/${client.client_id}/users/${who.id}`;

  expect(await pawl.api(org.admin.token).delete(path), 204);
  await dead(body.access_token);
  oauthError(await oauth.refresh(client, body.refresh_token), 400, 'invalid_grant');
  await invalid(fields);
});

test('whoever ends all their tokens ends what could become one', async () => {
  const who = await pawl.user(org);
  const fields = await oauth.code(client, who, org);

  expect(await (await pawl.session(who)).delete('/oauth/tokens'), 204);
  await invalid(fields);
});

test('nothing of a code is in the store', async () => {
  const { code } = await oauth.code(client, person, org);

  assert.ok(!(await pawl.storedText()).includes(code));
  assert.ok(!pawl.log.includes(code));
});
