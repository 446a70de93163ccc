import { expect, test } from 'vitest';
import { CLOSE } from '../../shared/protocol.ts';
import { closeCodeOf } from './close-code.ts';

test.each([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.policy],
  ['WS_ERR_INVALID_UTF8', 1007],
  ['WS_ERR_INVALID_OPCODE', 1002],
  ['ECONNRESET', null],
  [undefined, null],
])('ws closes with the right code for error %s: %s', (code, closed) => {
  expect(closeCodeOf(Object.assign(new Error('x'), { code }))).toBe(closed);
});
