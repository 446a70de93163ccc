import { describeError, EarshotError } from '../../shared/errors.ts';
import { selectRange } from './byte-range.ts';
import type { Disk } from './disk.ts';
import { readRecording, recordingSize } from './recording-file.ts';
import { createRecordingUrls, type RecordingUrls } from './recording-url.ts';

/** A request that arrived over HTTP or over the desktop app's own URL scheme. */
export interface RecordingRequest {
  method: 'GET' | 'HEAD';
  /** As sent: percent-encoded, without a query. */
  path: string;
  /** The `Range` header. */
  range?: string | undefined;
  /** The `If-Range` header. */
  ifRange?: string | undefined;
}

export interface RecordingAnswer {
  status: 200 | 206 | 404 | 416;
  headers: Record<string, string>;
  /**
   * Pieces of at most 256 KiB, each read on request; null: no body. Throws if the file ends early or can't be read: the
   * caller must then abort the response, so that it does not look complete.
   */
  body: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> | null;
}

export type ServeRecording = (request: RecordingRequest) => Promise<RecordingAnswer>;

export interface RecordingServer {
  /**
   * The URL, relative to the page, from which a recording can be played or saved.
   * @throws {EarshotError} `no_such_recording`
   */
  urlOf(id: string): Promise<string>;
  /** Answers a request. Supports byte ranges (RFC 9110 section 14). Never rejects. */
  serve: ServeRecording;
  /** Invalidates all URLs issued so far, because they may have been sent to another program. */
  renewUrls(): void;
}

interface RecordingServerOptions {
  disk: Disk;
  dir: string;
  /** Signs the URLs. Default: new ones. */
  urls?: RecordingUrls | undefined;
  /** A recording could not be read to its end after the headers were sent. */
  onProblem?: ((error: EarshotError) => void) | undefined;
}

/** Serves recordings from URLs that are signed for this launch. */
export function createRecordingServer(options: RecordingServerOptions): RecordingServer {
  const { disk, dir, onProblem, urls = createRecordingUrls() } = options;

  /** Reports a failed read here, because the caller can only abort the response. */
  async function* reportingFailure(
    pieces: ReturnType<typeof readRecording>,
    id: string,
  ): ReturnType<typeof readRecording> {
    try {
      yield* pieces;
    } catch (cause) {
      const detail = `The recording ${id} could not be read to its end: ${describeError(cause)}`;
      onProblem?.(new EarshotError('recording_unreadable', detail, { cause }));
      throw cause;
    }
  }

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
      // Ranges apply to GET only (section 14.2). Responses have no validator, so If-Range never matches and the range
      // must be ignored (section 13.1.5).
      const part = selectRange(method === 'GET' && ifRange === undefined ? range : undefined, size);
      const headers = { 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' };
      if (part.status === 416) {
        const unsatisfied = { ...headers, 'Content-Range': `bytes */${size}`, 'Content-Length': '0' };
        return { status: 416, headers: unsatisfied, body: null };
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
        body: method === 'HEAD' ? null : reportingFailure(readRecording(disk, dir, id, start, end), id),
      };
    },
  };
}
