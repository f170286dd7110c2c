// What an organization knows of its guests: each field, its limits, and all faults at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';
import { place } from '../lib/store.js';
import { GUEST, GUEST_DETAILS } from '../lib/shapes.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const standard = await pawl.user(org);
const light = await pawl.user(org, { role: 'light' });
const other = await pawl.org({ name: 'Other' });
const path = `${org.path}/guests`;

let made = 0;
const fresh = () => `guest${(made += 1)}@example.com`;
const add = async (more = {}) =>
  expect(await admin.post(path, { email: fresh(), ...more }), 201).data;
const put = async (guest, body) =>
  expect(await admin.put(`${path}/${guest.email}`, body), 201).data;

const NAMES = ['first_name', 'last_name'];
const WORDS = ['company_name', 'opportunity_name', 'status'];
const URLS = ['company_url', 'contact_url', 'image_url', 'opportunity_url'];

const EVERYTHING = {
  first_name: 'Zoë',
  last_name: '李小龍',
  company_name: 'Ænima & Söhne',
  opportunity_name: 'Großauftrag',
  status: 'hot lead',
  phone_1: '+49 30 123456',
  phone_2: '(555) 010-9999',
  company_url: 'https://example.com',
  contact_url: 'HTTP://example.com:8080/a?b=c#d',
  image_url: 'https://bücher.example/ä.png',
  opportunity_url: 'https://[::1]/x',
  timezone: 'Europe/Berlin',
  external_sync_source: 'salesforce',
  external_date_creation: '2024-02-29 12:30:45',
  cadence_days: ['Monday', 'Friday'],
};

test('every field is kept as it was said', async () => {
  const guest = await add({ ...EVERYTHING, associated_members: [standard.id, org.admin.id] });

  shape(guest, GUEST);
  shape(guest.details, GUEST_DETAILS);
  for (const [key, value] of Object.entries(EVERYTHING))
    if (key !== 'external_date_creation') assert.deepEqual(guest.details[key], value, key);
  assert.equal(guest.details.external_date_creation, '2024-02-29T12:30:45Z');
  assert.equal(guest.first_name, EVERYTHING.first_name);
  assert.equal(guest.last_name, EVERYTHING.last_name);
  assert.deepEqual(guest.details.associated_members,
    [standard.id, org.admin.id].sort((a, b) => a - b));
  assert.deepEqual(expect(await admin.get(`${path}/${guest.email}`), 200).data, guest);
  assert.deepEqual(expect(await admin.get(`${path}?q=${guest.email}`), 200).data, [guest]);
});

test('a change changes what it names, and null clears', async () => {
  const guest = await add(EVERYTHING);

  const renamed = await put(guest, { first_name: 'Zoe' });
  assert.deepEqual(renamed, {
    ...guest,
    first_name: 'Zoe',
    details: { ...guest.details, first_name: 'Zoe' },
  });
  assert.deepEqual(await put(guest, {}), renamed);
  assert.deepEqual(expect(await admin.patch(`${path}/${guest.email}`, { status: 'cold' }), 200)
    .data.details, { ...renamed.details, status: 'cold' });

  const nothing = Object.fromEntries(Object.keys(EVERYTHING).map((key) => [key, null]));
  const cleared = await put(guest, nothing);
  for (const key of Object.keys(EVERYTHING)) assert.equal(cleared.details[key], null, key);
  const blank = Object.fromEntries([...NAMES, ...WORDS, ...URLS].map((key) => [key, ' ']));
  assert.equal((await put(guest, blank)).first_name, null);
});

test('lengths are counted in characters', async () => {
  for (const key of [...NAMES, ...WORDS]) {
    const text = '𝒳'.repeat(200);

    assert.equal((await add({ [key]: text })).details[key], text);
    invalid(await admin.post(path, { email: fresh(), [key]: `${text}x` }), key);
    invalid(await admin.post(path, { email: fresh(), [key]: 'a\nb' }), key);
    invalid(await admin.post(path, { email: fresh(), [key]: 7 }), key);
  }
  for (const key of ['phone_1', 'phone_2']) {
    assert.equal((await add({ [key]: '1'.repeat(20) })).details[key].length, 20);
    invalid(await admin.post(path, { email: fresh(), [key]: '1'.repeat(21) }), key);
  }
});

test('web addresses are http or https, with a host and nothing hidden', async () => {
  const good = ['https://a', 'http://a.b/c d'.replace(' ', '%20'), 'https://a.b:65535/?q=ü#x'];
  const bad = [
    'javascript:alert(1)', 'data:text/html,x', 'ftp://example.com', 'example.com', '//example.com',
    'https://', 'https:///x', 'https://a b', 'https://me@example.com', 'https://me:pw@example.com',
    'https://a..b', 'https://.a', 'https://a:99999', 'https://a:x', 'https://a/<script>',
    'https://a/"', 'https://a/\u202e', 'https://[x]', 'https:\\\\a',
    `https://a/${'x'.repeat(2000)}`,
  ];

  for (const key of URLS) {
    for (const url of good) assert.equal((await add({ [key]: url })).details[key], url);
    for (const url of bad) invalid(await admin.post(path, { email: fresh(), [key]: url }), key);
  }
});

test('zone, source, date and days are what they say they are', async () => {
  const wrong = {
    timezone: ['Mars/Olympus', '+02:00', 5],
    external_sync_source: ['hubspot', 'Salesforce2', 1],
    external_date_creation: ['yesterday', '2024-13-01 00:00:00', 20240101],
    cadence_days: ['Monday', ['Someday'], ['Monday', 'Monday'], { Monday: true }, [1], 3],
    associated_members: ['x', standard.id, [0], [-1], ['1x'], [1.5], [null], {}],
  };

  for (const [key, values] of Object.entries(wrong)) {
    for (const value of values)
      invalid(await admin.post(path, { email: fresh(), [key]: value }), key);
  }
  assert.deepEqual((await add({ cadence_days: [] })).details.cadence_days, []);
});

test('an address is required and valid', async () => {
  const bad = [
    undefined, null, '', ' ', 'x', 'a@b', '@example.com', 'a b@example.com', 'a@example..com', 5,
    ['a@example.com'], `${'x'.repeat(250)}@example.com`, 'a@b@example.com',
  ];

  for (const email of bad) invalid(await admin.post(path, { email }), 'email');
  assert.equal(expect(await admin.post(path, { email: ' Trim@example.com ' }), 201).data.email,
    'Trim@example.com');
  for (const email of [`${'x'.repeat(242)}@example.com`, 'jürgen@bücher.example']) {
    assert.equal((await add({ email })).email, email);
    expect(await admin.get(`${path}/${encodeURIComponent(email)}`), 200);
  }
});

test('all that is wrong is told at once, and nothing is done', async () => {
  const wrong = {
    email: standard.email,
    first_name: 'x'.repeat(201),
    phone_1: '1'.repeat(21),
    image_url: 'x',
    timezone: 'x',
    external_sync_source: 'x',
    external_date_creation: 'x',
    cadence_days: 'x',
    associated_members: [999999],
  };
  const { email, ...change } = wrong;
  const guest = await add();

  assert.ok(email);
  invalid(await admin.post(path, wrong), ...Object.keys(wrong));
  invalid(await admin.put(`${path}/${guest.email}`, change), ...Object.keys(change));
  invalid(await admin.patch(`${path}/${guest.email}`, change), ...Object.keys(change));
  assert.deepEqual((await admin.get(`${path}/${guest.email}`)).data, guest);
});

test('associated members replace each other; digits will do', async () => {
  const guest = await add();
  const members = async (list) => (await put(guest, { associated_members: list }))
    .details.associated_members;

  assert.deepEqual(await members([light.id, standard.id, light.id]), [standard.id, light.id]
    .sort((a, b) => a - b));
  assert.deepEqual(await members([String(org.admin.id)]), [org.admin.id]);
  assert.deepEqual((await put(guest, { first_name: 'X' })).details.associated_members,
    [org.admin.id]);
  assert.deepEqual(await members([]), []);
  assert.deepEqual(await members(null), []);
});

test('only active people of the organization are associated', async () => {
  const guest = await add({ associated_members: [standard.id] });
  const invited = await pawl.user(org);
  const off = await pawl.user(org);

  await place(pawl, org, invited, { status: 'invited' });
  await place(pawl, org, off, { status: 'disabled' });
  for (const id of [invited.id, off.id, other.admin.id, 1, guest.id, 999999]) {
    const answer = await admin.put(`${path}/${guest.email}`,
      { associated_members: [standard.id, id] });

    invalid(answer, 'associated_members');
    assert.match(answer.body.errors.associated_members[0], new RegExp(`\\b${id}\\b`));
  }
  assert.deepEqual((await admin.get(`${path}/${guest.email}`)).data.details.associated_members,
    [standard.id]);
});

test('phone is no field, and the address does not change', async () => {
  const answer = expect(await admin.post(path, { email: fresh(), phone: '123' }), 201);
  const { phone_1: first, phone_2: second } = answer.data.details;

  assert.deepEqual([first, second], [null, null]);
  assert.equal(answer.meta.warnings[0].field, 'phone');
  const changed = expect(await admin.put(`${path}/${answer.data.email}`,
    { email: 'new@example.com', first_name: 'N' }), 201);
  assert.equal(changed.data.email, answer.data.email);
  assert.equal(changed.data.first_name, 'N');
  assert.equal(changed.meta?.warnings, undefined, 'clients send the address that they read');
});

test('what the server decides cannot be said', async () => {
  const sent = {
    id: 5, link: 'https://evil.example', created_at: '2001-01-01', deleted_at: '2001-01-01',
    disabled_at: '2001-01-01', code_version: 7, email_folded: 'x', details: { phone_1: '1' },
  };
  const guest = await add(sent);

  assert.notEqual(guest.id, 5);
  assert.notEqual(guest.link, sent.link);
  assert.equal(guest.deleted_at, null);
  assert.equal(guest.disabled_at, null);
  assert.equal(guest.details.phone_1, null);
  assert.equal((await put(guest, sent)).link, guest.link);
});

test('forms do as well as JSON; other bodies are refused', async () => {
  const email = fresh();
  const form = new URLSearchParams(
    `email=${email}&first_name=F&associated_members[]=${standard.id}&cadence_days[]=Sunday`);
  const guest = expect(await admin.post(path, form), 201).data;

  assert.equal(guest.first_name, 'F');
  assert.deepEqual(guest.details.associated_members, [standard.id]);
  assert.deepEqual(guest.details.cadence_days, ['Sunday']);
  for (const [body, status] of [['[]', 400], ['"x"', 400], ['{', 400], ['', 422]])
    refused(await admin.post(path, body, { headers: { 'content-type': 'application/json' } }),
      status);
});
