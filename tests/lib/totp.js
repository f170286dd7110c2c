// An authenticator app.

import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP = 30_000;

// The code of a secret at a time (RFC 6238).
export function totp(secret, time) {
  const counter = Buffer.alloc(8);

  counter.writeBigUInt64BE(BigInt(Math.floor(time / STEP)));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function base32(text) {
  const bits = [...text].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');

  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// Turns on the second factor of whoever is signed in in this browser: its secret, its recovery
// codes, and the code of now, which is a fresh one each time: the server's clock is moved on.
export async function turnOn(pawl, browser, password) {
  const begun = await browser.post('/me/second-factor', { password });
  if (begun.status !== 201) throw new Error(`${begun.status} ${begun.text}`);
  const { secret, uri } = begun.data;
  const factor = {
    secret,
    uri,
    code() {
      pawl.clock.advance(STEP);
      return totp(secret, pawl.clock.now());
    },
  };
  const confirmed = await browser.post('/me/second-factor/confirm', { code: factor.code() });

  if (confirmed.status !== 200) throw new Error(`${confirmed.status} ${confirmed.text}`);
  factor.recoveryCodes = confirmed.data.recovery_codes;
  return factor;
}
