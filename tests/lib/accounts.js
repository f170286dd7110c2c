// People who make their accounts themselves, and the mail they get.

import { randomBytes } from 'node:crypto';
import { PASSWORD, startServer } from '../harness.js';
import { expect } from './expect.js';
import { startMailbox } from './mailbox.js';

// A server that sends its mail to `box`, and on which strangers may sign up.
export async function startOpen(settings = {}) {
  const box = await startMailbox();
  const pawl = await startServer({
    settings: { sign_up: 'yes', ...box.settings, ...settings },
  });

  return { pawl, box, nobody: pawl.api(null, { 'x-tallyfy-client': null }) };
}

export const newAddress = (word = 'new') => `${word}-${randomBytes(5).toString('hex')}@example.com`;

// The body of a registration.
export function registration(more = {}) {
  return {
    first_name: 'Nora',
    last_name: 'New',
    email: newAddress(),
    password: PASSWORD,
    ...more,
  };
}

// Signs somebody up: { email, token }, the token that the mail brought.
export async function signUp({ nobody, box }, more = {}) {
  const input = registration(more);

  expect(await nobody.post('/auth/register', input), 201);
  const { token } = await box.next({ to: input.email, subject: /confirm/i });

  return { email: input.email, token };
}

// Asks for a reset and answers the token that the mail brought.
export async function askReset({ nobody, box }, email) {
  expect(await nobody.post('/auth/password/email', { email }), 200);
  return (await box.next({ to: email, subject: /new password/i })).token;
}

// What there is of the kind in an organization's log, newest first.
export async function events(pawl, org, verb) {
  const list = await pawl.api(org.admin.token).get(`${org.path}/activity-feeds?verb=${verb}`);

  return expect(list, 200).data;
}
