import { expect, test } from 'vitest';
import { LOOPBACK, ownHost, ownOrigin } from './own-address.ts';

const NAMES = [LOOPBACK, '0123456789abcdef0123456789abcdef.localhost'];

test.each([1, 79, 80, 81, 443, 4000, 8080, 65_535])('port %i: host and origin match those of a browser', (port) => {
  for (const name of NAMES) {
    for (const scheme of ['http', 'ws']) expect(ownHost(port, name)).toBe(new URL(`${scheme}://${name}:${port}/`).host);
    expect(ownOrigin(port, name)).toBe(new URL(`http://${name}:${port}/`).origin);
  }
  expect([ownHost(port), ownOrigin(port)]).toEqual([ownHost(port, LOOPBACK), ownOrigin(port, LOOPBACK)]);
});
