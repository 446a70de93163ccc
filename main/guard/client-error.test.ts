import { expect, test } from 'vitest';
import { describeClientError } from './client-error.ts';

const HAS_SENT_DATA = { bytesRead: 1 };
const errorOf = (code: string | undefined): Error =>
  Object.assign(new Error('of Node, with what the peer has sent'), code === undefined ? {} : { code });

test.each([
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, why: 'too slow' }],
  ['HPE_INVALID_METHOD', { status: 400, why: 'malformed' }],
  ['HPE_HEADER_OVERFLOW', { status: 431, why: 'headers too large' }],
  ['HPE_INVALID_EOF_STATE', { status: 400, why: 'malformed' }],
  [undefined, { status: 400, why: 'malformed' }],
  ['ECONNRESET', null],
])('maps %s to %o', (code, result) => {
  expect(describeClientError(errorOf(code), HAS_SENT_DATA)).toEqual(result);
});

test('a connection without any data gets no response, even on a timeout', () => {
  expect(describeClientError(errorOf('ERR_HTTP_REQUEST_TIMEOUT'), { bytesRead: 0 })).toBeNull();
});
