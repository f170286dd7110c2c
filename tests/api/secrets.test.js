// Every server that a test stops is searched for the secrets that it issued (harness.js). Here: the
// search itself finds what it looks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startServer } from '../harness.js';
import { expect } from '../lib/expect.js';

test('a secret in the store is found when the server stops', async () => {
  const pawl = await startServer();
  const org = await pawl.org();
  const task = {
    title: 'What not to do',
    task_type: 'task',
    summary: `Use this: ${org.admin.token}`,
    deadline: pawl.clock.wire(),
    owners: { users: [org.admin.id], guests: [], groups: [] },
  };

  expect(await pawl.api(org.admin.token).post(`${org.path}/tasks`, task), 201);
  await assert.rejects(pawl.stop(), /secrets stand in the store/);
});
