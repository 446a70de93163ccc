import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { tone } from '../../testing/audio/tone.ts';
import { writeWav } from '../../testing/audio/wav.ts';

interface LongRecording {
  seconds: number;
  /** Tones of `TONE_S` seconds, each with its start in seconds and its frequency in Hz. The rest is silent. */
  tones: { at: number; frequency: number }[];
}

const TONE_S = 30;
const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
/** Length of the RIFF, `fmt ` and `data` headers of a recording. */
const HEADER_BYTES = 44;

/**
 * Writes a recording into the data folder, as a host would. The file is sparse, so that silence takes no disk space if
 * the file system supports that.
 * @returns the path of the WAV
 */
export function writeLongRecording(dataDir: string, { seconds, tones }: LongRecording): string {
  const folder = join(dataDir, 'recordings');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${ID}.wav`);
  const dataBytes = seconds * SAMPLE_RATE * BYTES_PER_SAMPLE;
  const header = writeWav({ rate: SAMPLE_RATE, samples: new Float64Array(0) });
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.writeUInt32LE(dataBytes, HEADER_BYTES - 4);
  const file = openSync(path, 'w');
  writeSync(file, header, 0, HEADER_BYTES, 0);
  for (const { at, frequency } of tones) {
    const sound = writeWav(tone({ frequency, seconds: TONE_S, rate: SAMPLE_RATE })).subarray(HEADER_BYTES);
    writeSync(file, sound, 0, sound.length, HEADER_BYTES + at * SAMPLE_RATE * BYTES_PER_SAMPLE);
  }
  ftruncateSync(file, HEADER_BYTES + dataBytes);
  closeSync(file);
  const info: RecordingInfo = {
    id: ID,
    session_id: 'k3J9xQ2aB7',
    user_id: 'me',
    turn: 1,
    started_at: '2026-11-22T19:26:03.123Z',
    duration_s: seconds,
    gaps: [],
    peak_dbfs: -12,
    rms_dbfs: -38,
    complete: true,
  };
  writeFileSync(join(folder, `${ID}.json`), JSON.stringify(info));
  return path;
}
