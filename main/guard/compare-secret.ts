import { hash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-256 of a secret: always 32 bytes. It hashes UTF-16 code units, because UTF-8 encodes every lone surrogate as the
 * same replacement character.
 */
export function digestOf(text: string): Buffer {
  return hash('sha256', Buffer.from(text, 'utf16le'), 'buffer');
}

/** The secret is the same for all requests of a launch, so its digest is cached. */
let cached = { secret: '', digest: digestOf('') };

/** Whether `offered` equals `secret`. Compares in constant time, because the digests always have the same length. */
export function matchesSecret(offered: string, secret: string): boolean {
  if (cached.secret !== secret) cached = { secret, digest: digestOf(secret) };
  return timingSafeEqual(digestOf(offered), cached.digest);
}
