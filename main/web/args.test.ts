import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWebArgs } from './args.ts';

const cwd = resolve('/somewhere');
const parse = (...argv: string[]) => parseWebArgs(argv, cwd);

describe('the command line of the browser tab', () => {
  test('has defaults for all options', () => {
    expect(parse()).toEqual({
      port: null,
      dataDir: null,
      numericAddress: false,
      open: true,
      json: false,
      help: false,
    });
  });

  test('accepts every option, with = or a space', () => {
    expect(parse('--port', '8080', '--data-dir=/data', '--no-open')).toEqual({
      port: 8080,
      dataDir: resolve('/data'),
      numericAddress: false,
      open: false,
      json: false,
      help: false,
    });
    expect(parse('--numeric-address').numericAddress).toBe(true);
    expect(parse('--help').help).toBe(true);
    expect(parse('-h').help).toBe(true);
  });

  test('does not open a browser with --json', () => {
    expect(parse('--json')).toMatchObject({ json: true, open: false });
  });

  test('resolves a relative data folder against the current one', () => {
    expect(parse('--data-dir', 'voices').dataDir).toBe(resolve(cwd, 'voices'));
  });

  test.each(['0', '1', '65535', '08080'])('accepts port %s', (port) => {
    expect(parse('--port', port).port).toBe(Number(port));
  });

  test.each([
    ['a port above the range', ['--port', '65536']],
    ['a negative port', ['--port=-1']],
    ['a port in exponent form', ['--port', '1e4']],
    ['a hexadecimal port', ['--port', '0x50']],
    ['an empty port', ['--port', '']],
    ['a fraction', ['--port', '80.5']],
    ['a missing port', ['--port']],
    ['an empty folder', ['--data-dir', '']],
    ['an unknown option', ['--colour']],
    ['a value for a switch', ['--json=yes']],
    ['an extra argument', ['start']],
  ])('rejects %s with one line', (_what, argv) => {
    expect(() => parse(...argv)).toThrowError(
      expect.objectContaining({ code: 'bad_argument', message: expect.stringMatching(/^[^\n]+\.$/) }),
    );
  });
});

test('property: any command line is either parsed or rejected with one sentence', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '--port',
      '--port=8080',
      '--data-dir',
      '--no-open',
      '--json',
      '-h',
      '--',
      '-',
      '--__proto__',
      '0',
      '65536',
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      try {
        const { port, dataDir, open, json } = parse(...argv);
        if (port !== null) expect(Number.isInteger(port) && port >= 0 && port <= 65_535).toBe(true);
        if (dataDir !== null) expect(resolve(dataDir)).toBe(dataDir);
        expect(open && json).toBe(false);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_argument', message: expect.stringMatching(/^.+\.$/s) });
      }
    }),
    { numRuns: 200 },
  );
});
