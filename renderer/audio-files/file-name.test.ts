import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileName, importName } from './file-name.ts';

test.each([
  ['Talk with Ada', 'Talk with Ada.flac'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j.flac'],
  ['../../etc/passwd', 'etc-passwd.flac'],
  ['.hidden', 'hidden.flac'],
  ['ends with dots ...', 'ends with dots.flac'],
  ['two\nlines\tand\u0000more', 'twolinesandmore.flac'],
  ['\u202egpj.exe', 'gpj.exe.flac'],
  ['🎤 Grüße 日本', '🎤 Grüße 日本.flac'],
  ['', 'the-id.flac'],
  ['///', 'the-id.flac'],
  ['CON', 'the-id.flac'],
  ['com1', 'the-id.flac'],
  ['Console', 'Console.flac'],
  ['half \ud83c of an emoji', 'half of an emoji.flac'],
])('the title %j becomes the file %j', (title, name) => {
  expect(fileName(title, 'the-id', '.flac')).toBe(name);
});

test('a long title is cut between two characters, and never inside of an emoji of several', () => {
  expect(fileName('x'.repeat(300), 'id', '.opus')).toBe(`${'x'.repeat(120)}.opus`);
  const family = '👨‍👩‍👧‍👦';
  const name = fileName(family.repeat(50), 'id', '.opus');
  expect(name.slice(0, -'.opus'.length)).toBe(family.repeat(4));
});

test('any title becomes a name that every system accepts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
      const name = fileName(title, 'id', '.wav');
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(124);
      expect(name).toMatch(/^[^/\\:*?"<>|\p{Cc}.][^/\\:*?"<>|\p{Cc}]*\.wav$/u);
    }),
  );
});

test.each([
  ['talk.mp3', 'talk.mp3'],
  ['../a.mp3', '../a.mp3'],
  ['', 'audio'],
  [' \t', 'audio'],
  ['a'.repeat(300), 'a'.repeat(255)],
  ['🎤'.repeat(200), '🎤'.repeat(127)],
  ['x\u202ey', 'xy'],
])('the imported file %j is kept as %j', (name, kept) => {
  expect(importName(name)).toBe(kept);
});
