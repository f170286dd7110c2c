// Every secret that a server issues while a test file runs, so that it can be looked for where it
// must not be: in the store and in the log.

const NAMES = new Set([
  'access_token', 'accessToken', 'refresh_token', 'client_secret', 'device_code', 'user_code',
  'secret', 'csrf_token', 'recovery_codes',
]);
const IN_LINKS = /[#?&](?:token|code|access_token|refresh_token)=([\w.~-]{16,})/g;
const OF_GUESTS = /\/guest\/([0-9A-Za-z]{40})\b/g;
const SHORTEST = 8;

const issued = new Set();

export function remember(secret) {
  if (typeof secret === 'string' && secret.length >= SHORTEST) issued.add(secret);
}

// What a server has answered: its body as text and, when it is JSON, as a value.
export function rememberAnswer(text, json, headers) {
  for (const [, secret] of text.matchAll(IN_LINKS)) remember(secret);
  for (const [, code] of text.matchAll(OF_GUESTS)) remember(code);
  for (const [, secret] of (headers.get('location') ?? '').matchAll(IN_LINKS)) remember(secret);
  for (const cookie of headers.getSetCookie()) remember(cookie.split(';')[0].split('=')[1]);
  if (json) walk(json);
}

export function rememberJson(value) {
  walk(value);
}

function walk(value) {
  if (!value || typeof value !== 'object') return;
  for (const [name, member] of Object.entries(value)) {
    if (NAMES.has(name)) [member].flat().forEach(remember);
    else walk(member);
  }
}

// The secrets that stand in this text, shortened so that a failing test tells none.
export function found(text) {
  return [...issued].filter((secret) => text.includes(secret)).map((s) => `${s.slice(0, 12)}…`);
}
