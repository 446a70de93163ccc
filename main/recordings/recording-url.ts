import { createHmac, randomBytes } from 'node:crypto';
import { RECORDINGS_PATH } from '../../shared/bridge.ts';
import { matchesSecret } from '../guard/compare-secret.ts';

/** What stands between the recordings' own path and the end of it. */
const REST = /^([A-Za-z0-9_-]{43})\/([A-Za-z0-9_-]{1,128})\.wav$/;

/** The addresses of recordings in one launch. */
export interface RecordingUrls {
  /** Relative to the page: `recordings/<signature>/<id>.wav`. */
  urlOf(id: string): string;
  /** The recording that a path names; null for every path that `urlOf` has not made. */
  idOf(path: string): string | null;
  /** From now on the addresses made before lead to nothing. */
  renew(): void;
}

/**
 * Signs the addresses of recordings: HMAC-SHA256 of the id (RFC 2104), so that a request needs no header. An `<audio>` and a
 * download can't send one, and the secret of the launch must not stand in an address.
 * @param firstKey default: 32 random bytes, made anew at each launch
 */
export function createRecordingUrls(firstKey: Uint8Array = randomBytes(32)): RecordingUrls {
  let key = firstKey;
  const sign = (id: string) => createHmac('sha256', key).update(id).digest('base64url');
  return {
    urlOf: (id) => `${RECORDINGS_PATH.slice(1)}${sign(id)}/${id}.wav`,
    idOf(path) {
      if (!path.startsWith(RECORDINGS_PATH)) return null;
      const [, signature, id] = REST.exec(path.slice(RECORDINGS_PATH.length)) ?? [];
      return signature !== undefined && id !== undefined && matchesSecret(signature, sign(id)) ? id : null;
    },
    renew() {
      key = randomBytes(32);
    },
  };
}
