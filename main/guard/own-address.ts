/** The default port of the schemes `http` and `ws`. */
const DEFAULT_PORT = 80;

/** The address on which all servers listen, and the default host name. */
export const LOOPBACK = '127.0.0.1';

/**
 * The `Host` header that a browser sends to a server on this machine. Browsers omit the default port (RFC 9110 section
 * 4.2.3, URL standard section 4.4).
 * @param name the host name of the server
 */
export function ownHost(port: number, name = LOOPBACK): string {
  return port === DEFAULT_PORT ? name : `${name}:${port}`;
}

/** The origin of a page that this server serves, as a browser writes it (HTML standard, serialisation of an origin). */
export function ownOrigin(port: number, name = LOOPBACK): string {
  return `http://${ownHost(port, name)}`;
}
