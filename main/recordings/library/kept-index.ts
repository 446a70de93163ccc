import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { setImmediate as nextTask } from 'node:timers/promises';
import { z } from 'zod';
import { RecordingInfo } from '../../../shared/recording.ts';
import { type Disk, FOLDER_MODE, readFully, writeAtomically } from '../disk.ts';
import { isSettled, type LibraryEntry } from './read-entry.ts';

/** Size limit of the file: more than 100,000 recordings. */
const MAX_KEPT_INDEX_BYTES = 64 * 1024 * 1024;
/** Lines that are written at a time, so that a long list does not block the voice server. */
const LINES_AT_ONCE = 500;

/** `LibraryEntry` in the file. */
const KeptEntry = z.object({
  info: RecordingInfo,
  wav_bytes: z.int().min(0),
  json_bytes: z.int().min(0),
  json_changed_at: z.number(),
  read_at: z.number(),
});

/** Changes with every change of the schema: a description that an older version read may lack fields. */
const SCHEMA = createHash('sha256')
  .update(JSON.stringify(z.toJSONSchema(RecordingInfo)))
  .digest('base64url');

export interface KeptIndexOptions {
  disk: Disk;
  /** Folder of the recordings. */
  dir: string;
  /** The file; its folder is created when needed. */
  path: string;
}

/** Descriptions of recordings by id, parsed when they are asked for. */
export interface KeptEntries {
  readonly size: number;
  /** Null if there is none, or it is damaged. */
  get(id: string): LibraryEntry | null;
}

/**
 * The list of recordings as it was last known, in one file, so that a start need not open thousands. A copy: the user
 * may delete it at any time. Its entries may be out of date and must be compared with the files. The first line names
 * the folder and the version of the schema, and has the SHA-256 of the rest; each other line is `<id> <JSON>`.
 * Unsettled recordings are left out.
 */
export class KeptIndex {
  readonly #options: KeptIndexOptions;
  readonly #header: string;

  constructor(options: KeptIndexOptions) {
    this.#options = options;
    this.#header = `earshot-recordings 2 ${SCHEMA} ${JSON.stringify(options.dir)}`;
  }

  /** Reads the file. Nothing if it is missing, damaged, of another version or of another folder. Never rejects. */
  async load(): Promise<KeptEntries> {
    const text = await this.#read().catch(() => '');
    const lines = new Map<string, string>();
    const headerEnd = text.indexOf('\n');
    const rest = text.slice(headerEnd + 1);
    if (headerEnd > 0 && text.slice(0, headerEnd) === this.#headerOf(rest)) {
      for (const line of rest.split('\n')) {
        const idEnd = line.indexOf(' ');
        if (idEnd > 0) lines.set(line.slice(0, idEnd), line.slice(idEnd + 1));
      }
    }
    return { size: lines.size, get: (id) => parse(id, lines.get(id)) };
  }

  /** Replaces the file. @throws the system's error */
  async save(entries: readonly LibraryEntry[]): Promise<void> {
    const { disk, path } = this.#options;
    const parts: string[] = [];
    for (let from = 0; from < entries.length; from += LINES_AT_ONCE) {
      parts.push(
        entries
          .slice(from, from + LINES_AT_ONCE)
          .map(lineOf)
          .join(''),
      );
      await nextTask();
    }
    await disk.mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const lines = parts.join('');
    await writeAtomically(disk, path, `${this.#headerOf(lines)}\n${lines}`);
  }

  #headerOf(lines: string): string {
    return `${this.#header} ${createHash('sha256').update(lines).digest('base64url')}`;
  }

  async #read(): Promise<string> {
    const file = await this.#options.disk.open(this.#options.path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_KEPT_INDEX_BYTES) return '';
      const bytes = new Uint8Array(size);
      return new TextDecoder().decode(bytes.subarray(0, await readFully(file, bytes, 0)));
    } finally {
      await file.close();
    }
  }
}

function lineOf({ info, wavBytes, jsonBytes, jsonChangedAt, readAt }: LibraryEntry): string {
  if (!isSettled(info)) return '';
  const kept: z.infer<typeof KeptEntry> = {
    info,
    wav_bytes: wavBytes,
    json_bytes: jsonBytes,
    json_changed_at: jsonChangedAt,
    read_at: readAt,
  };
  return `${info.id} ${JSON.stringify(kept)}\n`;
}

function parse(id: string, line: string | undefined): LibraryEntry | null {
  if (line === undefined) return null;
  try {
    const { info, ...kept } = KeptEntry.parse(JSON.parse(line));
    if (info.id !== id || !isSettled(info)) return null;
    return {
      info,
      wavBytes: kept.wav_bytes,
      jsonBytes: kept.json_bytes,
      jsonChangedAt: kept.json_changed_at,
      readAt: kept.read_at,
    };
  } catch {
    return null;
  }
}
