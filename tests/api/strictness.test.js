// Requests that two parsers could read differently are refused and their connection is closed, so
// that nothing can hide behind them. Spoken in bytes, since no client library would send them.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { startServer } from '../harness.js';

const pawl = await startServer({ settings: { header_timeout: 1 } });
after(() => pawl.stop());

const lines = (...all) => `${all.join('\r\n')}\r\n\r\n`;
const HIDDEN = lines('GET /hidden HTTP/1.1', 'Host: a');

// Sends it, and expects one refusal and the end of the connection.
async function refusedAndClosed(bytes, status = /^400$/) {
  const answer = await pawl.raw(bytes);

  assert.match(String(answer.status), status, answer.text);
  assert.ok(answer.closed, 'the connection stays open');
  assert.equal(answer.text.match(/HTTP\/1\.1 /g).length, 1, 'there is a second answer');
}

test('a sound request is answered and the connection stays open', async () => {
  const twice = lines('GET /health HTTP/1.1', 'Host: a').repeat(2);
  const answer = await pawl.raw(twice, { until: /(HTTP\/1\.1 200.*){2}ok"\}/s });

  assert.equal(answer.closed, false);
});

test('two different Content-Lengths', () =>
  refusedAndClosed(
    lines('POST /session HTTP/1.1', 'Host: a', 'Content-Length: 0', 'Content-Length: 5') + HIDDEN,
  ));

test('the same Content-Length twice', () =>
  refusedAndClosed(
    lines('POST /session HTTP/1.1', 'Host: a', 'Content-Length: 0', 'Content-Length: 0') + HIDDEN,
  ));

test('a list in Content-Length', () =>
  refusedAndClosed(lines('POST /session HTTP/1.1', 'Host: a', 'Content-Length: 0, 0') + HIDDEN));

for (const length of ['-1', '+5', '0x5', '5 5', '', '99999999999999999999999', 'five'])
  test(`a Content-Length that is "${length}"`, () =>
    refusedAndClosed(
      lines('POST /session HTTP/1.1', 'Host: a', `Content-Length: ${length}`) + HIDDEN,
      /^4(00|13)$/,
    ));

test('Content-Length with Transfer-Encoding', () =>
  refusedAndClosed(
    lines('POST /session HTTP/1.1', 'Host: a', 'Content-Length: 4', 'Transfer-Encoding: chunked') +
      `0\r\n\r\n${HIDDEN}`,
  ));

test('Transfer-Encoding twice', () =>
  refusedAndClosed(
    lines('POST /session HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked',
      'Transfer-Encoding: chunked') + `0\r\n\r\n${HIDDEN}`,
  ));

for (const coding of ['gzip, chunked', 'chunked, identity', 'xchunked', 'identity', 'chunked;q=1'])
  test(`Transfer-Encoding: ${coding}`, () =>
    refusedAndClosed(
      lines('POST /session HTTP/1.1', 'Host: a', `Transfer-Encoding: ${coding}`) +
        `0\r\n\r\n${HIDDEN}`,
      /^(400|501)$/,
    ));

test('Host twice', () =>
  refusedAndClosed(lines('GET /health HTTP/1.1', 'Host: a', 'Host: b') + HIDDEN));

test('no Host', () => refusedAndClosed(lines('GET /health HTTP/1.1') + HIDDEN));

for (const [name, byte] of [['NUL', '\x00'], ['BEL', '\x07'], ['ESC', '\x1b'], ['DEL', '\x7f'],
  ['a bare CR', '\r']])
  test(`${name} in a value`, () =>
    refusedAndClosed(lines('GET /health HTTP/1.1', 'Host: a', `X-Thing: a${byte}b`) + HIDDEN));

test('a blank before the colon', () =>
  refusedAndClosed(lines('GET /health HTTP/1.1', 'Host: a', 'X-Thing : b') + HIDDEN));

test('a folded header', () =>
  refusedAndClosed(lines('GET /health HTTP/1.1', 'Host: a', 'X-Thing: a', ' b') + HIDDEN));

test('a line without a colon', () =>
  refusedAndClosed(lines('GET /health HTTP/1.1', 'Host: a', 'X-Thing') + HIDDEN));

test('a request line that is none', async () => {
  for (const line of ['GET', 'GET /health', 'GET /health HTTP/9.9', 'GET  /health HTTP/1.1',
    'GET /he alth HTTP/1.1', '\x16\x03\x01\x02\x00\x01'])
    await refusedAndClosed(lines(line, 'Host: a'), /^(0|400|505)$/).catch((error) => {
      // Some of these are no HTTP at all: ending the connection without a word is right too.
      if (!/reading 'length'/.test(error.message)) throw error;
    });
});

test('an over-long request line', () =>
  refusedAndClosed(lines(`GET /${'a'.repeat(70_000)} HTTP/1.1`, 'Host: a'), /^(400|414|431)$/));

test('an over-long header', () =>
  refusedAndClosed(
    lines('GET /health HTTP/1.1', 'Host: a', `X-Thing: ${'a'.repeat(70_000)}`),
    /^(400|431)$/,
  ));

test('an over-long block of headers', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `X-Thing-${i}: ${'a'.repeat(20)}`);

  return refusedAndClosed(lines('GET /health HTTP/1.1', 'Host: a', ...many), /^(400|431)$/);
});

test('a broken chunk', () =>
  refusedAndClosed(
    lines('POST /session HTTP/1.1', 'Host: a', 'Content-Type: application/json',
      'Transfer-Encoding: chunked') + `zz\r\nhello\r\n0\r\n\r\n${HIDDEN}`,
  ));

test('a chunked body is read as one with a length', async () => {
  const answer = await pawl.raw(
    lines('POST /session HTTP/1.1', 'Host: a', 'Content-Type: application/json',
      'Transfer-Encoding: chunked') + '4\r\n{"em\r\nd\r\nail":"x@y.z"}\r\n0\r\n\r\n',
    { until: /\r\n\r\n.*\}/s },
  );

  assert.equal(answer.status, 422, answer.text);
  assert.match(answer.text, /password/);
});

test('HTTP/1.0 and Connection: close end the connection after the answer', async () => {
  for (const request of [
    lines('GET /health HTTP/1.0'),
    lines('GET /health HTTP/1.1', 'Host: a', 'Connection: close'),
  ]) {
    const answer = await pawl.raw(request);

    assert.equal(answer.status, 200);
    assert.ok(answer.closed);
  }
});

// The peers below never stop sending, so a time-out that each byte renews would never come.
function closedWhileDripping(start, drip) {
  return new Promise((done, fail) => {
    const socket = connect(pawl.port, '127.0.0.1', () => socket.write(start));
    const dripping = setInterval(() => socket.write(drip), 100);
    const giveUp = setTimeout(() => {
      clearInterval(dripping);
      socket.destroy();
      fail(new Error('the server still listens to a peer that never ends its headers'));
    }, 60_000);

    socket.resume();
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(dripping);
      clearTimeout(giveUp);
      done();
    });
  });
}

test('a peer that drips its headers is cut off', () =>
  closedWhileDripping('GET /health HTTP/1.1\r\nHost: a\r\n', 'X-Thing: a\r\n'));

test('a peer that drips its request line is cut off', () => closedWhileDripping('GET /', 'a'));

test('a dripping peer holds up nobody else', async () => {
  const peers = Array.from({ length: 50 }, () => connect(pawl.port, '127.0.0.1'));

  for (const peer of peers) {
    peer.on('error', () => {});
    peer.write('GET /health HTTP/1.1\r\nX-Thing: ');
  }
  const answer = await pawl.api(null).get('/health');
  assert.equal(answer.status, 200);
  for (const peer of peers) peer.destroy();
});
