import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { endianness } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { NO_USER, peerUser } from './peer-user.ts';

const ends = { remoteAddress: '127.0.0.1', remotePort: 40_000, localAddress: '127.0.0.1', localPort: 4_096 };

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
function address(ip: readonly number[], port: number): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const octets = endianness() === 'LE' ? [...ip].reverse() : ip;
  return `${octets.map((octet) => hex(octet, 2)).join('')}:${hex(port, 4)}`;
}
const row = (local: string, remote: string, uid: number, inode = 4_657_951) =>
  `   1: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000 100 0 0 10 0`;
const me = address([127, 0, 0, 1], 4_096);
const them = address([127, 0, 0, 1], 40_000);

/** Tables with these rows in one, and none in the other. */
const tables =
  (rows: readonly string[], full = '/proc/net/tcp') =>
  (table: string) =>
    table === full ? [HEAD, ...rows, ''].join('\n') : '';

test('is the user of the socket with these addresses, seen from the other end', () => {
  const rows = [
    row(me, them, 33),
    row(address([0, 0, 0, 0], 4_096), address([0, 0, 0, 0], 0), 33),
    row(them, me, 1_000),
  ];
  expect(peerUser(ends, tables(rows))).toBe(1_000);
});

test('finds an IPv4 peer in the IPv6 table', () => {
  const mapped = `0000000000000000${endianness() === 'LE' ? 'FFFF0000' : '0000FFFF'}`;
  const rows = [row(`${mapped}${them}`, `${mapped}${me}`, 1_000)];
  expect(peerUser(ends, tables(rows, '/proc/net/tcp6'))).toBe(1_000);
  expect(peerUser({ ...ends, remoteAddress: '::ffff:127.0.0.1' }, tables(rows, '/proc/net/tcp6'))).toBe(1_000);
});

test('requires both ports and both addresses to match', () => {
  const rows = [
    row(address([127, 0, 0, 5], 40_000), me, 33),
    row(address([127, 0, 0, 1], 40_001), me, 33),
    row(them, address([127, 0, 0, 1], 4_097), 33),
    row(them, address([10, 0, 0, 1], 4_096), 33),
  ];
  expect(peerUser(ends, tables(rows))).toBeNull();
  expect(peerUser({ ...ends, remoteAddress: '127.0.0.5' }, tables(rows))).toBe(33);
});

test('is null after the program has closed its socket, which the table then assigns to root', () => {
  expect(peerUser(ends, tables([row(them, me, 0, 0)]))).toBe(NO_USER);
  expect(peerUser(ends, tables([row(them, me, 0)]))).toBe(0);
});

test('is null without tables, with malformed tables, and for a closed socket', () => {
  expect(peerUser(ends, () => '')).toBeNull();
  expect(peerUser(ends, tables([`${them} ${me}`, `   1: ${them} ${me}`, row(them, me, Number.NaN)]))).toBeNull();
  expect(peerUser({ remoteAddress: undefined, remotePort: undefined }, tables([row(them, me, 1_000)]))).toBeNull();
});

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

test.each(['127.0.0.1', '127.0.0.9'])(
  'on Linux a real connection of this process from %s belongs to its user',
  async (from) => {
    const server = createServer().listen(0, '127.0.0.1');
    open.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection');
    const local = process.platform === 'linux' ? { localAddress: from } : {};
    const socket = connect({ host: '127.0.0.1', port, ...local });
    open.push(() => socket.destroy());
    const [peer] = await accepted;
    open.push(() => peer.destroy());
    expect(peerUser(peer)).toBe(process.platform === 'linux' ? process.getuid?.() : null);
  },
);
