// Two servers on one PostgreSQL store: either takes any request, and what one forbids the other
// forbids at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ENGINE, PASSWORD, startServer } from '../harness.js';
import { expect, refused } from '../lib/expect.js';
import { oneOff } from '../lib/fixtures.js';

if (ENGINE !== 'postgres') test('two nodes', { skip: 'the embedded store has one server' });
else await twoNodes();

async function twoNodes() {
  const first = await startServer();
  const second = await startServer({ beside: first });
  after(async () => {
    await second.stop();
    await first.stop();
  });

  const org = await first.org();
  const tasks = `${org.path}/tasks`;

  test('a token of one opens the other', async () => {
    const person = await first.user(org);

    expect(await second.api(person.token).get(`${org.path}/me/tasks`), 200);
  });

  test('a session of one is one of the other, until it ends on either', async () => {
    const person = await first.user(org);
    const here = await first.session(person);
    const there = second.api(null, { cookie: here.cookie, 'x-csrf-token': here.csrf });

    expect(await there.post(tasks, oneOff(person)), 201);
    expect(await there.delete('/session'), 204);
    refused(await here.get('/me'), 401, 'UNAUTHENTICATED');
    refused(await first.api(person.token).get('/me'), 401, 'UNAUTHENTICATED');
    refused(await second.api(person.token).get('/me'), 401, 'UNAUTHENTICATED');
  });

  test('guesses are counted together', async () => {
    const { email } = await first.user(org);
    let locked = false;

    for (let i = 0; i < 100 && !locked; i += 1) {
      const node = i % 2 ? first : second;
      const answer = await node.api(null).post('/session', { email, password: 'not it at all' });
      locked = answer.status === 429;
    }
    assert.ok(locked);
    for (const node of [first, second])
      expect(await node.api(null).post('/session', { email, password: PASSWORD }), 429);
  });

  test('what both write at once is all there, each under a number of its own', async () => {
    const person = await first.user(org);
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (i % 2 ? first : second).api(person.token).post(tasks, oneOff(person)),
      ),
    );
    const numbers = made.map((answer) => expect(answer, 201).data.increment_id);

    assert.equal(new Set(numbers).size, made.length);
    const mine = expect(await second.api(person.token).get(`${org.path}/me/tasks`), 200);
    assert.equal(mine.meta.pagination.total, made.length);
  });

  test('a task completed on both at once is completed once', async () => {
    const person = await first.user(org);
    const api = first.api(person.token);

    for (let round = 0; round < 5; round += 1) {
      const { id } = expect(await api.post(tasks, oneOff(person)), 201).data;
      const both = await Promise.all(
        [first, second].map((node) =>
          node.api(person.token).post(`${org.path}/completed-tasks`, { task_id: id }),
        ),
      );

      for (const answer of both) expect(answer, 200);
      assert.equal(both[0].data.completed_at, both[1].data.completed_at);
    }
  });
}
