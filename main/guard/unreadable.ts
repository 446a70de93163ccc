/**
 * Why a request could not be read at all: what an HTTP server tells with 'clientError'.
 * @returns for our own log; null where the peer has only left, which asked for nothing
 */
export function whyUnreadable({ code }: NodeJS.ErrnoException): 'too slow' | 'malformed' | null {
  if (code === 'ECONNRESET') return null;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too slow' : 'malformed';
}
