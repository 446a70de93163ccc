import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Disk } from '../recordings/disk.ts';
import { createRecordings } from '../recordings/recordings.ts';
import { parseWav } from '../recordings/wav.ts';
import { type Rig, samplesOf, startRig, TestClient } from '../testing/voice-rig.ts';

let home: string;
let dir: string;
let rig: Rig;
beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'earshot-failing-disk-'));
  dir = join(home, 'recordings');
});
afterEach(async () => {
  await rig.stop();
  // The JSON of a turn that failed is not waited for, and may be on its way.
  await fs.rm(home, { recursive: true, force: true, maxRetries: 10 });
});

const systemError = (code: string) => Object.assign(new Error(`${code}: as the system says it`), { code });

/** The real disk; while `refuse` is set, every write fails with that error code. */
function failingDisk(): Disk & { refuse: string | null } {
  const disk: Disk & { refuse: string | null } = {
    ...fs,
    refuse: null,
    mkdir: (path, options) => orRefuse(() => fs.mkdir(path, options)),
    writeFile: (path, text, options) => orRefuse(() => fs.writeFile(path, text, options)),
    async open(path, flags, mode) {
      const file = await (flags === 'r' ? fs.open(path, flags, mode) : orRefuse(() => fs.open(path, flags, mode)));
      return {
        read: (...args) => file.read(...args),
        write: (...args) => orRefuse(() => file.write(...args)),
        truncate: (length) => orRefuse(() => file.truncate(length)),
        datasync: () => file.datasync(),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
  const orRefuse = async <T>(work: () => Promise<T>): Promise<T> => {
    if (disk.refuse !== null) throw systemError(disk.refuse);
    return work();
  };
  return disk;
}

const samples = async (info: RecordingInfo | undefined) => [
  ...parseWav(await fs.readFile(join(dir, `${info?.id}.wav`))).samples,
];

/** Resolves when one second of the turn and its JSON are on the disk. */
const untilOneSecondIsWritten = (recordings: ReturnType<typeof createRecordings>) =>
  vi.waitFor(async () => expect(await recordings.list()).toMatchObject([{ duration_s: 1 }]));

test.each([
  ['is full', 'ENOSPC', false],
  ['is full from the start', 'ENOSPC', true],
  ['is read-only from the start', 'EROFS', true],
])('H50 a disk that %s for a moment: all acknowledged audio is written in the end', async (_, code, fromTheStart) => {
  const disk = failingDisk();
  const onProblem = vi.fn<(error: EarshotError) => void>();
  const delays: Array<string | null> = [];
  const recordings = createRecordings({
    dir,
    disk,
    onProblem,
    onDelay: (error) => {
      delays.push(error?.code ?? null);
      // The next attempt succeeds.
      if (error) disk.refuse = null;
    },
  });
  rig = await startRig({ sink: recordings });
  const client = new TestClient(rig.url('ada'));
  if (fromTheStart) disk.refuse = code;
  await client.startTurn();
  client.sendFrames(0, 49);
  if (!fromTheStart) {
    await untilOneSecondIsWritten(recordings);
    disk.refuse = code;
  }
  client.sendFrames(50, 149);
  await vi.waitFor(() => expect(delays).toEqual([expect.stringMatching(/^disk_/), null]), 5_000);
  client.send({ event: 'stop' });
  await client.until('voice_state', 2);
  expect(client.received.findLast((m) => m.event === 'audio_ack')).toMatchObject({ through: 149 });
  await vi.waitFor(async () => expect(await recordings.list()).toMatchObject([{ complete: true, duration_s: 3 }]));
  expect(await samples((await recordings.list())[0])).toEqual(samplesOf(0, 149));
  expect(onProblem).not.toHaveBeenCalled();
  expect(client.received.filter((m) => m.event === 'error')).toEqual([]);
});

test('H50 a recorder that accepts no more audio: turn ended, error sent, the rest not acknowledged', async () => {
  let kept = 0;
  const full = Object.assign(new Error('full'), { name: 'EarshotError' });
  rig = await startRig({
    sink: {
      begin: () => ({
        write: () => kept < 60 && ++kept > 0,
        gap: () => true,
        microphone: () => undefined,
        pause: () => undefined,
        finish: () => Promise.reject(full),
      }),
    },
  });
  const client = new TestClient(rig.url('ada'));
  await client.startTurn();
  client.sendFrames(0, 99);
  expect(await client.until('voice_state', 2)).toMatchObject({ state: 'idle' });
  expect(await client.until('error')).toMatchObject({ code: 'recording_failed', retryable: true });
  expect(client.received.findLast((m) => m.event === 'audio_ack')).toMatchObject({ through: 59 });
  // Frames that were in transit do not count as strikes: the session continues.
  client.send({ event: 'ping', id: 1, client_time: 0 });
  await client.until('pong');
});

test('H45 the folder is deleted: one error, the session continues, and the next turn is recorded', async () => {
  const onProblem = vi.fn<(error: EarshotError) => void>();
  const recordings = createRecordings({ dir, onProblem });
  rig = await startRig({ sink: recordings });
  const client = new TestClient(rig.url('ada'));
  await client.startTurn();
  client.sendFrames(0, 49);
  await untilOneSecondIsWritten(recordings);
  await fs.rm(dir, { recursive: true, maxRetries: 10 });
  client.sendFrames(50, 149);
  client.send({ event: 'stop' });
  expect(await client.until('error')).toMatchObject({ code: 'recording_changed', retryable: true });
  client.send({ event: 'start' });
  expect(await client.until('voice_state', 3)).toMatchObject({ state: 'listening' });
  client.sendFrames(150, 199);
  client.send({ event: 'stop' });
  await client.until('voice_state', 4);
  await vi.waitFor(async () => expect(await recordings.list()).toMatchObject([{ turn: 2, complete: true }]));
  expect(await samples((await recordings.list())[0])).toEqual(samplesOf(150, 199));
  expect(onProblem.mock.calls.map(([error]) => error.code)).toEqual(['recording_changed']);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});
