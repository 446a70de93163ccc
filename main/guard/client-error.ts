/**
 * Maps Node's 'clientError' (the request could not be parsed) to a status and a reason for the log.
 * @param bytesRead bytes read on the connection so far
 * @returns null if no response is needed: the peer has left or sent nothing, like the spare connections of browsers
 */
export function describeClientError(
  { code }: NodeJS.ErrnoException,
  { bytesRead }: { bytesRead: number },
): { status: 400 | 408 | 431; why: 'too slow' | 'malformed' | 'headers too large' } | null {
  if (code === 'ECONNRESET' || bytesRead === 0) return null;
  // RFC 6585 section 5. Usually caused by cookies of other programs: browsers send cookies to every port of a host.
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, why: 'headers too large' };
  // RFC 9110 section 15.5.9: a client may repeat the request after 408.
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? { status: 408, why: 'too slow' } : { status: 400, why: 'malformed' };
}
