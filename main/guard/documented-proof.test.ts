import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClientProof, sign } from '../../shared/client-proof.ts';
import { NOTHING_TO_RESUME, Proof } from '../../shared/proof.ts';

// The values of the worked example in docs/protocol.md.
const secret = 'EarshotEarshotEarshotEarshotEarshotEarshot0';
const resumeToken = 'ResumeResumeResumeResumeResumeResumeResume0';
const nonce = 'AAECAwQFBgcICQoLDA0ODw';
const challenge = 'EBESExQVFhcYGRobHB0eHw';
const origin = 'http://127.0.0.1:40122';
const url = 'ws://127.0.0.1:40123/ws/voice?user_id=ada';
const PROSE = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

/** Node's own HMAC, to verify the example independently of the product code. */
function hmac(key: string, lines: string[]): string {
  return createHmac('sha256', key).update(lines.join('\n')).digest('base64url');
}

describe('H66 the worked example of docs/protocol.md', () => {
  const lines = ['/ws/voice', '127.0.0.1:40123', origin, nonce];

  test('matches what a client offers', () => {
    const { protocols } = createClientProof({ secret, url, origin, protocol: 'voice.v1', resumeToken, nonce });
    expect(protocols).toEqual([
      'voice.v1',
      `auth.${nonce}.${hmac(secret, ['earshot client', ...lines])}`,
      `resume.${hmac(resumeToken, ['earshot resume', ...lines])}`,
    ]);
    for (const line of protocols) expect(PROSE).toContain(`    ${line}\n`);
  });

  test.each([
    ['a welcome', url, 'wKgBZk3n8xQ2LmTa'],
    ['nothing to resume', url, NOTHING_TO_RESUME],
    ['the hello of the bridge', `ws://127.0.0.1:40122/ws/bridge`, undefined],
  ])('matches the proof of a server in %s', (_title, at, subject) => {
    const { host, pathname } = new URL(at);
    const text = ['earshot host', pathname, host, origin, nonce, ...(subject === undefined ? [] : [subject])];
    const proof = hmac(secret, text);
    expect(PROSE).toContain(`\`${proof}\``);
    expect(createClientProof({ secret, url: at, origin, protocol: 'p', nonce }).accepts(proof, subject)).toBe(true);
  });

  test.each([
    ['the voice server', url],
    ['the bridge', 'ws://127.0.0.1:40122/ws/bridge'],
  ])('matches the answer of a client to the challenge of %s', (_title, at) => {
    const { host, pathname } = new URL(at);
    const proof = hmac(secret, ['earshot answer', pathname, host, origin, nonce, challenge]);
    expect(PROSE).toContain(`\`${proof}\``);
    expect(createClientProof({ secret, url: at, origin, protocol: 'p', nonce }).answer(challenge)).toBe(proof);
  });

  test('contains the secret, the token, the nonce and the challenge that were used', () => {
    for (const value of [secret, resumeToken, nonce, challenge, origin]) expect(PROSE).toContain(value);
  });
});

test('property: the HMAC of the page equals that of Node', () => {
  const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(key, fc.string({ unit: 'grapheme' }), (key, text) => {
      expect(sign(key, text)).toBe(hmac(key, [text]));
      expect(Proof.safeParse(sign(key, text)).success).toBe(true);
    }),
  );
});
