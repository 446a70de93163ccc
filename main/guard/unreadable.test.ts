import { expect, test } from 'vitest';
import { whyUnreadable } from './unreadable.ts';

test.each([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'too slow'],
  ['HPE_INVALID_METHOD', 'malformed'],
  ['HPE_HEADER_OVERFLOW', 'malformed'],
  ['HPE_INVALID_EOF_STATE', 'malformed'],
  [undefined, 'malformed'],
  ['ECONNRESET', null],
])('%s is %s', (code, why) => {
  const error = Object.assign(new Error('of Node, with what the peer has sent'), code === undefined ? {} : { code });
  expect(whyUnreadable(error)).toBe(why);
});
