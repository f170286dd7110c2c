// The owner of a named token is told by mail that it will end: 14 and 3 days before, once each.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY, startServer } from '../harness.js';
import { eventually, expect } from '../lib/expect.js';
import { startMailbox } from '../lib/mailbox.js';

const TOKENS = '/oauth/personal-access-tokens';

const box = await startMailbox();
const pawl = await startServer({ settings: box.settings });
after(async () => {
  await pawl.stop();
  await box.stop();
});

const org = await pawl.org();

const expiry = /ends soon/;
const mailsTo = (person) =>
  box.mails.filter((mail) => mail.envelope.to.includes(person.email) && expiry.test(mail.subject));
const next = (person) => box.next({ to: person.email, subject: expiry });

async function named(person, more) {
  const { body } = expect(
    await pawl.api(person.token).post(TOKENS, { name: 'Payroll', ...more }), 201);

  return body.token;
}

// Whoever was to be told before this has been told: the round that expires a token and the one that
// sends mails are the same.
async function aRoundLater() {
  org.admin.token = await pawl.token(org.admin.email); // the old one may have expired
  const { id } = await named(org.admin, { expires_in_days: 1 });

  pawl.clock.advance(1.001 * DAY);
  const path = `${org.path}/activity-feeds?verb=expired&entity_type=token&entity_id=${id}`;
  await eventually(
    async () => expect(await pawl.api(org.admin.token).get(path), 200).data.length === 1,
    'a token expires',
  );
}

test('fourteen days before and three days before', async () => {
  const bob = await pawl.user(org);

  await named(bob, { expires_in_days: 90 });
  pawl.clock.advance(70 * DAY);
  await aRoundLater();
  assert.equal(mailsTo(bob).length, 0);
  pawl.clock.advance(5.5 * DAY);
  const first = await next(bob);
  assert.match(first.subject, /Payroll/);
  assert.match(first.text, /Days left: 14/);
  assert.equal(new URL(first.link).pathname, `/${org.id}/settings/integrations/rest-api`);
  await aRoundLater();
  assert.equal(mailsTo(bob).length, 1);
  pawl.clock.advance(9.6 * DAY);
  assert.match((await next(bob)).text, /Days left: 3/);
  await aRoundLater();
  assert.equal(mailsTo(bob).length, 2);
});

test('who was not told in time is told once', async () => {
  const bob = await pawl.user(org);

  await named(bob, { expires_in_days: 90 });
  pawl.clock.advance(88.5 * DAY);
  assert.match((await next(bob)).text, /Days left: 2/);
  await aRoundLater();
  assert.equal(mailsTo(bob).length, 1);
});

test('nobody is told of an end that was so near from the beginning', async () => {
  const bob = await pawl.user(org);
  const sam = await pawl.user(org);

  await named(bob, { expires_in_days: 2 });
  await named(sam, { expires_in_days: 10 });
  await aRoundLater();
  assert.equal(mailsTo(bob).length, 0);
  assert.equal(mailsTo(sam).length, 0);
  pawl.clock.advance(6.5 * DAY);
  assert.match((await next(sam)).text, /Days left: 3/);
});

test('what was revoked or replaced needs no mail, nor what nobody can lengthen', async () => {
  const bob = await pawl.user(org);
  const api = pawl.api(bob.token);
  const revoked = await named(bob, { expires_in_days: 90 });
  const replaced = await named(bob, { expires_in_days: 90 });

  expect(await api.delete(`${TOKENS}/${revoked.id}`), 204);
  pawl.clock.advance(60 * DAY);
  expect(await api.post(`${TOKENS}/${replaced.id}/rotate`, { overlap_seconds: 7 * 86400 }), 200);
  await aRoundLater();
  assert.equal(mailsTo(bob).length, 0);
  const personal = await pawl.user(org);
  pawl.clock.advance(30 * DAY);
  await aRoundLater();
  assert.equal(mailsTo(personal).length, 0);
});
