import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { processTree } from './processes.ts';

/** A TCP or UDP socket of a process, read from /proc/net. */
export interface SocketInfo {
  protocol: string;
  /** The local address; IPv6 as 32 hexadecimal digits. */
  address: string;
  port: number;
  state: 'listening' | 'other';
}

/** TCP_LISTEN of the kernel's tcp_states.h, as /proc/net/tcp writes it. */
const LISTEN = '0A';

/** Every TCP and UDP socket of a process and its descendants. */
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

/** The rows of a table, split into columns. Without IPv6 the tables tcp6 and udp6 do not exist. */
function readTable(protocol: string): string[][] {
  try {
    const [, ...lines] = readFileSync(`/proc/net/${protocol}`, 'utf8').trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

/** The inodes of a process's sockets. */
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

/** Formats an IPv4 address, which the kernel writes as a hexadecimal number in the machine's byte order. */
function dottedQuad(hex: string): string {
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}
