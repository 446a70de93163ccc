import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClientProof, sign } from '../../shared/client-proof.ts';
import { AUTH_PREFIX, type ConnectionInfo, signedText } from '../../shared/proof.ts';
import { createLaunchProofs, isSigned } from './launch-proofs.ts';

const SECRET = 'abcdefghijklmnopqrstuvwxyz-0123456789_ABCDE';
const CONNECTION = { path: '/ws/voice', host: '127.0.0.1:4711', origin: 'http://127.0.0.1:4712' };
const URL = `ws://${CONNECTION.host}${CONNECTION.path}`;

/** The `auth.` subprotocol of a client that knows the secret, without the prefix. */
function authOf(secret = SECRET, nonce?: string): string {
  const options = { secret, url: URL, origin: CONNECTION.origin, protocol: 'voice.v1' };
  const { protocols } = createClientProof({ ...options, ...(nonce === undefined ? {} : { nonce }) });
  return protocols[1]?.slice(AUTH_PREFIX.length) ?? '';
}

describe('H66 launch proofs', () => {
  test('property: both sides agree, for any secret and any connection', () => {
    const ports = fc.integer({ min: 1, max: 65_535 });
    const subjects = fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), { nil: undefined });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), ports, ports, subjects, (secret, port, pagePort, subject) => {
        const host = port === 80 ? '127.0.0.1' : `127.0.0.1:${port}`;
        const origin = `http://127.0.0.1:${pagePort}`;
        const client = createClientProof({ secret, url: `ws://127.0.0.1:${port}/ws/voice?a=b`, origin, protocol: 'p' });
        const proofs = createLaunchProofs(secret);
        const connection = proofs.verifyClient(client.protocols[1]?.slice(AUTH_PREFIX.length) ?? '', {
          path: '/ws/voice',
          host,
          origin,
        });
        if (typeof connection === 'string') throw new Error(connection);
        const proof = proofs.forConnection(connection);
        expect(client.accepts(proof.prove(subject), subject)).toBe(true);
        expect(client.accepts(proof.prove(`${subject}!`), subject)).toBe(false);
        expect(proof.verifyAnswer(client.answer(proof.challenge))).toBe(true);
        expect(proofs.forConnection(connection).verifyAnswer(client.answer(proof.challenge))).toBe(false);
      }),
    );
  });

  test('a proof is valid for only one side, path, port, page, nonce and subject', () => {
    const connection: ConnectionInfo = { ...CONNECTION, nonce: 'n'.repeat(22) };
    const others: ConnectionInfo[] = [
      { ...connection, path: '/ws/bridge' },
      { ...connection, host: '127.0.0.1:4713' },
      { ...connection, origin: 'http://127.0.0.1:4711' },
      { ...connection, nonce: 'm'.repeat(22) },
    ];
    const texts = [connection, ...others].flatMap((signed) => [
      signedText('client', signed),
      signedText('host', signed),
      signedText('host', signed, 's1'),
      signedText('host', signed, 's2'),
      signedText('answer', signed, 's1'),
      signedText('answer', signed, 's2'),
      signedText('resume', signed),
    ]);
    expect(new Set(texts).size).toBe(texts.length);
    const valid = sign(SECRET, texts[0] ?? '');
    expect(texts.map((text) => isSigned(valid, SECRET, text))).toEqual(texts.map((_, i) => i === 0));
  });

  test('remember at least maxNonces nonces, at most twice as many, and drop the oldest first', () => {
    const proofs = createLaunchProofs(SECRET, 3);
    const nonces = [...'abcdefg'].map((letter) => letter.repeat(22));
    const isAccepted = (nonce: string | undefined) =>
      typeof proofs.verifyClient(authOf(SECRET, nonce), CONNECTION) !== 'string';
    const firstSix = nonces.slice(0, 6);
    for (const nonce of firstSix) expect(isAccepted(nonce)).toBe(true);
    for (const nonce of firstSix) expect(isAccepted(nonce)).toBe(false);
    expect(isAccepted(nonces[6])).toBe(true);
    for (const nonce of nonces.slice(3)) expect(isAccepted(nonce)).toBe(false);
    for (const nonce of nonces.slice(0, 2)) expect(isAccepted(nonce)).toBe(true);
  });

  test('do not remember nonces of clients without the secret', () => {
    const proofs = createLaunchProofs(SECRET, 1);
    const auth = authOf();
    expect(proofs.verifyClient(auth, CONNECTION)).toMatchObject(CONNECTION);
    for (let i = 0; i < 10; i++) expect(proofs.verifyClient(authOf('another secret'), CONNECTION)).toBe('proof');
    expect(proofs.verifyClient(auth, CONNECTION)).toBe('nonce used');
  });

  test('property: refuse any text and never throw', () => {
    const proofs = createLaunchProofs(SECRET);
    const wellFormed = fc.tuple(fc.stringMatching(/^[A-Za-z0-9_-]{22}$/), fc.stringMatching(/^[A-Za-z0-9_-]{43}$/));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      wellFormed.map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(text, (auth) => {
        expect(proofs.verifyClient(auth, CONNECTION)).toBe('proof');
      }),
    );
  });

  test('the metrics token is not the secret, is not a proof, and differs between launches', () => {
    const { metricsToken } = createLaunchProofs(SECRET);
    expect(metricsToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(metricsToken).not.toBe(SECRET);
    expect(createLaunchProofs(`${SECRET}x`).metricsToken).not.toBe(metricsToken);
    expect(createLaunchProofs(SECRET).verifyClient(authOf(metricsToken), CONNECTION)).toBe('proof');
  });
});
