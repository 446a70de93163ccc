import { createHmac, randomBytes } from 'node:crypto';
import { RECORDINGS_PATH } from '../../shared/bridge.ts';
import { matchesSecret } from '../guard/compare-secret.ts';

/** `<signature>/<id>.wav`: the part of the path after `RECORDINGS_PATH`. */
const SIGNED_NAME = /^([A-Za-z0-9_-]{43})\/([A-Za-z0-9_-]{1,128})\.wav$/;

/** Creates and checks the URLs of recordings for one launch. */
export interface RecordingUrls {
  /** A URL relative to the page: `recordings/<signature>/<id>.wav`. */
  urlOf(id: string): string;
  /** The recording id in a path; null if the signature does not match. */
  idOf(path: string): string | null;
  /** Invalidates all URLs created so far. */
  renew(): void;
}

/**
 * Signs the URLs of recordings with an HMAC-SHA256 of the id (RFC 2104). `<audio>` elements and downloads can't send an
 * authorization header, and the launch's token must not appear in a URL.
 * @param firstKey default: 32 random bytes
 */
export function createRecordingUrls(firstKey: Uint8Array = randomBytes(32)): RecordingUrls {
  let key = firstKey;
  const sign = (id: string) => createHmac('sha256', key).update(id).digest('base64url');
  return {
    urlOf: (id) => `${RECORDINGS_PATH.slice(1)}${sign(id)}/${id}.wav`,
    idOf(path) {
      if (!path.startsWith(RECORDINGS_PATH)) return null;
      const [, signature, id] = SIGNED_NAME.exec(path.slice(RECORDINGS_PATH.length)) ?? [];
      return signature !== undefined && id !== undefined && matchesSecret(signature, sign(id)) ? id : null;
    },
    renew() {
      key = randomBytes(32);
    },
  };
}
