/**
 * Why a request could not be read at all: what an HTTP server tells with 'clientError'.
 * @param bytesRead of the connection so far
 * @returns null where nothing was asked: the peer has left, or never said a word, as a browser's spare connections
 */
export function describeClientError(
  { code }: NodeJS.ErrnoException,
  { bytesRead }: { bytesRead: number },
): { status: 400 | 408 | 431; why: 'too slow' | 'malformed' | 'headers too large' } | null {
  if (code === 'ECONNRESET' || bytesRead === 0) return null;
  // RFC 6585 section 5. Mostly the cookies of other programs: they go to every port of the name that they were set for.
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, why: 'headers too large' };
  // RFC 9110 section 15.5.9: a browser may ask again after 408.
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? { status: 408, why: 'too slow' } : { status: 400, why: 'malformed' };
}
