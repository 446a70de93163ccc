import { expect, test } from 'vitest';
import type { HandshakeAttack } from '../../main/testing/handshake-attacks.ts';
import { createClientProof } from '../../shared/client-proof.ts';
import { ORIGIN, TOKEN } from '../host.ts';
import type { RequestDraft } from './attack.ts';
import { type AttackContext, requestBytes } from './request-bytes.ts';

const context = { port: 4711, other: { user: 'voice-1', sessionId: 'theirs' } };
const requestText = (draft: RequestDraft, granted: AttackContext['granted'] = []) =>
  requestBytes(draft, { ...context, granted }).toString();

test('a request differs from a valid one only by its attack', () => {
  expect(requestText({}).split('\r\n')).toEqual([
    'GET /ws/voice?user_id=hostile HTTP/1.1',
    'Host: 127.0.0.1:4711',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Origin: ${ORIGIN}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    expect.stringMatching(/^Sec-WebSocket-Protocol: voice\.v1, auth\.[\w-]{22}\.[\w-]{43}$/),
    '',
    '',
  ]);
  const attack: HandshakeAttack = [
    'two hosts',
    403,
    'host',
    ({ port }) => ({
      method: 'GET',
      target: '/x',
      version: 'HTTP/1.1',
      headers: [
        ['Host', 'a'],
        ['Host', `b:${port}`],
      ],
      tail: '',
    }),
  ];
  expect(requestText({ attack }).split('\r\n')).toEqual(['GET /x HTTP/1.1', 'Host: a', 'Host: b:4711', '', '']);
});

test('a resume request sends granted or forged credentials', () => {
  const granted = [
    { sessionId: 'mine', token: 'one', challenge: 'c'.repeat(22), request: '' },
    { sessionId: 'mine', token: 'two', challenge: 'c'.repeat(22), request: '' },
  ];
  const ask = (session: 'own' | 'other' | 'unknown', token: 'first' | 'last' | 'forged') => {
    const text = requestText({ resume: { session, token } }, granted);
    const [, nonce = '', proof] = /auth\.([\w-]{22})\.\S+ (resume\.\S+)/.exec(text) ?? [];
    const tokens = ['one', 'two', 'f'.repeat(43)].filter((resumeToken) => {
      const url = `ws://127.0.0.1:${context.port}/ws/voice`;
      const options = { secret: TOKEN, url, origin: ORIGIN, protocol: 'voice.v1', resumeToken, nonce };
      return createClientProof(options).protocols[2] === proof;
    });
    return [/user_id=(\S+)&session_id=(\S+) /.exec(text)?.slice(1), tokens].flat(2);
  };
  expect(ask('own', 'first')).toEqual(['hostile', 'mine', 'one']);
  expect(ask('other', 'last')).toEqual(['voice-1', 'theirs', 'two']);
  expect(ask('unknown', 'forged')).toEqual(['hostile', 'u'.repeat(16), 'f'.repeat(43)]);
});
