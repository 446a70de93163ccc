import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** Linux's tables of TCP sockets (proc(5)), the second for those that speak IPv4 over IPv6. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/** No user: there is none with this number. */
export const NOBODY = -1;

/** Both ends of a connection over the loopback interface, as a socket of ours names them. */
export interface ConnectionEnds {
  remoteAddress?: string | undefined;
  remotePort?: number | undefined;
  localAddress?: string | undefined;
  localPort?: number | undefined;
}

/**
 * Whose program is at the other end of a connection.
 * @returns the user's number; `NOBODY` when its program has let go of the socket already; null where the system does not
 *   tell, as any but Linux
 */
export function peerUser(ends: ConnectionEnds, read: (table: string) => string = readTable): number | null {
  const peer = asInTable(ends.remoteAddress, ends.remotePort);
  const own = asInTable(ends.localAddress, ends.localPort);
  if (peer === null || own === null) return null;
  for (const table of TABLES) {
    for (const line of read(table).split('\n')) {
      // Seen from the peer: sl, local address, remote address, state, queues, timer, retransmits, uid, …
      const [, local = '', remote = '', , , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
      // In the second table an IPv4 address has its prefix in front.
      if (!local.endsWith(peer) || !remote.endsWith(own) || !/^\d+$/.test(uid)) continue;
      // A socket without an owner is listed as root's.
      return inode === '0' ? NOBODY : Number(uid);
    }
  }
  return null;
}

/**
 * Whether a program is another user's, or did not even wait for the answer. root may read the secret out of our memory as
 * well, and carries loopback connections into virtual machines.
 * @param theirs as `peerUser` tells it
 * @param ours of this process; undefined where a system has no numbers for users
 */
export function isForeignUser(theirs: number | null, ours: number | undefined): boolean {
  return theirs !== null && theirs !== 0 && theirs !== ours;
}

/** `127.0.0.1` and 4096 as `0100007F:1000`: the address in the machine's own byte order. */
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
