// The route table that the server itself is driven by, so that a new route is tried by everybody
// from its first day.

import assert from 'node:assert/strict';

// A table that `pawl WORD --json` prints.
export async function table(pawl, word) {
  const { code, stdout, stderr } = await pawl.command([word, '--json']);

  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

// Ids that exist nowhere: what is asked of them matters less than who asks.
function fill(path, org) {
  return path
    .replace('{org}', org.id)
    .replace(/\{(email|guest)\}/, 'nobody@example.com')
    .replace(/\{user[^}]*\}/, '999999')
    .replace(/\{[^}]+\}/g, '0'.repeat(32));
}

// Asks every route given, and expects of each answer what `judge(answer, route)` says.
export async function tryAll(routes, api, org, judge) {
  assert.ok(routes.length > 0, 'there is nothing to try');
  for (const route of routes) {
    const { method, path } = route;
    const body = ['GET', 'HEAD', 'DELETE'].includes(method) ? undefined : {};
    const answer = await api.send(method, fill(path, org), body);

    try {
      judge(answer, route);
    } catch (error) {
      error.message = `${method} ${path}: ${error.message}`;
      throw error;
    }
  }
}
