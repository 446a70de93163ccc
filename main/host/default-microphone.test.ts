import { expect, test, vi } from 'vitest';
import { createDefaultMicrophone } from './default-microphone.ts';

const SOURCES = JSON.stringify([
  { name: 'alsa.monitor', description: 'Monitor of Speakers', index: 1 },
  { name: 'alsa.mic', description: 'Built-in Microphone', index: 2 },
  { name: 'usb.mic', description: 'Blue Yeti', index: 3 },
]);

/** A fake `pactl`; tests change the default source. */
function fakePactl(server: { default: string; sources: string }) {
  return vi.fn(async (_program: string, args: readonly string[]) =>
    args[0] === 'get-default-source' ? `${server.default}\n` : server.sources,
  );
}

test('returns the name of the default source and reads the list once per default', async () => {
  const server = { default: 'alsa.mic', sources: SOURCES };
  const run = fakePactl(server);
  const ask = createDefaultMicrophone('linux', run);
  expect([await ask(), await ask()]).toEqual(['Built-in Microphone', 'Built-in Microphone']);
  server.default = 'usb.mic';
  expect(await ask()).toBe('Blue Yeti');
  expect(run.mock.calls.filter(([, args]) => args.includes('list'))).toHaveLength(2);
});

test('concurrent calls share one query', async () => {
  const run = fakePactl({ default: 'usb.mic', sources: SOURCES });
  const ask = createDefaultMicrophone('linux', run);
  expect(await Promise.all([ask(), ask()])).toEqual(['Blue Yeti', 'Blue Yeti']);
  expect(run).toHaveBeenCalledTimes(2);
});

test.each([
  ['a missing program', () => Promise.reject(new Error('ENOENT'))],
  ['output that is not JSON', async () => 'Connection refused'],
  ['a list of another shape', async () => '[{"name":7}]'],
])('returns an empty name after %s and queries again next time', async (_title, run) => {
  const ask = createDefaultMicrophone('linux', run);
  expect(await ask()).toBe('');
  expect(await ask()).toBe('');
});

test.each(['darwin', 'win32'] as const)('runs nothing on %s, where Chromium provides the name', async (platform) => {
  const run = fakePactl({ default: 'usb.mic', sources: SOURCES });
  expect(await createDefaultMicrophone(platform, run)()).toBe('');
  expect(run).not.toHaveBeenCalled();
});
