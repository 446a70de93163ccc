import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseDevArgs } from './args.ts';

const parse = (...argv: string[]) => parseDevArgs(argv, '/somewhere');

test('without arguments, uses the pinned runtime, no switches and the default data folder', () => {
  expect(parse()).toMatchObject({ testRuntime: false, electron: [], web: { dataDir: null, port: null, open: true } });
});

test('--test-runtime can be combined with other options', () => {
  const args = parse('--data-dir', 'here', '--test-runtime', '--no-open');
  expect(args).toMatchObject({ testRuntime: true, web: { dataDir: resolve('/somewhere/here'), open: false } });
});

test('arguments after -- are passed to Electron unchanged, even if they look like options of this tool', () => {
  expect(parse('--port', '80', '--', '--inspect=5858', '--test-runtime', '--')).toMatchObject({
    testRuntime: false,
    electron: ['--inspect=5858', '--test-runtime', '--'],
    web: { port: 80 },
  });
});

test('an unknown option is refused', () => {
  expect(() => parse('--inspect=5858')).toThrow('--inspect');
  expect(() => parse('--test-runtime=25')).toThrow('--test-runtime');
});
