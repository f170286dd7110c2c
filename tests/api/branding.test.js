// How an organization looks: logo, colours and whether they can be read, the footer of mail.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused, shape } from '../lib/expect.js';

const BRANDING = {
  logo: 'string?',
  logo_dark: 'string?',
  primary_color: 'string?',
  accent_color: 'string?',
  link_color: 'string?',
  email_footer: 'string?',
  show_powered_by: 'bool',
  contrast: 'object?',
};
const OWN = {
  logo: 'https://example.com/logo.svg',
  logo_dark: 'https://example.com/dark.svg',
  primary_color: '#0b6b5f',
  accent_color: '#FFC46B',
  link_color: '#102030',
  email_footer: 'Acme Ltd.\n1 Anvil Road – “best” 🔨',
  show_powered_by: false,
};

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const path = `${org.path}/custom-branding`;

test('at first there is none', async () => {
  const fresh = await pawl.org({ name: 'Fresh' });
  const { data } = expect(
    await pawl.api(fresh.admin.token).get(`${fresh.path}/custom-branding`), 200);

  shape(data, BRANDING);
  for (const name of Object.keys(BRANDING))
    assert.equal(data[name], name === 'show_powered_by' ? true : null, name);
});

test('it is kept as it was sent, and what is not sent stays', async () => {
  for (const method of ['PUT', 'PATCH']) {
    const { data } = expect(await admin.send(method, path, OWN), 200);

    shape(data, BRANDING);
    for (const [name, value] of Object.entries(OWN)) assert.equal(data[name], value, name);
    const changed = expect(await admin.send(method, path, { accent_color: null }), 200).data;
    assert.deepEqual(changed, { ...data, accent_color: null });
    assert.deepEqual(expect(await admin.get(path), 200).data, changed);
  }
});

test('the logo is that of the organization', async () => {
  expect(await admin.patch(path, { logo: 'https://example.com/one.png' }), 200);
  assert.equal(expect(await admin.get(org.path), 200).data.org_logo, 'https://example.com/one.png');
  expect(await admin.patch(org.path, { org_logo: null }), 200);
  assert.equal(expect(await admin.get(path), 200).data.logo, null);
});

test('the contrast of the colour is told for light and dark', async () => {
  for (const [primary_color, light, dark] of [
    ['#000000', 21, 1.13],
    ['#ffffff', 1, 18.49],
    ['#777777', 4.47, 4.13],
  ]) {
    const body = { primary_color, contrast: { light: 9 } };
    const { data } = expect(await admin.patch(path, body), 200);

    assert.deepEqual(data.contrast, { light, dark }, primary_color);
  }
  assert.equal(expect(await admin.patch(path, { primary_color: null }), 200).data.contrast, null);
});

test('what is wrong is told, all of it, and changes nothing', async () => {
  const before = expect(await admin.get(path), 200).data;

  for (const color of ['red', '#fff', '0b6b5f', '#0b6b5g', '#0b6b5f;}', 7, {}])
    for (const name of ['primary_color', 'accent_color', 'link_color'])
      invalid(await admin.patch(path, { [name]: color }), name);
  invalid(
    await admin.put(path, {
      logo: 'javascript:alert(1)', logo_dark: 'x', primary_color: 'blue', accent_color: 1,
      link_color: '#12345', email_footer: 'é'.repeat(501), show_powered_by: 'perhaps',
    }),
    ...Object.keys(OWN),
  );
  assert.deepEqual(expect(await admin.get(path), 200).data, before);
  expect(await admin.patch(path, { email_footer: '🙂'.repeat(500) }), 200);
});

test('everybody sees it, administrators change it, strangers do neither', async () => {
  const other = await pawl.org({ name: 'Other' });

  for (const role of ['standard', 'light']) {
    const api = pawl.api((await pawl.user(org, { role })).token);

    expect(await api.get(path), 200);
    refused(await api.put(path, OWN), 403, 'FORBIDDEN_ROLE');
    refused(await api.patch(path, OWN), 403, 'FORBIDDEN_ROLE');
  }
  refused(await pawl.api(other.admin.token).get(path), 403);
  refused(await pawl.api(other.admin.token).patch(path, OWN), 403);
});
