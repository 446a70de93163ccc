import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { join } from '../testing/byte-files.ts';
import { fakeAudioFileWorkers } from '../testing/fake-audio-file-worker.ts';
import { decodeFlac } from '../testing/flac-decoder.ts';
import { text } from '../text/text.ts';
import { createAudioFiles } from './audio-files.ts';
import { exportFormats, exportRecording } from './export-recording.ts';

const SAMPLES = Int16Array.from({ length: 400_000 }, (_, i) => Math.round(9_000 * Math.sin(i / 20)));
const WAV = join(encodeWavHeader(SAMPLES.byteLength), new Uint8Array(SAMPLES.buffer));

beforeEach(() => {
  vi.stubGlobal('location', { href: 'http://page.localhost:4000/#secret' });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A host that serves the file in ranges. */
function host(file: Uint8Array<ArrayBuffer> = WAV) {
  const ranges: string[] = [];
  const serve = vi.fn(async (_url: unknown, init?: RequestInit) => {
    const range = new Headers(init?.headers).get('Range') ?? '';
    ranges.push(range);
    const [, start = 0, last = 0] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const part = file.slice(Number(start), Number(last) + 1);
    const headers = { 'Content-Range': `bytes ${start}-${last}/${file.length}` };
    return new Response(part, { status: 206, headers });
  });
  vi.stubGlobal('fetch', serve);
  const { workers, createWorker } = fakeAudioFileWorkers();
  return {
    ranges,
    serve,
    workers,
    dependencies: {
      urlOf: async (id: string) => `recordings/s/${id}.wav`,
      isHostProven: async () => true,
      createWorker,
    },
  };
}

test('a WAV is the recording itself: nothing is read, the browser streams it', async () => {
  const { dependencies, serve, workers } = host();
  const file = await exportRecording({ id: 'a', format: 'wav', title: 'My talk' }, dependencies);
  expect(file).toEqual({ name: 'My talk.wav', content: 'recordings/s/a.wav' });
  expect(serve).not.toHaveBeenCalled();
  expect(workers).toEqual([]);
});

test('a FLAC has every sample; the worker reads the recording in parts, with progress, and ends', async () => {
  const { dependencies, ranges, serve, workers } = host();
  const progress: number[] = [];
  const { name, content } = await exportRecording(
    { id: 'a', format: 'flac', onProgress: (part) => progress.push(part) },
    dependencies,
  );
  expect(name).toBe('a.flac');
  const blob = content as Blob;
  expect(blob.type).toBe('audio/flac');
  expect(decodeFlac(new Uint8Array(await blob.arrayBuffer())).samples).toEqual([...SAMPLES]);
  expect(ranges.length).toBeGreaterThan(3);
  expect(serve.mock.lastCall?.[0]).toBe('http://page.localhost:4000/recordings/s/a.wav');
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true]);
});

test('a browser without an encoder offers no Opus, and says so', async () => {
  const { dependencies } = host();
  expect(await exportFormats()).toEqual(['wav', 'flac']);
  await expect(exportRecording({ id: 'a', format: 'opus' }, dependencies)).rejects.toMatchObject({
    code: 'export_unsupported',
    message: text.audioFiles.errors.export_unsupported,
  });
});

test('a cancelled export ends its worker before it reads on', async () => {
  const { dependencies, ranges, workers } = host();
  const controller = new AbortController();
  const ended = exportRecording(
    { id: 'a', format: 'flac', signal: controller.signal, onProgress: () => controller.abort() },
    dependencies,
  );
  await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
  expect(workers[0]?.terminated).toBe(true);
  expect(ranges.length).toBeLessThan(5);
  await expect(
    exportRecording({ id: 'a', format: 'wav', signal: AbortSignal.abort() }, dependencies),
  ).rejects.toMatchObject({ code: 'cancelled' });
});

test('a recording that no longer exists keeps the host’s sentence', async () => {
  const urlOf = async () => {
    throw new EarshotError('no_such_recording', 'This recording no longer exists.');
  };
  await expect(
    exportRecording({ id: 'a', format: 'flac' }, { urlOf, isHostProven: async () => true }),
  ).rejects.toMatchObject({
    code: 'no_such_recording',
  });
});

test.each([
  ['the host answers 404', async () => new Response(null, { status: 404 })],
  ['the host ignores the range', async () => new Response(WAV.slice(0, 9), { status: 200 })],
  ['the host does not say the length', async () => new Response(WAV.slice(0, 1), { status: 206 })],
  ['the host is gone', async () => Promise.reject(new TypeError('fetch failed'))],
])('an export fails with a sentence if %s', async (_why, answer) => {
  const { dependencies } = host();
  vi.stubGlobal('fetch', answer);
  await expect(exportRecording({ id: 'a', format: 'flac' }, dependencies)).rejects.toMatchObject({
    code: 'export_failed',
    message: text.audioFiles.errors.export_failed,
  });
});

test('a damaged recording fails as an export, not as an import', async () => {
  const { dependencies } = host(WAV.slice(0, 30));
  await expect(exportRecording({ id: 'a', format: 'flac' }, dependencies)).rejects.toMatchObject({
    code: 'export_failed',
  });
});

test('exports are encoded one after the other; a waiting one can be cancelled, and the next one keeps waiting', async () => {
  const { dependencies, workers } = host();
  const files = createAudioFiles({ ...dependencies, bridge: {} as never });
  const first = files.exportRecording({ id: 'a', format: 'flac' });
  const controller = new AbortController();
  const second = files.exportRecording({ id: 'b', format: 'flac', signal: controller.signal });
  const third = files.exportRecording({ id: 'c', format: 'flac' });
  expect((await files.exportRecording({ id: 'd', format: 'wav' })).name).toBe('d.wav');
  controller.abort();
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  expect(workers.length).toBeLessThan(2);
  expect((await first).name).toBe('a.flac');
  expect((await third).name).toBe('c.flac');
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
});
