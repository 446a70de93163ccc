import { hash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-256 of a secret: 32 bytes, whatever its length. Of its UTF-16 code units, because UTF-8 makes one character of all
 * halves of surrogate pairs.
 */
export function digestOf(text: string): Buffer {
  return hash('sha256', Buffer.from(text, 'utf16le'), 'buffer');
}

/** Our own secret is the same for every request of a launch: it is hashed once. */
let own = { secret: '', digest: digestOf('') };

/** Equal, in a time that tells nothing of where they differ: the digests always have the same length. */
export function matchesSecret(offered: string, secret: string): boolean {
  if (own.secret !== secret) own = { secret, digest: digestOf(secret) };
  return timingSafeEqual(digestOf(offered), own.digest);
}
