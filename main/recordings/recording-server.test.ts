import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { MemoryDisk } from '../testing/memory-disk.ts';
import type { Disk, DiskFile } from './disk.ts';
import { PIECE_BYTES } from './recording-file.ts';
import { createRecordingServer, type RecordingRequest } from './recording-server.ts';

const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
const PATH = `/dir/${ID}.wav`;

/** A disk that counts open files and may fail a read. */
class CountingDisk extends MemoryDisk {
  openNow = 0;
  /** The size (bytes) of the largest read. */
  largestRead = 0;
  failure: Error | null = null;

  override async open(path: string, flags: string): Promise<DiskFile> {
    const file = await super.open(path, flags);
    this.openNow++;
    return {
      ...file,
      read: async (...args) => {
        if (this.failure) throw this.failure;
        const { bytesRead } = await file.read(...args);
        this.largestRead = Math.max(this.largestRead, bytesRead);
        return { bytesRead };
      },
      close: async () => {
        this.openNow--;
      },
    };
  }
}

let disk: CountingDisk;
const onProblem = vi.fn();
beforeEach(() => {
  disk = new CountingDisk();
  onProblem.mockClear();
});

/** Bytes that differ from their neighbours and between pieces. */
const content = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) % 256);

/** A server with one recording of these bytes; `ask` requests its URL. */
async function startServer(bytes: Uint8Array, on: Disk = disk) {
  disk.files.set(PATH, bytes);
  const server = createRecordingServer({ disk: on, dir: '/dir', onProblem });
  const path = `/${await server.urlOf(ID)}`;
  return {
    ...server,
    path,
    ask: (more: Partial<RecordingRequest> = {}) => server.serve({ method: 'GET', path, ...more }),
  };
}

async function allOf(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body ?? []) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

describe('a response', () => {
  test('without a range is the whole recording and announces support for ranges', async () => {
    const bytes = content(100);
    const { status, headers, body } = await (await startServer(bytes)).ask();
    expect([status, headers]).toEqual([
      200,
      { 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store', 'Content-Type': 'audio/wav', 'Content-Length': '100' },
    ]);
    expect(await allOf(body)).toEqual(bytes);
  });

  test('to a range is that part, with Content-Range', async () => {
    const bytes = content(100);
    const { status, headers, body } = await (await startServer(bytes)).ask({ range: 'bytes=10-19' });
    expect([status, headers['Content-Range'], headers['Content-Length']]).toEqual([206, 'bytes 10-19/100', '10']);
    expect(await allOf(body)).toEqual(bytes.slice(10, 20));
  });

  test('to a range past the end is 416 with the size', async () => {
    const { status, headers, body } = await (await startServer(content(100))).ask({ range: 'bytes=100-' });
    expect([status, headers['Content-Range'], headers['Content-Length'], body]).toEqual([
      416,
      'bytes */100',
      '0',
      null,
    ]);
  });

  test('to HEAD has the headers of the whole file for any range, and does not open the file', async () => {
    const { status, headers, body } = await (await startServer(content(100))).ask({
      method: 'HEAD',
      range: 'bytes=1-2',
    });
    expect([status, headers['Content-Length'], headers['Content-Range'], body]).toEqual([200, '100', undefined, null]);
    expect(disk.opens).toBe(0);
  });

  test('to a request with If-Range is the whole file', async () => {
    const { status } = await (await startServer(content(100))).ask({ range: 'bytes=1-2', ifRange: '"a-tag"' });
    expect(status).toBe(200);
  });

  test('of an empty file is empty', async () => {
    const { status, headers, body } = await (await startServer(new Uint8Array())).ask();
    expect([status, headers['Content-Length'], (await allOf(body)).length]).toEqual([200, '0', 0]);
  });

  test('property: any range of any file has exactly the bytes that its headers announce', async () => {
    const size = fc.oneof(fc.nat(50), fc.integer({ min: PIECE_BYTES - 2, max: 2 * PIECE_BYTES + 2 }));
    const bytes = content(2 * PIECE_BYTES + 2);
    await fc.assert(
      fc.asyncProperty(size, fc.nat(2 * PIECE_BYTES), fc.nat(2 * PIECE_BYTES), async (size, first, length) => {
        const file = bytes.slice(0, size);
        const { status, headers, body } = await (await startServer(file)).ask({
          range: `bytes=${first}-${first + length}`,
        });
        if (first >= size) {
          expect([status, body]).toEqual([416, null]);
          return;
        }
        const received = await allOf(body);
        expect(Buffer.compare(received, file.subarray(first, first + length + 1))).toBe(0);
        expect([status, headers['Content-Length']]).toEqual([206, String(received.length)]);
        expect(headers['Content-Range']).toBe(`bytes ${first}-${first + received.length - 1}/${size}`);
        expect(disk.openNow).toBe(0);
      }),
      { numRuns: 60 },
    );
    expect(disk.largestRead).toBeLessThanOrEqual(PIECE_BYTES);
  });
});

describe('H62 a reader of a long recording', () => {
  test('reads one piece at a time, and only on request', async () => {
    const { body } = await (await startServer(content(10 * PIECE_BYTES))).ask();
    expect(disk.bytesRead).toBe(0);
    await body?.next();
    await body?.next();
    expect(disk.bytesRead).toBe(2 * PIECE_BYTES);
    expect(disk.largestRead).toBe(PIECE_BYTES);
  });

  test('keeps no file open between pieces or after the reader has stopped', async () => {
    const { body } = await (await startServer(content(10 * PIECE_BYTES))).ask();
    await body?.next();
    expect([disk.opens, disk.openNow]).toEqual([1, 0]);
    await body?.return();
    expect((await body?.next())?.done).toBe(true);
    expect([disk.opens, disk.openNow]).toEqual([1, 0]);
  });

  test('does not read the bytes before the start of the range', async () => {
    const size = 40 * PIECE_BYTES;
    const { body } = await (await startServer(content(size))).ask({ range: `bytes=${size - 100}-` });
    expect((await allOf(body)).length).toBe(100);
    expect(disk.bytesRead).toBe(100);
  });
});

describe('a recording that cannot be read to its end', () => {
  test('aborts the response after a disk error, reports it once and leaves no file open', async () => {
    const { body } = await (await startServer(content(3 * PIECE_BYTES))).ask();
    await body?.next();
    disk.failure = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    await expect(body?.next()).rejects.toThrow('EIO');
    expect(disk.openNow).toBe(0);
    expect(onProblem.mock.calls).toEqual([[expect.objectContaining({ code: 'recording_unreadable' })]]);
    expect(onProblem.mock.calls[0]?.[0].message).toMatch(new RegExp(`${ID}.*EIO`));
  });

  test.each<[string, string, () => void]>([
    ['was removed', 'no_such_recording', () => disk.files.delete(PATH)],
    ['became shorter', 'recording_unreadable', () => disk.files.set(PATH, content(10))],
    ['became a link', 'no_such_recording', () => disk.links.add(PATH)],
  ])('because it %s aborts the response', async (_title, code, damage) => {
    const { body } = await (await startServer(content(3 * PIECE_BYTES))).ask();
    await body?.next();
    damage();
    await expect(body?.next()).rejects.toMatchObject({ code });
    expect(onProblem).toHaveBeenCalledOnce();
  });

  test('a recording that grows while it is read has the length in its headers', async () => {
    const { headers, body } = await (await startServer(content(PIECE_BYTES + 10))).ask();
    await body?.next();
    disk.files.set(PATH, content(3 * PIECE_BYTES));
    expect(headers['Content-Length']).toBe(String(PIECE_BYTES + 10));
    expect((await allOf(body)).length).toBe(10);
  });
});

describe('a missing recording', () => {
  test.each([
    ['an invalid id', '../secret'],
    ['an id without a recording', '2026-11-22T19-26-03-124Z_k3J9xQ2a_t1'],
    ['a device name', 'CON'],
  ])('has no URL: %s', async (_title, id) => {
    const server = createRecordingServer({ disk, dir: '/dir' });
    await expect(server.urlOf(id)).rejects.toMatchObject({ code: 'no_such_recording' });
    expect(disk.opens).toBe(0);
  });

  test('a link in place of a recording has no URL and is not followed', async () => {
    disk.links.add(PATH);
    const server = createRecordingServer({ disk, dir: '/dir' });
    await expect(server.urlOf(ID)).rejects.toMatchObject({ code: 'no_such_recording' });
  });

  test('responds 404 without a reason to a removed recording, a missing signature and another path', async () => {
    const { serve, path } = await startServer(content(10));
    const notThere = { status: 404, headers: { 'Cache-Control': 'no-store', 'Content-Length': '0' }, body: null };
    for (const other of ['/recordings/', `/recordings/${ID}.wav`, path.replace('t1', 't2'), `${path}x`, '/', '']) {
      expect(await serve({ method: 'GET', path: other })).toEqual(notThere);
    }
    disk.files.delete(PATH);
    expect(await serve({ method: 'GET', path })).toEqual(notThere);
    expect(disk.opens).toBe(0);
  });
});

test('on a real disk: serves a file and a part of it, but no link or folder', async (context) => {
  const dir = await fs.mkdtemp(join(tmpdir(), 'earshot-serve-'));
  onTestFinished(() => fs.rm(dir, { recursive: true, force: true }));
  const bytes = content(PIECE_BYTES + 1_000);
  await fs.writeFile(join(dir, `${ID}.wav`), bytes);
  const server = createRecordingServer({ disk: fs, dir, onProblem });
  const path = `/${await server.urlOf(ID)}`;
  expect(Buffer.compare(await allOf((await server.serve({ method: 'GET', path })).body), bytes)).toBe(0);
  const part = await server.serve({ method: 'GET', path, range: 'bytes=-5' });
  expect(await allOf(part.body)).toEqual(bytes.slice(-5));

  await fs.mkdir(join(dir, `${ID}-2.wav`));
  await expect(server.urlOf(`${ID}-2`)).rejects.toMatchObject({ code: 'no_such_recording' });
  await fs
    .symlink(join(dir, `${ID}.wav`), join(dir, `${ID}-3.wav`))
    .catch(() => context.skip('creating links needs a permission that this user lacks'));
  await expect(server.urlOf(`${ID}-3`)).rejects.toMatchObject({ code: 'no_such_recording' });
});
