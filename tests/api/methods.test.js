// Which methods a path takes.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';
import { expect, invalid, refused } from '../lib/expect.js';
import { table } from '../lib/routes.js';

const pawl = await startServer();
after(() => pawl.stop());

const org = await pawl.org();
const admin = pawl.api(org.admin.token);
const rest = ({ path, who, scope, client_header: header }) => ({ path, who, scope, header });

test('PATCH is taken wherever PUT is, from the same callers', async () => {
  const routes = await table(pawl, 'routes');
  const of = (wanted) => routes.filter(({ method }) => method === wanted).map(rest);
  const patched = new Map(of('PATCH').map((route) => [route.path, route]));

  assert.ok(of('PUT').length > 10);
  for (const route of of('PUT')) assert.deepEqual(patched.get(route.path), route);
});

test('a change of one field of an application leaves the others', async () => {
  const path = `${org.path}/oauth/clients`;
  const made = expect(await admin.post(path, { name: 'Payroll', scopes: ['tasks.read'] }), 201);
  const one = `${path}/${made.data.id}`;

  invalid(await admin.put(one, { scopes: ['tasks.write'] }), 'name');
  const changed = expect(await admin.patch(one, { scopes: ['tasks.write'] }), 200).data;
  assert.equal(changed.name, 'Payroll');
  assert.deepEqual(changed.scopes, ['tasks.write']);
  assert.equal(expect(await admin.patch(one, { name: 'Wages' }), 200).data.name, 'Wages');
  invalid(await admin.patch(one, { name: '' }), 'name');
});

test('a method that a path does not take is told with those it does', async () => {
  const answer = refused(await admin.delete(`${org.path}/tags`), 405);

  assert.match(answer.headers.get('allow'), /GET.*POST/);
});
