import { pipeline } from 'node:stream/promises';
import type { Host } from '../host/host.ts';
import type { Serve } from './static.ts';

/**
 * A reader that takes nothing for this long (ms) is cut off. A browser asks again for the rest when it needs it: a player
 * that is paused keeps its connection for nothing. While it plays, it may take nothing for half a minute, by what its
 * buffers and the system's hold.
 */
const STALLED_MS = 5 * 60_000;

/** Answers requests for recordings over HTTP. What a reader doesn't take waits on disk: at most one piece is in memory. */
export function serveRecordings(serve: Host['serveRecording'], stalledMs = STALLED_MS): Serve {
  return async (request, response) => {
    const { range, 'if-range': ifRange } = request.headers;
    const { status, headers, body } = await serve({
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      path: (request.url ?? '').split('?', 1)[0] ?? '',
      range,
      ifRange: Array.isArray(ifRange) ? ifRange.join() : ifRange,
    });
    response.writeHead(status, headers);
    if (body === null) {
      response.end();
      return;
    }
    response.setTimeout(stalledMs, () => response.destroy());
    // A reader that has gone is no news; a file that could not be read was told where it happened.
    await pipeline(body, response).catch(() => response.destroy());
  };
}
