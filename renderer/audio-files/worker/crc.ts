/** The table of a CRC whose most significant bit comes first, for bytes. @param width bits of the CRC, 8 to 32 */
function crcTable(polynomial: number, width: number): Uint32Array {
  const top = 2 ** (width - 1);
  const mask = 2 ** width - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = (byte << (width - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = (((crc & top) !== 0 ? (crc << 1) ^ polynomial : crc << 1) & mask) >>> 0;
    return crc;
  });
}

const CRC8 = crcTable(0x07, 8);
const CRC16 = crcTable(0x8005, 16);
const OGG = crcTable(0x04c11db7, 32);

/** CRC-8 of a FLAC frame's header (RFC 9639 section 9.1.8). */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) crc = CRC8[crc ^ (bytes[i] as number)] as number;
  return crc;
}

/** CRC-16 of a FLAC frame (RFC 9639 section 9.3). @param start the CRC of the bytes before */
export function crc16(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let crc = start;
  for (let i = from; i < to; i++) crc = ((crc << 8) & 0xff00) ^ (CRC16[(crc >> 8) ^ (bytes[i] as number)] as number);
  return crc;
}

/** CRC-32 of an Ogg page whose CRC field is zero (RFC 3533 section 6). */
export function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++)
    crc = ((crc << 8) ^ (OGG[(crc >>> 24) ^ (bytes[i] as number)] as number)) >>> 0;
  return crc;
}
