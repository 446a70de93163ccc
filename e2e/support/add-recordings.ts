import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordingInfo } from '../../shared/recording.ts';
import { writeWav } from '../../testing/audio/wav.ts';

const MINUTE_MS = 60_000;
const SAMPLE_RATE = 16_000;

/** The flaws that the list of recordings can show: none, missing audio, a repair, both. */
const VARIANTS: readonly Partial<RecordingInfo>[] = [
  {},
  { gaps: [{ at_s: 1, seconds: 0.4 }] },
  { complete: false, repaired: true },
  { complete: false, repaired: true, gaps: [{ at_s: 1, seconds: 0.4 }] },
];

/** Writes silent recordings, a minute apart, into a data folder, as if earlier launches had made them. */
export function addRecordings(dataDir: string, count: number): void {
  const folder = join(dataDir, 'recordings');
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const started = new Date(Date.now() - (i + 2) * MINUTE_MS);
    const id = `${started.toISOString().replaceAll(/[:.]/g, '-')}_${randomUUID().slice(0, 8)}`;
    const seconds = 2 + i;
    const info: RecordingInfo = {
      id,
      session_id: 'earlier',
      user_id: 'me',
      turn: 1,
      started_at: started.toISOString(),
      duration_s: seconds,
      gaps: [],
      peak_dbfs: null,
      rms_dbfs: null,
      complete: true,
      ...VARIANTS[i % VARIANTS.length],
    };
    const path = join(folder, id);
    writeFileSync(`${path}.json`, JSON.stringify(info));
    writeFileSync(`${path}.wav`, writeWav({ rate: SAMPLE_RATE, samples: new Float64Array(seconds * SAMPLE_RATE) }));
  }
}
