import type { Host } from '../host/host.ts';

/**
 * Answers a page's GET or HEAD for a recording over the `earshot:` scheme. The file is read in pieces, each when
 * Chromium pulls it.
 * @param commonHeaders headers of every response
 */
export async function recordingResponse(
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
  commonHeaders: Record<string, string>,
  serve: Host['serveRecording'],
): Promise<Response> {
  const answer = await serve({
    method: method === 'HEAD' ? 'HEAD' : 'GET',
    path: new URL(url).pathname,
    range: headers.get('Range') ?? undefined,
    ifRange: headers.get('If-Range') ?? undefined,
  });
  const { body } = answer;
  const stream =
    body &&
    new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        async pull(controller) {
          const { done, value } = await body.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        async cancel() {
          await body.return();
        },
      },
      // Do not read ahead.
      { highWaterMark: 0 },
    );
  return new Response(stream, { status: answer.status, headers: { ...commonHeaders, ...answer.headers } });
}
