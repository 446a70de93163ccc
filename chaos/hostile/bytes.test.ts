import { expect, test } from 'vitest';
import { createClientProof } from '../../shared/client-proof.ts';
import { ORIGIN, TOKEN } from '../host.ts';
import { closeBytes, frameBytes, requestText, textBytes } from './bytes.ts';

const context = { port: 4711, granted: [], honest: { user: 'voice-1', sessionId: 'theirs' } };

test('a request is valid except for what the draft overrides', () => {
  expect(requestText({}, context).split('\r\n')).toEqual([
    'GET /ws/voice?user_id=hostile HTTP/1.1',
    'Host: 127.0.0.1:4711',
    `Origin: ${ORIGIN}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==',
    expect.stringMatching(/^Sec-WebSocket-Protocol: voice\.v1, auth\.[\w-]{22}\.[\w-]{43}$/),
    '',
    '',
  ]);
  const lines = requestText({ host: ['a', 'b:{port}'], origin: [], plain: true, target: '/x' }, context).split('\r\n');
  expect(lines).toEqual(['GET /x HTTP/1.1', 'Host: a', 'Host: b:4711', '', '']);
});

test('a resume request sends granted or forged credentials', () => {
  const granted = [
    { sessionId: 'mine', token: 'one', challenge: 'c'.repeat(22), request: '' },
    { sessionId: 'mine', token: 'two', challenge: 'c'.repeat(22), request: '' },
  ];
  const ask = (session: 'own' | 'honest' | 'unknown', token: 'first' | 'last' | 'forged') => {
    const text = requestText({ resume: { session, token } }, { ...context, granted });
    const [, nonce = '', proof] = /auth\.([\w-]{22})\.\S+ (resume\.\S+)/.exec(text) ?? [];
    const tokens = ['one', 'two', 'f'.repeat(43)].filter((resumeToken) => {
      const url = `ws://127.0.0.1:${context.port}/ws/voice`;
      const options = { secret: TOKEN, url, origin: ORIGIN, protocol: 'voice.v1', resumeToken, nonce };
      return createClientProof(options).protocols[2] === proof;
    });
    return [/user_id=(\S+)&session_id=(\S+) /.exec(text)?.slice(1), tokens].flat(2);
  };
  expect(ask('own', 'first')).toEqual(['hostile', 'mine', 'one']);
  expect(ask('honest', 'last')).toEqual(['voice-1', 'theirs', 'two']);
  expect(ask('unknown', 'forged')).toEqual(['hostile', 'u'.repeat(16), 'f'.repeat(43)]);
});

test.each([
  [0, [0x82, 0x80]],
  [125, [0x82, 0xfd]],
  [126, [0x82, 0xfe, 0, 126]],
  [65_535, [0x82, 0xfe, 0xff, 0xff]],
  [65_536, [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]],
])('a frame of %i bytes has the shortest length field that RFC 6455 section 5.2 allows, and a mask', (length, head) => {
  const bytes = frameBytes({ opcode: 2, payload: Buffer.alloc(length, 1) });
  expect(bytes.equals(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.alloc(length, 1)]))).toBe(true);
});

test('encodes the requested violations', () => {
  expect(frameBytes({ opcode: 9, fin: false, rsv: 4, masked: false })).toEqual(Buffer.from([0x49, 0]));
  expect(frameBytes({ opcode: 2, claims: 65_537n })).toEqual(
    Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]),
  );
  expect(closeBytes(1000).subarray(6)).toEqual(Buffer.from([0x03, 0xe8]));
  expect(textBytes('a')).toEqual(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]));
});
