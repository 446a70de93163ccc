import { afterEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { join } from '../testing/byte-files.ts';
import { fakeAudioFileWorkers } from '../testing/fake-audio-file-worker.ts';
import { text } from '../text/text.ts';
import { createAudioFiles } from './audio-files.ts';

const SAMPLES = Int16Array.from({ length: 150_000 }, (_, i) => Math.round(9_000 * Math.sin(i / 20)));
const WAV = join(encodeWavHeader(SAMPLES.byteLength), new Uint8Array(SAMPLES.buffer));
/** An unknown kind of file, which only the browser can decode. */
const UNKNOWN = Uint8Array.from({ length: 5_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff);
const sentences = text.audioFiles.errors;

afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp() {
  const pieces: Uint8Array[] = [];
  const { workers, createWorker } = fakeAudioFileWorkers();
  const bridge = {
    beginImport: vi.fn(async () => ({ id: 'i', url: 'imports/i' })),
    finishImport: vi.fn(async () => ({ id: 'recording' }) as never),
    cancelImport: vi.fn(async () => undefined),
  };
  const send = vi.fn(async (_url: unknown, { body }: RequestInit = {}) => {
    pieces.push(body as Uint8Array);
    return new Response(null, { status: 204 });
  });
  const files = createAudioFiles({
    urlOf: async () => '',
    bridge,
    isHostProven: async () => true,
    createWorker,
    fetch: send as typeof fetch,
  });
  return {
    files,
    workers,
    bridge,
    send,
    uploaded: () => new Int16Array(join(...pieces).buffer),
    importFile: (content: Uint8Array<ArrayBuffer>, options: Partial<Parameters<typeof files.importFile>[0]> = {}) =>
      files.importFile({ file: new File([content], 'talk.wav'), ...options }),
  };
}

/** A browser that decodes any file to this sound. */
function stubDecoder(channels: Float32Array[]): void {
  const buffer = {
    sampleRate: 48_000,
    numberOfChannels: channels.length,
    length: channels[0]?.length ?? 0,
    duration: (channels[0]?.length ?? 0) / 48_000,
    getChannelData: (channel: number) => channels[channel],
  };
  vi.stubGlobal(
    'OfflineAudioContext',
    class {
      decodeAudioData = async () => buffer;
    },
  );
}

test('the samples of a file arrive at the host, with progress, and its worker ends', async () => {
  const { importFile, uploaded, bridge, workers } = setUp();
  const progress: number[] = [];
  await expect(importFile(WAV, { onProgress: (part) => progress.push(part) })).resolves.toEqual({ id: 'recording' });
  expect(uploaded()).toEqual(SAMPLES);
  expect(bridge.beginImport).toHaveBeenCalledExactlyOnceWith({ name: 'talk.wav' });
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true]);
});

test('the worker sends the next samples only when the last ones were taken', async () => {
  const { importFile, workers, send } = setUp();
  let release = (_response: Response) => {};
  send.mockImplementation(
    () =>
      new Promise((resolve) => {
        release = resolve;
      }),
  );
  const imported = importFile(WAV);
  await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
  const samples = () => workers[0]?.sent.filter((type) => type === 'samples').length;
  const before = samples();
  expect(before).toBeLessThan(3);
  await new Promise((resolve) => setTimeout(resolve));
  expect(samples()).toBe(before);
  release(new Response(null, { status: 204 }));
  await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2));
  release(new Response(null, { status: 204 }));
  await imported;
});

test('what a worker can’t decode, the page decodes in blocks, and the worker converts it', async () => {
  const left = Float32Array.from({ length: 96_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 48_000));
  stubDecoder([left, new Float32Array(left.length)]);
  const { importFile, uploaded, workers } = setUp();
  await importFile(UNKNOWN);
  expect(uploaded().length).toBe(32_000);
  expect(Math.max(...uploaded())).toBeGreaterThan(16_000);
  expect(workers[0]?.sent.filter((type) => type === 'block')).toHaveLength(7);
});

test.each([
  ['import_empty', new Uint8Array(0)],
  ['import_not_audio', UNKNOWN],
  ['import_damaged', WAV.slice(0, 20)],
  ['import_too_large', join(UNKNOWN, new Uint8Array(5 * 1024 * 1024))],
] as const)('a file that fails with %s is refused with its sentence, and nothing was sent', async (code, content) => {
  vi.stubGlobal(
    'OfflineAudioContext',
    class {
      decodeAudioData = async () => Promise.reject(new DOMException('no', 'EncodingError'));
    },
  );
  const { importFile, bridge, workers } = setUp();
  await expect(importFile(content)).rejects.toMatchObject({ code, message: sentences[code] });
  expect(bridge.beginImport).not.toHaveBeenCalled();
  expect(workers[0]?.terminated).toBe(true);
});

test('a file that says it is longer than five hours is refused before it is decoded', async () => {
  stubDecoder([new Float32Array(0)]);
  const { importFile, bridge } = setUp();
  // Only its header: the length of the data says how long it is.
  const header = encodeWavHeader(0);
  const long = { size: 44 + 5 * 3_600 * 32_000 + 2 };
  new DataView(header.buffer).setUint32(40, long.size - 44, true);
  const file = new File([header], 'long.wav');
  Object.defineProperty(file, 'slice', { value: () => fakeLongFile(header, long.size) });
  await expect(importFile(WAV, { file })).rejects.toMatchObject({ code: 'import_too_long' });
  expect(bridge.beginImport).not.toHaveBeenCalled();
});

/** A file that is read as zeros behind its header. */
function fakeLongFile(header: Uint8Array<ArrayBuffer>, size: number): Blob {
  const slice = (start: number, end: number) => {
    const bytes = new Uint8Array(end - start);
    bytes.set(header.subarray(start, Math.min(end, header.length)));
    return { arrayBuffer: async () => bytes.buffer };
  };
  return { size, slice } as unknown as Blob;
}

test('a cancelled import ends its worker and the import of the host', async () => {
  const { importFile, bridge, workers, send } = setUp();
  const controller = new AbortController();
  send.mockImplementation(async () => {
    controller.abort();
    return new Response(null, { status: 204 });
  });
  await expect(importFile(WAV, { signal: controller.signal })).rejects.toMatchObject({
    code: 'cancelled',
    message: sentences.cancelled,
  });
  expect(bridge.cancelImport).toHaveBeenCalledExactlyOnceWith({ id: 'i' });
  expect(workers[0]?.terminated).toBe(true);
});

test('the host’s own sentence is kept; a broken connection has one of the window', async () => {
  const { importFile, bridge, send } = setUp();
  bridge.beginImport.mockRejectedValueOnce(new EarshotError('disk_full', 'Free some space.'));
  await expect(importFile(WAV)).rejects.toMatchObject({ code: 'disk_full', message: 'Free some space.' });
  send.mockRejectedValueOnce(new TypeError('fetch failed'));
  await expect(importFile(WAV)).rejects.toMatchObject({ code: 'import_failed', message: sentences.import_failed });
});

test('a window imports one file at a time, and the next one after a failure', async () => {
  const { importFile } = setUp();
  const first = importFile(new Uint8Array(0));
  await expect(importFile(WAV)).rejects.toMatchObject({ code: 'import_busy', message: sentences.import_busy });
  await expect(first).rejects.toMatchObject({ code: 'import_empty' });
  await expect(importFile(WAV)).resolves.toEqual({ id: 'recording' });
});
