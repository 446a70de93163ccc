import { join } from 'node:path';
import { BYTES_PER_SAMPLE } from '../../shared/audio-format.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import {
  IMPORTS_PATH,
  type ImportTarget,
  MAX_IMPORT_BYTES,
  MAX_IMPORT_PIECE_BYTES,
} from '../../shared/recording-import.ts';
import { matchesSecret } from '../guard/compare-secret.ts';
import { randomText } from '../guard/random-text.ts';
import { type Disk, errorCode } from './disk.ts';
import { badPiece, importBusy, importEmpty, importNotWritten, importTooLong, noSuchImport } from './import-errors.ts';
import { IMPORT_ENDING, ImportFile } from './import-file.ts';
import { readFolder } from './list-recordings.ts';
import { createRecordingId, isRecordingId } from './recording-id.ts';
import type { Launches } from './recording-repair.ts';

/** Imports in progress of all windows together. A window of Earshot imports one file at a time. */
export const MAX_IMPORTS = 4;
/** An import of which no piece arrives for this time (ms) is cancelled: its page is gone. */
export const IMPORT_IDLE_MS = 60 * 1_000;

/** `<import id>/<offset>`: the part of the path after `IMPORTS_PATH`. */
const PIECE_PATH = /^([A-Za-z0-9_-]{43})\/(0|[1-9]\d{0,9})$/;

/** A piece of an upload that arrived over HTTP or over the desktop app's own URL scheme. */
interface ImportPiece {
  /** As sent, without a query. */
  path: string;
  /** The body; read up to `MAX_IMPORT_PIECE_BYTES`. */
  body: AsyncIterable<Uint8Array>;
}

interface ImportAnswer {
  status: 204 | 404 | 409 | 413 | 507;
  /** Why the piece was not accepted; null: it is written. */
  error: EarshotError | null;
}

/** Writes a piece. Never rejects. */
export type ReceiveImport = (piece: ImportPiece) => Promise<ImportAnswer>;

export interface RecordingImports {
  /**
   * Begins an import.
   * @param name the file's name, for `imported_from`
   * @throws {EarshotError} `import_busy`, `disk_full`, `import_failed`
   */
  begin(name: string): Promise<ImportTarget>;
  receive: ReceiveImport;
  /**
   * Makes an import a recording. After a failure nothing of it is left.
   * @throws {EarshotError} `no_such_import`, `import_empty`, `disk_full`, `import_failed`
   */
  finish(id: string): Promise<RecordingInfo>;
  /** Ends an import and removes its files. Does nothing if there is no such import. Never rejects. */
  cancel(id: string): Promise<void>;
  /** Cancels all imports, because their URLs may have been sent to another program. Never rejects. */
  cancelAll(): Promise<void>;
  /** Removes the files of imports that a killed app left behind, unless another launch is running. Never rejects. */
  removeLeftovers(): Promise<void>;
}

export interface RecordingImportsOptions {
  /** The folder of all recordings. */
  dir: string;
  /** Should have a time limit (`withDiskTimeout`). */
  disk: Disk;
  launches: Pick<Launches, 'othersRunning'>;
  /** The user of a recording that is imported now. */
  userId(): string;
  onImported?(info: RecordingInfo): void;
  /** Default: `IMPORT_IDLE_MS`. */
  idleMs?: number;
  /** Maximum bytes of one import. Default: `MAX_IMPORT_BYTES`, five hours. */
  maxBytes?: number;
}

interface Import {
  id: string;
  file: ImportFile;
  /** The id of the recording that it becomes. */
  recording: string;
  /** The call that uses the file; the next one waits for it. */
  work: Promise<unknown>;
  idle: NodeJS.Timeout;
}

/** Receives imported audio in pieces and makes it recordings. Each becomes visible at once, when all of it is written. */
export function createRecordingImports(options: RecordingImportsOptions): RecordingImports {
  const { dir, disk, launches, userId, onImported, idleMs = IMPORT_IDLE_MS, maxBytes = MAX_IMPORT_BYTES } = options;
  const imports = new Map<string, Import>();
  /** Imports of which the file is being created. */
  let beginning = 0;

  function find(id: string): Import | null {
    for (const found of imports.values()) if (matchesSecret(id, found.id)) return found;
    return null;
  }

  /** Takes an import out of the list, so no later call finds it, and waits for the call that uses its file. */
  async function end(found: Import): Promise<void> {
    imports.delete(found.id);
    clearTimeout(found.idle);
    await found.work.catch(() => undefined);
  }

  async function drop(found: Import): Promise<void> {
    await end(found);
    await found.file.remove();
  }

  /** @throws {EarshotError} why the piece is not accepted, or the disk's error. The import goes on */
  async function write(found: Import, offset: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const { file } = found;
    if (offset !== file.dataBytes) throw badPiece(`piece at ${offset}, expected at ${file.dataBytes}`);
    const piece = await readPiece(body);
    if (piece.length === 0 || piece.length % BYTES_PER_SAMPLE !== 0) throw badPiece(`piece of ${piece.length} bytes`);
    if (file.dataBytes + piece.length > maxBytes) throw importTooLong();
    await file.append(piece);
  }

  return {
    async begin(name) {
      if (imports.size + beginning >= MAX_IMPORTS) throw importBusy(MAX_IMPORTS);
      beginning++;
      try {
        const startedAt = new Date();
        const sessionId = `import-${randomText(9)}`;
        const facts = {
          id: createRecordingId({ sessionId: sessionId.slice('import-'.length), turn: 1, startedAt }),
          session_id: sessionId,
          user_id: userId(),
          started_at: startedAt.toISOString(),
          imported_from: name,
        };
        const file = await ImportFile.create(disk, dir, facts);
        const id = randomText(32);
        const found: Import = {
          id,
          file,
          recording: facts.id,
          work: Promise.resolve(),
          idle: setTimeout(() => void drop(found), idleMs).unref(),
        };
        imports.set(id, found);
        return { id, url: `${IMPORTS_PATH.slice(1)}${id}` };
      } catch (cause) {
        throw importNotWritten(dir, cause);
      } finally {
        beginning--;
      }
    },
    async receive({ path, body }) {
      const [, id = '', offset = ''] = PIECE_PATH.exec(path.slice(IMPORTS_PATH.length)) ?? [];
      const found = path.startsWith(IMPORTS_PATH) ? find(id) : null;
      if (found === null) return { status: 404, error: noSuchImport() };
      found.idle.refresh();
      // One after the other: the offset of a piece that overtook another one does not match.
      const work = found.work.catch(() => undefined).then(() => write(found, Number(offset), body));
      found.work = work;
      try {
        await work;
        if (imports.get(found.id) !== found) return { status: 404, error: noSuchImport() };
        found.idle.refresh();
        return { status: 204, error: null };
      } catch (cause) {
        const error = importNotWritten(dir, cause);
        return { status: statusOf(error, cause), error };
      }
    },
    async finish(id) {
      const found = find(id);
      if (found === null) throw noSuchImport();
      await end(found);
      try {
        if (found.file.dataBytes === 0) throw importEmpty();
        const info = await found.file.finish();
        onImported?.(info);
        return info;
      } catch (cause) {
        await found.file.remove();
        throw importNotWritten(dir, cause);
      }
    },
    async cancel(id) {
      const found = find(id);
      if (found !== null) await drop(found);
    },
    async cancelAll() {
      await Promise.all([...imports.values()].map(drop));
    },
    async removeLeftovers() {
      try {
        const names = (await readFolder(disk, dir)).filter((name) => name.endsWith(IMPORT_ENDING));
        if (names.length === 0 || (await launches.othersRunning())) return;
        for (const name of names) await removeLeftover(name.slice(0, -IMPORT_ENDING.length));
      } catch {
        // The repair reports a folder that can't be read.
      }
    },
  };

  async function removeLeftover(id: string): Promise<void> {
    const isOpen = beginning > 0 || [...imports.values()].some(({ recording }) => recording === id);
    if (isOpen || !isRecordingId(id)) return;
    const at = (ending: string) => join(dir, `${id}${ending}`);
    const hasWav = await disk.lstat(at('.wav')).then(
      () => true,
      (error: unknown) => errorCode(error) !== 'ENOENT',
    );
    for (const ending of [IMPORT_ENDING, ...(hasWav ? [] : ['.json.tmp', '.json'])]) {
      await disk.unlink(at(ending)).catch(() => undefined);
    }
  }
}

/** @throws {EarshotError} `import_failed` if there is more than `MAX_IMPORT_PIECE_BYTES`, or the page breaks it off */
async function readPiece(body: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > MAX_IMPORT_PIECE_BYTES) throw badPiece('piece is too large');
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof EarshotError ? cause : badPiece('the upload was interrupted');
  }
  const piece = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    piece.set(chunk, at);
    at += chunk.length;
  }
  return piece;
}

function statusOf(error: EarshotError, cause: unknown): ImportAnswer['status'] {
  if (error.code === 'import_too_long') return 413;
  return cause instanceof EarshotError ? 409 : 507;
}
