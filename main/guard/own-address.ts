/** The port that a URL of the scheme `http` or `ws` has when it names none. */
const DEFAULT_PORT = 80;

/**
 * The `Host` header that a browser sends to a server on a port of 127.0.0.1. A scheme's default port is left out (RFC 9110
 * section 4.2.3, URL standard section 4.4).
 */
export function ownHost(port: number): string {
  return port === DEFAULT_PORT ? '127.0.0.1' : `127.0.0.1:${port}`;
}

/** The origin of a page that this server serves, as a browser writes it (HTML standard, serialisation of an origin). */
export function ownOrigin(port: number): string {
  return `http://${ownHost(port)}`;
}
