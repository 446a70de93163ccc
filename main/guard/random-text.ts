import { randomFillSync } from 'node:crypto';

/**
 * Bytes generated in one call: a call of the system's generator costs 25 µs, a tenth of a handshake, however few bytes
 * it returns.
 */
const POOL_BYTES = 4_096;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Random text for ids and secrets, from the system's cryptographic generator.
 * @param bytes of randomness, at most 4,096
 * @returns base64url (RFC 4648 section 5): 4 characters for each 3 bytes, unpadded
 */
export function randomText(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('base64url', used, used + bytes);
  // Erase the bytes that were used.
  pool.fill(0, used, used + bytes);
  used += bytes;
  return text;
}
