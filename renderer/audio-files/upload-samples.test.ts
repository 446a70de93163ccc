import { expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { MAX_IMPORT_BYTES, MAX_IMPORT_PIECE_BYTES } from '../../shared/recording-import.ts';
import { uploadSamples } from './upload-samples.ts';

const PIECE_SAMPLES = MAX_IMPORT_PIECE_BYTES / 2;
const TARGET = { id: 'i'.repeat(43), url: `imports/${'i'.repeat(43)}` };

function setUp(answer: () => Response | Promise<Response> = () => new Response(null, { status: 204 })) {
  const sent: { url: string; method: string | undefined; bytes: number }[] = [];
  const send = vi.fn(async (url: unknown, { method, body }: RequestInit = {}) => {
    sent.push({ url: String(url), method, bytes: (body as Uint8Array).length });
    return answer();
  });
  const bridge = {
    beginImport: vi.fn(async () => TARGET),
    finishImport: vi.fn(async () => ({ id: 'recording' }) as never),
    cancelImport: vi.fn(async () => undefined),
  };
  let isProven = true;
  const upload = (samples: AsyncIterable<Int16Array<ArrayBuffer>>, signal = new AbortController().signal) =>
    uploadSamples(
      'talk.mp3',
      samples,
      { bridge, isHostProven: async () => isProven, fetch: send as typeof fetch },
      signal,
    );
  return { sent, bridge, upload, loseThePort: () => (isProven = false) };
}

async function* blocks(...lengths: number[]): AsyncGenerator<Int16Array<ArrayBuffer>> {
  for (const length of lengths) yield new Int16Array(length);
}

test('samples go out in full pieces, one after the other, and the rest as the last', async () => {
  const { sent, bridge, upload } = setUp();
  await expect(upload(blocks(10, PIECE_SAMPLES, PIECE_SAMPLES, 5))).resolves.toEqual({ id: 'recording' });
  expect(sent).toEqual([
    { url: `${TARGET.url}/0`, method: 'PUT', bytes: MAX_IMPORT_PIECE_BYTES },
    { url: `${TARGET.url}/${MAX_IMPORT_PIECE_BYTES}`, method: 'PUT', bytes: MAX_IMPORT_PIECE_BYTES },
    { url: `${TARGET.url}/${2 * MAX_IMPORT_PIECE_BYTES}`, method: 'PUT', bytes: 30 },
  ]);
  expect(bridge.beginImport).toHaveBeenCalledExactlyOnceWith({ name: 'talk.mp3' });
  expect(bridge.finishImport).toHaveBeenCalledExactlyOnceWith({ id: TARGET.id });
  expect(bridge.cancelImport).not.toHaveBeenCalled();
});

test('a file without samples, or one that fails before the first piece, begins no import', async () => {
  const { bridge, upload } = setUp();
  await expect(upload(blocks(0))).rejects.toMatchObject({ code: 'import_empty' });
  async function* damaged(): AsyncGenerator<Int16Array<ArrayBuffer>> {
    yield new Int16Array(100);
    throw new EarshotError('import_damaged', 'It is damaged.');
  }
  await expect(upload(damaged())).rejects.toMatchObject({ code: 'import_damaged' });
  expect(bridge.beginImport).not.toHaveBeenCalled();
});

test.each([
  [
    'disk_full',
    () => Response.json({ code: 'disk_full', message: 'Free some space.' }, { status: 507 }),
    'Free some space.',
  ],
  [undefined, () => new Response('nonsense', { status: 403 }), 'the host answered 403'],
  [undefined, () => Promise.reject(new TypeError('fetch failed')), 'fetch failed'],
])('a piece that is not accepted (%s) cancels the import', async (code, answer, message) => {
  const { bridge, upload } = setUp(answer);
  await expect(upload(blocks(10))).rejects.toMatchObject({ message, ...(code ? { code } : {}) });
  expect(bridge.cancelImport).toHaveBeenCalledExactlyOnceWith({ id: TARGET.id });
  expect(bridge.finishImport).not.toHaveBeenCalled();
});

test('H66 each piece is sent only after the host has proven that it still has its port', async () => {
  const { sent, upload, loseThePort } = setUp();
  async function* samples(): AsyncGenerator<Int16Array<ArrayBuffer>> {
    yield new Int16Array(PIECE_SAMPLES);
    loseThePort();
    yield new Int16Array(PIECE_SAMPLES);
  }
  await expect(upload(samples())).rejects.toThrow('did not prove');
  expect(sent).toHaveLength(1);
});

test('more than five hours are refused before they are sent', async () => {
  const { bridge, upload } = setUp();
  const piece = new Int16Array(PIECE_SAMPLES);
  async function* samples(): AsyncGenerator<Int16Array<ArrayBuffer>> {
    for (let bytes = 0; bytes <= MAX_IMPORT_BYTES; bytes += piece.byteLength) yield piece;
  }
  await expect(upload(samples())).rejects.toMatchObject({ code: 'import_too_long' });
  expect(bridge.cancelImport).toHaveBeenCalledOnce();
});
