/** Opcodes of RFC 6455 section 5.2. */
export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Not zero, so that a server that does not unmask is detected. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export interface FrameParts {
  opcode: number;
  payload?: Uint8Array | string;
  /** Whether it is the last frame of its message; default: true. */
  fin?: boolean;
  /** Reserved bits: RSV1, RSV2 and RSV3 are 4, 2 and 1. */
  rsv?: number;
  /** Default: true, as RFC 6455 requires of clients. */
  masked?: boolean;
  /** Size of the length field in bits; default: the smallest that fits, as RFC 6455 section 5.2 requires. */
  lengthBits?: 7 | 16 | 64;
  /** Length in the header, in bytes; default: that of the payload. */
  claimedLength?: bigint;
}

/** Encodes a client frame, which may violate RFC 6455 section 5.2. */
export function frame(parts: FrameParts): Buffer {
  const { opcode, fin = true, rsv = 0, masked = true } = parts;
  const payload = Buffer.from(parts.payload ?? '');
  const claimed = parts.claimedLength ?? BigInt(payload.length);
  const bits = parts.lengthBits ?? (claimed < 126n ? 7 : claimed < 65_536n ? 16 : 64);
  const length = Buffer.alloc(bits === 7 ? 1 : 1 + bits / 8);
  length[0] = bits === 7 ? Number(claimed) : bits === 16 ? 126 : 127;
  if (bits === 16) length.writeUInt16BE(Number(claimed), 1);
  if (bits === 64) length.writeBigUInt64BE(claimed, 1);
  if (masked) length[0] |= 0x80;
  const body = masked ? Buffer.concat([MASK, payload.map((byte, i) => byte ^ (MASK[i % 4] ?? 0))]) : payload;
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]), length, body]);
}

export const text = (payload: Uint8Array | string): Buffer => frame({ opcode: OP.text, payload });
export const binary = (payload: Uint8Array): Buffer => frame({ opcode: OP.binary, payload });
export const ping = (payload: Uint8Array | string = ''): Buffer => frame({ opcode: OP.ping, payload });
export const pong = (payload: Uint8Array | string = ''): Buffer => frame({ opcode: OP.pong, payload });

/** @param code null: a close frame without a payload */
export function close(code: number | null, reason: Uint8Array | string = ''): Buffer {
  if (code === null) return frame({ opcode: OP.close });
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return frame({ opcode: OP.close, payload });
}

/** Encodes a fragmented message, one frame for each part. */
export function fragments(opcode: number, parts: ReadonlyArray<Uint8Array | string>): Buffer[] {
  return parts.map((payload, i) =>
    frame({ opcode: i === 0 ? opcode : OP.continuation, fin: i === parts.length - 1, payload }),
  );
}

export interface ServerFrame {
  opcode: number;
  payload: Buffer;
}

/**
 * Decodes the first frame.
 * @returns null if it is incomplete
 * @throws if it is not what our server sends: unfragmented, unmasked, no reserved bits (RFC 6455 sections 5.1 and 5.2)
 */
export function decodeServerFrame(bytes: Buffer): { frame: ServerFrame; bytes: number } | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  if ((first & 0xf0) !== 0x80 || second > 127)
    throw new Error(`the server sent a frame that begins with ${first} ${second}`);
  const head = second < 126 ? 2 : second === 126 ? 4 : 10;
  if (bytes.length < head) return null;
  const length = second < 126 ? second : second === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return null;
  const payload = Buffer.from(bytes.subarray(head, head + length));
  return { frame: { opcode: first & 0x0f, payload }, bytes: head + length };
}
