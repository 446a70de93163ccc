import { expect, test, vi } from 'vitest';
import { createDefaultMicrophone } from './default-microphone.ts';

const SOURCES = JSON.stringify([
  { name: 'alsa.monitor', description: 'Monitor of Speakers', index: 1 },
  { name: 'alsa.mic', description: 'Built-in Microphone', index: 2 },
  { name: 'usb.mic', description: 'Blue Yeti', index: 3 },
]);

/** A sound server whose default a test changes. */
function pulse(server: { default: string; sources: string }) {
  return vi.fn(async (_program: string, args: readonly string[]) =>
    args[0] === 'get-default-source' ? `${server.default}\n` : server.sources,
  );
}

test('is what the sound server calls its default, and its name is looked up once for each', async () => {
  const server = { default: 'alsa.mic', sources: SOURCES };
  const run = pulse(server);
  const ask = createDefaultMicrophone('linux', run);
  expect([await ask(), await ask()]).toEqual(['Built-in Microphone', 'Built-in Microphone']);
  server.default = 'usb.mic';
  expect(await ask()).toBe('Blue Yeti');
  expect(run.mock.calls.filter(([, args]) => args.includes('list'))).toHaveLength(2);
});

test('two windows that ask at once cost one look', async () => {
  const run = pulse({ default: 'usb.mic', sources: SOURCES });
  const ask = createDefaultMicrophone('linux', run);
  expect(await Promise.all([ask(), ask()])).toEqual(['Blue Yeti', 'Blue Yeti']);
  expect(run).toHaveBeenCalledTimes(2);
});

test.each([
  ['no such program', () => Promise.reject(new Error('ENOENT'))],
  ['words that are no list', async () => 'Connection refused'],
  ['a list of another form', async () => '[{"name":7}]'],
])('is not known after %s, and is asked for again the next time', async (_title, run) => {
  const ask = createDefaultMicrophone('linux', run);
  expect(await ask()).toBe('');
  expect(await ask()).toBe('');
});

test.each(['darwin', 'win32'] as const)('on %s, where Chromium names it, nothing is run', async (platform) => {
  const run = pulse({ default: 'usb.mic', sources: SOURCES });
  expect(await createDefaultMicrophone(platform, run)()).toBe('');
  expect(run).not.toHaveBeenCalled();
});
