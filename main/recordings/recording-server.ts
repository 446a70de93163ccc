import { describeError, EarshotError } from '../../shared/errors.ts';
import { selectRange } from './byte-range.ts';
import type { Disk } from './disk.ts';
import { readRecording, recordingSize } from './recording-file.ts';
import { createRecordingUrls } from './recording-url.ts';

/** A request as both shells have it: over HTTP, or over the desktop app's own scheme. */
export interface RecordingRequest {
  method: 'GET' | 'HEAD';
  /** As it was sent, still percent-encoded, without a query. */
  path: string;
  /** The header of that name. */
  range?: string | undefined;
  /** `If-Range`. */
  ifRange?: string | undefined;
}

export interface RecordingAnswer {
  status: 200 | 206 | 404 | 416;
  headers: Record<string, string>;
  /**
   * At most 256 KiB at a time, each read when it is asked for; null: nothing follows the headers. Throws where the file ends
   * early or can't be read: whoever carries it must cut the answer off then, so that it does not look whole.
   */
  body: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> | null;
}

export type ServeRecording = (request: RecordingRequest) => Promise<RecordingAnswer>;

export interface RecordingServer {
  /**
   * Where the page can play a recording from or save it, relative to itself.
   * @throws {EarshotError} `no_such_recording`
   */
  urlOf(id: string): Promise<string>;
  /** Answers a request, by ranges of bytes (RFC 9110 section 14). Never rejects. */
  serve: ServeRecording;
  /** The addresses that were given lead to nothing from now on: others may have been asked for them. */
  renewUrls(): void;
}

interface RecordingServerOptions {
  disk: Disk;
  dir: string;
  /** A recording could not be read to the end that its headers promised. */
  onProblem?: ((error: EarshotError) => void) | undefined;
}

/** Hands recordings out by addresses that only this launch can make. */
export function createRecordingServer({ disk, dir, onProblem }: RecordingServerOptions): RecordingServer {
  const urls = createRecordingUrls();
  return {
    async urlOf(id) {
      await recordingSize(disk, dir, id);
      return urls.urlOf(id);
    },
    renewUrls: () => urls.renew(),
    async serve({ method, path, range, ifRange }) {
      const id = urls.idOf(path);
      const size = id === null ? null : await recordingSize(disk, dir, id).catch(() => null);
      if (id === null || size === null) {
        return { status: 404, headers: { 'Cache-Control': 'no-store', 'Content-Length': '0' }, body: null };
      }
      // Ranges are for GET only (section 14.2). If-Range names a validator, which no answer of ours has: it can't match, and
      // the range is not to be used (section 13.1.5).
      const part = selectRange(method === 'GET' && ifRange === undefined ? range : undefined, size);
      const headers = { 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' };
      if (part.status === 416) {
        const none = { ...headers, 'Content-Range': `bytes */${size}`, 'Content-Length': '0' };
        return { status: 416, headers: none, body: null };
      }
      const { start, end } = part.status === 206 ? part : { start: 0, end: size };
      return {
        status: part.status,
        headers: {
          ...headers,
          'Content-Type': 'audio/wav',
          'Content-Length': String(end - start),
          ...(part.status === 206 ? { 'Content-Range': `bytes ${start}-${end - 1}/${size}` } : {}),
        },
        body: method === 'HEAD' ? null : told(readRecording(disk, dir, id, start, end), id),
      };
    },
  };

  /** Tells why a recording broke off: whoever carries the answer can only cut it. */
  async function* told(pieces: ReturnType<typeof readRecording>, id: string): ReturnType<typeof readRecording> {
    try {
      yield* pieces;
    } catch (cause) {
      const detail = `The recording ${id} could not be read to its end: ${describeError(cause)}`;
      onProblem?.(new EarshotError('recording_unreadable', detail, { cause }));
      throw cause;
    }
  }
}
