// An OAuth application and the person whom it asks, as a test plays them.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { startServer } from '../harness.js';
import { expect, refused } from './expect.js';

export const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
export const BACK = 'https://app.example.com/back';

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

// A proof key (RFC 7636).
export function proofKey() {
  const verifier = randomBytes(32).toString('base64url');

  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

// The parameters of an address, of its query or its fragment.
export function back(url, part = 'search') {
  return Object.fromEntries(new URLSearchParams(new URL(url)[part].slice(1)));
}

// Everything an application and its person do on a server. `base` is '' or '/mcp'.
export class OAuth {
  constructor(pawl, base = '') {
    this.pawl = pawl;
    this.base = `${base}/oauth`;
    this.bare = pawl.api(null, { 'x-tallyfy-client': null, accept: null });
  }

  // Registers a client as the operator does: { client_id, client_secret? }.
  async client({ org = null, grants = ['authorization_code', 'refresh_token'], redirects = [BACK],
    isPublic = false, scopes = [] } = {}) {
    const many = (option, words) => words.flatMap((word) => [`--${option}`, word]);
    const made = await this.pawl.admin(['client', 'create', '--name', 'App',
      ...(org ? ['--org', org.id] : []), ...(isPublic ? ['--public'] : []),
      ...many('grant', grants), ...many('redirect-uri', redirects), ...many('scope', scopes)]);
    const { client_id, client_secret } = made;

    return { client_id, ...(client_secret && { client_secret }) };
  }

  // One that registers itself.
  async registered(more = {}) {
    const answer = await this.bare.post('/mcp/oauth/register',
      { client_name: 'App', redirect_uris: [BACK], ...more });
    const { client_id, client_secret } = expect(answer, 201).body;

    return { client_id, ...(client_secret && { client_secret }) };
  }

  // Where an application sends the browser.
  authorize(params) {
    return this.bare.get(`${this.base}/authorize?${new URLSearchParams(params)}`);
  }

  // What the page asks the server, and what the person answers. The session is theirs.
  question(session, params) {
    return session.get(`${this.base}/consent?${new URLSearchParams(params)}`);
  }

  answer(session, params, said) {
    return session.post(`${this.base}/consent?${new URLSearchParams(params)}`, said);
  }

  // The address that the browser goes back to when all that is offered is allowed.
  async allow(session, params, org, scopes) {
    scopes ??= expect(await this.question(session, params), 200).data.scopes.map((s) => s.name);
    const said = { allow: true, organization_id: org.id, scopes };

    return expect(await this.answer(session, params, said), 200).data.redirect_to;
  }

  token(fields, headers = {}) {
    return this.bare.post(`${this.base}/token`, new URLSearchParams(fields), { headers });
  }

  // A code for a person, with all that its exchange takes.
  async code(client, person, org, more = {}, scopes) {
    const { verifier, challenge } = proofKey();
    const params = { client_id: client.client_id, response_type: 'code', redirect_uri: BACK,
      code_challenge: challenge, code_challenge_method: 'S256', ...more };
    const session = await this.pawl.session(person);
    const { code } = back(await this.allow(session, params, org, scopes));

    assert.match(code, /^\w{40,}$/);
    return { ...client, grant_type: 'authorization_code', code, code_verifier: verifier,
      redirect_uri: BACK };
  }

  // Tokens by a code: the body of the token endpoint's answer.
  async tokens(client, person, org, more, scopes) {
    return expect(await this.token(await this.code(client, person, org, more, scopes)), 200).body;
  }

  refresh(client, refresh_token, more = {}) {
    return this.token({ ...client, grant_type: 'refresh_token', refresh_token, ...more });
  }
}

// A server for one test file, with what tests of grants start from: two organizations, a client of
// the first, a public one of nobody's, and a person whom they ask.
export async function startWorld() {
  const pawl = await startServer();
  after(() => pawl.stop());
  const org = await pawl.org();
  const oauth = new OAuth(pawl);
  const me = (token) => pawl.api(token).get(`${org.path}/me`);

  return {
    pawl,
    org,
    other: await pawl.org({ name: 'Other' }),
    oauth,
    client: await oauth.client({ org }),
    open: await oauth.client({ isPublic: true }),
    person: await pawl.user(org),
    alive: async (token) => expect(await me(token), 200),
    dead: async (token) => refused(await me(token), 401),
  };
}
