import type { LookupFunction } from 'node:net';

/**
 * For tests: a name below `localhost` leads to 127.0.0.1, as in a browser (RFC 6761 section 6.3). What Node asks, the system's
 * resolver, knows no such names everywhere.
 */
export const toLoopback: LookupFunction = (_name, { all }, done) => {
  if (all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};
