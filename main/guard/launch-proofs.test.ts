import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClientProof, sign } from '../../shared/client-proof.ts';
import { AUTH_PREFIX, type ConnectionFacts, signedText } from '../../shared/proof.ts';
import { createLaunchProofs, isSigned } from './launch-proofs.ts';

const SECRET = 'abcdefghijklmnopqrstuvwxyz-0123456789_ABCDE';
const CONNECTION = { path: '/ws/voice', host: '127.0.0.1:4711', origin: 'http://127.0.0.1:4712' };
const URL = `ws://${CONNECTION.host}${CONNECTION.path}`;

/** The offer of a client that knows the secret, without the prefix. */
function offered(secret = SECRET, nonce?: string): string {
  const options = { secret, url: URL, origin: CONNECTION.origin, protocol: 'voice.v1' };
  const { protocols } = createClientProof({ ...options, ...(nonce === undefined ? {} : { nonce }) });
  return protocols[1]?.slice(AUTH_PREFIX.length) ?? '';
}

describe('H66 launch proofs', () => {
  test('property: both sides agree, for any secret and any connection', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const subject = fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), { nil: undefined });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), port, port, subject, (secret, at, page, about) => {
        const host = at === 80 ? '127.0.0.1' : `127.0.0.1:${at}`;
        const origin = `http://127.0.0.1:${page}`;
        const client = createClientProof({ secret, url: `ws://127.0.0.1:${at}/ws/voice?a=b`, origin, protocol: 'p' });
        const proofs = createLaunchProofs(secret);
        const facts = proofs.admit(client.protocols[1]?.slice(AUTH_PREFIX.length) ?? '', {
          path: '/ws/voice',
          host,
          origin,
        });
        if (typeof facts === 'string') throw new Error(facts);
        const proof = proofs.forConnection(facts);
        expect(client.accepts(proof.prove(about), about)).toBe(true);
        expect(client.accepts(proof.prove(`${about}!`), about)).toBe(false);
        expect(proof.isAnswer(client.answer(proof.challenge))).toBe(true);
        expect(proofs.forConnection(facts).isAnswer(client.answer(proof.challenge))).toBe(false);
      }),
    );
  });

  test('a proof is valid for only one side, path, port, page, nonce and subject', () => {
    const facts: ConnectionFacts = { ...CONNECTION, nonce: 'n'.repeat(22) };
    const others: ConnectionFacts[] = [
      { ...facts, path: '/ws/bridge' },
      { ...facts, host: '127.0.0.1:4713' },
      { ...facts, origin: 'http://127.0.0.1:4711' },
      { ...facts, nonce: 'm'.repeat(22) },
    ];
    const texts = [facts, ...others].flatMap((of) => [
      signedText('client', of),
      signedText('host', of),
      signedText('host', of, 's1'),
      signedText('host', of, 's2'),
      signedText('answer', of, 's1'),
      signedText('answer', of, 's2'),
      signedText('resume', of),
    ]);
    expect(new Set(texts).size).toBe(texts.length);
    const valid = sign(SECRET, texts[0] ?? '');
    expect(texts.map((text) => isSigned(valid, SECRET, text))).toEqual(texts.map((_, i) => i === 0));
  });

  test('remember at least maxNonces nonces, at most twice as many, and drop the oldest first', () => {
    const proofs = createLaunchProofs(SECRET, 3);
    const nonces = [...'abcdefg'].map((letter) => letter.repeat(22));
    const admit = (nonce: string | undefined) => typeof proofs.admit(offered(SECRET, nonce), CONNECTION) !== 'string';
    const six = nonces.slice(0, 6);
    for (const nonce of six) expect(admit(nonce)).toBe(true);
    for (const nonce of six) expect(admit(nonce)).toBe(false);
    expect(admit(nonces[6])).toBe(true);
    for (const nonce of nonces.slice(3)) expect(admit(nonce)).toBe(false);
    for (const nonce of nonces.slice(0, 2)) expect(admit(nonce)).toBe(true);
  });

  test('do not remember nonces of clients without the secret', () => {
    const proofs = createLaunchProofs(SECRET, 1);
    const mine = offered();
    expect(proofs.admit(mine, CONNECTION)).toMatchObject(CONNECTION);
    for (let i = 0; i < 10; i++) expect(proofs.admit(offered('another secret'), CONNECTION)).toBe('proof');
    expect(proofs.admit(mine, CONNECTION)).toBe('nonce used');
  });

  test('property: refuse any text and never throw', () => {
    const proofs = createLaunchProofs(SECRET);
    const near = fc.tuple(fc.stringMatching(/^[A-Za-z0-9_-]{22}$/), fc.stringMatching(/^[A-Za-z0-9_-]{43}$/));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      near.map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(text, (offer) => {
        expect(proofs.admit(offer, CONNECTION)).toBe('proof');
      }),
    );
  });

  test('the metrics token is not the secret, is not a proof, and differs between launches', () => {
    const { metricsToken } = createLaunchProofs(SECRET);
    expect(metricsToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(metricsToken).not.toBe(SECRET);
    expect(createLaunchProofs(`${SECRET}x`).metricsToken).not.toBe(metricsToken);
    expect(createLaunchProofs(SECRET).admit(offered(metricsToken), CONNECTION)).toBe('proof');
  });
});
