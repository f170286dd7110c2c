// Inviting people by the API: who may invite whom, what the mail says, and taking it back.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DAY, ENGINE, PASSWORD, startServer } from '../harness.js';
import { newAddress, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { proved, sound } from '../lib/store.js';

const NEW = 'an entirely new phrase';

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const org = await pawl.org({ name: 'Acme' });
const other = await pawl.org({ name: 'Other' });
const admin = pawl.api(org.admin.token);
const standard = await pawl.user(org);
const light = await pawl.user(org, { role: 'light' });

const invite = (body, client = admin, path = `${org.path}/users/invite`) => client.post(path, body);
const mailTo = (email) => box.next({ to: email, subject: /invited/i });
const read = async (id) => admin.get(`${org.path}/users/${id}`);
const accept = (token, client = nobody) =>
  client.post('/auth/invitation/accept', { token, password: NEW });
const jo = (more = {}) => ({
  email: newAddress('jo'), first_name: 'Jo', last_name: 'Doe', role: 'standard', ...more,
});

async function invited(more = {}) {
  const { data } = expect(await invite(jo(more)), 200);

  return { ...data, token: (await mailTo(data.email)).token };
}

describe('inviting', () => {
  test('answers the invited user', async () => {
    const body = jo({ message: 'Come and join us.' });
    const { data } = expect(await invite(body), 200);

    assert.equal(data.status, 'invited');
    assert.equal(data.username, null);
    assert.equal(data.type, null);
    assert.equal(data.role, 'standard');
    assert.equal(data.invited_by, org.admin.id);
    assert.match(data.approved_at, /Z$/);
    assert.equal(data.activated_at, null);
    assert.equal(data.email, body.email);
    assert.equal(data.full_name, 'Jo Doe');
    assert.equal(expect(await read(data.id), 200).data.status, 'invited');
  });

  test('has another address for the same', async () => {
    const { data } = expect(await invite(jo(), admin, `${org.path}/users`), 200);

    assert.equal(data.status, 'invited');
  });

  test('takes nothing but an address', async () => {
    const name = `ann.o-neil${Date.now()}`;
    const { data } = expect(await invite({ email: `${name}@example.com` }), 200);

    assert.equal(data.role, 'light');
    assert.equal(data.first_name, 'Ann');
    assert.equal(data.last_name, 'O');
    const short = expect(await invite({ email: newAddress('x').replace('-', '') }), 200).data;
    assert.equal(short.last_name, 'Example');
    const long = expect(await invite({ email: `${'é'.repeat(60)}@example.com` }), 200).data;
    assert.equal([...long.first_name].length, 32);
  });

  test('knows roles in any case, and by an older word', async () => {
    for (const [said, role] of [['Admin', 'admin'], ['MEMBER', 'standard'], ['Light', 'light']])
      assert.equal(expect(await invite(jo({ role: said })), 200).data.role, role);
  });

  test('puts the message into the mail as it is, and as nothing else', async () => {
    const message = 'Dear <b>Jo</b>,\n\nread this:\thttps://example.com/a?b=1&c=2\nAda';
    const body = jo({ message });

    expect(await invite(body), 200);
    const mail = await mailTo(body.email);
    assert.match(mail.text, /^> Dear <b>Jo<\/b>,\n> \n> read this: https:\S+c=2\n> Ada$/m);
    assert.match(mail.html, /Dear &lt;b&gt;Jo&lt;\/b&gt;,<br>/);
    assert.match(mail.text, /comes from Ada Admin/);
    assert.equal(new URL(mail.link).pathname, '/invitation');
  });

  test('takes a message of 5000 characters', async () => {
    const body = jo({ message: '"é'.repeat(2500) });

    expect(await invite(body), 200);
    assert.ok((await mailTo(body.email)).text.length > 5000);
    invalid(await invite(jo({ message: 'x'.repeat(5001) })), 'message');
  });

  test('names every wrong field at once', async () => {
    invalid(await invite({ email: 'nobody', first_name: 'x'.repeat(33), last_name: 'www.x.y',
      role: 'boss', message: 7 }), 'email', 'first_name', 'last_name', 'role', 'message');
    const { body } = invalid(await invite({}), 'email');
    assert.deepEqual(body.errors.email, ['The email is required.'], 'said once');
    invalid(await invite({ email: null, role: {} }), 'email', 'role');
  });
});

describe('who may invite', () => {
  const as = (person) => pawl.api(person.token);
  const allow = (is) => admin.put(org.path, { name: 'Acme', allow_user_invite: is });

  test('standard members when the setting says so, and never administrators', async () => {
    refused(await invite(jo(), as(standard)), 403, 'FORBIDDEN_ROLE');
    expect(await allow(true), 200);
    expect(await invite(jo(), as(standard)), 200);
    expect(await invite(jo({ role: 'light' }), as(standard)), 200);
    refused(await invite(jo({ role: 'admin' }), as(standard)), 403, null, /administrators/);
    refused(await invite(jo(), as(light)), 403, 'FORBIDDEN_ROLE');
    expect(await allow(false), 200);
  });

  test('nobody from elsewhere', async () => {
    refused(await invite(jo(), pawl.api(other.admin.token)), 403);
    refused(await invite(jo(), pawl.api(null)), 401);
  });

  test('nobody who has not proved their own address', async () => {
    const young = await pawl.org({ name: 'Young' });

    await proved(pawl, young.admin, false);
    refused(await invite(jo(), pawl.api(young.admin.token), `${young.path}/users/invite`), 403,
      'EMAIL_NOT_VERIFIED');
    await proved(pawl, young.admin, true);
  });
});

describe('who is here already', () => {
  test('is told from who is not', async () => {
    const wrong = async (email, why) => {
      const { body } = invalid(await invite(jo({ email })), 'email');

      assert.match(body.errors.email[0], why);
    };
    const gone = await pawl.user(org);

    await wrong(standard.email, /member already/);
    await wrong(` ${standard.email.toUpperCase()} `, /member already/);
    await wrong((await invited()).email, /invited already/);
    expect(await admin.delete(`${org.path}/users/${gone.id}/disable`), 200);
    await wrong(gone.email, /Enable/);
    const guest = newAddress('guest');
    expect(await admin.post(`${org.path}/guests`, { email: guest }), 201);
    await wrong(guest.toUpperCase(), /guest here\. Convert/);
    await assert.rejects(pawl.admin(['user', 'invite', '--org', org.id, '--email', guest,
      '--role', 'light']), /guest here/);
  });

  test('an account elsewhere is linked, and accepts by signing in', async () => {
    const theirs = await pawl.user(other, { first: 'Olga', last: 'Other' });
    const { data } = expect(await invite(jo({ email: theirs.email })), 200);

    assert.equal(data.id, theirs.id);
    assert.equal(data.full_name, 'Jo Doe');
    const { token } = await mailTo(theirs.email);
    refused(await accept(token), 403, 'SIGN_IN_FIRST');
    const session = await pawl.session(theirs);
    expect(await accept(token, session), 200);
    const member = expect(await read(theirs.id), 200).data;
    assert.equal(member.status, 'active');
    assert.equal(member.full_name, 'Olga Other');
  });

  test('of ten invitations of one address at once one is sent', async () => {
    const body = jo();
    const answers = await Promise.all(Array.from({ length: 10 }, () => invite(body)));
    const done = answers.filter((answer) => answer.status === 200);

    assert.equal(done.length, 1);
    for (const answer of answers)
      if (answer.status !== 200) invalid(answer, 'email');
    const { data } = expect(await admin.get(`${org.path}/users?q=${body.email}`), 200);
    assert.equal(data.length, 1);
  });

  test('nor does a second node send one', { skip: ENGINE !== 'postgres' }, async (t) => {
    const second = await startServer({ beside: pawl, settings: box.settings });
    t.after(() => second.stop());
    const there = second.api(org.admin.token);

    for (let round = 0; round < 5; round++) {
      const body = jo();
      const answers = await Promise.all([invite(body), invite(body, there)]);

      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422]);
    }
  });
});

describe('joining', () => {
  test('counts, welcomes, and is told in the log', async () => {
    const before = expect(await admin.get(org.path), 200).data.users_count;
    const { id, email, token } = await invited();
    assert.equal(expect(await admin.get(org.path), 200).data.users_count, before);
    const { data } = expect(await accept(token), 200);

    assert.equal(data.organization.id, org.id);
    const mail = await box.next({ to: email, subject: /welcome/i });
    assert.match(mail.subject, /Acme/);
    assert.equal(new URL(mail.link).pathname, `/${org.id}/dashboard`);
    assert.match(mail.text, new RegExp(`sign in as\\s+${email}`));
    const member = expect(await read(id), 200).data;
    assert.equal(member.status, 'active');
    assert.equal(member.username, email);
    assert.equal(member.type, 'standard');
    assert.match(member.activated_at, /Z$/);
    assert.equal(expect(await admin.get(org.path), 200).data.users_count, before + 1);
    const feed = expect(await admin.get(`${org.path}/activity-feeds?entity_type=member` +
      `&entity_id=${id}`), 200).data;
    assert.deepEqual(feed.map((event) => event.verb[0]).filter((verb) => /invit/.test(verb)),
      ['invite-accepted', 'invited']);
    assert.match(feed.find((event) => event.verb[0] === 'invite-accepted').description,
      /^Jo Doe accepted/);
    assert.match(feed.find((event) => event.verb[0] === 'invited').description,
      /^Ada Admin invited Jo Doe/);
  });
});

describe('sending again', () => {
  test('makes a new link, and the old one is dead', async () => {
    const { id, email, token } = await invited();
    const { data } = expect(await admin.post(`${org.path}/users/${id}/resend-invite`), 200);

    assert.equal(data.status, 'invited');
    const again = await mailTo(email);
    refused(await accept(token), 422, 'LINK_WITHDRAWN');
    expect(await accept(again.token), 200);
    refused(await admin.post(`${org.path}/users/${id}/resend-invite`), 400, null, /not waiting/);
  });

  test('is for administrators, and for members of the organization', async () => {
    const { id } = await invited();
    const path = `${org.path}/users/${id}/resend-invite`;

    refused(await pawl.api(standard.token).post(path), 403);
    refused(await pawl.api(other.admin.token).post(path), 403);
    refused(await pawl.api(other.admin.token).post(`${other.path}/users/${id}/resend-invite`), 404);
    refused(await admin.post(`${org.path}/users/99999999/resend-invite`), 404);
  });
});

describe('withdrawing', () => {
  test('ends the link at once, and removes the account that was made for it', async () => {
    const { id, email, token } = await invited();
    const total = expect(await admin.get(`${org.path}/users`), 200).meta.pagination.total;
    const { data } = expect(await admin.delete(`${org.path}/users/${id}/invite`), 200);

    assert.equal(data.id, id);
    refused(await accept(token), 422, 'LINK_WITHDRAWN');
    refused(await read(id), 404);
    refused(await admin.delete(`${org.path}/users/${id}/invite`), 404);
    assert.equal(expect(await admin.get(`${org.path}/users`), 200).meta.pagination.total,
      total - 1);
    const [event] = expect(await admin.get(`${org.path}/activity-feeds?verb=invite-withdrawn`),
      200).data;
    assert.match(event.description, /withdrew the invitation of Jo Doe/);
    const told = expect(await admin.get(`${org.path}/activity-feeds?entity_type=member` +
      `&entity_id=${id}&verb=invited`), 200).data;
    assert.deepEqual(told.map(({ description }) => description), ['Ada Admin invited Jo Doe']);
    const again = expect(await invite(jo({ email })), 200).data;
    assert.notEqual(again.id, id);
    expect(await accept((await mailTo(email)).token), 200);
  });

  test('leaves an account alone that is elsewhere', async () => {
    const theirs = await pawl.user(other);
    const { id } = await invited({ email: theirs.email });

    assert.equal(id, theirs.id);
    expect(await admin.delete(`${org.path}/users/${id}/invite`), 200);
    refused(await read(id), 404);
    expect(await pawl.api(theirs.token).get(`${other.path}/me`), 200);
    await pawl.session(theirs);
  });

  test('is refused for members, and by who may not', async () => {
    const { id } = await invited();

    refused(await admin.delete(`${org.path}/users/${standard.id}/invite`), 400, null,
      /not waiting/);
    refused(await pawl.api(standard.token).delete(`${org.path}/users/${id}/invite`), 403);
    refused(await pawl.api(other.admin.token).delete(`${other.path}/users/${id}/invite`), 404);
  });
});

test('so many a day, when the operator says so', async (t) => {
  const strict = await startServer({ settings: { invite_limit: 2 } });
  t.after(() => strict.stop());
  const small = await strict.org();
  const ask = (email) => strict.api(small.admin.token).post(`${small.path}/users`, { email });

  invalid(await ask('nobody'), 'email'); // counts too: so that nobody tries addresses out
  expect(await ask(newAddress()), 200);
  refused(await ask(newAddress()), 429, 'RATE_LIMIT_EXCEEDED');
  strict.clock.advance(2 * DAY);
  expect(await ask(newAddress()), 200);
});

test('what an application brings in is not proved until its owner proves it', async () => {
  const made = await pawl.admin(['client', 'create', '--org', org.id, '--name', 'HR', '--grant',
    'client_credentials']);
  const grant = expect(await nobody.post('/oauth/token', new URLSearchParams({
    grant_type: 'client_credentials', client_id: made.client_id,
    client_secret: made.client_secret,
  })), 200).body;
  const application = pawl.api(grant.access_token);
  const email = newAddress('hr');
  const before = expect(await admin.get(org.path), 200).data.users_count;
  const { id } = expect(await application.post(`/applications/${org.id}/users`,
    { email, first_name: 'Hal', last_name: 'Hired' }), 201).data;
  const count = async () => expect(await admin.get(org.path), 200).data.users_count - before;

  assert.equal(expect(await read(id), 200).data.status, 'active');
  assert.equal(await count(), 0);
  const minted = expect(await application.post(`/applications/${org.id}/users/${email}/token`),
    200).body.access_token;
  expect(await pawl.api(minted).get(`${org.path}/me/tasks`), 200);
  expect(await nobody.post('/auth/password/email', { email }), 200);
  const { token } = await box.next({ to: email, subject: /new password/i });
  expect(await nobody.post('/auth/password/reset', { token, email, password: PASSWORD,
    password_confirmation: PASSWORD }), 200);
  assert.equal(await count(), 1);
  await pawl.session({ email });
});

test('the store is sound after all that', () => sound(pawl));
