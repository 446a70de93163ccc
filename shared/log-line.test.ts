import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName } from './log-catalogue.ts';
import { composeText } from './log-line.ts';
import { MAX_TEXT, sanitise } from './sanitise.ts';

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];

/** Characters that must not reach a line, by code point and not by the properties of the tested pattern. */
const UNSAFE_RANGES: ReadonlyArray<[what: string, first: number, last: number]> = [
  ['C0', 0x00, 0x1f],
  ['DEL and C1', 0x7f, 0x9f],
  ['the soft hyphen', 0xad, 0xad],
  ['the Arabic letter mark', 0x61c, 0x61c],
  ['the Mongolian vowel separator', 0x180e, 0x180e],
  ['the zero-width space', 0x200b, 0x200b],
  ['bidi marks', 0x200e, 0x200f],
  ['separators, bidi embeddings and overrides', 0x2028, 0x202e],
  ['invisible operators, bidi isolates, deprecated formats', 0x2060, 0x206f],
  ['half characters', 0xd800, 0xdfff],
  ['the byte order mark', 0xfeff, 0xfeff],
  ['interlinear annotations', 0xfff9, 0xfffb],
  ['tags', 0xe0000, 0xe007f],
];
const UNSAFE_CHARACTER = new RegExp(
  `[${UNSAFE_RANGES.map(([, first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('')}]`,
  'u',
);

/** Hostile text: all of Unicode including lone surrogates, with a high share of the dangerous characters. */
const hostileText = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
        fc.integer({ min: 0x10000, max: 0x10ffff }).map((point) => String.fromCodePoint(point)),
        fc.constantFrom(
          '\r\n',
          '\u001b[2J',
          '\u202e',
          '\u2066',
          '\u2028',
          '\u0085',
          '\0',
          '\ud83d',
          '\udd0c',
          '🔌',
          '\u{e0041}',
          '\ufeff',
          ' | ',
        ),
      ),
      { maxLength },
    )
    .map((parts) => parts.join(''));

describe('sanitise', () => {
  test('H48 property: one line, no control or bidi characters, no lone surrogates, at most 300 characters', () => {
    fc.assert(
      fc.property(hostileText(400), (text) => {
        const clean = sanitise(text);
        expect(clean).not.toMatch(UNSAFE_CHARACTER);
        expect(clean.length).toBeLessThanOrEqual(MAX_TEXT);
        expect(clean.split(/\r\n|[\n\r\u2028\u2029\u0085]/)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  test.each(UNSAFE_RANGES)('H48 %s: each is replaced by one character', (_, first, last) => {
    for (let point = first; point <= last; point++) expect(sanitise(`a${String.fromCodePoint(point)}b`)).toBe('a·b');
  });

  test('H48 all visible Unicode characters are kept, and all control characters replaced', () => {
    const wrong: string[] = [];
    for (let point = 0; point <= 0x10_ffff; point++) {
      const char = String.fromCodePoint(point);
      const clean = sanitise(char);
      const drawn = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u.test(char) && !/\p{Default_Ignorable_Code_Point}/u.test(char);
      if (clean !== char && clean !== '·') wrong.push(point.toString(16));
      if (UNSAFE_CHARACTER.test(char) ? clean !== '·' : drawn && clean !== char) wrong.push(point.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  test('H48 a text of pairs that are all replaced is cut with an ellipsis if too long, and unchanged if it fits', () => {
    const tag = '\u{e0041}';
    expect(sanitise(tag.repeat(300))).toBe('·'.repeat(300));
    expect(sanitise(tag.repeat(301))).toBe(`${'·'.repeat(299)}…`);
    expect(sanitise(`a${tag.repeat(400)}`)).toBe(`a${'·'.repeat(298)}…`);
  });

  test('property: sanitising twice gives the same result', () => {
    fc.assert(
      fc.property(hostileText(400), fc.integer({ min: 1, max: 400 }), (text, max) => {
        const clean = sanitise(text, max);
        expect(sanitise(clean, max)).toBe(clean);
        expect(clean.length).toBeLessThanOrEqual(max);
      }),
    );
  });

  test('keeps readable text of any script, including joined emoji', () => {
    for (const text of ['Grüße, 世界', 'مرحبا', 'שלום', '👩‍👩‍👧‍👦 ❤️ 🏳️‍🌈', 'a\u0301', 'می\u200cخواهم', '葛\u{e0100}'])
      expect(sanitise(text)).toBe(text);
  });

  test('a text that is too long ends in an ellipsis, without a split character', () => {
    expect(sanitise('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
    expect(sanitise('x'.repeat(300))).toHaveLength(300);
    expect(sanitise(`${'x'.repeat(298)}🔌🔌`)).toBe(`${'x'.repeat(298)}…`);
  });

  test('the cost of a megabyte is that of its beginning', () => {
    expect(sanitise('\n'.repeat(1_000_000))).toBe(`${'·'.repeat(299)}…`);
  });
});

describe('composeText', () => {
  test('composes the documented lines', () => {
    expect(composeText('WS_CONNECT', { session: 'k3J9', user: 'me' })).toBe('🔌 WS_CONNECT | session=k3J9 | user=me');
    expect(composeText('WS_SEND', { session: 'k3J9', event: 'connected' })).toBe(
      '📤 WS_SEND | session=k3J9 | event=connected',
    );
    expect(composeText('ERROR', { type: 'send_connected_failed' })).toBe('❌ ERROR | type=send_connected_failed');
    expect(composeText('WS_CONNECTING', { url: 'ws://127.0.0.1:5/ws/voice?user_id=me' })).toBe(
      '📡 Connecting to ws://127.0.0.1:5/ws/voice?user_id=me',
    );
    expect(composeText('WS_OPEN', {})).toBe('🔗 WebSocket connection opened');
    expect(composeText('VOICE_CHANGED', { state: 'listening' })).toBe('🔄 Voice state changed: listening');
    expect(composeText('AUDIO', { frames: 50, lost: false })).toBe('🎙️ AUDIO | frames=50 | lost=false');
  });

  test.each(EVENTS)('%s starts with its icon, unchanged', (event) => {
    expect(composeText(event, {}).startsWith(`${CATALOGUE[event].icon} `)).toBe(true);
  });

  test('H48 property: hostile text in any field of any event gives one safe line of at most 300 characters', () => {
    const fields = fc.dictionary(
      fc.oneof(fc.constantFrom('session', 'url', 'state', 'doing', 'ms', 'failures', '__proto__'), hostileText(20)),
      fc.oneof(hostileText(300), fc.double(), fc.boolean()),
      { maxKeys: 16 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS), fields, (event, values) => {
        const text = composeText(event, values);
        expect(text).not.toMatch(UNSAFE_CHARACTER);
        expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
        expect(text.startsWith(CATALOGUE[event].icon)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('H48 one long field does not displace the next one', () => {
    expect(composeText('WS_REFUSED', { origin: 'x'.repeat(4_000), status: 403 })).toMatch(/x… \| status=403$/);
  });
});
