import { describe, expect, test } from 'vitest';
import { createClientProof, sign } from './client-proof.ts';
import { NOTHING_TO_RESUME, nothingToResumeReason, readReason, signedText } from './proof.ts';

const secret = 'abcdefghijklmnopqrstuvwxyz-0123456789_ABCDE';
const nonce = 'AAECAwQFBgcICQoLDA0ODw';
const origin = 'http://127.0.0.1:40122';
const url = 'ws://127.0.0.1:40123/ws/voice?user_id=ada';

test('a client creates a nonce of 16 bytes for each connection', () => {
  const offers = Array.from(
    { length: 100 },
    () => createClientProof({ secret, url, origin, protocol: 'p' }).protocols[1],
  );
  expect(new Set(offers).size).toBe(100);
  for (const offer of offers) expect(offer).toMatch(/^auth\.[\w-]{22}\.[\w-]{43}$/);
});

test('port 80 is omitted from the signed host, as in the Host header', () => {
  const { accepts } = createClientProof({ secret, url: 'ws://127.0.0.1:80/ws/voice', origin, protocol: 'p', nonce });
  expect(accepts(sign(secret, signedText('host', { path: '/ws/voice', host: '127.0.0.1', origin, nonce })))).toBe(true);
});

describe('a close reason', () => {
  test('has at most the length that RFC 6455 section 5.5 allows, and is parsed back', () => {
    const proof = sign(secret, 'x');
    const reason = nothingToResumeReason(proof);
    expect(reason.length).toBeLessThanOrEqual(123);
    expect(readReason(reason)).toEqual({ text: NOTHING_TO_RESUME, proof });
  });

  test.each(['', 'server going away', 'retry_after_ms=500', ' proof=short', 'proof='])('%j has no proof', (reason) => {
    expect(readReason(reason)).toEqual({ text: reason, proof: null });
  });
});
