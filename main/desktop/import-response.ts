import type { Host } from '../host/host.ts';
import { sentenceOf } from '../text/host-error.ts';
import { ORIGIN } from './origin.ts';

async function* noChunks(): AsyncGenerator<Uint8Array> {}

/**
 * Answers a page's `PUT` of a piece of an imported file over the `earshot:` scheme. 403: another page sent it.
 * @param commonHeaders headers of every response
 */
export async function importResponse(
  { url, headers: sent, body }: Pick<Request, 'url' | 'headers' | 'body'>,
  commonHeaders: Record<string, string>,
  receive: Host['receiveImport'],
): Promise<Response> {
  // Electron does not hand over the page's own `Origin` (seen in 25.1.1).
  const origin = sent.get('Origin');
  if (origin !== null && origin !== ORIGIN) return new Response(null, { status: 403, headers: commonHeaders });
  const { status, error } = await receive({
    path: new URL(url).pathname,
    body: body === null ? noChunks() : chunks(body),
  });
  const headers = { ...commonHeaders, 'Cache-Control': 'no-store' };
  if (error === null) return new Response(null, { status, headers });
  const refusal = JSON.stringify({ code: error.code, message: sentenceOf(error) });
  return new Response(refusal, { status, headers: { ...headers, 'Content-Type': 'application/json' } });
}

/** The chunks of a body; cancels it when the reader stops early. */
async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}
