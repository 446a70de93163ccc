import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import { logFor } from '../../shared/log-event.ts';
import { LogLine, toLine } from '../../shared/log-line.ts';
import { createLogBus } from './bus.ts';
import { createFileLog } from './file-log.ts';

let home: string;
let dir: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'earshot-log-'));
  dir = join(home, 'logs');
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const noProblem = (error: EarshotError) => {
  throw error;
};
async function records(file: string): Promise<LogLine[]> {
  const lines = (await readFile(join(dir, file), 'utf8')).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => LogLine.parse(JSON.parse(line)));
}

test('writes every record as one line of JSON, including those from before it was created', async () => {
  const bus = createLogBus();
  const log = logFor('server', bus.append);
  log('APP_STARTED', { version: '1.0.0' });
  bus.flush();
  const file = createFileLog({ dir, bus, onProblem: noProblem });
  log('WS_CONNECT', { session: 'k3J9', user: 'two\nlines' });
  log('WS_SEND', { event: 'connected' });
  bus.flush();
  await file.close();
  const written = await records('earshot.log');
  expect(written).toEqual(bus.history().map(toLine));
  expect(written[1]).toMatchObject({
    text: '🔌 WS_CONNECT | session=k3J9 | user=two·lines',
    session_id: 'k3J9',
    fields: { session: 'k3J9', user: 'two·lines' },
  });
  expect(written.map((record) => record.event)).toEqual(['APP_STARTED', 'WS_CONNECT', 'WS_SEND']);
});

test('writes nothing after close, and close can be called twice', async () => {
  const bus = createLogBus();
  const file = createFileLog({ dir, bus, onProblem: noProblem });
  await file.close();
  logFor('app', bus.append)('APP_STOPPING');
  bus.flush();
  await file.close();
  expect(await records('earshot.log')).toEqual([]);
});

test('a later launch continues the same file', async () => {
  for (const version of ['1', '2']) {
    const bus = createLogBus();
    const file = createFileLog({ dir, bus, onProblem: noProblem });
    logFor('app', bus.append)('APP_STARTED', { version });
    bus.flush();
    await file.close();
  }
  expect((await records('earshot.log')).map((record) => record.text)).toEqual([
    '🚀 APP_STARTED | version=1',
    '🚀 APP_STARTED | version=2',
  ]);
});

test('H47 a long log is at most six files of whole lines with the newest records in order', async () => {
  const bus = createLogBus();
  const file = createFileLog({ dir, bus, onProblem: noProblem, size: '20K' });
  const log = logFor('server', bus.append);
  for (let i = 0; i < 2_000; i++) {
    log('AUDIO', { i });
    if (i % 10 === 9) bus.flush();
  }
  await file.close();
  const names = (await readdir(dir)).sort();
  expect(names).toEqual([
    'earshot.1.log',
    'earshot.2.log',
    'earshot.3.log',
    'earshot.4.log',
    'earshot.5.log',
    'earshot.log',
  ]);
  const oldestFirst = [...names.slice(0, 5).reverse(), 'earshot.log'];
  const seqs: number[] = [];
  for (const name of oldestFirst) {
    expect((await stat(join(dir, name))).size).toBeLessThan(25_000);
    seqs.push(...(await records(name)).map((record) => record.seq));
  }
  expect(seqs.at(-1)).toBe(2_000);
  expect(seqs).toEqual(seqs.map((_, i) => 2_000 - seqs.length + 1 + i));
});

test('H45 a folder that cannot be created is reported once, nothing is thrown, and the bus keeps working', async () => {
  await writeFile(dir, 'a file in place of the folder');
  const bus = createLogBus();
  const onProblem = vi.fn<(error: EarshotError) => void>();
  const problem = new Promise<void>((resolve) => onProblem.mockImplementation(() => resolve()));
  const file = createFileLog({ dir, bus, onProblem });
  const log = logFor('server', bus.append);
  log('AUDIO');
  bus.flush();
  await problem;
  for (let i = 0; i < 10; i++) {
    log('AUDIO', { i });
    bus.flush();
  }
  await file.close();
  expect(onProblem.mock.calls.map(([error]) => error.code)).toEqual(['log_not_written']);
  expect(bus.history()).toHaveLength(11);
});

test('H45 a file that cannot be rotated is reported once', async () => {
  // Folders that are not empty have the names of the older files, so renaming to those names fails.
  for (let i = 1; i <= 5; i++) await mkdir(join(dir, `earshot.${i}.log`, 'in-the-way'), { recursive: true });
  const bus = createLogBus();
  const onProblem = vi.fn<(error: EarshotError) => void>();
  const problem = new Promise<void>((resolve) => onProblem.mockImplementation(() => resolve()));
  const file = createFileLog({ dir, bus, onProblem, size: '1K' });
  for (let i = 0; i < 50; i++) logFor('server', bus.append)('AUDIO', { i });
  bus.flush();
  await problem;
  await file.close();
  expect(onProblem.mock.calls.map(([error]) => error.code)).toEqual(['log_not_written']);
});

/** A file in memory with limited space; its last write may be partial. */
function smallDisk(): { space: number; text: string; open: () => Writable } {
  const disk = {
    space: Number.POSITIVE_INFINITY,
    text: '',
    open: () =>
      new Writable({
        decodeStrings: false,
        write(chunk: string, _encoding, done) {
          const taken = chunk.slice(0, disk.space);
          disk.space -= taken.length;
          disk.text += taken;
          done(taken === chunk ? null : Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
        },
      }),
  };
  return disk;
}

test('H51 a full disk is reported once; when there is space, the waiting lines are written completely and that is reported', async () => {
  vi.useFakeTimers();
  try {
    const disk = smallDisk();
    const bus = createLogBus();
    const onProblem = vi.fn<(error: EarshotError) => void>();
    const onRecovered = vi.fn<(leftOut: number) => void>();
    const file = createFileLog({ dir, bus, onProblem, onRecovered, open: disk.open });
    const log = logFor('server', bus.append);
    const record = async (i: number) => {
      log('AUDIO', { i });
      bus.flush();
      await vi.advanceTimersByTimeAsync(0);
    };
    await record(1);
    disk.space = 20;
    await record(2);
    await record(3);
    await vi.advanceTimersByTimeAsync(60_000);
    await record(4);
    expect(onProblem.mock.calls.map(([error]) => error.code)).toEqual(['log_not_written']);
    disk.space = Number.POSITIVE_INFINITY;
    await vi.advanceTimersByTimeAsync(10_000);
    await record(5);
    await file.close();
    expect(onRecovered.mock.calls).toEqual([[0]]);
    expect(onProblem).toHaveBeenCalledOnce();
    const whole = disk.text.split('\n').flatMap((line) => {
      try {
        return [LogLine.parse(JSON.parse(line)).seq];
      } catch {
        return [];
      }
    });
    expect(whole).toEqual([1, 2, 3, 4, 5]);
  } finally {
    vi.useRealTimers();
  }
});

test('H51 a long outage of a full disk: memory is bounded, and the number of missing lines is reported', async () => {
  vi.useFakeTimers();
  try {
    const disk = smallDisk();
    disk.space = 0;
    const bus = createLogBus();
    const onRecovered = vi.fn<(leftOut: number) => void>();
    const file = createFileLog({ dir, bus, onProblem: () => {}, onRecovered, open: disk.open });
    const log = logFor('server', bus.append);
    for (let i = 0; i < 60_000; i++) {
      log('AUDIO', { i, padding: 'x'.repeat(80) });
      if (i % 100 === 99) bus.flush();
    }
    await vi.advanceTimersByTimeAsync(1_000);
    disk.space = Number.POSITIVE_INFINITY;
    await vi.advanceTimersByTimeAsync(10_000);
    await file.close();
    const lines = disk.text.split('\n').filter((line) => line !== '').length;
    expect(disk.text.length).toBeLessThan(5 * 1024 * 1024);
    expect(onRecovered.mock.calls).toEqual([[60_000 - lines]]);
  } finally {
    vi.useRealTimers();
  }
});

test('H51 a full disk does not delay close', async () => {
  const disk = smallDisk();
  disk.space = 0;
  const bus = createLogBus();
  const file = createFileLog({ dir, bus, onProblem: () => {}, open: disk.open });
  logFor('app', bus.append)('APP_STOPPING');
  bus.flush();
  await file.close();
  expect(disk.text).toBe('');
});

test('H51 a partial line of a killed app does not corrupt the first record of the next launch', async () => {
  await mkdir(dir);
  await writeFile(join(dir, 'earshot.log'), '{"seq":1,"time":17');
  const bus = createLogBus();
  const file = createFileLog({ dir, bus, onProblem: noProblem });
  logFor('app', bus.append)('APP_STARTED', { version: '2' });
  bus.flush();
  await file.close();
  const [torn, first, end] = (await readFile(join(dir, 'earshot.log'), 'utf8')).split('\n');
  expect([torn, end]).toEqual(['{"seq":1,"time":17', '']);
  expect(LogLine.parse(JSON.parse(first ?? '')).text).toBe('🚀 APP_STARTED | version=2');
});

test('drops lines of a disk that is too slow instead of filling the memory, and reports it once', async () => {
  const bus = createLogBus();
  const onProblem = vi.fn<(error: EarshotError) => void>();
  const file = createFileLog({ dir, bus, onProblem });
  const log = logFor('server', bus.append);
  // All in one tick, so nothing is written before its end. At least 100 bytes per record.
  for (let i = 0; i < 60_000; i++) {
    log('AUDIO', { i, padding: 'x'.repeat(80) });
    if (i % 100 === 99) bus.flush();
  }
  await file.close();
  expect(onProblem.mock.calls.map(([error]) => error.code)).toEqual(['log_incomplete']);
  expect((await stat(join(dir, 'earshot.log'))).size).toBeLessThan(5 * 1024 * 1024);
  const written = await records('earshot.log');
  expect(written.map((record) => record.seq)).toEqual(written.map((_, i) => i + 1));
});
