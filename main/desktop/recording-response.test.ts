import { expect, test } from 'vitest';
import type { RecordingAnswer, RecordingRequest } from '../recordings/recording-server.ts';
import { recordingResponse } from './recording-response.ts';

const URL_OF_ONE = 'earshot://app/recordings/s/a.wav';
const OURS = { 'Content-Security-Policy': 'the policy' };

/** Three pieces, and what becomes of their reader. */
function threePieces() {
  const told = { read: 0, ended: false };
  async function* body(): NonNullable<RecordingAnswer['body']> {
    try {
      for (const byte of [1, 2, 3]) {
        told.read++;
        yield Uint8Array.of(byte);
      }
    } finally {
      told.ended = true;
    }
  }
  return { told, body };
}

async function respond(answer: RecordingAnswer, request = new Request(URL_OF_ONE)) {
  const asked: RecordingRequest[] = [];
  const response = await recordingResponse(request, OURS, async (request) => {
    asked.push(request);
    return answer;
  });
  return { response, asked };
}

test('asks for the path without its query, with the part that is wanted', async () => {
  const headers = { Range: 'bytes=1-', 'If-Range': '"a"' };
  const { asked } = await respond(
    { status: 404, headers: {}, body: null },
    new Request(`${URL_OF_ONE}?x#y`, { method: 'HEAD', headers }),
  );
  expect(asked).toEqual([{ method: 'HEAD', path: '/recordings/s/a.wav', range: 'bytes=1-', ifRange: '"a"' }]);
});

test('answers with the status, the bytes, and the headers of both', async () => {
  const { told, body } = threePieces();
  const { response } = await respond({ status: 206, headers: { 'Content-Range': 'bytes 0-2/9' }, body: body() });
  expect([response.status, Object.fromEntries(response.headers)]).toEqual([
    206,
    { 'content-range': 'bytes 0-2/9', 'content-security-policy': 'the policy' },
  ]);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  expect(told.ended).toBe(true);
});

test('H62 nothing is read before the page takes it, and nothing after it has left', async () => {
  const { told, body } = threePieces();
  const { response } = await respond({ status: 200, headers: {}, body: body() });
  expect(told.read).toBe(0);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value).toEqual(Uint8Array.of(1));
  expect(told).toEqual({ read: 1, ended: false });
  await reader?.cancel();
  expect(told).toEqual({ read: 1, ended: true });
});

test('a recording that breaks off breaks the answer off', async () => {
  async function* body(): NonNullable<RecordingAnswer['body']> {
    yield Uint8Array.of(1);
    throw new Error('the disk failed');
  }
  const { response } = await respond({ status: 200, headers: {}, body: body() });
  await expect(response.arrayBuffer()).rejects.toThrow('the disk failed');
});

test('what has no body has none', async () => {
  const { response } = await respond({ status: 416, headers: { 'Content-Range': 'bytes */9' }, body: null });
  expect([response.status, response.body]).toEqual([416, null]);
});
