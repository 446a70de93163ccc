import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordingInfo } from '../../shared/recording.ts';
import { createRecordingId, isRecordingId, parseRecordingId } from './recording-id.ts';

describe('createRecordingId', () => {
  test('contains the start, the session and the turn', () => {
    const startedAt = new Date('2026-11-22T19:26:03.123Z');
    expect(createRecordingId({ sessionId: 'k3J9xQ2a-rest', turn: 1, startedAt })).toBe(
      '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1',
    );
  });

  test('property: for any session id, the result is a valid id and a valid file name', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
        fc.integer({ min: 1, max: 1e9 }),
        fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('9999-12-31') }),
        (sessionId, turn, startedAt) => {
          const id = createRecordingId({ sessionId, turn, startedAt });
          expect(RecordingInfo.shape.id.parse(id)).toBe(id);
          expect(isRecordingId(id)).toBe(true);
        },
      ),
    );
  });
});

describe('isRecordingId', () => {
  test.each([
    '',
    '.',
    '..',
    '../settings',
    '2026-11-22T19-26-03-123Z/../../settings',
    '2026-11-22T19-26-03-123Z\\..\\settings',
    '2026-11-22T19-26-03-123Z_a_t1\0',
    '2026-11-22T19-26-03-123Z_a_t1.wav',
    '2026-11-22T19:26:03.123Z_a_t1',
    `2026-11-22T19-${'a'.repeat(128)}`,
    'CON',
    'NUL',
    'COM1',
  ])('rejects %j', (id) => expect(isRecordingId(id)).toBe(false));
});

test('property: a valid name is never a path, and the turn parsed from it has the same name', () => {
  const piece = fc.constantFrom(
    '2026-11-22T19-26-03-123Z',
    '_k3J9xQ2a',
    '_t1',
    '-2',
    '..',
    '/',
    '\\',
    '\0',
    '.wav',
    'CON',
    '9',
  );
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(name, (id) => {
      if (isRecordingId(id)) expect(id).toMatch(/^[0-9][A-Za-z0-9_-]{1,127}$/);
      const turn = parseRecordingId(id);
      if (turn === null) return;
      const made = createRecordingId({
        sessionId: turn.session_id,
        turn: turn.turn,
        startedAt: new Date(turn.started_at),
      });
      expect(id.startsWith(made)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe('parseRecordingId', () => {
  test('property: parses the parts of an id, also with a copy suffix', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
        fc.integer({ min: 1, max: 1e9 }),
        fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('9999-12-31') }),
        fc.constantFrom('', '-2', '-99'),
        (sessionId, turn, startedAt, copy) => {
          expect(parseRecordingId(`${createRecordingId({ sessionId, turn, startedAt })}${copy}`)).toEqual({
            session_id: sessionId.slice(0, 8),
            turn,
            started_at: startedAt.toISOString(),
          });
        },
      ),
    );
  });

  test.each([
    '2026-11-22T19-my-song',
    '2026-11-22T19-26-03-123Z_k3J9xQ2a',
    '2026-11-22T19-26-03-123Z_k3J9xQ2a_t0',
    '2026-11-22T19-26-03-123Z_k3J9xQ2aB7_t1',
    '2026-99-22T19-26-03-123Z_k3J9xQ2a_t1',
  ])('returns null for %j', (id) => expect(parseRecordingId(id)).toBeNull());
});
