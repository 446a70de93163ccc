import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** Linux's tables of TCP sockets (proc(5)); the second one includes IPv4 connections of IPv6 sockets. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/** Not a valid user id: the socket has no owner. */
export const NO_USER = -1;

/** Both ends of a loopback connection, as in `net.Socket`. */
export interface ConnectionEnds {
  remoteAddress?: string | undefined;
  remotePort?: number | undefined;
  localAddress?: string | undefined;
  localPort?: number | undefined;
}

/**
 * The user whose program is at the other end of a connection.
 * @returns the user id; `NO_USER` if the program has already closed the socket; null if unknown, as on all systems but
 *   Linux
 */
export function peerUser(ends: ConnectionEnds, read: (table: string) => string = readTable): number | null {
  const peer = asInTable(ends.remoteAddress, ends.remotePort);
  const own = asInTable(ends.localAddress, ends.localPort);
  if (peer === null || own === null) return null;
  for (const table of TABLES) {
    for (const line of read(table).split('\n')) {
      // Fields of the peer's entry: sl, local address, remote address, state, queues, timer, retransmits, uid, …
      const [, local = '', remote = '', , , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
      // In the second table an IPv4 address has a prefix.
      if (!local.endsWith(peer) || !remote.endsWith(own) || !/^\d+$/.test(uid)) continue;
      // A socket without an owner is listed as root's.
      return inode === '0' ? NO_USER : Number(uid);
    }
  }
  return null;
}

/**
 * Whether the peer's program belongs to another user, or has already closed its socket. Accepts root, which could read
 * the secret from memory anyway, and which forwards loopback connections to virtual machines.
 * @param peer user id from `peerUser`
 * @param own user id of this process; undefined on systems without user ids
 */
export function isForeignUser(peer: number | null, own: number | undefined): boolean {
  return peer !== null && peer !== 0 && peer !== own;
}

/** Writes 127.0.0.1 and port 4096 as `0100007F:1000`, with the address in the machine's byte order. */
function asInTable(address: string | undefined, port: number | undefined): string | null {
  const octets = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address ?? '')?.slice(1);
  if (octets === undefined || port === undefined) return null;
  const hex = octets.map((octet) => Number(octet).toString(16).padStart(2, '0'));
  if (endianness() === 'LE') hex.reverse();
  return `${hex.join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
