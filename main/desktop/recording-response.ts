import type { Host } from '../host/host.ts';

/**
 * Answers a page's GET or HEAD for a recording, over the scheme. What the page doesn't take waits on disk: a piece is read
 * when Chromium asks for it.
 * @param ours the headers of every response
 */
export async function recordingResponse(
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
  ours: Record<string, string>,
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
      // Nothing is read ahead.
      { highWaterMark: 0 },
    );
  return new Response(stream, { status: answer.status, headers: { ...ours, ...answer.headers } });
}
