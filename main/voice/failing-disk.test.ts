import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Disk } from '../recordings/disk.ts';
import { createRecordings } from '../recordings/recordings.ts';
import { parseWav } from '../recordings/wav.ts';
import { type Rig, samplesOf, startRig, TestClient } from './test-support.ts';

let home: string;
let dir: string;
let rig: Rig;
beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'earshot-failing-disk-'));
  dir = join(home, 'recordings');
});
afterEach(async () => {
  await rig.stop();
  await fs.rm(home, { recursive: true, force: true });
});

const systemError = (code: string) => Object.assign(new Error(`${code}: as the system says it`), { code });

/** The real disk, until `refuse` says what it answers to every write. */
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
interface Failure {
  /** What the disk answers to every write; null: its folder is removed. */
  refuses: string | null;
  /** Already when the turn begins, or once its first second is kept. */
  fromTheStart: boolean;
  /** Frames of the failed turn that can still be read. */
  readable: number;
}
const FAILURES: ReadonlyArray<[what: string, failure: Failure]> = [
  ['is full', { refuses: 'ENOSPC', fromTheStart: false, readable: 50 }],
  ['is read-only', { refuses: 'EROFS', fromTheStart: true, readable: 0 }],
  ['has lost its folder', { refuses: null, fromTheStart: false, readable: 0 }],
];

it.each(FAILURES)('H45 a disk that %s: said once, the session goes on, the next turn is kept', async (_, failure) => {
  const disk = failingDisk();
  const onProblem = vi.fn<(error: EarshotError) => void>();
  const recordings = createRecordings({ dir, disk, onProblem });
  rig = await startRig({ sink: recordings });
  const client = new TestClient(rig.url('ada'));

  const breakDisk = async () => {
    disk.refuse = failure.refuses;
    if (failure.refuses === null) await fs.rm(dir, { recursive: true, maxRetries: 10 });
  };
  if (failure.fromTheStart) await breakDisk();
  await client.listen();
  client.frames(0, 49);
  if (!failure.fromTheStart) {
    // A second is on the disk, and its JSON with it.
    await vi.waitFor(async () => expect(await recordings.list()).toMatchObject([{ duration_s: 1 }]));
    await breakDisk();
  }
  client.frames(50, 149);
  // A full disk or a read-only one is noticed while the turn goes on; a folder that is gone, when its files are looked at.
  client.say({ event: 'start' });
  expect(await client.until('voice_state', 2)).toMatchObject({ state: 'listening' });
  client.say({ event: 'stop' });
  expect(await client.until('voice_state', 3)).toMatchObject({ state: 'idle' });
  expect(await client.until('error')).toMatchObject({ code: 'recording_failed', retryable: true });
  // All that was said is acknowledged: the client does not send it again for ever.
  expect(client.heard.findLast((m) => m.event === 'audio_ack')).toMatchObject({ through: 149 });
  const kept = await recordings.list();
  if (failure.readable === 0) expect(kept).toEqual([]);
  else expect((await samples(kept[0])).slice(0, failure.readable * 320)).toEqual(samplesOf(0, failure.readable - 1));

  disk.refuse = null;
  client.say({ event: 'start' });
  expect(await client.until('voice_state', 4)).toMatchObject({ state: 'listening' });
  client.frames(150, 199);
  client.say({ event: 'stop' });
  await client.until('voice_state', 5);
  await vi.waitFor(async () =>
    expect(await recordings.list()).toContainEqual(expect.objectContaining({ turn: 2, complete: true })),
  );
  const whole = (await recordings.list()).find(({ turn }) => turn === 2);
  expect(await samples(whole)).toEqual(samplesOf(150, 199));

  expect(onProblem.mock.calls.map(([error]) => error.code)).toEqual(['recording_failed']);
  expect(client.heard.filter((m) => m.event === 'error')).toHaveLength(1);
  expect(rig.logged.filter(({ event }) => event === 'ERROR')).toEqual([]);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});
