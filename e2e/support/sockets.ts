import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { processTree } from './processes.ts';

/** A TCP or UDP socket of a process, as Linux tells of it in /proc/net. */
export interface SocketInfo {
  protocol: string;
  /** Its own end; IPv6 as 32 hexadecimal digits. */
  address: string;
  port: number;
  state: 'listening' | 'other';
}

/** The state TCP_LISTEN of the kernel's tcp_states.h, as /proc/net/tcp writes it. */
const LISTEN = '0A';

/** Every TCP and UDP socket of a process and of all that it started. */
export function socketsOf(pid: number): SocketInfo[] {
  const inodes = new Set(processTree(pid).flatMap(({ pid }) => inodesOf(pid)));
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    readTable(protocol).flatMap(([, local = '', , state, , , , , , inode = '']) => {
      if (!inodes.has(inode)) return [];
      const [address = '', port = ''] = local.split(':');
      return [
        {
          protocol,
          address: address.length === 8 ? dottedQuad(address) : address,
          port: Number.parseInt(port, 16),
          state: protocol.startsWith('tcp') && state === LISTEN ? ('listening' as const) : ('other' as const),
        },
      ];
    }),
  );
}

/** The lines of a table, in columns. A machine without IPv6 lacks two of the tables. */
function readTable(protocol: string): string[][] {
  try {
    const [, ...lines] = readFileSync(`/proc/net/${protocol}`, 'utf8').trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

/** The numbers of the sockets that a process holds. */
function inodesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** The kernel writes the address as a number in the machine's own byte order. */
function dottedQuad(hex: string): string {
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}
