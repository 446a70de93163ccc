import { expect, test } from 'vitest';
import { ownHost, ownOrigin } from './own-address.ts';

test.each([1, 79, 80, 81, 443, 4000, 8080, 65_535])(
  'port %i: host and origin are what a browser makes of the address',
  (port) => {
    for (const scheme of ['http', 'ws']) expect(ownHost(port)).toBe(new URL(`${scheme}://127.0.0.1:${port}/`).host);
    expect(ownOrigin(port)).toBe(new URL(`http://127.0.0.1:${port}/`).origin);
  },
);
