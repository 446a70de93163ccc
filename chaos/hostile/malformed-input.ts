import { close, frame, OP, text } from '../../testing/websocket-frames.ts';

const TEXT = Buffer.from('{"event":"start"}');
/** Frames that violate RFC 6455, with the expected close code (section 7.4.1). */
export const BAD_FRAMES: readonly (readonly [Uint8Array, number])[] = [
  [frame({ opcode: OP.text, payload: TEXT, masked: false }), 1002],
  ...[1, 2, 4, 7].map((rsv) => [frame({ opcode: OP.text, payload: TEXT, rsv }), 1002] as const),
  ...[3, 7, 11, 15].map((opcode) => [frame({ opcode }), 1002] as const),
  [frame({ opcode: OP.continuation, payload: TEXT }), 1002],
  [frame({ opcode: OP.ping, payload: Buffer.alloc(126) }), 1002],
  [frame({ opcode: OP.ping, fin: false }), 1002],
  [Buffer.concat([frame({ opcode: OP.text, payload: TEXT, fin: false }), text('{}')]), 1002],
  [text(Buffer.from([0xc0, 0xaf])), 1007],
  [text(Buffer.from([0xed, 0xa0, 0x80])), 1007],
  [frame({ opcode: OP.close, payload: Buffer.from([3]) }), 1002],
  ...[0, 999, 1004, 1005, 1006, 2_999, 65_535].map((code) => [close(code), 1002] as const),
  [close(1000, Buffer.from([0xff])), 1007],
  [frame({ opcode: OP.binary, claimedLength: 65_537n }), 1009],
  [frame({ opcode: OP.binary, claimedLength: 1n << 40n }), 1009],
  [frame({ opcode: OP.binary, claimedLength: (1n << 64n) - 1n }), 1009],
];

/** Text messages that the server counts as violations. */
export const MALFORMED: readonly string[] = [
  '',
  '{',
  'null',
  '[]',
  '"start"',
  '1e999',
  '\0',
  '\ufeff{}',
  '[['.repeat(5_000),
  '{"a":'.repeat(5_000),
  '{}',
  '{"event":5}',
  '{"event":null}',
  '{"event":["start"]}',
  '{"event":"ready"}',
  '{"event":"ready","session_id":7}',
  '{"event":"ready","session_id":"another"}',
  '{"event":"ping","id":{},"client_time":1}',
  '{"event":"ping","id":1,"client_time":1e400}',
  `{"event":"ping","id":"${'i.'.repeat(30_000)}","client_time":1}`,
];
/** Valid messages with unknown events, which the server ignores. */
export const UNKNOWN: readonly string[] = [
  '{"event":"__proto__"}',
  '{"event":"constructor","__proto__":{"polluted":true}}',
  '{"event":"toString"}',
  '{"event":"\\u202e\\u0000\\n"}',
  '{"event":"\\ud800"}',
  `{"event":"${'e.'.repeat(30_000)}"}`,
];

/** Length of a header and 20 ms of audio, in bytes. */
export const AUDIO_BYTES = 648;
/** Binary messages that are not valid audio: empty, only a header, odd length, too long, a gap of more than 60 s. */
export const BAD_AUDIO: readonly Uint8Array[] = [
  Buffer.alloc(0),
  Buffer.alloc(8),
  Buffer.alloc(11),
  Buffer.alloc(AUDIO_BYTES + 2),
  Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0]),
];
