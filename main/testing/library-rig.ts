import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { RemovedRecordings, RetentionPreview } from '../../shared/recording-library.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { infoText } from '../recordings/list-recordings.ts';
import { createRecordings, type Recordings, type RecordingsOptions } from '../recordings/recordings.ts';

/** For tests: the id and the start of a recording, a minute apart from the next. Higher numbers are newer. */
export function idAt(number: number): { id: string; started_at: string } {
  const started_at = new Date(Date.UTC(2026, 10, 1) + number * 60_000).toISOString();
  return { id: `${started_at.replace(/[:.]/g, '-')}_k3J9xQ2a_t1`, started_at };
}

/** For tests: a folder of recordings and the library on it, with what it reports. */
export async function openLibraryRig(options: Partial<RecordingsOptions> = {}) {
  const home = await fs.mkdtemp(join(tmpdir(), 'earshot-library-'));
  const dir = join(home, 'recordings');
  await fs.mkdir(dir, { mode: 0o700 });
  const changed = vi.fn<(info: RecordingInfo) => void>();
  const removed = vi.fn<(removed: RemovedRecordings) => void>();
  const expired = vi.fn<(expired: RetentionPreview) => void>();
  const problem = vi.fn<(error: EarshotError) => void>();
  const opened: Recordings[] = [];

  /** Another host on the same folder. */
  function open(more: Partial<RecordingsOptions> = {}): Recordings {
    const host = createRecordings({
      dir,
      onChanged: changed,
      onRemoved: removed,
      onExpired: expired,
      onReadProblem: problem,
      ...options,
      ...more,
    });
    opened.push(host);
    return host;
  }

  const recordings = open();
  return {
    home,
    dir,
    changed,
    removed,
    expired,
    problem,
    open,
    recordings,
    wav: (id: string) => join(dir, `${id}.wav`),
    json: (id: string) => join(dir, `${id}.json`),
    names: async () => (await fs.readdir(dir)).filter((name) => name !== 'deleted').sort(),
    deletedNames: () => fs.readdir(join(dir, 'deleted')).catch(() => []),
    readJson: async (id: string) => JSON.parse(await fs.readFile(join(dir, `${id}.json`), 'utf8')),
    /** Writes a complete recording. @param samples default: 0.1 s of the value 1000 */
    async write(number: number, change: Partial<RecordingInfo> = {}, samples = new Int16Array(1_600).fill(1_000)) {
      const info: RecordingInfo = {
        ...idAt(number),
        session_id: 'k3J9xQ2aB7',
        user_id: 'me',
        turn: 1,
        duration_s: samples.length / 16_000,
        gaps: [],
        peak_dbfs: -30.31,
        rms_dbfs: -30.31,
        complete: true,
        ...change,
      };
      await fs.writeFile(join(dir, `${info.id}.wav`), wavOf(samples), { mode: 0o600 });
      await fs.writeFile(join(dir, `${info.id}.json`), infoText(info), { mode: 0o600 });
      return info.id;
    },
    /** Records a turn of 0.5 s to its end. */
    async record(number: number, into = recordings) {
      const startedAt = new Date(idAt(number).started_at);
      const recording = into.begin({ sessionId: 'k3J9xQ2aB7', userId: 'me', turn: 1, startedAt });
      for (let i = 0; i < 25; i++) recording.write(new Uint8Array(640).fill(1));
      return recording.finish();
    },
    /** All pages. */
    async list(limit = 500, from = recordings): Promise<string[]> {
      const ids: string[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const page = await from.page({ limit, ...(after === undefined ? {} : { after }) });
        ids.push(...page.recordings.map(({ id }) => id));
        after = page.next;
      }
      return ids;
    },
    async close() {
      await Promise.all(opened.map((host) => host.close()));
      await fs.rm(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** A WAV of these samples as Earshot writes it. */
export function wavOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(44 + samples.byteLength);
  bytes.set(encodeWavHeader(samples.byteLength));
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 44);
  return bytes;
}

export type LibraryRig = Awaited<ReturnType<typeof openLibraryRig>>;
