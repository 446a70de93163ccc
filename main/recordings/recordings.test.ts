import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import type { TurnSink, TurnStart } from '../voice/turn-sink.ts';
import type { Disk, DiskFile } from './disk.ts';
import { createRecordings, type Recording, type RecordingsOptions } from './recordings.ts';
import { parseWav } from './wav.ts';

const root = join(import.meta.dirname, '../..');
let home: string;
let dir: string;
beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'earshot-recordings-'));
  dir = join(home, 'recordings');
});
afterEach(async () => {
  // The JSON of a turn that failed is not waited for, and may be on its way.
  await fs.rm(home, { recursive: true, force: true, maxRetries: 10 });
});

const TURN: TurnStart = {
  sessionId: 'k3J9xQ2aB7',
  userId: 'me',
  turn: 1,
  startedAt: new Date('2026-11-22T19:26:03.123Z'),
};
const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';

/** Samples `from` to `from + count` of a ramp that never has two zero samples in a row. */
const ramp = (count: number, from = 0) => Int16Array.from({ length: count }, (_, i) => (from + i) % 32_749);
const asBytes = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
const readWav = async (id = ID) => parseWav(await fs.readFile(join(dir, `${id}.wav`)));
const files = async () => (await fs.readdir(dir)).sort();

function writeRamp(recording: Recording, frames: number, from = 0): void {
  for (let frame = 0; frame < frames; frame++) recording.write(asBytes(ramp(320, from + frame * 320)));
}

/** `node:fs/promises` with some calls of the open WAV replaced. */
function diskWith(wrap: (file: DiskFile, path: string) => Partial<DiskFile>, more: Partial<Disk> = {}): Disk {
  return {
    ...fs,
    open: async (path, flags, mode) => {
      const file: DiskFile = await fs.open(path, flags, mode);
      const plain: DiskFile = {
        write: (...args) => file.write(...args),
        read: (...args) => file.read(...args),
        truncate: (length) => file.truncate(length),
        datasync: () => file.datasync(),
        stat: () => file.stat(),
        close: () => file.close(),
      };
      return { ...plain, ...wrap(plain, path) };
    },
    ...more,
  };
}

/** `fired` resolves once `fire` has been called. */
function signal(): { fire: () => void; fired: Promise<void> } {
  let fire = () => {};
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fire, fired };
}

describe('the pauses of a recording', () => {
  test('are in the JSON, and their time is not in the WAV', async () => {
    const recording = createRecordings({ dir }).begin(TURN);
    writeRamp(recording, 50);
    recording.pause(0, null);
    recording.pause(0, 12.5);
    writeRamp(recording, 50, 50);
    recording.pause(0, null);
    const info = await recording.finish();
    expect([info?.duration_s, info?.pauses, info?.gaps]).toEqual([2, [{ at_s: 1, seconds: 12.5 }], []]);
  });

  test('a recording without a pause has no such field', async () => {
    const recording = createRecordings({ dir }).begin(TURN);
    writeRamp(recording, 50);
    expect(await recording.finish()).not.toHaveProperty('pauses');
  });
});

describe('H52 the microphone states of a recording', () => {
  const state = (status: MicrophoneState['status'], label = 'Desk'): MicrophoneState => ({
    label,
    status,
    instead_of: null,
  });

  test('are in the JSON in seconds; the last state for a sample counts, and states after the end are dropped', async () => {
    const recordings = createRecordings({ dir });
    const recording = recordings.begin(TURN);
    recording.microphone(0, state('ok'));
    writeRamp(recording, 50);
    recording.microphone(0, state('ok'));
    recording.microphone(0, state('silent'));
    recording.microphone(0, state('muted'));
    writeRamp(recording, 50, 50);
    recording.microphone(320, state('ok', 'Headset'));
    writeRamp(recording, 2, 100);
    recording.microphone(0, state('muted', 'Headset'));
    expect((await recording.finish())?.microphone).toEqual([
      { at_s: 0, ...state('ok') },
      { at_s: 1, ...state('muted') },
      { at_s: 2.02, ...state('ok', 'Headset') },
    ]);
  });

  test('a label that arrives later applies to the whole entry, unless the status changes with it', async () => {
    const recording = createRecordings({ dir }).begin(TURN);
    recording.microphone(0, state('ok', ''));
    writeRamp(recording, 2);
    recording.microphone(0, state('ok'));
    writeRamp(recording, 48, 2);
    recording.microphone(0, state('ok', ''));
    writeRamp(recording, 50, 50);
    recording.microphone(0, state('muted', 'Headset'));
    writeRamp(recording, 50, 100);
    expect((await recording.finish())?.microphone).toEqual([
      { at_s: 0, ...state('ok') },
      { at_s: 1, ...state('ok', '') },
      { at_s: 2, ...state('muted', 'Headset') },
    ]);
  });

  test('are written to the JSON immediately, without waiting for more audio', async () => {
    const recordings = createRecordings({ dir });
    const recording = recordings.begin(TURN);
    writeRamp(recording, 50);
    const written = async (): Promise<unknown> =>
      JSON.parse(await fs.readFile(join(dir, `${ID}.json`), 'utf8').catch(() => '{}')).microphone?.at(-1)?.status;
    await vi.waitFor(async () => expect(await files()).toContain(`${ID}.json`));
    recording.microphone(0, state('stalled'));
    recording.microphone(0, state('muted'));
    await vi.waitFor(async () => expect(await written()).toBe('muted'));
    await recordings.close();
  });

  test('a microphone that keeps changing causes a limited number of writes', async () => {
    let renames = 0;
    const rename: Disk['rename'] = async (...paths) => {
      await fs.rename(...paths);
      renames++;
    };
    const recording = createRecordings({ dir, disk: diskWith(() => ({}), { rename }) }).begin(TURN);
    writeRamp(recording, 1);
    await vi.waitFor(() => expect(renames).toBe(1), { interval: 1 });
    for (let i = 0; i < 200; i++) {
      recording.microphone(0, state(i % 2 === 0 ? 'muted' : 'ok'));
      await vi.waitFor(() => expect(renames).toBe(i + 2), { interval: 1 });
    }
    for (let i = 0; i < 200; i++) {
      recording.microphone(0, state(i % 2 === 0 ? 'stalled' : 'ok', 'Headset'));
      await fs.readdir(dir);
    }
    await recording.finish();
    expect(renames).toBe(202);
  });

  test('a microphone that keeps changing has a list of limited length with its last state', async () => {
    const recording = createRecordings({ dir }).begin(TURN);
    for (let i = 0; i < 1_000; i++) {
      recording.microphone(0, state(i % 2 === 0 ? 'muted' : 'ok', `Mic ${i}`));
      writeRamp(recording, 1, i);
    }
    const states = (await recording.finish())?.microphone ?? [];
    expect(states).toHaveLength(200);
    expect(states.at(-1)).toMatchObject({ label: 'Mic 999', at_s: expect.closeTo(19.98, 3) });
  });
});

describe('a turn', () => {
  test('becomes a WAV with every sample, and a JSON that describes it', async () => {
    const saved: RecordingInfo[] = [];
    // Typed as the voice server's sink, which proves that the types match.
    const sink: TurnSink = createRecordings({ dir, onSaved: (info) => saved.push(info) });
    const recording = sink.begin(TURN);
    const samples = ramp(16_000 * 3 + 7);
    for (let at = 0; at < samples.length; at += 320) recording.write(asBytes(samples.subarray(at, at + 320)));
    const info = await recording.finish();

    expect(await readWav()).toEqual({ sampleRate: 16_000, channels: 1, samples, trailingBytes: 0 });
    expect(info).toEqual({
      id: ID,
      session_id: 'k3J9xQ2aB7',
      user_id: 'me',
      turn: 1,
      started_at: '2026-11-22T19:26:03.123Z',
      duration_s: samples.length / 16_000,
      gaps: [],
      peak_dbfs: expect.closeTo(20 * Math.log10(32_748 / 32_768), 1),
      rms_dbfs: expect.any(Number),
      complete: true,
    });
    expect(RecordingInfo.parse(JSON.parse(await fs.readFile(join(dir, `${ID}.json`), 'utf8')))).toEqual(info);
    expect(saved).toEqual([info]);
    expect(await files()).toEqual([`${ID}.json`, `${ID}.wav`]);
  });

  test('property: frames of any size and gaps of any length are in the file in order', async () => {
    const part = fc.oneof(fc.int16Array({ minLength: 1, maxLength: 320 }), fc.integer({ min: 1, max: 40_000 }));
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 60 }), async (parts) => {
        const recording = createRecordings({ dir }).begin({ ...TURN, turn: ++turn });
        for (const one of parts) typeof one === 'number' ? recording.gap(one) : recording.write(asBytes(one));
        const info = await recording.finish();
        const expected = parts.flatMap((one) => (typeof one === 'number' ? new Array<number>(one).fill(0) : [...one]));
        const wav = await readWav(info?.id);
        expect(Buffer.from(wav.samples.buffer).equals(Buffer.from(Int16Array.from(expected).buffer))).toBe(true);
        expect(wav.trailingBytes).toBe(0);
        expect(info?.duration_s).toBe(expected.length / 16_000);
      }),
      { numRuns: 30 },
    );
  });

  test('a gap is silence of its length, listed in seconds, and does not lower the RMS', async () => {
    const loud = new Int16Array(16_000).fill(16_384);
    const recording = createRecordings({ dir }).begin(TURN);
    recording.write(asBytes(loud));
    recording.gap(16_000 * 30);
    recording.write(asBytes(loud));
    const info = await recording.finish();
    expect(info).toMatchObject({ duration_s: 32, gaps: [{ at_s: 1, seconds: 30 }], peak_dbfs: -6.02, rms_dbfs: -6.02 });
    const { samples } = await readWav();
    expect(samples.subarray(16_000, 16_000 * 31).every((sample) => sample === 0)).toBe(true);
    expect(samples.subarray(16_000 * 31).every((sample) => sample === 16_384)).toBe(true);
  });

  test('the gaps of a session that was resumed several times are listed where the WAV is silent', async () => {
    const loud = asBytes(new Int16Array(320).fill(8_192));
    const recording = createRecordings({ dir }).begin(TURN);
    const frames = (count: number) => {
      for (let i = 0; i < count; i++) recording.write(loud);
    };
    // The first frame's seq is 7. Then gaps: an overflow of 31 s, one in two parts, one of a frame in the middle of a
    // batch.
    recording.gap(7 * 320);
    frames(13);
    recording.gap(1550 * 320);
    frames(60);
    recording.gap(100 * 320);
    recording.gap(25 * 320);
    frames(1);
    recording.gap(320);
    frames(30);
    const info = await recording.finish();
    expect(info?.gaps).toEqual([
      { at_s: 0, seconds: 0.14 },
      { at_s: 0.4, seconds: 31 },
      { at_s: 32.6, seconds: 2.5 },
      { at_s: 35.12, seconds: 0.02 },
    ]);
    expect(info).toMatchObject({ duration_s: 35.74, rms_dbfs: -12.04 });
    const { samples } = await readWav();
    expect(samples).toHaveLength(35.74 * 16_000);
    const isGap = (second: number) =>
      info?.gaps.some(({ at_s, seconds }) => second >= at_s - 1e-9 && second < at_s + seconds - 1e-9);
    for (let at = 0; at < samples.length; at += 320) {
      const expected = isGap(at / 16_000) ? 0 : 8_192;
      expect(samples.subarray(at, at + 320).every((sample) => sample === expected)).toBe(true);
    }
  });

  test('a gap that is not in the file yet is not in the JSON', async () => {
    const notes: RecordingInfo[] = [];
    const [stuck, answers] = [signal(), signal()];
    const disk = diskWith(
      (file) => ({
        write: async (...args) => {
          if (args[3] >= 44) {
            stuck.fire();
            await answers.fired;
          }
          return file.write(...args);
        },
      }),
      {
        writeFile: (path, text, options) => {
          notes.push(RecordingInfo.parse(JSON.parse(text)));
          return fs.writeFile(path, text, options);
        },
      },
    );
    const recording = createRecordings({ dir, disk }).begin(TURN);
    writeRamp(recording, 50);
    await stuck.fired;
    recording.gap(16_000 * 3);
    answers.fire();
    const info = await recording.finish();
    for (const { gaps, duration_s } of notes) {
      for (const { at_s, seconds } of gaps) expect(at_s + seconds).toBeLessThanOrEqual(duration_s);
    }
    expect(notes.some(({ gaps, duration_s }) => duration_s === 1 && gaps.length === 0)).toBe(true);
    expect(info?.gaps).toEqual([{ at_s: 1, seconds: 3 }]);
  });

  test('without samples creates no recording, no file and no folder', async () => {
    const recording = createRecordings({ dir }).begin(TURN);
    recording.write(new Uint8Array(0));
    recording.gap(0);
    expect(await recording.finish()).toBeNull();
    await expect(fs.stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that is finished twice is saved once with one result; later audio is ignored', async () => {
    const onSaved = vi.fn();
    const recording = createRecordings({ dir, onSaved }).begin(TURN);
    writeRamp(recording, 3);
    const [first, second] = await Promise.all([recording.finish(), recording.finish()]);
    writeRamp(recording, 3);
    recording.gap(100);
    expect(await recording.finish()).toBe(first);
    expect(second).toBe(first);
    expect(onSaved).toHaveBeenCalledTimes(1);
    expect((await readWav()).samples).toHaveLength(960);
  });

  test('gets its own files if another one has the same millisecond and start of the session id', async () => {
    const recordings = createRecordings({ dir });
    const both = ['session-a', 'session-b'].map((sessionId) => recordings.begin({ ...TURN, sessionId }));
    both.forEach((recording, i) => {
      recording.write(asBytes(new Int16Array(320).fill(i + 1)));
    });
    const infos = await Promise.all(both.map((recording) => recording.finish()));
    expect(new Set(infos.map((info) => info?.id)).size).toBe(2);
    for (const [i, info] of infos.entries()) {
      expect(info?.session_id).toBe(`session-${'ab'[i]}`);
      expect(new Set((await readWav(info?.id)).samples)).toEqual(new Set([i + 1]));
    }
  });

  test('ends at the maximum size of a WAV, reports it, and keeps the audio that fits', async () => {
    const problems: EarshotError[] = [];
    const recordings = createRecordings({ dir, maxDataBytes: 3 * 640, onProblem: (error) => problems.push(error) });
    const recording = recordings.begin(TURN);
    writeRamp(recording, 5);
    recording.gap(1e12);
    await expect(recording.finish()).rejects.toMatchObject({ code: 'recording_too_long' });
    expect(problems.map((problem) => problem.code)).toEqual(['recording_too_long']);
    expect((await readWav()).samples).toEqual(ramp(960));
  });
});

describe('writing to the disk', () => {
  test('every header counts only samples that are already in the file', async () => {
    const sizes: { counted: number; inFile: number }[] = [];
    const disk = diskWith((file) => ({
      write: async (bytes, offset, length, position) => {
        if (position === 0) {
          const counted = new DataView(bytes.buffer, bytes.byteOffset).getUint32(40, true);
          sizes.push({ counted, inFile: (await file.stat()).size - 44 });
        }
        return file.write(bytes, offset, length, position);
      },
    }));
    const recording = createRecordings({ dir, disk }).begin(TURN);
    writeRamp(recording, 60);
    recording.gap(40_000);
    writeRamp(recording, 60);
    await recording.finish();
    expect(sizes.length).toBeGreaterThan(1);
    for (const { counted, inFile } of sizes.slice(1)) expect(counted).toBeLessThanOrEqual(inFile);
    expect(sizes.at(-1)?.counted).toBe(120 * 640 + 80_000);
  });

  test('a write that the disk accepts in small parts is complete', async () => {
    const disk = diskWith((file) => ({
      write: (bytes, offset, length, position) => file.write(bytes, offset, Math.min(length, 37), position),
    }));
    const recording = createRecordings({ dir, disk }).begin(TURN);
    writeRamp(recording, 100);
    await recording.finish();
    expect((await readWav()).samples).toEqual(ramp(32_000));
  });

  test('25 frames are one write and one header, for any number of turns', async () => {
    let writes = 0;
    const disk = diskWith((file) => ({
      write: (...args) => {
        writes++;
        return file.write(...args);
      },
    }));
    const recordings = createRecordings({ dir, disk });
    const turns = Array.from({ length: 20 }, (_, i) => recordings.begin({ ...TURN, turn: i + 1 }));
    for (const turn of turns) writeRamp(turn, 25 * 4);
    await recordings.close();
    // 4 batches, at most 4 headers, and the empty header at the start.
    expect(writes).toBeLessThanOrEqual(20 * 9);
    for (const info of await recordings.list()) expect(info).toMatchObject({ duration_s: 2, complete: true });
  });

  test('audio that fills no batch is written after 500 ms, and its JSON at the first sample', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const described = signal();
    const headers: number[] = [];
    const counted = signal();
    const disk = diskWith(
      (file) => ({
        write: async (bytes, offset, length, position) => {
          const result = await file.write(bytes, offset, length, position);
          if (position === 0) headers.push(new DataView(bytes.buffer, bytes.byteOffset).getUint32(40, true));
          if (position === 0 && headers.length === 2) counted.fire();
          return result;
        },
      }),
      { rename: (from, to) => fs.rename(from, to).then(described.fire) },
    );
    try {
      const recordings = createRecordings({ dir, disk });
      const recording = recordings.begin(TURN);
      writeRamp(recording, 2);
      await described.fired;
      expect(await recordings.list()).toMatchObject([{ complete: false, duration_s: 0 }]);
      vi.advanceTimersByTime(499);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
      await counted.fired;
      expect(headers).toEqual([0, 1280]);
      expect((await readWav()).samples).toEqual(ramp(640));
      expect(await recordings.list()).toMatchObject([{ complete: false, duration_s: 0.04 }]);
      await recording.finish();
      await recordings.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('the JSON of a long turn is rewritten every 5 s of audio, so a crash loses few gaps', async () => {
    const notes: RecordingInfo[] = [];
    const disk = diskWith(() => ({}), {
      writeFile: (path, text, options) => {
        notes.push(RecordingInfo.parse(JSON.parse(text)));
        return fs.writeFile(path, text, options);
      },
    });
    const recording = createRecordings({ dir, disk }).begin(TURN);
    for (let second = 0; second < 12; second++) {
      writeRamp(recording, 49);
      recording.gap(320);
      // Let the pump end, as between the batches of a live turn.
      await fs.stat(home);
    }
    await recording.finish();
    expect(notes.length).toBeGreaterThanOrEqual(3);
    expect(notes.length).toBeLessThanOrEqual(4);
    expect(notes.map((note) => note.complete)).toEqual([...new Array(notes.length - 1).fill(false), true]);
    expect(notes.at(-1)?.gaps).toHaveLength(12);
  });
});

describe('H45 a disk that fails', () => {
  const onProblem = vi.fn<(error: EarshotError) => void>();
  beforeEach(() => {
    onProblem.mockReset();
  });
  const problemCodes = () => onProblem.mock.calls.map(([error]) => error.code);

  test('H45 the folder is removed during a recording: reported once, and the next turn creates it again', async () => {
    const recordings = createRecordings({ dir, onProblem });
    const recording = recordings.begin(TURN);
    writeRamp(recording, 30);
    await vi.waitFor(async () => expect(await files()).toContain(`${ID}.json`));
    await fs.rm(dir, { recursive: true });
    writeRamp(recording, 30);
    await expect(recording.finish()).rejects.toMatchObject({ code: 'recording_changed' });
    expect(problemCodes()).toEqual(['recording_changed']);
    const next = recordings.begin({ ...TURN, turn: 2 });
    writeRamp(next, 1);
    expect(await next.finish()).toMatchObject({ complete: true });
    expect(await recordings.list()).toHaveLength(1);
  });

  test('H45 the file is replaced by another one: not reported as saved', async () => {
    const recording = createRecordings({ dir, onProblem }).begin(TURN);
    writeRamp(recording, 30);
    await vi.waitFor(async () => expect(await files()).toContain(`${ID}.json`));
    await fs.rm(join(dir, `${ID}.wav`));
    await fs.writeFile(join(dir, `${ID}.wav`), encodeWavHeader(0));
    await expect(recording.finish()).rejects.toMatchObject({ code: 'recording_changed' });
    expect(problemCodes()).toEqual(['recording_changed']);
  });

  test('H45 a listener throws too: write does not throw', async () => {
    onProblem.mockImplementation(() => {
      throw new Error('a broken listener');
    });
    const recording = createRecordings({ dir, maxDataBytes: 640, onProblem }).begin(TURN);
    expect(() => writeRamp(recording, 3)).not.toThrow();
    await expect(recording.finish()).rejects.toMatchObject({ code: 'recording_too_long' });
  });
});

test('H46 the file of a process that was killed while recording is valid and lacks less than a second', async () => {
  const script = join(import.meta.dirname, '../testing/record-until-killed.ts');
  const recordAndKill = async (seconds: number): Promise<number> => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, join(home, String(seconds))], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let written = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      written = Number(line);
      if (written >= seconds * 16_000) child.kill('SIGKILL');
    }
    expect((await exited)[1]).toBe('SIGKILL');
    return written;
  };
  // Three kills at different points between two writes.
  const lengths = [1.7, 2.4, 3.1];
  const written = await Promise.all(lengths.map(recordAndKill));
  for (const [i, seconds] of lengths.entries()) {
    dir = join(home, String(seconds));
    const [info] = await createRecordings({ dir }).list();
    expect(info).toMatchObject({ session_id: 'killed', complete: false });
    const { samples } = await readWav(info?.id);
    expect(samples).toEqual(ramp(samples.length));
    expect((written[i] ?? Number.NaN) - samples.length).toBeLessThan(16_000);
    expect(info?.duration_s).toBe(samples.length / 16_000);

    const onRepaired = vi.fn();
    const next = createRecordings({ dir, onRepaired });
    await next.repair();
    const whole = (await readWav(info?.id)).samples;
    expect(whole).toEqual(ramp(whole.length));
    expect(whole.length).toBeGreaterThanOrEqual(samples.length);
    const level = emptyLevel();
    addLevel(level, whole);
    const { writer: _, ...described } = info ?? {};
    const repaired = {
      ...described,
      duration_s: whole.length / 16_000,
      peak_dbfs: peakDbfs(level),
      rms_dbfs: rmsDbfs(level),
      repaired: true,
    };
    expect(await next.list()).toEqual([repaired]);
    expect(onRepaired.mock.calls).toEqual([[repaired]]);
    const after = createRecordings({ dir, onRepaired });
    await after.repair();
    expect(onRepaired).toHaveBeenCalledTimes(1);
  }
});

describe('the list', () => {
  test('is empty if the folder does not exist', async () => {
    expect(await createRecordings({ dir }).list()).toEqual([]);
  });

  test('fails if the path is not a folder', async () => {
    await fs.writeFile(dir, 'a file');
    await expect(createRecordings({ dir }).list()).rejects.toMatchObject({ code: 'recordings_unreadable' });
  });

  test('is sorted newest first, without damaged, foreign and renamed files and recordings without a WAV', async () => {
    const recordings = createRecordings({ dir });
    for (const second of ['05', '09', '07', '01']) {
      // Each by another launch: within one launch, the order of the starts counts.
      const recording = createRecordings({ dir }).begin({
        ...TURN,
        startedAt: new Date(`2026-11-22T19:26:${second}Z`),
      });
      writeRamp(recording, 1);
      await recording.finish();
    }
    const id = (second: string) => `2026-11-22T19-26-${second}-000Z_k3J9xQ2a_t1`;
    await fs.rm(join(dir, `${id('01')}.wav`));
    await fs.copyFile(join(dir, `${id('05')}.json`), join(dir, `${id('06')}.json`));
    await fs.writeFile(join(dir, `${id('08')}.json`), '{"id":');
    await fs.writeFile(join(dir, 'notes.json'), '{}');
    await fs.writeFile(join(dir, `${id('08')}.wav`), encodeWavHeader(0));
    expect((await recordings.list()).map((info) => info.id)).toEqual([id('09'), id('07'), id('05')]);
  });
});

describe('H60 changes of the wall clock', () => {
  const begin = (recordings: ReturnType<typeof createRecordings>, time: string, turn: number) => {
    const recording = recordings.begin({ ...TURN, turn, startedAt: new Date(`2026-11-22T${time}.000Z`) });
    writeRamp(recording, 50);
    return recording;
  };

  test('the clock is set back by an hour and forward again: recordings of a launch stay in the order of their starts', async () => {
    const recordings = createRecordings({ dir });
    const times = ['12:00:00', '11:00:10', '11:00:10', '12:00:30', '13:30:00', '12:31:00'];
    for (const [i, time] of times.entries()) await begin(recordings, time, i + 1).finish();
    const list = await recordings.list();
    expect(list.map(({ turn }) => turn)).toEqual([6, 5, 4, 3, 2, 1]);
    // The displayed time is that of the clock.
    expect(list.map(({ started_at }) => started_at.slice(11, 19)).reverse()).toEqual(times);
    // `ordered_at` is written only if it differs from the start.
    expect(list.map(({ ordered_at }) => ordered_at?.slice(11, 23) ?? null).reverse()).toEqual([
      null,
      '12:00:00.001',
      '12:00:00.002',
      null,
      null,
      '13:30:00.001',
    ]);
    // The next launch finds them in the same order.
    expect((await createRecordings({ dir }).list()).map(({ id }) => id)).toEqual(list.map(({ id }) => id));
  });

  test('do not affect which recordings count as being written: that depends on whether the writer runs', async () => {
    const running = new Set(['1-aaaaaaaaaaaa', '2-bbbbbbbbbbbb']);
    const launch = (current: string) => ({
      current,
      isRunning: async (other: string) => running.has(other),
      othersRunning: async () => running.size > 1,
    });
    const one = createRecordings({ dir, launches: launch('1-aaaaaaaaaaaa') });
    const two = createRecordings({ dir, launches: launch('2-bbbbbbbbbbbb') });
    const mine = begin(one, '23:59:59', 1);
    const others = begin(two, '00:00:01', 2);
    const beingWritten = async () =>
      (await one.list()).flatMap(({ turn, being_written }) => (being_written ? [turn] : [])).sort();
    await vi.waitFor(async () => expect(await beingWritten()).toEqual([1, 2]));
    running.delete('2-bbbbbbbbbbbb');
    expect(await beingWritten()).toEqual([1]);
    await Promise.all([mine.finish(), others.finish()]);
    expect(await beingWritten()).toEqual([]);
    expect(await one.list()).toHaveLength(2);
  });
});

describe('H61 a turn that was stopped immediately', () => {
  /** The result of the turn and the reported events. */
  async function endAfter(
    frames: number,
    ending?: 'stopped' | 'interrupted',
    options: Partial<RecordingsOptions> = {},
  ) {
    const reported: [what: string, seconds: number][] = [];
    const recordings = createRecordings({
      dir,
      keepShortRecordings: () => false,
      onSaved: ({ duration_s }) => reported.push(['saved', duration_s]),
      onDiscarded: (duration_s) => reported.push(['discarded', duration_s]),
      onProblem: (error) => reported.push([error.code, 0]),
      ...options,
    });
    const recording = recordings.begin(TURN);
    writeRamp(recording, frames);
    const info = await recording.finish(ending);
    return { reported, info, files: await files().catch(() => []), list: await recordings.list() };
  }
  const NOTHING = { info: null, files: [], list: [] };

  test('leaves no file, and its length is reported once', async () => {
    expect(await endAfter(14, 'stopped')).toEqual({ ...NOTHING, reported: [['discarded', 0.28]] });
  });

  test('is saved from 0.3 s on', async () => {
    const { reported, files } = await endAfter(15, 'stopped');
    expect([reported, files.length]).toEqual([[['saved', 0.3]], 2]);
  });

  test('without any audio reports nothing', async () => {
    expect(await endAfter(0, 'stopped')).toEqual({ ...NOTHING, reported: [] });
  });

  test('is saved if the settings say so', async () => {
    expect((await endAfter(5, 'stopped', { keepShortRecordings: () => true })).reported).toEqual([['saved', 0.1]]);
  });

  test.each(['interrupted', undefined] as const)('is saved if the user did not stop it (%s)', async (ending) => {
    expect((await endAfter(5, ending)).reported).toEqual([['saved', 0.1]]);
  });

  test('is saved if part of it is missing, since the user spoke longer', async () => {
    const recording = createRecordings({ dir, keepShortRecordings: () => false }).begin(TURN);
    writeRamp(recording, 5);
    recording.gap(640);
    writeRamp(recording, 5);
    expect(await recording.finish('stopped')).toMatchObject({ complete: true, gaps: [{ at_s: 0.1, seconds: 0.04 }] });
  });

  test('is saved completely if its file cannot be removed', async () => {
    let refused = 0;
    const unlink = async () => {
      refused++;
      throw Object.assign(new Error('not allowed'), { code: 'EPERM' });
    };
    // As long as a virus scanner may hold the file.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let over = false;
    const ends = endAfter(5, 'stopped', { disk: diskWith(() => ({}), { unlink }) }).finally(() => {
      over = true;
    });
    // The disk is real, so advance time only while the recorder waits for the next attempt.
    for (let waited = 0; !over; await new Promise(setImmediate)) {
      if (refused === waited) continue;
      waited = refused;
      vi.advanceTimersByTime(2_000);
    }
    vi.useRealTimers();
    const { reported, info } = await ends;
    expect([reported, info?.complete]).toEqual([[['saved', 0.1]], true]);
    expect((await readWav()).samples).toEqual(ramp(1_600));
    expect(refused).toBeGreaterThan(1);
  });

  test('does not wait for a full disk, since there is nothing to write', async () => {
    const open = async () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    const disk = diskWith(() => ({}), { open });
    expect(await endAfter(5, 'stopped', { disk })).toEqual({ ...NOTHING, reported: [['discarded', 0.1]] });
  });
});

describe('the repair at the start', () => {
  test('on a real disk: repairs a shortened WAV and its lost JSON, and changes no links or their targets', async (context) => {
    const recordings = createRecordings({ dir });
    const recording = recordings.begin(TURN);
    writeRamp(recording, 60);
    await recording.finish();
    await fs.truncate(join(dir, `${ID}.wav`), 44 + 20_001);
    await fs.rm(join(dir, `${ID}.json`));
    const secret = join(home, 'secret.wav');
    await fs.writeFile(secret, encodeWavHeader(0).subarray(0, 30));
    const link = join(dir, `${ID}-2.wav`);
    await fs.symlink(secret, link).catch(() => context.skip('creating links needs a permission that this user lacks'));
    const onRepairProblem = vi.fn();
    const next = createRecordings({ dir, onRepairProblem });
    await next.repair();
    expect(await readWav()).toMatchObject({ samples: ramp(10_000), trailingBytes: 1 });
    expect(await next.list()).toMatchObject([{ id: ID, duration_s: 0.625, complete: false, repaired: true }]);
    expect((await fs.readFile(secret)).length).toBe(30);
    expect(await files()).toEqual([`${ID}-2.wav`, `${ID}.json`, `${ID}.wav`]);
    expect(onRepairProblem).not.toHaveBeenCalled();
    if (process.platform !== 'win32') expect((await fs.stat(join(dir, `${ID}.json`))).mode & 0o777).toBe(0o600);
  });

  test('does not create a missing folder', async () => {
    await createRecordings({ dir }).repair();
    await expect(fs.stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('reading', () => {
  test('a new recording has a URL that serves all of it', async () => {
    const recordings = createRecordings({ dir });
    const recording = recordings.begin(TURN);
    writeRamp(recording, 1000);
    await recording.finish();
    const url = await recordings.urlOf(ID);
    const { status, body } = await recordings.serve({ method: 'GET', path: `/${url}` });
    expect(status).toBe(200);
    const pieces: Uint8Array[] = [];
    for await (const piece of body ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(await fs.readFile(join(dir, `${ID}.wav`)))).toBe(true);
  });

  test('missing recordings and other files have no URL', async () => {
    await fs.writeFile(join(home, 'secret.wav'), 'secret');
    await fs.mkdir(dir, { recursive: true });
    for (const id of ['2026-11-22T19-26-03-124Z_k3J9xQ2a_t1', '../secret']) {
      await expect(createRecordings({ dir }).urlOf(id)).rejects.toMatchObject({ code: 'no_such_recording' });
    }
  });
});

test('close finishes every open recording', async () => {
  const recordings = createRecordings({ dir });
  for (let turn = 1; turn <= 5; turn++) writeRamp(recordings.begin({ ...TURN, turn }), 10);
  await recordings.close();
  const infos = await recordings.list();
  expect(infos.map((info) => [info.duration_s, info.complete])).toEqual(new Array(5).fill([0.2, true]));
});
