// Guests in a browser: exchanging the code, the session, their settings, and links by mail.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { eventually, expect, invalid, refused, shape } from '../lib/expect.js';
import { codeOf, giveTask, newGuest, openLink, plainly } from '../lib/guests.js';
import { startMailbox } from '../lib/mailbox.js';
import { count } from '../lib/store.js';

const HOUR = 3600 * 1000;

const box = await startMailbox();
const pawl = await startServer({ settings: box.settings });
after(async () => {
  await pawl.stop();
  await box.stop();
});

const org = await pawl.org({ name: 'Home' });
const away = await pawl.org({ name: 'Away' });
const admin = pawl.api(org.admin.token);
const gwen = await newGuest(pawl, org, 'gwen@example.com', { first_name: 'Gwen' });

describe('exchanging the code', () => {
  test('gives a session, who one is and where', async () => {
    const answer = expect(await plainly(pawl).post('/auth/guest', { code: gwen.code }), 200);
    const { guest, organization, csrf_token } = answer.data;
    const [cookie] = answer.headers.getSetCookie();

    assert.match(cookie, /^pawl_guest=[0-9A-Za-z]{43}; Path=\/; HttpOnly; SameSite=Lax;/);
    assert.match(cookie, /Max-Age=43200$/);
    assert.match(answer.headers.get('cache-control'), /no-store/);
    shape(guest, { id: 'int', email: 'string', first_name: 'string?', last_name: 'string?',
      timezone: 'string?', locale: 'string?', cadence_days: 'array?' });
    assert.deepEqual([guest.id, guest.email, guest.first_name],
      [gwen.id, gwen.email, 'Gwen']);
    shape(organization, { id: 'id', name: 'string', org_logo: 'string?', branding: 'object',
      guest_onboarding_snippet: 'string?', guest_cadence_days: 'strings', timezone: 'string' });
    assert.equal(organization.id, org.id);
    assert.match(csrf_token, /^[0-9a-f]{64}$/);
    assert.ok(!answer.text.includes(gwen.code));
  });

  test('whoever else one is', async () => {
    const light = await pawl.user(org, { role: 'light' });

    for (const api of [await pawl.session(away.admin), await pawl.session(light),
      pawl.api(light.token), pawl.api('nonsense')]) {
      const { data } = expect(await api.post('/auth/guest', { code: gwen.code }), 200);

      assert.equal(data.guest.email, gwen.email);
    }
  });

  test('says what is wrong', async () => {
    const api = plainly(pawl);

    for (const body of [undefined, {}, { code: '' }, { code: null }, { code: 'a'.repeat(101) },
      { code: {} }, { code: [gwen.code] }, { code: 5 }])
      invalid(await api.post('/auth/guest', body), 'code');
    for (const code of ['a', 'a'.repeat(40), `${gwen.code} x`, 'ü'])
      refused(await api.post('/auth/guest', { code }), 401, 'GUEST_LINK_DEAD');
    refused(await api.post('/auth/guest', { code: gwen.code },
      { headers: { 'sec-fetch-site': 'cross-site' } }), 403);
  });

  test('twice at once gives two sessions', async () => {
    const [one, two] = await Promise.all([openLink(pawl, gwen.code), openLink(pawl, gwen.code)]);

    assert.notEqual(one.cookie, two.cookie);
    for (const browser of [one, two]) expect(await browser.get('/guest'), 200);
  });

  test('again and again leaves the newest twenty', async () => {
    const guest = await newGuest(pawl, org, 'often@example.com');
    const browsers = [];

    for (let i = 0; i < 21; i++) {
      browsers.push(await openLink(pawl, guest.code));
      pawl.clock.advance(1000);
    }
    refused(await browsers[0].get('/guest'), 401);
    for (const browser of browsers.slice(1)) expect(await browser.get('/guest'), 200);
  });
});

describe('the session', () => {
  test('opens what the code opens', async () => {
    const browser = await openLink(pawl, gwen.code);
    const tasks = `${org.path}/guests/${gwen.email}/tasks`;

    expect(await browser.get(tasks), 200);
    refused(await browser.get(`${org.path}/users`), 401);
    refused(await browser.get(`${away.path}/guests/${gwen.email}/tasks`), 403);
    const again = expect(await browser.get('/guest'), 200).data;

    assert.equal(again.csrf_token, browser.csrf);
    const byCode = await plainly(pawl, { 'x-guest-code': gwen.code }).get('/guest');

    assert.equal(expect(byCode, 200).data.csrf_token, null);
  });

  test('changes something only with the page\'s token', async () => {
    const browser = await openLink(pawl, gwen.code);
    const cookie = { cookie: browser.cookie };

    for (const token of [null, '', 'a'.repeat(64)]) {
      const api = plainly(pawl, { ...cookie, 'x-csrf-token': token });

      refused(await api.patch('/guest', { locale: 'de' }), 403, 'CSRF_TOKEN_MISMATCH');
      refused(await api.delete('/auth/guest'), 403, 'CSRF_TOKEN_MISMATCH');
    }
    expect(await browser.patch('/guest', { locale: 'de' }), 200);
  });

  test('lasts twelve hours, whatever is done with it', async () => {
    const guest = await newGuest(pawl, org, 'hours@example.com');
    const browser = await openLink(pawl, guest.code);

    pawl.clock.advance(11.9 * HOUR);
    expect(await browser.get('/guest'), 200);
    pawl.clock.advance(0.2 * HOUR);
    refused(await browser.get('/guest'), 401);
    expect(await openLink(pawl, guest.code).then((next) => next.get('/guest')), 200);
  });

  test('ends when its holder leaves, and no other one with it', async () => {
    const [one, two] = [await openLink(pawl, gwen.code), await openLink(pawl, gwen.code)];
    const answer = expect(await one.delete('/auth/guest'), 204);

    assert.match(answer.headers.getSetCookie()[0], /^pawl_guest=;.*Max-Age=0$/);
    refused(await one.get('/guest'), 401);
    refused(await one.delete('/auth/guest'), 401);
    expect(await two.get('/guest'), 200);
    expect(await plainly(pawl, { 'x-guest-code': gwen.code }).delete('/auth/guest'), 204);
    expect(await two.get('/guest'), 200);
  });

  test('a cookie that is none opens nothing', async () => {
    for (const value of ['', 'x', 'a'.repeat(43), 'a'.repeat(3000)])
      refused(await plainly(pawl, { cookie: `pawl_guest=${value}` }).get('/guest'), 401);
  });
});

describe('what guests decide', () => {
  const api = plainly(pawl, { 'x-guest-code': gwen.code });

  test('time zone, language, days of the digest', async () => {
    const wanted = { timezone: 'Europe/Athens', locale: 'pt-BR', cadence_days: ['Monday'] };
    const { guest } = expect(await api.patch('/guest', wanted), 200).data;

    assert.deepEqual({ ...guest, ...wanted }, guest);
    const one = expect(await api.patch('/guest', { locale: 'zh-Hant-TW' }), 200).data.guest;

    assert.deepEqual(one, { ...guest, locale: 'zh-Hant-TW' });
    const none = { timezone: null, locale: null, cadence_days: null };

    assert.deepEqual(expect(await api.patch('/guest', none), 200).data.guest,
      { ...guest, ...none });
    assert.deepEqual(
      expect(await api.patch('/guest', { cadence_days: [] }), 200).data.guest.cadence_days, [],
    );
  });

  test('what is wrong is named, all of it', async () => {
    invalid(
      await api.patch('/guest', { timezone: 'Mars/Base', locale: 'german!', cadence_days: 'Mon' }),
      'timezone', 'locale', 'cadence_days',
    );
    for (const cadence_days of [['Noday'], ['Monday', 'Monday'], {}, 5, [5], 'Monday', [null]])
      invalid(await api.patch('/guest', { cadence_days }), 'cadence_days');
    for (const locale of ['e', 'english', 'de_DE', '12', 'de-', '-de', 'de--AT', 'é', 'd3'])
      invalid(await api.patch('/guest', { locale }), 'locale');
    invalid(await api.patch('/guest', { locale: 'de'.repeat(100) }), 'locale');
  });

  test('nothing else', async () => {
    const answer = expect(
      await api.patch('/guest', { email: 'eve@example.com', first_name: 'Eve', id: 1, nope: 2 }),
      200,
    );

    assert.equal(answer.data.guest.email, gwen.email);
    assert.equal(answer.data.guest.first_name, 'Gwen');
    assert.match(JSON.stringify(answer.meta), /nope/);
  });

  test('the log says that it was the guest', async () => {
    const { data } = expect(
      await admin.get(`${org.path}/activity-feeds?entity_type=guest&entity_id=${gwen.id}`), 200,
    );

    assert.ok(data.some(({ actor_id, verb }) =>
      verb.includes('updated') && actor_id.includes(gwen.id)), JSON.stringify(data));
    for (const query of ['actor_type=guest', 'source=Guest']) {
      const rows = expect(await admin.get(`${org.path}/activity-feeds?${query}`), 200).data;

      assert.ok(rows.some(({ actor_id }) => actor_id.includes(gwen.id)));
      for (const { source } of rows) assert.deepEqual(source, ['Guest']);
    }
  });
});

const linkMail = async (email) => {
  const mail = await box.next({ to: email, subject: /Access to your tasks/ });

  return { ...mail, code: mail.link.split('/').at(-1) };
};

// Mail to another address, made after all before it: it comes when they have come.
async function noMailFor(email) {
  const marker = pawl.email('marker');

  await giveTask(pawl, org, marker);
  await linkMail(marker);
  assert.deepEqual(
    box.mails.filter((mail) => mail.envelope.to.includes(email) && !box.taken.has(mail)), [],
  );
}

describe('links by mail', () => {
  test('come with the first task, and not with the next ones of the hour', async () => {
    const email = 'mailed@example.com';
    const task = await giveTask(pawl, org, email);
    const mail = await linkMail(email);

    assert.equal(mail.subject, 'Access to your tasks at Home');
    assert.match(mail.link, new RegExp(`^${pawl.url}/guest/[0-9A-Za-z]{40}$`));
    const guest = expect(await admin.get(`${org.path}/guests/${email}`), 200).data;

    assert.equal(mail.code, codeOf(guest));
    await giveTask(pawl, org, email, { title: 'Second' });
    await noMailFor(email);
    pawl.clock.advance(HOUR);
    expect(await admin.patch(`${org.path}/tasks/${task.id}`, { title: 'Renamed' }), 200);
    await noMailFor(email);
    await giveTask(pawl, org, email, { title: 'Third' });
    await linkMail(email);
  });

  test('come to who is added to a task, or has it through a group', async () => {
    const group = expect(await admin.post(`${org.path}/groups`, {
      name: 'Outside', guests: ['group@example.com'],
    }), 201).data;
    const task = await giveTask(pawl, org, 'early@example.com');

    await linkMail('early@example.com');
    pawl.clock.advance(2 * HOUR);
    expect(await admin.patch(`${org.path}/tasks/${task.id}`, {
      owners: {
        users: [org.admin.id],
        guests: ['early@example.com', 'late@example.com'],
        groups: [group.id],
      },
    }), 200);
    await linkMail('late@example.com');
    await linkMail('group@example.com');
    await noMailFor('early@example.com');
    expect(await admin.put(`${org.path}/groups/${group.id}/guests/joined@example.com`), 200);
    await linkMail('joined@example.com');
    expect(await admin.patch(`${org.path}/groups/${group.id}`, {
      guests: ['joined@example.com', 'replacing@example.com'],
    }), 200);
    await linkMail('replacing@example.com');
    await noMailFor('joined@example.com');
  });

  test('do not come to who joins a group that has nothing to do', async () => {
    const group = expect(await admin.post(`${org.path}/groups`, { name: 'Idle' }), 201).data;

    expect(await admin.put(`${org.path}/groups/${group.id}/guests/unasked@example.com`), 200);
    await noMailFor('unasked@example.com');
  });

  test('are not mailed to who is disabled', async () => {
    const guest = await newGuest(pawl, org, 'silent@example.com');

    expect(await admin.delete(`${org.path}/guests/${guest.email}/disable`), 200);
    expect(await plainly(pawl).post('/guest/resend', { email: guest.email }), 200);
    expect(await admin.put(`${org.path}/guests/${guest.email}/reset-link`), 200);
    await noMailFor(guest.email);
  });

  test('come anew when the link was replaced', async () => {
    const guest = await newGuest(pawl, org, 'anew@example.com');
    const reset = expect(await admin.put(`${org.path}/guests/${guest.email}/reset-link`), 200);
    const mail = await box.next({ to: guest.email });

    assert.equal(mail.subject, 'Your new link to your tasks at Home');
    assert.equal(mail.link.split('/').at(-1), codeOf(reset.data));
    assert.match(mail.text, /replaced/);
    assert.match(mail.text, /old link opens nothing/);
    assert.doesNotMatch(mail.text, /was given a task/);
  });

  test('are not sent any more once they are dead', async () => {
    const silent = await startServer(); // its mail waits

    try {
      const home = await silent.org();
      const api = silent.api(home.admin.token);
      const guests = `${home.path}/guests`;
      const states = async () =>
        expect(await api.get(`${home.path}/mails?per_page=100`), 200).data
          .filter(({ recipient }) => recipient === 'wait@example.com')
          .map(({ kind, state }) => [kind, state]);

      await giveTask(silent, home, 'wait@example.com');
      assert.deepEqual(await states(), [['guest_link', 'waiting']]);
      expect(await api.put(`${guests}/wait@example.com/reset-link`), 200);
      assert.deepEqual(await states(), [['guest_new_link', 'waiting'], ['guest_link', 'expired']]);
      expect(await api.delete(`${guests}/wait@example.com`), 200);
      assert.deepEqual(await states(), [['guest_new_link', 'expired'], ['guest_link', 'expired']]);
    } finally {
      await silent.stop();
    }
  });
});

describe('asking for one\'s links', () => {
  const ask = (email) => plainly(pawl).post('/guest/resend', { email });

  test('mails one for each organization, whatever way the address is typed', async () => {
    const email = 'Lost@example.com';
    const codes = [];

    for (const place of [org, away]) codes.push((await newGuest(pawl, place, email)).code);
    const answer = expect(await ask('LOST@Example.COM'), 200);

    assert.deepEqual(answer.data, { email: 'LOST@Example.COM' });
    const mails = [await linkMail(email), await linkMail(email)];

    assert.deepEqual(mails.map(({ code }) => code).sort(), codes.sort());
    assert.deepEqual(mails.map(({ subject }) => subject).sort(),
      ['Access to your tasks at Away', 'Access to your tasks at Home']);
  });

  test('answers alike to everybody', async () => {
    for (const email of ['nobody@example.com', org.admin.email, gwen.email])
      assert.deepEqual(expect(await ask(email), 200).data, { email });
    await linkMail(gwen.email);
    for (const email of ['nobody@example.com', org.admin.email]) await noMailFor(email);
  });

  test('more than three times an hour brings no more mail', async () => {
    const { email } = await newGuest(pawl, org, 'flood@example.com');

    for (let i = 0; i < 5; i++) expect(await ask(email), 200);
    for (let i = 0; i < 3; i++) await linkMail(email);
    await noMailFor(email);
    pawl.clock.advance(HOUR);
    expect(await ask(email), 200);
    await linkMail(email);
  });

  test('takes an address', async () => {
    for (const email of ['', 'x', 'a@', null, {}, 5, 'a'.repeat(300) + '@example.com'])
      invalid(await ask(email), 'email');
    invalid(await plainly(pawl).post('/guest/resend'), 'email');
  });
});

test('behind https the cookie stays there', async () => {
  const secure = await startServer({ settings: { public_url: 'https://pawl.example.com' } });

  try {
    const guest = await newGuest(secure, await secure.org(), 'gwen@example.com');

    assert.match(guest.link, /^https:\/\/pawl\.example\.com\/guest\//);
    const answer = await plainly(secure).post('/auth/guest', { code: guest.code });
    const [cookie] = expect(answer, 200).headers.getSetCookie();

    assert.match(cookie, /^__Host-pawl_guest=.*; Path=\/; HttpOnly; SameSite=Lax; Secure;/);
    expect(await secure.holder(answer).get('/guest'), 200);
  } finally {
    await secure.stop();
  }
});

test('mail with a link in it is read by nobody in the organization', async () => {
  const { data } = expect(await admin.get(`${org.path}/mails?per_page=100`), 200);
  const mail = data.find(({ kind }) => kind === 'guest_link');

  assert.ok(mail);
  assert.equal(expect(await admin.get(`${org.path}/mails/${mail.id}`), 200).data.text, null);
});

test('guests are limited on their own account', async () => {
  const limited = await startServer({ settings: { rate_limit: 20 } });

  try {
    const home = await limited.org();
    const [one, two] = [
      await newGuest(limited, home, 'one@example.com'),
      await newGuest(limited, home, 'two@example.com'),
    ];
    const call = (guest) => plainly(limited, { 'x-guest-code': guest.code }).get('/guest');

    for (let i = 0; i < 20; i++) expect(await call(one), 200);
    refused(await call(one), 429);
    expect(await call(two), 200);
  } finally {
    await limited.stop();
  }
});

test('sessions that are over are forgotten', async () => {
  await openLink(pawl, gwen.code);
  assert.ok((await count(pawl, 'guest_sessions')) > 0);
  pawl.clock.advance(12 * HOUR);
  await pawl.restart(); // a server looks for what is old soon after it started
  await eventually(async () => (await count(pawl, 'guest_sessions')) === 0, 'forgotten');
});
