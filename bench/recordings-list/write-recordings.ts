import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { infoText } from '../../main/recordings/list-recordings.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { seededRandom } from '../../testing/stats.ts';

/** Files that are open at a time, as many as the host's. */
const PARALLEL = 32;
/** Time (ms) between two recordings. */
const EVERY_MS = 600_000;
/** Samples of each recording, in bytes: 10 ms. */
const DATA_BYTES = 320;

/** Writes recordings into a folder, as if earlier launches had made them. */
export async function writeRecordings(dir: string, count: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const wav = new Uint8Array(44 + DATA_BYTES);
  wav.set(encodeWavHeader(DATA_BYTES));
  await inBatches(Array.from({ length: count }), async (_, i) => {
    const started_at = new Date(Date.UTC(2026, 0, 1) + i * EVERY_MS).toISOString();
    const id = `${started_at.replace(/[:.]/g, '-')}_k3J9xQ2a_t1`;
    const info = {
      id,
      session_id: 'k3J9xQ2aB7c1d2e3f4g5h6',
      user_id: 'me',
      turn: 1,
      started_at,
      duration_s: 0.01,
      gaps: random() < 0.1 ? [{ at_s: 0, seconds: 0.005 }] : [],
      microphone: [{ at_s: 0, label: 'Built-in Audio Analog Stereo', status: 'ok', instead_of: null }],
      peak_dbfs: -6.02,
      rms_dbfs: -21.4,
      complete: true,
    };
    await writeFile(join(dir, `${id}.wav`), wav, { mode: 0o600 });
    await writeFile(join(dir, `${id}.json`), infoText(info), { mode: 0o600 });
  });
}

/** Works on all items, as many at a time as the host reads files. */
export async function inBatches<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += PARALLEL)
    await Promise.all(items.slice(from, from + PARALLEL).map((item, i) => work(item, from + i)));
}
