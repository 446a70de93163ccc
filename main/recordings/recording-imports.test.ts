import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordingInfo } from '../../shared/recording.ts';
import { MAX_IMPORT_BYTES, MAX_IMPORT_PIECE_BYTES } from '../../shared/recording-import.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { createRecordingImports, IMPORT_IDLE_MS, MAX_IMPORTS } from './recording-imports.ts';
import { createRecordings } from './recordings.ts';
import { parseWav } from './wav.ts';

const DIR = '/r';

let disk: MemoryDisk;
let othersRunning: boolean;
const onImported = vi.fn();
beforeEach(() => {
  vi.useFakeTimers();
  disk = new MemoryDisk();
  othersRunning = false;
  onImported.mockClear();
});
afterEach(() => vi.useRealTimers());

const create = (maxBytes = MAX_IMPORT_BYTES) =>
  createRecordingImports({
    maxBytes,
    dir: DIR,
    disk,
    launches: { othersRunning: async () => othersRunning },
    userId: () => 'ada',
    onImported,
  });

async function* body(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
const bytesOf = (...samples: number[]) => new Uint8Array(Int16Array.from(samples).buffer);
const list = () => createRecordings({ dir: DIR, disk }).list();
const files = () => [...disk.files.keys()].map((path) => path.slice(DIR.length + 1)).sort();
const put = (imports: ReturnType<typeof create>, url: string, offset: number | string, ...chunks: Uint8Array[]) =>
  imports.receive({ path: `/${url}/${offset}`, body: body(...chunks) });

test('pieces become a recording with the level, length and name of the file', async () => {
  const imports = create();
  const { id, url } = await imports.begin('talk.mp3');
  expect(url).toBe(`imports/${id}`);
  // A piece may arrive in chunks that cut a sample in two.
  const first = bytesOf(100, -200, 16_384);
  expect(await put(imports, url, 0, first.slice(0, 3), first.slice(3))).toEqual({ status: 204, error: null });
  expect(await put(imports, url, 6, bytesOf(5))).toEqual({ status: 204, error: null });
  const info = await imports.finish(id);
  expect(info).toMatchObject({
    imported_from: 'talk.mp3',
    user_id: 'ada',
    turn: 1,
    duration_s: 4 / 16_000,
    gaps: [],
    peak_dbfs: -6.02,
    complete: true,
  });
  expect(RecordingInfo.parse(info)).toEqual(info);
  expect(await list()).toEqual([info]);
  const wav = parseWav(disk.files.get(`${DIR}/${info.id}.wav`) as Uint8Array);
  expect([wav.sampleRate, wav.channels, ...wav.samples]).toEqual([16_000, 1, 100, -200, 16_384, 5]);
  expect(onImported).toHaveBeenCalledExactlyOnceWith(info);
  expect(files()).toEqual([`${info.id}.json`, `${info.id}.wav`]);
});

test('nothing is listed before the import is finished', async () => {
  const imports = create();
  const { url } = await imports.begin('talk.mp3');
  await put(imports, url, 0, bytesOf(1, 2));
  expect(await list()).toEqual([]);
});

test('a cancelled import leaves no file behind, and its URL is invalid', async () => {
  const imports = create();
  const { id, url } = await imports.begin('talk.mp3');
  await put(imports, url, 0, bytesOf(1, 2));
  await imports.cancel(id);
  await imports.cancel(id);
  expect(files()).toEqual([]);
  expect(await put(imports, url, 4, bytesOf(1))).toMatchObject({ status: 404, error: { code: 'no_such_import' } });
  await expect(imports.finish(id)).rejects.toMatchObject({ code: 'no_such_import' });
});

test('an import whose page is gone ends after a minute without a piece', async () => {
  const imports = create();
  const { url } = await imports.begin('talk.mp3');
  await vi.advanceTimersByTimeAsync(IMPORT_IDLE_MS - 1);
  await put(imports, url, 0, bytesOf(1));
  await vi.advanceTimersByTimeAsync(IMPORT_IDLE_MS - 1);
  expect(files()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(files()).toEqual([]);
  expect(await put(imports, url, 2, bytesOf(1))).toMatchObject({ status: 404 });
});

test('there are at most four imports at a time; one that has ended makes room', async () => {
  const imports = create();
  const begun = await Promise.all(Array.from({ length: MAX_IMPORTS }, (_, n) => imports.begin(`${n}.wav`)));
  await expect(imports.begin('one more.wav')).rejects.toMatchObject({ code: 'import_busy' });
  await imports.cancel(begun[0]?.id ?? '');
  await imports.begin('one more.wav');
});

test('a piece must follow the last one, be whole samples and no larger than its limit', async () => {
  const imports = create();
  const { id, url } = await imports.begin('talk.mp3');
  await put(imports, url, 0, bytesOf(1, 2));
  for (const [offset, ...chunks] of [
    [0, bytesOf(9)],
    [8, bytesOf(9)],
    [4, Uint8Array.of(1)],
    [4],
    [4, new Uint8Array(MAX_IMPORT_PIECE_BYTES), bytesOf(1)],
  ] as [number, ...Uint8Array[]][]) {
    expect(await put(imports, url, offset, ...chunks)).toMatchObject({ status: 409, error: { code: 'import_failed' } });
  }
  // None of them has changed anything.
  await put(imports, url, 4, bytesOf(3));
  const { id: recording } = await imports.finish(id);
  expect([...parseWav(disk.files.get(`${DIR}/${recording}.wav`) as Uint8Array).samples]).toEqual([1, 2, 3]);
});

test('a piece that its page breaks off is not written', async () => {
  const imports = create();
  const { id, url } = await imports.begin('talk.mp3');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytesOf(7);
    throw new Error('aborted');
  }
  expect(await imports.receive({ path: `/${url}/0`, body: broken() })).toMatchObject({ status: 409 });
  await put(imports, url, 0, bytesOf(1));
  expect((await imports.finish(id)).duration_s).toBe(1 / 16_000);
});

test('two pieces at the same offset are not both written', async () => {
  const imports = create();
  const { id, url } = await imports.begin('talk.mp3');
  const answers = await Promise.all([put(imports, url, 0, bytesOf(1)), put(imports, url, 0, bytesOf(2))]);
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  expect((await imports.finish(id)).duration_s).toBe(1 / 16_000);
});

test.each(['/imports/', `/imports/${'a'.repeat(43)}/0`, '/imports/../recordings/0', '/recordings/x/0', '/'])(
  'the path %s is refused without reading the body',
  async (path) => {
    const imports = create();
    await imports.begin('talk.mp3');
    const unread = vi.fn(() => body(bytesOf(1)));
    const answer = await imports.receive({ path, body: { [Symbol.asyncIterator]: unread } });
    expect(answer).toMatchObject({ status: 404 });
    expect(unread).not.toHaveBeenCalled();
  },
);

test.each(['00', '-1', '1.5', '', '0x0', '99999999999', '0/0'])('the offset %j is refused', async (offset) => {
  const imports = create();
  const { url } = await imports.begin('talk.mp3');
  expect(await put(imports, url, offset, bytesOf(1))).toMatchObject({ status: 404 });
});

test('an import of nothing fails, and leaves nothing', async () => {
  const imports = create();
  const { id } = await imports.begin('talk.mp3');
  await expect(imports.finish(id)).rejects.toMatchObject({ code: 'import_empty' });
  expect(files()).toEqual([]);
});

test('an import is at most five hours long', async () => {
  expect(MAX_IMPORT_BYTES).toBe(5 * 3_600 * 32_000);
  const imports = create(6);
  const { id, url } = await imports.begin('talk.mp3');
  await put(imports, url, 0, bytesOf(1, 2));
  expect(await put(imports, url, 4, bytesOf(3, 4))).toMatchObject({ status: 413, error: { code: 'import_too_long' } });
  expect(await put(imports, url, 4, bytesOf(3))).toMatchObject({ status: 204 });
  expect(await put(imports, url, 6, bytesOf(4))).toMatchObject({ status: 413 });
  expect((await imports.finish(id)).duration_s).toBe(3 / 16_000);
});

test.each(['open', 'rename', 'writeFile'] as const)(
  'a disk whose %s fails is reported, and nothing is left',
  async (call) => {
    const imports = create();
    const full = vi.fn(async () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    const run = async () => {
      if (call === 'open') disk.open = full;
      const { id, url } = await imports.begin('talk.mp3');
      await put(imports, url, 0, bytesOf(1));
      disk[call] = full as never;
      await imports.finish(id);
    };
    await expect(run()).rejects.toMatchObject({ code: 'disk_full' });
    expect(files()).toEqual([]);
  },
);

test('a full disk refuses the piece with a sentence; it can be sent again', async () => {
  const imports = create();
  const open = disk.open.bind(disk);
  let isFull = true;
  disk.open = async (path, flags) => {
    const file = await open(path, flags);
    return {
      ...file,
      write: (...of) => {
        if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return file.write(...of);
      },
    };
  };
  const { id, url } = await imports.begin('talk.mp3');
  expect(await put(imports, url, 0, bytesOf(1, 2))).toMatchObject({ status: 507, error: { code: 'disk_full' } });
  isFull = false;
  expect(await put(imports, url, 0, bytesOf(1, 2))).toMatchObject({ status: 204 });
  expect((await imports.finish(id)).duration_s).toBe(2 / 16_000);
});

test('a recording of the same id is never replaced', async () => {
  const imports = create();
  const { id, url } = await imports.begin('talk.mp3');
  await put(imports, url, 0, bytesOf(1));
  const [name = ''] = files();
  const taken = `${DIR}/${name.replace('.import', '.json')}`;
  disk.files.set(taken, new TextEncoder().encode('{}'));
  await expect(imports.finish(id)).rejects.toMatchObject({ code: 'import_failed' });
  expect([...disk.files.keys()]).toEqual([taken]);
});

test('what a killed app left of an import is removed at the next start; recordings and open imports stay', async () => {
  const old = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
  const other = '2026-11-22T19-26-03-123Z_aaaaaaaa_t1';
  const set = (name: string) => disk.files.set(`${DIR}/${name}`, Uint8Array.of(1));
  for (const name of [
    `${old}.import`,
    `${old}.json`,
    `${other}.import`,
    `${other}.json`,
    `${other}.wav`,
    'mine.import',
  ])
    set(name);
  const imports = create();
  othersRunning = true;
  await imports.removeLeftovers();
  expect(files()).toHaveLength(6);
  othersRunning = false;
  const { url } = await imports.begin('talk.mp3');
  await imports.removeLeftovers();
  expect(files().filter((name) => !name.startsWith('20') || name.startsWith(old) || name.startsWith(other))).toEqual(
    [`${other}.json`, `${other}.wav`, 'mine.import'].sort(),
  );
  expect(await put(imports, url, 0, bytesOf(1))).toMatchObject({ status: 204 });
});

test('all imports end at once when the host ends or its URLs may be known to others', async () => {
  const imports = create();
  const all = await Promise.all([imports.begin('a.wav'), imports.begin('b.wav')]);
  await imports.cancelAll();
  expect(files()).toEqual([]);
  for (const { url } of all) expect(await put(imports, url, 0, bytesOf(1))).toMatchObject({ status: 404 });
});
