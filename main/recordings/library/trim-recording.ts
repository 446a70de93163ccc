import { join } from 'node:path';
import { BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE } from '../../../shared/audio-format.ts';
import { peakDbfs, rmsDbfs } from '../../../shared/level.ts';
import type { RecordingInfo } from '../../../shared/recording.ts';
import type { TrimRange } from '../../../shared/recording-library.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../../../shared/wav-header.ts';
import { HostError } from '../../text/host-error.ts';
import {
  type Disk,
  type DiskFile,
  errorCode,
  exists,
  FILE_MODE,
  readFully,
  writeAtomically,
  writeFully,
} from '../disk.ts';
import { gapsWithin, toSamples } from '../gaps.ts';
import { infoText } from '../list-recordings.ts';
import { measureLevel } from '../measure-level.ts';
import { entriesWithin } from '../microphone-timeline.ts';
import { pausesWithin } from '../pause-list.ts';
import { isRecordingId } from '../recording-id.ts';
import { changeFailed } from './library-errors.ts';
import type { LibraryEntry } from './read-entry.ts';
import { badWav, readWavLayout } from './wav-layout.ts';

/** Bytes that are copied at a time: 8 s of audio. */
const PIECE_BYTES = 256 * 1024;
/** A shorter part (s) is a mistake. */
const MIN_LENGTH_S = 0.1;
/** Parts of one recording are called `<id>-2`, `<id>-3`, … */
const MAX_PARTS = 99;
/** Suffix of the WAV of a part until it is complete. Neither the list nor the repair looks at it. */
export const PART_SUFFIX = '.wav.part';

export interface TrimOptions {
  disk: Disk;
  dir: string;
  /** Whether a deleted recording has this id, which may be restored. */
  isDeleted(id: string): boolean;
  signal: AbortSignal;
}

/**
 * Saves a part of a recording as a new one. The original is only read. The new WAV gets its name when it and its JSON
 * are on the disk, so a crash leaves a part file, which the next start removes, or a complete recording.
 * @returns the id of the new recording
 * @throws {EarshotError} `bad_range`, `bad_wav`, `too_many_parts`, `disk_full`, `trim_failed`, `file_unsafe`
 */
export async function trimRecording(options: TrimOptions, entry: LibraryEntry, range: TrimRange): Promise<string> {
  const { disk, dir } = options;
  const { id } = entry.info;
  try {
    const source = await disk.open(join(dir, `${id}.wav`), 'r');
    try {
      return await copyPart(options, source, entry, range);
    } finally {
      await source.close();
    }
  } catch (cause) {
    throw changeFailed('trim_failed', 'trimmed', dir, cause);
  }
}

async function copyPart(
  options: TrimOptions,
  source: DiskFile,
  entry: LibraryEntry,
  range: TrimRange,
): Promise<string> {
  const { disk, dir } = options;
  const layout = await readWavLayout(source, (await source.stat()).size);
  if (layout.channels !== CHANNELS || layout.sampleRate !== SAMPLE_RATE)
    throw badWav(({ otherFormat }) =>
      otherFormat({
        channels: layout.channels,
        rate: layout.sampleRate,
        onlyChannels: CHANNELS,
        onlyRate: SAMPLE_RATE,
      }),
    );
  const total = layout.bytes / BYTES_PER_SAMPLE;
  const from = toSamples(range.start_s);
  const to = Math.min(toSamples(range.end_s), total);
  if (to - from < MIN_LENGTH_S * SAMPLE_RATE)
    throw new HostError('bad_range', ({ badRange }) => badRange({ least: MIN_LENGTH_S, seconds: total / SAMPLE_RATE }));
  const dataBytes = (to - from) * BYTES_PER_SAMPLE;
  const { id, file } = await createPart(options, entry.info.id);
  const part = join(dir, `${id}${PART_SUFFIX}`);
  try {
    try {
      await copy(options, source, layout.start + from * BYTES_PER_SAMPLE, file, dataBytes);
      const info = await describePart(entry.info, id, from, to, file, options.signal);
      await writeAtomically(disk, join(dir, `${id}.json`), infoText(info));
    } finally {
      await file.close();
    }
    await disk.rename(part, join(dir, `${id}.wav`));
    return id;
  } catch (error) {
    await disk.unlink(part).catch(() => undefined);
    await disk.unlink(join(dir, `${id}.json.tmp`)).catch(() => undefined);
    await disk.unlink(join(dir, `${id}.json`)).catch(() => undefined);
    throw error;
  }
}

/** Creates the part file under the first free id. */
async function createPart({ disk, dir, isDeleted }: TrimOptions, of: string): Promise<{ id: string; file: DiskFile }> {
  const base = of.replace(/(_t\d+)-\d\d?$/, '$1');
  for (let number = 2; number <= MAX_PARTS; number++) {
    const id = `${base}-${number}`;
    if (!isRecordingId(id)) break;
    if ((await exists(disk, join(dir, `${id}.wav`))) || (await exists(disk, join(dir, `${id}.json`)))) continue;
    if (isDeleted(id)) continue;
    try {
      return { id, file: await disk.open(join(dir, `${id}${PART_SUFFIX}`), 'wx', FILE_MODE) };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  throw new HostError('too_many_parts', ({ tooManyParts }) => tooManyParts);
}

async function copy({ signal }: TrimOptions, source: DiskFile, start: number, target: DiskFile, bytes: number) {
  await writeFully(target, encodeWavHeader(bytes), 0);
  const memory = new Uint8Array(Math.min(PIECE_BYTES, bytes));
  for (let at = 0; at < bytes; ) {
    signal.throwIfAborted();
    const piece = memory.subarray(0, Math.min(PIECE_BYTES, bytes - at));
    if ((await readFully(source, piece, start + at)) < piece.length) throw badWav(({ becameShorter }) => becameShorter);
    await writeFully(target, piece, WAV_HEADER_BYTES + at);
    at += piece.length;
  }
  await target.datasync();
}

/** @param from first sample of the part. @param to the sample after its last one */
async function describePart(
  original: RecordingInfo,
  id: string,
  from: number,
  to: number,
  file: DiskFile,
  signal: AbortSignal,
): Promise<RecordingInfo> {
  const start_s = from / SAMPLE_RATE;
  const duration_s = (to - from) / SAMPLE_RATE;
  const { session_id, user_id, turn, started_at, ordered_at, title, note, imported_from } = original;
  const gaps = gapsWithin(
    original.gaps.flatMap((gap) => shifted(gap, start_s)),
    duration_s,
  );
  const level = await measureLevel(file, (to - from) * BYTES_PER_SAMPLE, gaps, signal);
  return {
    id,
    session_id,
    user_id,
    turn,
    started_at: later(started_at, start_s),
    ...(ordered_at === undefined ? {} : { ordered_at: later(ordered_at, start_s) }),
    duration_s,
    gaps,
    ...(original.microphone === undefined
      ? {}
      : { microphone: microphoneFrom(original.microphone, start_s, duration_s) }),
    ...pausesFrom(original.pauses ?? [], start_s, duration_s),
    peak_dbfs: peakDbfs(level),
    rms_dbfs: rmsDbfs(level),
    complete: true,
    ...(title === undefined ? {} : { title }),
    ...(note === undefined ? {} : { note }),
    ...(imported_from === undefined ? {} : { imported_from }),
    trimmed_from: { id: original.id, start_s, end_s: to / SAMPLE_RATE },
  };
}

/** A gap relative to the start of the part; none if it ends before it. */
function shifted({ at_s, seconds }: RecordingInfo['gaps'][number], start_s: number): RecordingInfo['gaps'] {
  const end_s = at_s + seconds - start_s;
  const begin_s = Math.max(at_s - start_s, 0);
  return end_s > begin_s ? [{ at_s: begin_s, seconds: end_s - begin_s }] : [];
}

/** The states of the microphone in the part. The one that applies at its start begins with it. */
function microphoneFrom(list: NonNullable<RecordingInfo['microphone']>, start_s: number, duration_s: number) {
  const first = list.filter(({ at_s }) => at_s <= start_s).at(-1);
  const rest = list.filter(({ at_s }) => at_s > start_s).map((state) => ({ ...state, at_s: state.at_s - start_s }));
  return entriesWithin([...(first ? [{ ...first, at_s: 0 }] : []), ...rest], duration_s);
}

/** The pauses within the part. */
function pausesFrom(list: NonNullable<RecordingInfo['pauses']>, start_s: number, duration_s: number) {
  const after = list.filter(({ at_s }) => at_s > start_s).map((pause) => ({ ...pause, at_s: pause.at_s - start_s }));
  return pausesWithin(after, duration_s);
}

/** A time in the format of `started_at`, `seconds` later. An unreadable one stays. */
function later(time: string, seconds: number): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? time : new Date(ms + Math.round(seconds * 1000)).toISOString();
}
