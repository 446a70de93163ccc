/** The port that a URL of the scheme `http` or `ws` has when it names none. */
const DEFAULT_PORT = 80;

/** Where every server of ours listens, and the name by which one is reached that has no other. */
export const LOOPBACK = '127.0.0.1';

/**
 * The `Host` header that a browser sends to a server on a port of this machine. A scheme's default port is left out (RFC 9110
 * section 4.2.3, URL standard section 4.4).
 * @param name by which the server is reached
 */
export function ownHost(port: number, name = LOOPBACK): string {
  return port === DEFAULT_PORT ? name : `${name}:${port}`;
}

/** The origin of a page that this server serves, as a browser writes it (HTML standard, serialisation of an origin). */
export function ownOrigin(port: number, name = LOOPBACK): string {
  return `http://${ownHost(port, name)}`;
}
