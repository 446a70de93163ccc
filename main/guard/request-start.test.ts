import { expect, test } from 'vitest';
import { readRequestStart } from './request-start.ts';

const HEAD = 'GET /?q HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nAccept: text/html\r\n';
const start = (text: string) => readRequestStart(Buffer.from(text, 'latin1'));

test('parses complete lines and ignores an incomplete one', () => {
  const rawHeaders = ['Host', '127.0.0.1:4000', 'Accept', 'text/html'];
  expect(start(`${HEAD}Cookie: a=${'x'.repeat(50)}`)).toEqual({ method: 'GET', url: '/?q', rawHeaders });
  expect(start(`${HEAD}Cookie: a=1\r\nX:`)?.rawHeaders).toEqual([...rawHeaders, 'Cookie', 'a=1']);
});

test('parses only the first 16 KiB', () => {
  const read = start(`${HEAD}Cookie: ${'x'.repeat(16 * 1024)}\r\nX: y\r\n`);
  expect(read?.rawHeaders).toEqual(['Host', '127.0.0.1:4000', 'Accept', 'text/html']);
});

test.each([
  ['nothing', undefined],
  ['no bytes', ''],
  ['the middle of a request', 'xxxxxxxx; b=2\r\nHost: 127.0.0.1:4000\r\n'],
  ['an incomplete request line', 'GET /'],
  ['an absolute target', 'GET http://127.0.0.1/ HTTP/1.1\r\nHost: a\r\n'],
  ['another version', 'GET / HTTP/1.0\r\nHost: a\r\n'],
  ['an unknown method', 'GETS / HTTP/1.1\r\nHost: a\r\n'],
])('%s is not the start of a request', (_title, text) => {
  expect(readRequestStart(text === undefined ? undefined : Buffer.from(text))).toBeNull();
});

test('stops at a line that is not a header', () => {
  expect(start('GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\nAccept: b\r\n\r\n')?.rawHeaders).toEqual(['Host', 'a']);
});
