import { expect, test } from 'vitest';
import { binary, close, decodeServerFrame, fragments, frame, OP, text } from './websocket-frames.ts';

const MASK = [0x37, 0xfa, 0x21, 0x3d];
const masked = (payload: Uint8Array) => payload.map((byte, i) => byte ^ (MASK[i % 4] ?? 0));

test.each([
  [0, [0x82, 0x80]],
  [125, [0x82, 0xfd]],
  [126, [0x82, 0xfe, 0, 126]],
  [65_535, [0x82, 0xfe, 0xff, 0xff]],
  [65_536, [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]],
])('a frame of %i bytes has the shortest length field of RFC 6455 section 5.2, and a mask', (length, head) => {
  const payload = Buffer.alloc(length, 1);
  expect(binary(payload).equals(Buffer.concat([Buffer.from([...head, ...MASK]), masked(payload)]))).toBe(true);
});

test('encodes the requested violations', () => {
  expect(frame({ opcode: OP.ping, fin: false, rsv: 4, masked: false })).toEqual(Buffer.from([0x49, 0]));
  expect(frame({ opcode: OP.binary, claimedLength: 65_537n })).toEqual(
    Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, ...MASK]),
  );
  expect(frame({ opcode: OP.text, payload: 'a', masked: false, lengthBits: 16 })).toEqual(
    Buffer.from([0x81, 126, 0, 1, 0x61]),
  );
  expect(masked(close(1000).subarray(6))).toEqual(Buffer.from([0x03, 0xe8]));
  expect(close(null)).toEqual(Buffer.from([0x88, 0x80, ...MASK]));
  expect(text('a')).toEqual(Buffer.from([0x81, 0x81, ...MASK, 0x61 ^ 0x37]));
  expect(fragments(OP.text, ['a', 'b', 'c']).map((bytes) => bytes[0])).toEqual([0x01, 0x00, 0x80]);
});

test.each([0, 125, 126, 65_535, 65_536])('decodes a server frame of %i bytes once it is complete', (length) => {
  const payload = Buffer.alloc(length, 7);
  const bytes = frame({ opcode: OP.binary, payload, masked: false });
  expect(decodeServerFrame(bytes.subarray(0, -1))).toBeNull();
  expect(decodeServerFrame(Buffer.concat([bytes, text('more')]))).toEqual({
    frame: { opcode: OP.binary, payload },
    bytes: bytes.length,
  });
});

test.each([
  ['masked', text('a')],
  ['fragmented', frame({ opcode: OP.text, fin: false, masked: false })],
  ['with a reserved bit', frame({ opcode: OP.text, rsv: 4, masked: false })],
])('throws on a server frame that is %s', (_, bytes) => {
  expect(() => decodeServerFrame(bytes)).toThrow('the server sent a frame');
});
