import { pipeline } from 'node:stream/promises';
import { pathOf } from '../guard/request-checks.ts';
import type { Host } from '../host/host.ts';
import type { Serve } from './static.ts';

/**
 * A reader that accepts no data for this time is disconnected (ms). A paused player keeps its connection open; the
 * browser requests the rest when it needs it. A playing one may accept no data for half a minute because of its
 * buffers.
 */
const STALLED_MS = 5 * 60_000;

/** Answers requests for recordings over HTTP. Reads the file at the reader's pace, with at most one chunk in memory. */
export function serveRecordings(serve: Host['serveRecording'], stalledMs = STALLED_MS): Serve {
  return async (request, response) => {
    const { range, 'if-range': ifRange } = request.headers;
    const { status, headers, body } = await serve({
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      path: pathOf(request.url),
      range,
      ifRange: Array.isArray(ifRange) ? ifRange.join() : ifRange,
    });
    response.writeHead(status, headers);
    if (body === null) {
      response.end();
      return;
    }
    response.setTimeout(stalledMs, () => response.destroy());
    // Not logged: readers often disconnect, and file errors are logged by the recording server.
    await pipeline(body, response).catch(() => response.destroy());
  };
}
