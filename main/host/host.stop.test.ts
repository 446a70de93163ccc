import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Recordings from '../recordings/recordings.ts';
import { startHost } from './host.ts';

// The recordings are on a disk that does not answer; the log is on one that does.
vi.mock('../recordings/recordings.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Recordings>();
  return {
    ...real,
    createRecordings: (options: Recordings.RecordingsOptions): Recordings.Recordings => ({
      ...real.createRecordings(options),
      unfinished: () => ['2026-11-23T09-15-02-123Z_k3J9xQ2aB7_t1'],
      close: () => new Promise(() => {}),
    }),
  };
});

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-stop-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dataDir, { recursive: true, force: true });
});

test('H71 a stop that exceeds its time limit reports the unfinished recordings on stderr and in the log', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const options = { dataDir, origin: 'earshot://app', version: '1.2.3', shell: 'desktop' } as const;
  const host = await startHost({ ...options, stopLimitMs: 50 });
  await host.stop();
  const message =
    /which did not answer in time\. Not finished: 2026-11-23T09-15-02-123Z_k3J9xQ2aB7_t1\. The next start repairs/;
  expect(write.mock.calls).toEqual([[expect.stringMatching(message)]]);
  const lines = (await readFile(join(dataDir, 'logs', 'earshot.log'), 'utf8')).trim().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '');
  expect(last).toMatchObject({ event: 'WARNING', text: expect.stringMatching(message) });
  expect(last.text).toContain('stop_incomplete');
});
