/** The rate at which Opus counts samples in files, in Hz (RFC 7845). Every decoder outputs this rate. */
export const OPUS_RATE = 48_000;

/** Samples at 48 kHz of one frame, by the configuration in a packet's first byte (RFC 6716 section 3.1). */
function frameLength(config: number): number {
  if (config < 12) return [480, 960, 1_920, 2_880][config % 4] as number;
  if (config < 16) return [480, 960][config % 2] as number;
  return [120, 240, 480, 960][config % 4] as number;
}

/** Length of a packet's sound in samples at 48 kHz; 0 if the packet is malformed. */
export function opusPacketLength(packet: Uint8Array): number {
  const [toc, count] = packet;
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (count ?? 0) & 63;
  const length = frames * frameLength(toc >> 3);
  // 120 ms at most (section 3.2.5).
  return length <= 5_760 ? length : 0;
}
