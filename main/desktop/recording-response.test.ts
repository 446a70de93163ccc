import { expect, test } from 'vitest';
import type { RecordingAnswer, RecordingRequest } from '../recordings/recording-server.ts';
import { recordingResponse } from './recording-response.ts';

const URL_OF_ONE = 'earshot://app/recordings/s/a.wav';
const OURS = { 'Content-Security-Policy': 'the policy' };

/** A body of three chunks that counts the reads and its end. */
function threePieces() {
  const source = { reads: 0, ended: false };
  async function* body(): NonNullable<RecordingAnswer['body']> {
    try {
      for (const byte of [1, 2, 3]) {
        source.reads++;
        yield Uint8Array.of(byte);
      }
    } finally {
      source.ended = true;
    }
  }
  return { source, body };
}

async function respond(answer: RecordingAnswer, request = new Request(URL_OF_ONE)) {
  const requests: RecordingRequest[] = [];
  const response = await recordingResponse(request, OURS, async (request) => {
    requests.push(request);
    return answer;
  });
  return { response, requests };
}

test('requests the path without its query, with the range', async () => {
  const headers = { Range: 'bytes=1-', 'If-Range': '"a"' };
  const { requests } = await respond(
    { status: 404, headers: {}, body: null },
    new Request(`${URL_OF_ONE}?x#y`, { method: 'HEAD', headers }),
  );
  expect(requests).toEqual([{ method: 'HEAD', path: '/recordings/s/a.wav', range: 'bytes=1-', ifRange: '"a"' }]);
});

test('responds with the status, the bytes, and the headers of both', async () => {
  const { source, body } = threePieces();
  const { response } = await respond({ status: 206, headers: { 'Content-Range': 'bytes 0-2/9' }, body: body() });
  expect([response.status, Object.fromEntries(response.headers)]).toEqual([
    206,
    { 'content-range': 'bytes 0-2/9', 'content-security-policy': 'the policy' },
  ]);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  expect(source.ended).toBe(true);
});

test('H62 nothing is read before the page reads it or after the page has cancelled', async () => {
  const { source, body } = threePieces();
  const { response } = await respond({ status: 200, headers: {}, body: body() });
  expect(source.reads).toBe(0);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value).toEqual(Uint8Array.of(1));
  expect(source).toEqual({ reads: 1, ended: false });
  await reader?.cancel();
  expect(source).toEqual({ reads: 1, ended: true });
});

test('a failed recording ends the response with an error', async () => {
  async function* body(): NonNullable<RecordingAnswer['body']> {
    yield Uint8Array.of(1);
    throw new Error('the disk failed');
  }
  const { response } = await respond({ status: 200, headers: {}, body: body() });
  await expect(response.arrayBuffer()).rejects.toThrow('the disk failed');
});

test('a response without a body has none', async () => {
  const { response } = await respond({ status: 416, headers: { 'Content-Range': 'bytes */9' }, body: null });
  expect([response.status, response.body]).toEqual([416, null]);
});
