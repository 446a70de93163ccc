import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRequest, type RequestPolicy } from './request-checks.ts';

const PORT = 49_152;
const HOST = `127.0.0.1:${PORT}`;
const ORIGIN = 'earshot://app';
const remoteAddress = '127.0.0.1';

const policy = (page: RequestPolicy['page']): RequestPolicy => ({ hosts: [HOST], origin: ORIGIN, page });
/** The results for a WebSocket, where `Origin` is required, and for a file, where it may be missing. */
const results = (...rawHeaders: string[]) =>
  (['required', 'optional'] as const).map((page) => checkRequest({ rawHeaders, remoteAddress }, policy(page)));

describe('checkRequest', () => {
  test.each<[title: string, headers: string[], socket: string | null, file: string | null]>([
    ['our page', ['Host', HOST, 'Origin', ORIGIN], null, null],
    ['our page, whatever the case of the names', ['hOsT', HOST, 'ORIGIN', ORIGIN], null, null],
    ['our page, in another order', ['Origin', ORIGIN, 'Accept', '*/*', 'Host', HOST], null, null],
    ['no origin', ['Host', HOST], 'origin', null],
    ['an empty origin', ['Host', HOST, 'Origin', ''], 'origin', 'origin'],
    ['a page of an opaque origin', ['Host', HOST, 'Origin', 'null'], 'origin', 'origin'],
    ['another page', ['Host', HOST, 'Origin', 'http://evil.com'], 'origin', 'origin'],
    ['a longer origin', ['Host', HOST, 'Origin', `${ORIGIN}s`], 'origin', 'origin'],
    ['upper case', ['Host', HOST, 'Origin', ORIGIN.toUpperCase()], 'origin', 'origin'],
    ['our page twice', ['Host', HOST, 'Origin', ORIGIN, 'Origin', ORIGIN], 'origin', 'origin'],
    ['our page and another', ['Host', HOST, 'Origin', ORIGIN, 'origin', 'null'], 'origin', 'origin'],
    ['no host', ['Origin', ORIGIN], 'host', 'host'],
    ['an empty host', ['Host', '', 'Origin', ORIGIN], 'host', 'host'],
    ['another name for us', ['Host', `localhost:${PORT}`, 'Origin', ORIGIN], 'host', 'host'],
    ['another port', ['Host', `127.0.0.1:${PORT + 1}`, 'Origin', ORIGIN], 'host', 'host'],
    ['no port', ['Host', '127.0.0.1', 'Origin', ORIGIN], 'host', 'host'],
    ['our host twice', ['Host', HOST, 'Host', HOST, 'Origin', ORIGIN], 'host', 'host'],
    ['another host and another page', ['Host', 'evil.com', 'Origin', 'http://evil.com'], 'host', 'host'],
    ['a host that is only forwarded', ['X-Forwarded-Host', HOST, 'Origin', ORIGIN], 'host', 'host'],
    ['nothing', [], 'host', 'host'],
  ])('%s', (_title, headers, socket, file) => {
    expect(results(...headers)).toEqual([socket, file]);
  });

  test.each([
    ['127.0.0.1', null],
    ['127.255.0.9', null],
    ['::ffff:127.0.0.1', null],
    [undefined, 'address'],
    ['', 'address'],
    ['::1', 'address'],
    ['::ffff:10.0.0.1', 'address'],
    ['192.168.0.2', 'address'],
    ['127.0.0.1\n', 'address'],
    ['127.0.0.1.evil.com', 'address'],
  ])('H32 a peer at %j: %s', (address, why) => {
    const info = { rawHeaders: ['Host', HOST, 'Origin', ORIGIN], remoteAddress: address };
    expect(checkRequest(info, policy('required'))).toBe(why);
  });
});

/** Random headers, many of them almost right. */
const anyHeader = fc.tuple(
  fc.oneof(fc.constantFrom('Host', 'host', 'Origin', 'ORIGIN', 'X-Forwarded-Host', '__proto__'), fc.string()),
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(HOST, ORIGIN) },
    { weight: 1, arbitrary: fc.constantFrom('', 'null', ` ${HOST}`, `${ORIGIN}/`, `${HOST}\0`) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  ),
);

test('property: only the exact pair passes, in any order and among any other headers; never throws', () => {
  const outcomes = { passed: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(anyHeader, { maxLength: 4 }), fc.boolean(), (headers, optional) => {
      const valuesOf = (name: string) => headers.filter(([n]) => n.toLowerCase() === name).map(([, value]) => value);
      const [hosts, origins] = [valuesOf('host').join('|'), valuesOf('origin')];
      const isPermitted = hosts === HOST && (origins.length === 0 ? optional : origins.join('|') === ORIGIN);
      const info = { rawHeaders: headers.flat(), remoteAddress };
      expect(checkRequest(info, policy(optional ? 'optional' : 'required')) === null).toBe(isPermitted);
      outcomes[isPermitted ? 'passed' : 'refused'] += 1;
    }),
    { numRuns: 3_000 },
  );
  expect(outcomes.passed).toBeGreaterThan(10);
});
