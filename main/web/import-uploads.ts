import { pathOf } from '../guard/request-checks.ts';
import type { Host } from '../host/host.ts';
import { sentenceOf } from '../text/host-error.ts';
import type { Serve } from './static.ts';

/** Answers the upload of a piece of an imported file over HTTP. Never rejects. */
export function receiveImports(receive: Host['receiveImport']): (...of: Parameters<Serve>) => Promise<void> {
  return async (request, response) => {
    const { status, error } = await receive({ path: pathOf(request.url), body: request });
    if (response.destroyed) return;
    response.setHeader('Cache-Control', 'no-store');
    if (error === null) {
      response.writeHead(status).end();
      return;
    }
    // Closes the connection, so that the rest of a body that is too large is not read.
    response
      .writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
      .end(JSON.stringify({ code: error.code, message: sentenceOf(error) }));
  };
}
