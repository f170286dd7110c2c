// The store of a running server, for what no call of the API brings about yet, or tells.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function change(pawl, statement) {
  await execute(pawl, statement);
}

// How many rows a table has: for what is to be gone for good.
export async function count(pawl, table) {
  return Number(await execute(pawl, `SELECT count(*) FROM ${table}`));
}

// What the operator's check of everything finds in it: nothing.
export async function sound(pawl) {
  const { code, stdout } = await pawl.command(['admin', 'check', ...pawl.store]);

  assert.equal(code, 0, stdout);
}

async function execute(pawl, statement) {
  const { stdout } = pawl.database
    ? await run('psql', ['-qXAtv', 'ON_ERROR_STOP=1', '-c', statement, pawl.database])
    : await run('sqlite3', ['-cmd', '.timeout 10000', join(pawl.folder, 'pawl.db'), statement]);

  return stdout;
}

// A member's place in an organization: their role and whether they are active.
export function place(pawl, org, person, { role = 'standard', status = 'active' } = {}) {
  const joined = status === 'active'
    ? ', activated_at = COALESCE(activated_at, 1), first_name = NULL, last_name = NULL'
    : '';

  return change(pawl, `UPDATE members SET role = '${role}', status = '${status}'${joined}
    WHERE org_id = '${org.id}' AND user_id = ${person.id}`);
}

// Whether the account's address is proved.
export function proved(pawl, person, is) {
  return change(pawl, `UPDATE users SET email_verified_at = ${is ? 1 : 'NULL'}
    WHERE id = ${person.id}`);
}
