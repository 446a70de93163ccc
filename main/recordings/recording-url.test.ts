import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecordingUrls } from './recording-url.ts';

const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';
const anyId = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/);

test('a URL is relative to the page and signed with an HMAC-SHA256 of the id', () => {
  const key = new Uint8Array(32).fill(7);
  const signature = createHmac('sha256', Buffer.alloc(32, 7)).update(ID).digest('base64url');
  expect(createRecordingUrls(key).urlOf(ID)).toBe(`recordings/${signature}/${ID}.wav`);
});

test('property: a URL is valid for its own recording, and in no other launch', () => {
  const [urls, nextLaunch] = [createRecordingUrls(), createRecordingUrls()];
  fc.assert(
    fc.property(anyId, (id) => {
      expect(urls.idOf(`/${urls.urlOf(id)}`)).toBe(id);
      expect(nextLaunch.idOf(`/${urls.urlOf(id)}`)).toBeNull();
    }),
  );
});

test('H66 a renewal invalidates earlier URLs but not later ones', () => {
  const urls = createRecordingUrls();
  const [former, other] = [urls.urlOf(ID), createRecordingUrls().urlOf(ID)];
  urls.renew();
  expect([former, other].map((url) => urls.idOf(`/${url}`))).toEqual([null, null]);
  expect(urls.urlOf(ID)).not.toBe(former);
  expect(urls.idOf(`/${urls.urlOf(ID)}`)).toBe(ID);
});

test('property: the signature of one recording is not valid for another', () => {
  const urls = createRecordingUrls();
  fc.assert(
    fc.property(anyId, anyId, (one, other) => {
      fc.pre(one !== other);
      const [, signature] = urls.urlOf(one).split('/');
      expect(urls.idOf(`/recordings/${signature}/${other}.wav`)).toBeNull();
    }),
  );
});

test('property: a URL with one changed character is invalid', () => {
  const urls = createRecordingUrls();
  const path = `/${urls.urlOf(ID)}`;
  fc.assert(
    fc.property(fc.nat(path.length - 1), fc.string({ maxLength: 2 }), (at, text) => {
      const changed = path.slice(0, at) + text + path.slice(at + 1);
      fc.pre(changed !== path);
      expect(urls.idOf(changed)).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  '',
  '/',
  '/recordings/',
  `/recordings/${ID}.wav`,
  `/recordings//${ID}.wav`,
  `/recordings/${'A'.repeat(43)}/${ID}.wav`,
  `/recordings/${'A'.repeat(43)}/../${ID}.wav`,
  `/recordings/${'A'.repeat(43)}/${ID}.json`,
])('%j is not a valid URL', (path) => {
  expect(createRecordingUrls().idOf(path)).toBeNull();
});

test('a percent-encoded URL is invalid', () => {
  const urls = createRecordingUrls();
  expect(urls.idOf(`/${urls.urlOf(ID).replace('.wav', '%2Ewav')}`)).toBeNull();
  expect(urls.idOf(`/${urls.urlOf(ID).replace('2026', '%32026')}`)).toBeNull();
});
