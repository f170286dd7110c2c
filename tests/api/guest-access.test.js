// A guest's code: where it may stand, what it opens, and what ends it.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startServer } from '../harness.js';
import { eventually, expect, isAbout, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';
import { codeOf, giveTask, newGuest, openLink, plainly } from '../lib/guests.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org({ name: 'Home' });
const away = await pawl.org({ name: 'Away' });
const admin = pawl.api(org.admin.token);
const standard = await pawl.user(org, { first: 'Stan', last: 'Dard' });
const light = await pawl.user(org, { role: 'light' });
const gwen = await newGuest(pawl, org, 'gwen@example.com');
const other = await newGuest(pawl, org, 'other@example.com');

const tasksOf = (name, query = '') =>
  `${org.path}/guests/${encodeURIComponent(name)}/tasks${query}`;
const titles = ({ data }) => data.map(({ title }) => title).sort();

await giveTask(pawl, org, gwen.email, { title: 'Hers' });
await giveTask(pawl, org, other.email, { title: 'Not hers' });

describe('where the code may stand', () => {
  for (const [where, headers, query] of [
    ['the query', {}, `?guest_code=${gwen.code}`],
    ['X-Guest-Code', { 'x-guest-code': gwen.code }, ''],
    ['a bearer', { authorization: `Bearer ${gwen.code}` }, ''],
  ])
    test(where, async () => {
      const api = plainly(pawl, headers);

      for (const name of [gwen.code, gwen.email, 'GWEN@example.COM'])
        assert.deepEqual(titles(expect(await api.get(tasksOf(name, query)), 200)), ['Hers']);
      assert.equal(expect(await api.get(`/guest${query}`), 200).data.guest.email, gwen.email);
    });

  test('nowhere else: the path alone is no credential', async () => {
    refused(await pawl.api(null).get(tasksOf(gwen.code)), 401, 'UNAUTHENTICATED');
  });
});

test('the link is for who may change guests, and not for a token that only reads', async () => {
  const as = async (scopes) => pawl.api(expect(await admin.post('/oauth/personal-access-tokens',
    { name: 'x', scopes }), 201).body.accessToken);

  for (const scope of ['users.read', 'mcp.users.read']) {
    const api = await as([scope]);

    for (const path of ['/guests', '/guests?stats=true', `/guests/${gwen.email}`]) {
      const { text } = expect(await api.get(`${org.path}${path}`), 200);

      assert.ok(text.includes(gwen.email) && !text.includes(gwen.code), path);
    }
  }
  const { data } = expect(await (await as(['users.write'])).get(`${org.path}/guests/${gwen.email}`),
    200);
  assert.equal(codeOf(data), gwen.code);
});

describe('what it opens', () => {
  const api = plainly(pawl, { 'x-guest-code': gwen.code });

  test('no other guest\'s tasks, whether there is such a guest or not', async () => {
    for (const name of [other.email, other.code, 'nobody@example.com', 'x'.repeat(40) + '@y.de']) {
      const answer = refused(await api.get(tasksOf(name)), 403);

      assert.match(answer.body.message, /your own tasks only/);
    }
  });

  test('nothing in another organization', async () => {
    refused(await api.get(`${away.path}/guests/${gwen.email}/tasks`), 403);
    refused(await api.get(`/organizations/${'0'.repeat(32)}/guests/${gwen.email}/tasks`), 403);
  });

  test('no other route, with whatever method', async () => {
    for (const [method, path] of [
      ['GET', org.path], ['GET', `${org.path}/users`], ['GET', `${org.path}/guests`],
      ['GET', `${org.path}/guests/${gwen.email}`], ['GET', `${org.path}/tasks`],
      ['POST', `${org.path}/tasks`], ['GET', '/me'], ['PUT', `${org.path}/guests/${gwen.email}`],
      ['GET', '/me/organizations'], ['GET', '/sessions'], ['POST', '/organizations'],
    ])
      for (const headers of [{ 'x-guest-code': gwen.code },
        { authorization: `Bearer ${gwen.code}` }])
        refused(await pawl.api(null, headers).send(method, path), 401);
  });

  test('a code that was refused as a bearer elsewhere still opens what is its own', async () => {
    const bearer = plainly(pawl, { authorization: `Bearer ${gwen.code}` });

    for (let i = 0; i < 3; i++)
      refused(await bearer.get(`${org.path}/users`), 401);
    expect(await bearer.get(tasksOf(gwen.code)), 200);
  });

  test('neither webhooks nor more than names of the people beside', async () => {
    const task = await giveTask(pawl, org, 'beside@example.com', {
      webhook: 'https://example.com/hook?key=private',
      owners: { users: [org.admin.id, standard.id], guests: ['beside@example.com'], groups: [] },
    });
    const beside = expect(await admin.get(`${org.path}/guests/beside@example.com`), 200).data;
    const own = plainly(pawl, { 'x-guest-code': codeOf(beside) });
    const answer = expect(await own.get(tasksOf(beside.email)), 200);

    assert.equal(task.webhook, 'https://example.com/hook?key=private');
    assert.equal(answer.data[0].webhook, null);
    assert.deepEqual(answer.meta.people, [
      { id: org.admin.id, full_name: 'Ada Admin' },
      { id: standard.id, full_name: 'Stan Dard' },
    ]);
    assert.ok(!answer.text.includes(org.admin.email), 'no addresses of members');
  });
});

describe('what is no code', () => {
  const wrong = {
    unknown: codeOf({ link: gwen.code.slice(0, -1) + (gwen.code.at(-1) === 'x' ? 'y' : 'x') }),
    short: 'abc',
    empty: '',
    blank: ' ',
    long: 'a'.repeat(4000),
    letters: 'a'.repeat(40),
    accented: 'é'.repeat(20),
    quoted: "' OR 1=1 --",
  };

  for (const [what, code] of Object.entries(wrong))
    test(what, async () => {
      const query = `?guest_code=${encodeURIComponent(code)}`;

      refused(await plainly(pawl).get(`/guest${query}`), 401, 'UNAUTHENTICATED');
      refused(await plainly(pawl).get(tasksOf(gwen.email, query)), 401, 'UNAUTHENTICATED');
      refused(await pawl.api(null).get(tasksOf(code || 'x')), 401, 'UNAUTHENTICATED');
    });

  test('a session\'s or another secret', async () => {
    const browser = await openLink(pawl, gwen.code);
    const cookie = browser.cookie.split('=')[1];

    refused(await plainly(pawl, { 'x-guest-code': cookie }).get('/guest'), 401);
    refused(await plainly(pawl, { cookie: `pawl_guest=${gwen.code}` }).get('/guest'), 401);
  });
});

describe('members', () => {
  test('see the tasks of guests, by code and by address', async () => {
    for (const api of [admin, pawl.api(standard.token)])
      for (const name of [gwen.code, gwen.email])
        assert.deepEqual(titles(expect(await api.get(tasksOf(name)), 200)), ['Hers']);
  });

  test('light ones only of guests they work with', async () => {
    const lightly = pawl.api(light.token);

    for (const name of [gwen.code, gwen.email])
      refused(await lightly.get(tasksOf(name)), 404);
    expect(
      await admin.put(`${org.path}/guests/${gwen.email}`, { associated_members: [light.id] }), 201,
    );
    for (const name of [gwen.code, gwen.email])
      expect(await lightly.get(tasksOf(name)), 200);
    refused(await lightly.get(tasksOf(other.email)), 404);
  });

  test('not those of another organization', async () => {
    refused(await pawl.api(away.admin.token).get(tasksOf(gwen.email)), 403);
    const there = `${away.path}/guests`;

    for (const name of [gwen.email, gwen.code])
      refused(await pawl.api(away.admin.token).get(`${there}/${name}/tasks`), 404);
  });

  test('a number names no guest', async () => {
    for (const api of [admin, plainly(pawl, { 'x-guest-code': gwen.code })])
      for (const number of [gwen.id, 0, '9'.repeat(30)])
        refused(await api.get(tasksOf(String(number))), 404, 'RESOURCE_NOT_FOUND',
          /^Resource not found/);
  });

  test('their credential wins over a guest\'s', async () => {
    const both = { 'x-guest-code': gwen.code };

    expect(await pawl.api(org.admin.token, both).get(tasksOf(other.email)), 200);
    refused(await pawl.api('nonsense', both).get(tasksOf(gwen.email)), 401);
    refused(await pawl.api(org.admin.token, both).get('/guest'), 401);
  });

  test('a session wins where it opens the organization, and is in no way elsewhere', async () => {
    const here = await pawl.session(org.admin);
    const there = await pawl.session(away.admin);
    const with_code = { headers: { 'x-guest-code': gwen.code } };

    expect(await here.get(tasksOf(other.email), with_code), 200);
    refused(await there.get(tasksOf(other.email), with_code), 403, undefined, /your own tasks/i);
    expect(await there.get(tasksOf(gwen.email), with_code), 200);
    assert.equal(expect(await here.get('/guest', with_code), 200).data.guest.email, gwen.email);
  });
});

test('pages of ten', async () => {
  const many = await newGuest(pawl, org, 'many@example.com');

  for (let i = 0; i < 11; i++)
    await giveTask(pawl, org, many.email, { title: `Task ${i}` });
  const first = expect(await admin.get(tasksOf(many.code)), 200);

  assert.equal(first.data.length, 10);
  assert.equal(first.meta.pagination.total, 11);
  assert.equal(expect(await admin.get(tasksOf(many.code, '?page=2')), 200).data.length, 1);
});

describe('a disabled guest', async () => {
  const guest = await newGuest(pawl, org, 'disabled@example.com');
  const path = `${org.path}/guests/${guest.email}`;
  const api = plainly(pawl, { 'x-guest-code': guest.code });

  test('is told so in plain words, and comes back with the same link', async () => {
    const browser = await openLink(pawl, guest.code);

    expect(await admin.delete(`${path}/disable`), 200);
    for (const answer of [
      await api.get('/guest'),
      await api.get(tasksOf(guest.email)),
      await browser.get('/guest'),
      await plainly(pawl).post('/auth/guest', { code: guest.code }),
    ]) {
      refused(answer, 403, 'GUEST_DISABLED', /switched off/);
      assert.match(answer.body.message, /Home/);
      assert.doesNotMatch(answer.body.message,
        /token|expired|audience|forbidden|unauthorized|access denied|permission denied/i);
    }
    expect(await plainly(pawl).get(`/guest/${guest.code}`), 200);
    expect(await admin.put(`${path}/enable`), 200);
    expect(await api.get('/guest'), 200);
  });
});

test('a deleted guest is nobody, and comes back with another link', async () => {
  const guest = await newGuest(pawl, org, 'deleted@example.com');
  const api = plainly(pawl, { 'x-guest-code': guest.code });
  const browser = await openLink(pawl, guest.code);

  expect(await api.get('/guest'), 200);
  expect(await admin.delete(`${org.path}/guests/${guest.email}`), 200);
  refused(await api.get('/guest'), 401);
  refused(await browser.get('/guest'), 401);
  const again = await newGuest(pawl, org, guest.email);

  assert.notEqual(again.code, guest.code);
  refused(await api.get('/guest'), 401);
  expect(await plainly(pawl, { 'x-guest-code': again.code }).get('/guest'), 200);
});

describe('another link', () => {
  const reset = (email) => `${org.path}/guests/${email}/reset-link`;

  test('takes the place of the old one at once, sessions included', async () => {
    const guest = await newGuest(pawl, org, 'reset@example.com');
    const browser = await openLink(pawl, guest.code);
    const after = expect(await admin.put(reset('Reset@Example.com')), 200).data;
    const code = codeOf(after);

    assert.equal(after.id, guest.id);
    assert.match(code, /^[0-9A-Za-z]{40}$/);
    assert.notEqual(code, guest.code);
    assert.equal(codeOf(expect(await admin.get(`${org.path}/guests/${guest.email}`), 200).data),
      code);
    refused(await plainly(pawl, { 'x-guest-code': guest.code }).get('/guest'), 401);
    refused(await plainly(pawl).post('/auth/guest', { code: guest.code }), 401,
      'GUEST_LINK_DEAD');
    refused(await browser.get('/guest'), 401);
    expect(await plainly(pawl, { 'x-guest-code': code }).get('/guest'), 200);
  });

  test('is made by administrators alone', async () => {
    for (const { token } of [standard, light])
      refused(await pawl.api(token).put(reset(gwen.email)), 403, 'FORBIDDEN_ROLE');
    refused(await pawl.api(away.admin.token).put(reset(gwen.email)), 403);
    refused(await plainly(pawl, { 'x-guest-code': gwen.code }).put(reset(gwen.email)), 401);
    refused(await admin.put(reset('nobody@example.com')), 404);
    refused(await pawl.api(away.admin.token).put(`${away.path}/guests/${gwen.email}/reset-link`),
      404);
  });

  test('two at once leave one link', async () => {
    const guest = await newGuest(pawl, org, 'twice@example.com');
    const answers = await Promise.all([1, 2, 3].map(() => admin.put(reset(guest.email))));
    const codes = answers.map((answer) => codeOf(expect(answer, 200).data));
    const now = codeOf(expect(await admin.get(`${org.path}/guests/${guest.email}`), 200).data);
    const opens = await Promise.all(
      codes.map((code) => plainly(pawl, { 'x-guest-code': code }).get('/guest')),
    );

    assert.ok(codes.includes(now));
    for (const [i, { status }] of opens.entries())
      assert.equal(status, codes[i] === now ? 200 : 401);
  });

  test('is told in the organization\'s log, without it', async () => {
    const feed = expect(await admin.get(`${org.path}/activity-feeds`), 200);

    assert.ok(feed.data.some(({ verb }) => verb.includes('link_reset')), feed.text);
  });
});

test('the link is the same wherever it is shown, one for each organization', async () => {
  const there = await newGuest(pawl, away, gwen.email);

  assert.equal(there.id, gwen.id);
  assert.notEqual(there.code, gwen.code);
  assert.equal((await newGuest(pawl, org, gwen.email)).code, gwen.code);
  const answer = expect(await plainly(pawl, { 'x-guest-code': there.code }).get('/guest'), 200);

  assert.equal(answer.data.organization.name, 'Away');
  refused(await plainly(pawl, { 'x-guest-code': there.code }).get(tasksOf(gwen.email)), 403);
});

test('when and from where a guest came is noted', async () => {
  const guest = await newGuest(pawl, org, 'seen@example.com');

  assert.equal(guest.last_accessed_at, null);
  expect(await plainly(pawl, { 'x-guest-code': guest.code }).get('/guest'), 200);
  await eventually(async () => {
    const now = expect(await admin.get(`${org.path}/guests/${guest.email}`), 200).data;

    if (now.last_accessed_at === null) return false;
    isAbout(now.last_accessed_at, pawl.clock, 0);
    assert.equal(now.last_known_ip, '127.0.0.1');
    return true;
  }, 'the guest was seen');
});

test('the page tells no other one where its reader came from', async () => {
  for (const path of [`/guest/${gwen.code}`, `/guest-all-task/${org.id}/${gwen.code}`]) {
    const page = expect(await plainly(pawl).get(path), 200);

    assert.match(page.headers.get('content-type'), /^text\/html/);
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.ok(!page.text.includes(gwen.code));
  }
});

test('everywhere a code comes with a request, it is in no answer', async () => {
  for (const path of ['/guest', `/guest?guest_code=${gwen.code}`, tasksOf(gwen.code)]) {
    const answer = await plainly(pawl, { 'x-guest-code': gwen.code }).get(path);

    assert.ok(!expect(answer, 200).text.includes(gwen.code), path);
  }
  const wrong = await plainly(pawl).get(tasksOf(gwen.code));

  assert.ok(!wrong.text.includes(gwen.code));
});

test('one-off tasks of the members alone are none of theirs', async () => {
  const guest = await newGuest(pawl, org, 'apart@example.com');

  expect(await admin.post(`${org.path}/tasks`, oneOff(org.admin)), 201);
  const api = plainly(pawl, { 'x-guest-code': guest.code });

  for (const query of ['', '?owners=' + org.admin.id, '?status=all', '?assignee=me'])
    assert.deepEqual(expect(await api.get(tasksOf(guest.email, query)), 200).data, []);
});
