import { expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { join } from '../testing/byte-files.ts';
import { decodeFlac } from '../testing/flac-decoder.ts';
import { text } from '../text/en.ts';
import { exportFormats, exportRecording } from './export-recording.ts';

const SAMPLES = Int16Array.from({ length: 400_000 }, (_, i) => Math.round(9_000 * Math.sin(i / 20)));
const WAV = join(encodeWavHeader(SAMPLES.byteLength), new Uint8Array(SAMPLES.buffer));

/** A host that serves the file in ranges. */
function host(file: Uint8Array<ArrayBuffer> = WAV) {
  const ranges: string[] = [];
  const serve = vi.fn(async (_url: unknown, init?: RequestInit) => {
    init?.signal?.throwIfAborted();
    const range = new Headers(init?.headers).get('Range') ?? '';
    ranges.push(range);
    const [, start = 0, last = 0] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const part = file.slice(Number(start), Number(last) + 1);
    const headers = { 'Content-Range': `bytes ${start}-${last}/${file.length}` };
    return new Response(part, { status: 206, headers });
  });
  return {
    ranges,
    serve,
    dependencies: { urlOf: async (id: string) => `recordings/s/${id}.wav`, fetch: serve as typeof fetch },
  };
}

test('a WAV is the recording itself: nothing is read, the browser streams it', async () => {
  const { dependencies, serve } = host();
  const file = await exportRecording({ id: 'a', format: 'wav', title: 'My talk' }, dependencies);
  expect(file).toEqual({ name: 'My talk.wav', content: 'recordings/s/a.wav' });
  expect(serve).not.toHaveBeenCalled();
});

test('a FLAC has every sample; the recording is read in parts, with progress', async () => {
  const { dependencies, ranges } = host();
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
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
});

test('a browser without an encoder offers no Opus, and says so', async () => {
  const { dependencies } = host();
  expect(await exportFormats()).toEqual(['wav', 'flac']);
  await expect(exportRecording({ id: 'a', format: 'opus' }, dependencies)).rejects.toMatchObject({
    code: 'export_unsupported',
    message: text.audioFiles.errors.export_unsupported,
  });
});

test('a cancelled export ends before it reads on', async () => {
  const { dependencies, ranges } = host();
  const controller = new AbortController();
  const ended = exportRecording(
    { id: 'a', format: 'flac', signal: controller.signal, onProgress: () => controller.abort() },
    dependencies,
  );
  await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
  expect(ranges).toHaveLength(2);
  await expect(
    exportRecording({ id: 'a', format: 'wav', signal: AbortSignal.abort() }, dependencies),
  ).rejects.toMatchObject({ code: 'cancelled' });
});

test('a recording that no longer exists keeps the host’s sentence', async () => {
  const urlOf = async () => {
    throw new EarshotError('no_such_recording', 'This recording no longer exists.');
  };
  await expect(exportRecording({ id: 'a', format: 'flac' }, { urlOf })).rejects.toMatchObject({
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
  await expect(
    exportRecording({ id: 'a', format: 'flac' }, { ...dependencies, fetch: answer as unknown as typeof fetch }),
  ).rejects.toMatchObject({ code: 'export_failed', message: text.audioFiles.errors.export_failed });
});

test('a damaged recording fails as an export, not as an import', async () => {
  const { dependencies } = host(WAV.slice(0, 30));
  await expect(exportRecording({ id: 'a', format: 'flac' }, dependencies)).rejects.toMatchObject({
    code: 'export_failed',
  });
});
