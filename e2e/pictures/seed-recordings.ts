import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordingInfo } from '../../shared/recording.ts';
import { peakDbfs, rmsDbfs } from '../../testing/audio/level.ts';
import { speechLike } from '../../testing/audio/speech-like.ts';
import { writeWav } from '../../testing/audio/wav.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';

const DAY_MS = 24 * 60 * 60_000;
const SEED = 13;

interface Seed {
  /** Days before today. */
  day: number;
  /** Local time of that day, `hh:mm`. */
  time: string;
  seconds: number;
  /** Highest peak, in dBFS. Default: a good level. */
  peak?: number;
  info?: Partial<RecordingInfo>;
}

/** The recordings of the pictures: every kind of row that the list can show, as a user would name them. */
const SEEDS: readonly Seed[] = [
  {
    day: 0,
    time: '10:42',
    seconds: 48,
    info: {
      title: 'Ideas for the spring talk',
      note: 'Open with the question.\nThen the three examples, shortest first.',
    },
  },
  { day: 0, time: '09:15', seconds: 14, info: { title: 'Shopping list' } },
  { day: 0, time: '08:31', seconds: 127, peak: -31, info: { title: 'Walk by the river' } },
  {
    day: 1,
    time: '17:20',
    seconds: 624,
    info: { title: 'Interview with the beekeeper, part 2', gaps: [{ at_s: 212.4, seconds: 1.6 }] },
  },
  { day: 1, time: '16:02', seconds: 861, info: { title: 'Interview with the beekeeper, part 1' } },
  { day: 1, time: '11:48', seconds: 22 },
  { day: 2, time: '19:37', seconds: 76, peak: 4, info: { title: 'Band practice, second verse' } },
  { day: 2, time: '08:05', seconds: 9, info: { title: 'Call the dentist before noon' } },
  { day: 4, time: '14:26', seconds: 340, info: { title: 'Garden plan', complete: false, repaired: true } },
  {
    day: 4,
    time: '09:58',
    seconds: 33,
    info: { microphone: [{ at_s: 0, label: 'Built-in microphone', status: 'ok', instead_of: 'Studio microphone' }] },
  },
  { day: 6, time: '21:11', seconds: 195, info: { title: 'Bedtime story, the fox and the lantern' } },
  { day: 9, time: '12:30', seconds: 58, info: { title: 'Recipe: grandmother’s plum cake' } },
];

/**
 * Writes the recordings of the pictures into a data folder, as if the app had made them in the days before `now`. Their
 * sound is synthetic (`speechLike`).
 */
export function seedRecordings(dataDir: string, now: Date): void {
  const folder = makeFolder(dataDir);
  const random = new SeededRandom(SEED);
  for (const [n, { day, time, seconds, peak = -6 - (n % 5), info }] of SEEDS.entries()) {
    const pitch = 105 + 20 * (n % 6);
    const sound = speechLike({ seconds, peak, pitch, random: random.fork(n) });
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    const started = new Date(now.getTime() - day * DAY_MS);
    started.setHours(hours, minutes, 20 + n, 0);
    const described = { ...describe(started, n, seconds, peakDbfs(sound.samples), rmsDbfs(sound.samples)), ...info };
    writeFileSync(join(folder, `${described.id}.json`), JSON.stringify(described));
    writeFileSync(join(folder, `${described.id}.wav`), writeWav(sound));
  }
}

/** Writes `count` short recordings, twenty a day, with titles that repeat and a few different sounds. */
export function seedManyRecordings(dataDir: string, now: Date, count: number): void {
  const folder = makeFolder(dataDir);
  const random = new SeededRandom(SEED);
  const sounds = Array.from({ length: 12 }, (_, n) => {
    const seconds = 2 + n / 2;
    const { rate, samples } = speechLike({ seconds, peak: -5 - n, random: random.fork(n) });
    const path = join(dataDir, `sound-${n}.wav`);
    writeFileSync(path, writeWav({ rate, samples }));
    return { path, seconds, peak: peakDbfs(samples), rms: rmsDbfs(samples) };
  });
  for (let n = 0; n < count; n++) {
    const { path, seconds, peak, rms } = random.pick(sounds);
    const started = new Date(now.getTime() - (n + 1) * (DAY_MS / 20));
    const info = describe(started, n, seconds, peak, rms);
    const title = random.chance(0.7) ? { title: SEEDS[n % SEEDS.length]?.info?.title ?? `Note ${count - n}` } : {};
    writeFileSync(join(folder, `${info.id}.json`), JSON.stringify({ ...info, ...title }));
    copyFileSync(path, join(folder, `${info.id}.wav`));
  }
}

function makeFolder(dataDir: string): string {
  const folder = join(dataDir, 'recordings');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function describe(started: Date, n: number, seconds: number, peak: number, rms: number): RecordingInfo {
  return {
    id: `${started.toISOString().replaceAll(/[:.]/g, '-')}_${n.toString(36).padStart(8, '0')}_t1`,
    session_id: `earlier${n}`,
    user_id: 'me',
    turn: 1,
    started_at: started.toISOString(),
    duration_s: seconds,
    gaps: [],
    peak_dbfs: Math.round(peak * 10) / 10,
    rms_dbfs: Math.round(rms * 10) / 10,
    complete: true,
  };
}
