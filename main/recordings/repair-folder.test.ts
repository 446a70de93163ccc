import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import type { Launches } from './recording-repair.ts';
import { createRecordings, type Recordings, type RecordingsOptions } from './recordings.ts';
import { repairRecordings } from './repair-folder.ts';
import { parseWav } from './wav.ts';

const DIR = '/recordings';
const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
const WAV = `${DIR}/${ID}.wav`;
const JSON_PATH = `${DIR}/${ID}.json`;
const TMP = `${JSON_PATH}.tmp`;
const BACKUP_SUFFIX = '.before-repair';

let disk: MemoryDisk;
let repaired: RecordingInfo[];
beforeEach(() => {
  disk = new MemoryDisk();
  repaired = [];
});

const asBytes = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
const ramp = (count: number) => Int16Array.from({ length: count }, (_, i) => (i % 32_000) + 1);
const textBytes = (text: string) => new TextEncoder().encode(text);

/** Whether a file begins with a header that the recorder could have written. */
function hasOurHeader(file: Uint8Array): boolean {
  const header = file.subarray(0, 44);
  const counted = header.length === 44 ? Buffer.from(header).readUInt32LE(40) : 0;
  return Buffer.from(header).equals(Buffer.from(encodeWavHeader(counted)));
}

function wavOf(samples: Int16Array, counted = samples.byteLength): Uint8Array {
  return Uint8Array.from(Buffer.concat([encodeWavHeader(counted), asBytes(samples)]));
}

/** The JSON that the recorder writes during a turn. */
function unfinished(change: Partial<RecordingInfo> = {}): RecordingInfo {
  return {
    id: ID,
    session_id: 'k3J9xQ2aB7',
    user_id: 'me',
    turn: 1,
    started_at: '2026-11-22T19:26:03.123Z',
    duration_s: 1,
    gaps: [],
    peak_dbfs: -50,
    rms_dbfs: -60,
    complete: false,
    ...change,
  };
}

function put(wav: Uint8Array | null, json: RecordingInfo | string | null, id = ID): void {
  if (wav !== null) disk.files.set(`${DIR}/${id}.wav`, wav);
  const text = typeof json === 'string' || json === null ? json : JSON.stringify(json);
  if (text !== null) disk.files.set(`${DIR}/${id}.json`, textBytes(text));
}

function recordings(options: Partial<RecordingsOptions> = {}): Recordings {
  return createRecordings({ dir: DIR, disk, onRepaired: (info) => repaired.push(info), ...options });
}
const repair = (options: Partial<RecordingsOptions> = {}) => recordings(options).repair();

const snapshot = () => new Map([...disk.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]));
const wav = (id = ID) => parseWav(disk.files.get(`${DIR}/${id}.wav`) ?? new Uint8Array());
const json = (id = ID) =>
  RecordingInfo.parse(JSON.parse(new TextDecoder().decode(disk.files.get(`${DIR}/${id}.json`) ?? new Uint8Array())));
function levelOf(...parts: Int16Array[]) {
  const level = emptyLevel();
  for (const part of parts) addLevel(level, part);
  return { peak_dbfs: peakDbfs(level), rms_dbfs: rmsDbfs(level) };
}

const running = (...launches: string[]): Launches => ({
  current: 'mine',
  isRunning: async (launch) => launch === 'mine' || launches.includes(launch),
  othersRunning: async () => launches.length > 0,
});

describe('H46 the start after a kill', () => {
  test('counts every whole sample in the file and updates length and levels', async () => {
    const samples = ramp(40_001);
    put(wavOf(samples, 32_000), unfinished({ writer: 'gone' }));
    await repair();
    expect(wav()).toEqual({ sampleRate: 16_000, channels: 1, samples, trailingBytes: 0 });
    const { writer: _, ...described } = unfinished();
    const expected = { ...described, ...levelOf(samples), duration_s: 40_001 / 16_000, repaired: true };
    expect(json()).toEqual(expected);
    expect(repaired).toEqual([expected]);
    expect(await recordings().list()).toEqual([expected]);
  });

  test('measures the same levels as the recorder for any gaps', async () => {
    const part = fc.oneof(
      { weight: 2, arbitrary: fc.int16Array({ minLength: 1, maxLength: 2_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 300_000 }) },
    );
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), async (parts) => {
        disk = new MemoryDisk();
        const startedAt = new Date('2026-11-22T19:26:03.123Z');
        const recording = recordings().begin({ sessionId: 'k3J9xQ2aB7', userId: 'me', turn: ++turn, startedAt });
        for (const one of parts) typeof one === 'number' ? recording.gap(one) : recording.write(asBytes(one));
        const saved = await recording.finish();
        const id = saved?.id ?? '';
        // The recorder's JSON before the end of the turn, without levels.
        put(null, { ...json(id), complete: false, peak_dbfs: null, rms_dbfs: null, duration_s: 0 }, id);
        await repair();
        // Through JSON, where a level of -0 becomes 0.
        expect(json(id)).toEqual({ ...JSON.parse(JSON.stringify(saved)), complete: false, repaired: true });
      }),
      { numRuns: 30 },
    );
  });

  test('reads a recording that is longer than one piece in pieces', async () => {
    const samples = ramp(16_000 * 30 + 5);
    put(wavOf(samples, 0), unfinished({ gaps: [{ at_s: 7.5, seconds: 1 }] }));
    let largest = 0;
    const open = disk.open.bind(disk);
    disk.open = async (path, flags) => {
      const file = await open(path, flags);
      return {
        ...file,
        read: (bytes, offset, length, position) => {
          largest = Math.max(largest, length);
          return file.read(bytes, offset, length, position);
        },
      };
    };
    await repair();
    expect(largest).toBeLessThanOrEqual(256_000);
    // No sample of the ramp is silent, so all of it counts, even within a gap.
    expect(json()).toMatchObject({ duration_s: samples.length / 16_000, ...levelOf(samples) });
  });

  test('keeps the gaps within the file and shortens the one at its end', async () => {
    const gaps = [
      { at_s: 0.25, seconds: 0.25 },
      { at_s: 0.75, seconds: 2 },
      { at_s: 3, seconds: 1 },
    ];
    put(wavOf(new Int16Array(16_000)), unfinished({ gaps }));
    await repair();
    expect(json().gaps).toEqual([gaps[0], { at_s: 0.75, seconds: 0.25 }]);
    expect(json()).toMatchObject({ peak_dbfs: null, rms_dbfs: null });
  });

  test.each([
    ['an empty file', 0],
    ['half a header', 22],
    ['a header without its last byte', 43],
    ['a header alone', 44],
    ['half a sample', 45],
  ])('makes a recording without audio from %s', async (_, length) => {
    put(wavOf(ramp(10)).slice(0, length), unfinished());
    await repair();
    expect(wav().samples).toHaveLength(0);
    expect(json()).toMatchObject({ duration_s: 0, repaired: true, peak_dbfs: null, gaps: [] });
  });

  test('keeps zeros at the end, which a power loss may have caused, as silence', async () => {
    const samples = Int16Array.from([...ramp(100), ...new Array<number>(100).fill(0)]);
    put(wavOf(samples, 200), unfinished());
    await repair();
    expect(wav().samples).toEqual(samples);
  });

  test('keeps an odd last byte but does not count it', async () => {
    const whole = wavOf(ramp(100));
    put(whole.slice(0, -1), unfinished());
    await repair();
    expect(wav()).toMatchObject({ samples: ramp(99), trailingBytes: 1 });
    expect(json().duration_s).toBe(99 / 16_000);
  });

  test.each([
    ['no JSON', null],
    ['half a JSON', '{"id": "2026'],
    ['a JSON of zeros', '\0'.repeat(300)],
    ['the JSON of another recording', JSON.stringify(unfinished({ id: 'other' }))],
    ['a JSON of two megabytes', `${JSON.stringify(unfinished())}${' '.repeat(2_000_000)}`],
  ])('rebuilds the description from the id and the WAV if there is %s', async (_, text) => {
    put(wavOf(ramp(1_600), 0), text);
    await repair();
    expect(json()).toEqual({
      ...unfinished({ session_id: 'k3J9xQ2a', user_id: '', duration_s: 0.1, repaired: true }),
      ...levelOf(ramp(1_600)),
    });
  });

  test('does not mark a complete WAV without a JSON as interrupted', async () => {
    put(wavOf(ramp(1_600)), null);
    await repair();
    expect(json()).toEqual({
      ...unfinished({ session_id: 'k3J9xQ2a', user_id: '', duration_s: 0.1, complete: true, rebuilt: true }),
      ...levelOf(ramp(1_600)),
    });
    expect([...disk.files.keys()].sort()).toEqual([JSON_PATH, WAV]);
  });

  test('copies an unreadable JSON before replacing it, since a later version may have written it', async () => {
    const later = JSON.stringify({ ...unfinished(), gaps: 'none', words: ['hello'] });
    put(wavOf(ramp(1_600), 0), later);
    await repair();
    expect(new TextDecoder().decode(disk.files.get(JSON_PATH + BACKUP_SUFFIX))).toBe(later);
    expect(json()).toMatchObject({ repaired: true, duration_s: 0.1 });
  });

  test('copies a WAV with an unknown header before rewriting the header', async () => {
    const foreign = Uint8Array.from(Buffer.concat([Buffer.from('OggS'.repeat(11)), asBytes(ramp(500))]));
    put(foreign, null);
    await repair();
    expect(Buffer.from(disk.files.get(WAV + BACKUP_SUFFIX) ?? []).equals(Buffer.from(foreign))).toBe(true);
    expect(wav().samples).toEqual(ramp(500));
  });

  test('recovers the audio of a WAV whose header a power loss has zeroed, and copies the file first', async () => {
    const lost = wavOf(ramp(500));
    lost.fill(0, 0, 44);
    put(lost, unfinished());
    await repair();
    expect(wav().samples).toEqual(ramp(500));
    expect(disk.files.has(WAV + BACKUP_SUFFIX)).toBe(true);
  });

  test('does not change a recording that is marked as ended early', async () => {
    put(wavOf(ramp(16_000)), unfinished({ ended_early: 'disk_full' }));
    const before = snapshot();
    await repair();
    expect(snapshot()).toEqual(before);
    expect(repaired).toEqual([]);
  });

  test('keeps the reason of a recording that ended early when it corrects the length', async () => {
    put(wavOf(ramp(32_000), 0), unfinished({ ended_early: 'disk_full' }));
    await repair();
    expect(json()).toMatchObject({ ended_early: 'disk_full', repaired: true, duration_s: 2 });
  });

  test('uses the temporary file of a JSON, which is newer, and removes it', async () => {
    put(wavOf(ramp(32_000)), unfinished());
    disk.files.set(TMP, textBytes(JSON.stringify(unfinished({ gaps: [{ at_s: 1, seconds: 0.5 }] }))));
    await repair();
    expect(json().gaps).toEqual([{ at_s: 1, seconds: 0.5 }]);
    expect(disk.files.has(TMP)).toBe(false);
  });

  test('completes a finished turn whose JSON was not renamed', async () => {
    put(wavOf(ramp(32_000)), unfinished());
    const complete = unfinished({ complete: true, duration_s: 2 });
    disk.files.set(TMP, textBytes(JSON.stringify(complete)));
    await repair();
    expect(json()).toEqual(complete);
    expect(disk.files.has(TMP)).toBe(false);
    expect(repaired).toEqual([]);
  });

  test('removes a partial temporary file of a complete recording and changes nothing else', async () => {
    put(wavOf(ramp(16_000)), unfinished({ complete: true }));
    const before = snapshot();
    disk.files.set(TMP, textBytes('{"id": "2026'));
    await repair();
    expect(snapshot()).toEqual(before);
  });

  test('makes a complete recording that was shortened later playable, and not marked complete', async () => {
    put(wavOf(ramp(32_000)).slice(0, 44 + 20_001), unfinished({ complete: true, duration_s: 2 }));
    await repair();
    expect(wav().samples).toEqual(ramp(10_000));
    expect(json()).toMatchObject({ complete: false, repaired: true, duration_s: 0.625 });
  });
});

test('property: H46 one repair of any cut WAV with any header and any JSON makes it valid, complete and correctly described', async () => {
  const samples = ramp(3_000);
  const whole = wavOf(samples);
  const description = unfinished({ gaps: [{ at_s: 0.05, seconds: 0.01 }], duration_s: 0.1 });
  const text = JSON.stringify(description);
  const damage = fc.record({
    length: fc.oneof(fc.nat(60), fc.nat(whole.length)),
    patchAt: fc.nat(43),
    patch: fc.uint8Array({ maxLength: 44 }),
    json: fc.oneof(
      fc.constant(null),
      fc.constant(text),
      fc.string(),
      fc.nat(text.length).map((length) => text.slice(0, length)),
      fc.constant(JSON.stringify({ ...description, repaired: true })),
    ),
    tmp: fc.oneof(
      fc.constant(null),
      fc.nat(text.length).map((length) => text.slice(0, length)),
    ),
    zeros: fc.nat(100),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ length, patchAt, patch, json: left, tmp, zeros }) => {
      disk = new MemoryDisk();
      repaired = [];
      const damaged = Buffer.concat([whole.subarray(0, length), new Uint8Array(zeros)]);
      // A JSON with `repaired` was written after the header, so its header is not changed here.
      if (!left?.includes('repaired'))
        damaged.set(patch.subarray(0, Math.max(damaged.length - patchAt, 0)), Math.min(patchAt, damaged.length));
      else damaged.set(encodeWavHeader(3_200).subarray(0, damaged.length));
      put(Uint8Array.from(damaged), left);
      if (tmp !== null) disk.files.set(TMP, textBytes(tmp));
      await repair();

      const onDisk = Math.floor(Math.max(damaged.length - 44, 0) / 2);
      const sound = wav();
      expect(Buffer.from(asBytes(sound.samples))).toEqual(damaged.subarray(44, 44 + onDisk * 2));
      const info = json();
      expect(info).toMatchObject({ id: ID, duration_s: onDisk / 16_000 });
      // The WAV is complete, and nothing shows that its turn was not.
      if (info.rebuilt) expect([info.complete, damaged.length]).toEqual([true, 44 + onDisk * 2]);
      else expect(info).toMatchObject({ complete: false, repaired: true });
      for (const gap of info.gaps) expect(gap.at_s + gap.seconds).toBeLessThanOrEqual(info.duration_s + 1e-9);
      expect([...disk.files.keys()].filter((path) => !path.endsWith(BACKUP_SUFFIX)).sort()).toEqual([JSON_PATH, WAV]);
      // Changed files that may not be Earshot's have been copied.
      const kept = disk.files.get(WAV + BACKUP_SUFFIX);
      if (kept !== undefined) expect(Buffer.from(kept)).toEqual(damaged);
      const keptJson = disk.files.get(JSON_PATH + BACKUP_SUFFIX);
      if (keptJson !== undefined) expect(Buffer.from(keptJson).toString()).toBe(left);
      if (!hasOurHeader(damaged) && damaged.length >= 44) expect(kept).toBeDefined();

      const before = snapshot();
      const count = repaired.length;
      await repair();
      expect(snapshot()).toEqual(before);
      expect(repaired).toHaveLength(count);
    }),
    { numRuns: 300 },
  );
});

describe('the repair does not change', () => {
  test('complete and repaired recordings, after checking their JSON and size', async () => {
    for (let i = 0; i < 100; i++) {
      const id = ID.replace('03-123', `${String(i).padStart(2, '0')}-456`);
      put(wavOf(ramp(16_000)), unfinished({ id, complete: i % 2 === 0, ...(i % 2 ? { repaired: true } : {}) }), id);
    }
    const before = snapshot();
    await repair();
    expect(snapshot()).toEqual(before);
    expect(disk.changes).toEqual([]);
    expect(disk.opens).toBe(0);
    expect(disk.bytesRead).toBeLessThan(100 * 500);
  });

  test('files with other names, whatever their content', async () => {
    for (const name of ['song', 'CON', '2026-11-22T19-my-own-song', '2026-99-99T99-99-99-999Z_a_t1', '..']) {
      disk.files.set(`${DIR}/${name}.wav`, wavOf(ramp(50), 10));
    }
    put(null, unfinished({ id: 'song' }), 'song');
    disk.files.set(`${DIR}/${ID}.wav.bak`, wavOf(ramp(50), 10));
    disk.files.set(`${DIR}/${ID}.json.bak.tmp`, textBytes('{'));
    const before = snapshot();
    await repair();
    expect(snapshot()).toEqual(before);
  });

  test('a JSON whose WAV is gone', async () => {
    put(null, unfinished());
    const before = snapshot();
    await repair();
    expect(snapshot()).toEqual(before);
  });

  test.each([
    ['WAV', WAV],
    ['JSON', JSON_PATH],
    ['temporary file', TMP],
  ])('a recording whose %s is a link', async (_, path) => {
    put(wavOf(ramp(50), 10), unfinished());
    disk.files.delete(path);
    disk.links.add(path);
    const before = snapshot();
    const problems: unknown[] = [];
    await repair({ onRepairProblem: (error) => problems.push(error) });
    expect(snapshot()).toEqual(before);
    expect(problems).toEqual([]);
  });

  test('a recording that a sound editor has saved in its own format', async () => {
    const tag = [...Buffer.from('LIST'), 5, 0, 0, 0, 1, 2, 3, 4, 5, 0];
    const edited = Uint8Array.from([...wavOf(ramp(50)), ...tag]);
    new DataView(edited.buffer).setUint32(4, edited.length - 8, true);
    put(edited, unfinished());
    const before = snapshot();
    await repair();
    expect(snapshot()).toEqual(before);
  });

  test('a complete recording that the user has shortened', async () => {
    put(wavOf(ramp(50)), unfinished({ complete: true, duration_s: 60 }));
    const before = snapshot();
    await repair();
    expect(snapshot()).toEqual(before);
  });

  test('a recording that another launch is writing, but repairs one of a dead launch next to it', async () => {
    const other = ID.replace('_t1', '_t2');
    put(wavOf(ramp(50), 10), unfinished({ writer: 'alive' }));
    put(wavOf(ramp(50), 10), unfinished({ id: other, writer: 'dead' }), other);
    await repair({ launches: running('alive') });
    expect(wav().samples).toHaveLength(5);
    expect(repaired.map(({ id }) => id)).toEqual([other]);
    await repair({ launches: running() });
    expect(wav().samples).toHaveLength(50);
  });

  test('a WAV without a JSON while another launch runs, which may have just created it', async () => {
    put(wavOf(ramp(50), 10), null);
    await repair({ launches: running('alive') });
    expect([...disk.files.keys()]).toEqual([WAV]);
    await repair({ launches: running() });
    expect(json()).toMatchObject({ repaired: true });
  });

  test('a recording whose writer finished it and ended between two checks', async () => {
    put(wavOf(ramp(16_000)), unfinished({ writer: 'leaving' }));
    const launches: Launches = {
      ...running(),
      isRunning: async () => {
        put(null, unfinished({ complete: true }));
        return false;
      },
    };
    await repair({ launches });
    expect(json()).toEqual(unfinished({ complete: true }));
  });

  test('an open recording of this launch', async () => {
    put(wavOf(ramp(50), 10), null);
    const before = snapshot();
    const { signal } = new AbortController();
    const onRepaired = (info: RecordingInfo) => repaired.push(info);
    await repairRecordings({ disk, dir: DIR, launches: running(), isOpen: (id) => id === ID, onRepaired, signal });
    expect(snapshot()).toEqual(before);
  });

  test('a recording of this launch, from its first sample on', async () => {
    const all = recordings({ launches: running() });
    const recording = all.begin({
      sessionId: 'k3J9xQ2aB7',
      userId: 'me',
      turn: 1,
      startedAt: new Date('2026-11-22T19:26:03.123Z'),
    });
    recording.write(asBytes(ramp(320)));
    // The WAV exists but has no JSON yet.
    while (!disk.files.has(WAV)) await Promise.resolve();
    expect(disk.files.has(JSON_PATH)).toBe(false);
    await all.repair();
    expect(repaired).toEqual([]);
    expect(await recording.finish()).toMatchObject({ complete: true });
    expect(json().writer).toBeUndefined();
  });
});

describe('a repair', () => {
  test('continues after a file that cannot be written, and reports the number of failures once', async () => {
    const ids = ['_t1', '_t2', '_t3'].map((turn) => ID.replace('_t1', turn));
    for (const id of ids) put(wavOf(ramp(50), 10), unfinished({ id }), id);
    const open = disk.open.bind(disk);
    disk.open = (path, flags) =>
      flags === 'r+' && !path.includes('_t2')
        ? Promise.reject(Object.assign(new Error('permission denied'), { code: 'EACCES' }))
        : open(path, flags);
    const problems: { code: string; message: string }[] = [];
    await repair({ onRepairProblem: (error) => problems.push(error) });
    expect(repaired.map(({ id }) => id)).toEqual([ids[1]]);
    expect(problems).toMatchObject([
      { code: 'repair_failed', message: expect.stringMatching(/^2 interrupted recordings.*EACCES/) },
    ]);
  });

  test('that a full disk stops leaves the WAV playable, and the next start completes it', async () => {
    put(wavOf(ramp(50), 10), unfinished());
    const { writeFile } = MemoryDisk.prototype;
    disk.writeFile = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    const problems: { code: string }[] = [];
    await repair({ onRepairProblem: (error) => problems.push(error) });
    expect(problems.map(({ code }) => code)).toEqual(['repair_failed']);
    expect(wav().samples).toHaveLength(50);
    disk.writeFile = writeFile;
    await repair();
    expect(json()).toMatchObject({ repaired: true, duration_s: 50 / 16_000 });
  });

  test('reports a folder that cannot be read', async () => {
    disk.readdir = () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }));
    const problems: { code: string }[] = [];
    await repair({ onRepairProblem: (error) => problems.push(error) });
    expect(problems.map(({ code }) => code)).toEqual(['recordings_unreadable']);
  });

  test('delays the list until it ends', async () => {
    put(wavOf(ramp(50), 10), unfinished());
    const all = recordings();
    void all.repair();
    expect(await all.list()).toMatchObject([{ repaired: true, duration_s: 50 / 16_000 }]);
  });

  test('begins with the newest, stops between two pieces on close, and the next start continues it', async () => {
    const ids = ['_t2', '_t1'].map((turn) => ID.replace('_t1', turn));
    for (const id of ids) put(wavOf(ramp(50), 10), unfinished({ id }), id);
    const controller = new AbortController();
    await repairRecordings({
      disk,
      dir: DIR,
      launches: running(),
      isOpen: () => false,
      onRepaired: (info) => {
        repaired.push(info);
        controller.abort();
      },
      signal: controller.signal,
    });
    expect(repaired.map(({ id }) => id)).toEqual([ids[0]]);
    expect(wav(ids[1]).samples).toHaveLength(5);
    await repair();
    expect(repaired.map(({ id }) => id)).toEqual(ids);
  });

  test('that is stopped while it reads a file does not count as failed', async () => {
    put(wavOf(ramp(50)), unfinished());
    const problems: unknown[] = [];
    const all = recordings({ onRepairProblem: (error) => problems.push(error) });
    const open = disk.open.bind(disk);
    let closed: Promise<void> | undefined;
    disk.open = (path, flags) => {
      closed = all.close();
      return open(path, flags);
    };
    await all.repair();
    await closed;
    expect(problems).toEqual([]);
    expect(repaired).toEqual([]);
    expect(json()).toEqual(unfinished());
  });
});
