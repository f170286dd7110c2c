// Guests, and those who come with their links.

import { expect } from './expect.js';
import { oneOff } from './fixtures.js';

// A new guest of the organization as its administrator gets it, with the code of the link.
export async function newGuest(pawl, org, email, more = {}) {
  const admin = pawl.api(org.admin.token);
  const guest = expect(await admin.post(`${org.path}/guests`, { email, ...more }), 201).data;

  return { ...guest, code: codeOf(guest) };
}

export const codeOf = (guest) => guest.link.split('/').at(-1);

// Gives a task to a guest, together with the administrator.
export async function giveTask(pawl, org, email, more = {}) {
  const admin = pawl.api(org.admin.token);
  const owners = { users: [org.admin.id], guests: [email], groups: [] };

  return expect(
    await admin.post(`${org.path}/tasks`, oneOff(org.admin, { owners, ...more })), 201,
  ).data;
}

// A client that says nothing of itself but what is given.
export const plainly = (pawl, headers = {}) =>
  pawl.api(null, { 'x-tallyfy-client': null, ...headers });

// A browser that has opened the link: holds the cookie and the page's token.
export async function openLink(pawl, code) {
  return pawl.holder(expect(await plainly(pawl).post('/auth/guest', { code }), 200));
}
