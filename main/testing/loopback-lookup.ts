import type { LookupFunction } from 'node:net';

/**
 * Resolves every name to 127.0.0.1, as browsers do for names below `localhost` (RFC 6761 section 6.3). Node uses the
 * system's resolver, which does not know these names on every system.
 */
export const loopbackLookup: LookupFunction = (_name, { all }, done) => {
  if (all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};
