// What an organization sees of somebody whom it invited and who has not joined: what the invitation
// said, and nothing of the account behind the address.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { PASSWORD } from '../harness.js';
import { newAddress, startOpen } from '../lib/accounts.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

const world = await startOpen();
const { pawl, box, nobody } = world;
after(() => Promise.all([pawl.stop(), box.stop()]));

const home = await pawl.org({ name: 'Home' });
const org = await pawl.org({ name: 'Curious' });
const admin = pawl.api(org.admin.token);
const light = await pawl.user(org, { role: 'light' });
const path = `${org.path}/users`;
const at = (person, rest = '') => `${path}/${person.id}${rest}`;
const feed = async () => expect(await admin.get(`${org.path}/activity-feeds?entity_type=member`),
  200).data;

const PROFILE = {
  first_name: 'Victoria', last_name: 'Victim', timezone: 'Asia/Tokyo', locale: 'ja',
  phone: '+1555SECRET', job_title: 'Spy', job_description: 'Spying', team: 'Nine',
  date_format: 'dd/mm/yyyy', country_id: 392,
};

// Somebody with a full profile in another organization, with sign-ins behind them.
async function victim() {
  const person = await pawl.user(home);

  expect(await pawl.api(person.token).put(`${home.path}/me`, PROFILE), 200);
  await pawl.session(person);
  return person;
}

async function invite(email) {
  const { data } = expect(await admin.post(`${path}/invite?with=auth_methods`,
    { email, first_name: 'Xenia', last_name: 'Xu' }), 200);

  return data;
}

// What a new account has, whatever the account is.
const BLANK = {
  first_name: 'Xenia', last_name: 'Xu', full_name: 'Xenia Xu', username: null, profile_pic: null,
  phone: null, job_title: null, job_description: null, team: null, timezone: 'UTC',
  UTC_offset: '+00:00', locale: 'en', date_format: 'mm/dd/yyyy', country_id: null, country: null,
  complete: false, last_login_at: null, last_accessed_at: null, last_known_ip: null,
  last_known_country: null, activated_at: null,
};

function blank(data, more = {}) {
  for (const [key, value] of Object.entries({ ...BLANK, ...more }))
    assert.equal(data[key], value, key);
  for (const key of ['created_at', 'updated_at', 'last_updated'])
    assert.equal(data[key], data.approved_at, key);
}

test('an invited account looks like a new one', async () => {
  const person = await victim();
  const data = await invite(person.email);
  const fresh = await invite(newAddress());
  const keys = Object.keys(fresh).filter((key) => !['id', 'email'].includes(key));

  pawl.clock.advance(5000);
  blank(data, { email: person.email, status: 'invited' });
  for (const key of keys)
    if (!key.endsWith('_at') && key !== 'last_updated')
      assert.deepEqual(data[key], fresh[key], key);
  assert.deepEqual(data.auth_methods, { data: [] });
});

test('however it is asked for', async () => {
  const person = await victim();
  await invite(person.email);
  const own = expect(await admin.get(`${at(person)}?with=auth_methods,organizations`), 200).data;

  blank(own);
  assert.deepEqual(own.auth_methods, { data: [] });
  for (const api of [admin, pawl.api(light.token)])
    for (const query of ['', '?q=Xenia', `?q=${person.email}`])
      blank(expect(await api.get(`${path}${query}`), 200).data
        .find(({ id }) => id === person.id));
  const brief = expect(await admin.get(`${org.path}/users-list`), 200).data
    .find(({ id }) => id === person.id);
  assert.equal(brief.full_name, 'Xenia Xu');
  assert.equal(brief.username, null);
});

test('it is not found by the account’s own name', async () => {
  const person = await victim();
  await invite(person.email);

  for (const q of ['Victoria', 'Vict', 'Victim'])
    assert.deepEqual(expect(await admin.get(`${path}?q=${q}`), 200).data, []);
  expect(await pawl.api(person.token).patch(`${home.path}/me`, { first_name: 'Wilhelmina' }), 200);
  assert.deepEqual(expect(await admin.get(`${path}?q=Wilhelmina`), 200).data, []);
});

test('nor named in the log, nor when it is disabled, enabled, or deleted', async () => {
  const person = await victim();
  await invite(person.email);

  blank(expect(await admin.delete(at(person, '/disable')), 200).data, { status: 'disabled' });
  blank(expect(await admin.get(at(person)), 200).data, { status: 'disabled' });
  const listed = expect(await pawl.api(light.token).get(path), 200).data;
  blank(listed.find(({ id }) => id === person.id));
  blank(expect(await admin.put(at(person, '/enable')), 200).data, { status: 'invited' });
  expect(await admin.put(at(person, '/role'), { role: 'standard' }), 200);
  expect(await admin.delete(at(person, '/disable')), 200);
  blank(expect(await admin.delete(at(person, '/delete')), 200).data, { email: person.email });
  assert.deepEqual(box.mails.filter(({ envelope, subject }) =>
    envelope.to.includes(person.email) && !/invited/i.test(subject)), []);
  for (const { description, actor } of await feed()) {
    assert.doesNotMatch(description, /Vict/);
    assert.doesNotMatch(JSON.stringify(actor), /Vict/);
  }
  expect(await pawl.api(person.token).get(`${home.path}/me`), 200);
});

test('who was a guest here keeps the guest’s name', async () => {
  const person = await victim();
  const other = newAddress('other');

  expect(await admin.post(`${org.path}/guests`,
    { email: person.email, first_name: 'Xenia', last_name: 'Xu' }), 201);
  expect(await admin.post(`${org.path}/tasks`, oneOff(org.admin, {
    owners: { users: [org.admin.id], guests: [person.email, other], groups: [] },
  })), 201);
  const { data } = expect(await admin.post(`${org.path}/guests/${person.email}/to/member`), 200);
  blank(data, { status: 'invited' });
  const { people } = expect(await admin.get(`${org.path}/guests/${other}/tasks`), 200).meta;
  assert.equal(people.find(({ id }) => id === person.id).full_name, 'Xenia Xu');
});

test('and becomes a guest under the name that was invited', async () => {
  const person = await victim();
  await invite(person.email);
  const guest = expect(await admin.put(at(person, '/to/guest')), 200).data;

  assert.equal(guest.first_name, 'Xenia');
  assert.doesNotMatch(JSON.stringify(guest), /Vict|Tokyo/);
});

test('nobody changes the profile until then', async () => {
  for (const email of [(await victim()).email, newAddress()]) {
    const person = await invite(email);

    refused(await admin.put(at(person), PROFILE), 403, null, /has not joined yet/);
    refused(await admin.patch(at(person), { team: 'x' }), 403, null, /has not joined yet/);
  }
});

test('joining shows the account, which nothing has changed', async () => {
  const person = await victim();
  await invite(person.email);
  const { token } = await box.next({ to: person.email, subject: /invited/i });
  const session = await pawl.session(person);

  expect(await session.post('/auth/invitation/accept', { token }), 200);
  const { data } = expect(await admin.get(at(person)), 200);
  for (const [key, value] of Object.entries(PROFILE)) assert.equal(data[key], value, key);
  assert.equal(data.complete, true);
  assert.equal(expect(await admin.get(`${path}?q=Victoria Victim`), 200).data.at(-1).id, person.id);
  assert.deepEqual(expect(await admin.get(`${path}?q=${person.email}`), 200)
    .data.map(({ full_name }) => full_name), ['Victoria Victim']);
});

test('a new account has the names of its invitation, unless it says others', async () => {
  const accept = async (more) => {
    const person = await invite(newAddress());
    const { token } = await box.next({ to: person.email, subject: /invited/i });

    expect(await nobody.post('/auth/invitation/accept', { token, password: PASSWORD, ...more }),
      200);
    return expect(await admin.get(at(person)), 200).data.full_name;
  };

  assert.equal(await accept({}), 'Xenia Xu');
  assert.equal(await accept({ first_name: 'Own', last_name: 'Name' }), 'Own Name');
});

describe('an account that moves to another address', () => {
  async function move(person, email) {
    expect(await pawl.api(person.token).put(`${home.path}/me/update-email`,
      { email, password: PASSWORD }), 200);
    const { token } = await box.next({ to: email });

    return nobody.post('/auth/email/confirm', { token });
  }

  test('is not invited any more, and nobody learns where it went', async () => {
    const person = await victim();
    await invite(person.email);
    const email = newAddress('private');

    expect(await move(person, email), 200);
    refused(await admin.get(at(person)), 404);
    assert.deepEqual(expect(await admin.get(`${path}?q=${email}`), 200).data, []);
    const [event] = await feed();
    assert.equal(event.description, 'Pawl withdrew the invitation of Xenia Xu');
    assert.equal((await invite(person.email)).email, person.email);
    assert.equal((await invite(email)).id, person.id);
    assert.equal((await pawl.admin(['check'])).status, 'sound');
  });

  test('does not get that of a guest where it is a member', async () => {
    const person = await victim();
    const email = newAddress('guest');
    const api = pawl.api(home.admin.token);
    const ask = () => pawl.api(person.token).put(`${home.path}/me/update-email`,
      { email, password: PASSWORD });

    expect(await ask(), 200);
    const { token } = await box.next({ to: email });
    expect(await api.post(`${home.path}/guests`, { email }), 201);
    const { body } = invalid(await nobody.post('/auth/email/confirm', { token }), 'email');
    assert.match(body.errors.email[0], /taken/);
    const before = box.mails.length;
    expect(await ask(), 200);
    const proof = newAddress('proof');
    expect(await move(person, proof), 200);
    assert.deepEqual(box.mails.slice(before).filter(({ envelope }) => envelope.to.includes(email)),
      []);
    expect(await api.post(`${home.path}/guests/${email}/to/member`), 200);
    assert.equal((await pawl.admin(['check'])).status, 'sound');
  });
});
