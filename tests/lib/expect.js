// What tests say about answers.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

// The answer has this status; a failure shows the whole answer.
export function expect(answer, status) {
  if (answer.status !== status)
    assert.fail(`expected ${status}, got ${answer.status}\n${answer.text}`);
  return answer;
}

// The answer is the error envelope with this status and, where given, code and message.
export function refused(answer, status, code, message) {
  expect(answer, status);
  assert.equal(answer.body.error, true);
  assert.equal(typeof answer.body.message, 'string');
  assert.equal(typeof answer.body.code, 'string');
  if (code) assert.equal(answer.body.code, code);
  if (message) assert.match(answer.body.message, message);
  assert.ok(!('errors' in answer.body) || status === 422, 'only 422 has errors');
  return answer;
}

// The answer is 422 and says what is wrong with each of these fields (or something inside it), and
// with no other.
export function invalid(answer, ...fields) {
  refused(answer, 422, 'VALIDATION_FAILED', /./);
  for (const [name, texts] of Object.entries(answer.body.errors)) {
    assert.ok(fields.some((field) => covers(field, name)), `${name} was refused too`);
    assert.ok(Array.isArray(texts) && texts.length > 0);
    for (const text of texts) assert.equal(typeof text, 'string');
  }
  for (const field of fields)
    assert.ok(
      Object.keys(answer.body.errors).some((name) => covers(field, name)),
      `nothing about ${field} in ${answer.text}`,
    );
  return answer;
}

function covers(field, name) {
  return name === field || name.startsWith(`${field}.`);
}

// The answer is a refusal of RFC 6749.
export function oauthError(answer, status, error) {
  expect(answer, status);
  assert.equal(answer.body.error, error);
  assert.equal(typeof answer.body.error_description, 'string');
  assert.equal(answer.body.message, answer.body.error_description);
  return answer;
}

const TYPES = {
  string: (value) => typeof value === 'string',
  int: Number.isInteger,
  number: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  id: (value) => /^[0-9a-f]{32}$/.test(value),
  time: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value),
  offset: (value) => /^[+-]\d\d:\d\d$/.test(value),
  array: Array.isArray,
  ints: (value) => Array.isArray(value) && value.every(Number.isInteger),
  strings: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  any: () => true,
};

// The object has every key of the shape with its type ('?' allows null). Other keys are left alone.
export function shape(object, types) {
  for (const [key, type] of Object.entries(types)) {
    assert.ok(key in object, `${key} is missing`);
    const value = object[key];
    const optional = type.endsWith('?');

    assert.ok(
      (optional && value === null) || TYPES[optional ? type.slice(0, -1) : type](value),
      `${key} should be ${type}, not ${JSON.stringify(value)}`,
    );
  }
}

// A time of the wire is so many milliseconds from now on the server's clock, give or take a minute.
export function isAbout(time, clock, milliseconds) {
  const off = Math.abs(Date.parse(time) - (clock.now() + milliseconds));

  assert.ok(off < 60_000, `${time} is ${off} ms away from what was expected`);
}

// Asks again until the answer is true: for what the server does soon, not at once.
export async function eventually(question, what) {
  const deadline = Date.now() + 30_000;

  while (Date.now() < deadline) {
    if (await question()) return;
    await delay(50);
  }
  assert.fail(`it never happened: ${what}`);
}
