import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Accelerator } from '../../shared/settings.ts';
import { setLanguage } from '../text/text.ts';
import { acceleratorText, type Keys, readKeys } from './accelerator.ts';

/** `held` lists modifiers by their first letters: c, a, s, m. */
function keys(held: string, key: string, code = `Key${key.toUpperCase()}`): Keys {
  return {
    key,
    code,
    ctrlKey: held.includes('c'),
    altKey: held.includes('a'),
    shiftKey: held.includes('s'),
    metaKey: held.includes('m'),
  };
}

describe('keys as an accelerator', () => {
  test.each([
    ['linux', keys('cs', 'M'), 'CommandOrControl+Shift+M', 'Ctrl+Shift+M'],
    ['win32', keys('ma', 'k'), 'Super+Alt+K', 'Win+Alt+K'],
    ['linux', keys('m', 'j'), 'Super+J', 'Super+J'],
    ['darwin', keys('ms', 'M'), 'CommandOrControl+Shift+M', '⇧⌘M'],
    ['darwin', keys('cam', '∂', 'KeyD'), 'CommandOrControl+Control+Alt+D', '⌃⌥⌘D'],
    ['linux', keys('', 'F8', 'F8'), 'F8', 'F8'],
    ['win32', keys('s', 'F13', 'F13'), 'Shift+F13', 'Shift+F13'],
    ['win32', keys('cs', '!', 'Digit1'), 'CommandOrControl+Shift+1', 'Ctrl+Shift+1'],
    ['linux', keys('c', ' ', 'Space'), 'CommandOrControl+Space', 'Ctrl+Space'],
    ['darwin', keys('a', 'ArrowUp', 'ArrowUp'), 'Alt+Up', '⌥↑'],
    ['linux', keys('a', 'ArrowUp', 'ArrowUp'), 'Alt+Up', 'Alt+Up'],
    ['linux', keys('a', 'PageDown', 'PageDown'), 'Alt+PageDown', 'Alt+Page Down'],
  ])('%s %o', (platform, pressed, accelerator, expected) => {
    expect(readKeys(pressed, platform)).toEqual({ kind: 'accelerator', accelerator });
    expect(acceleratorText(accelerator, platform)).toBe(expected);
  });

  test('a letter follows the keyboard layout; on macOS it follows the position on a US keyboard', () => {
    const dvorakL = keys('cs', 'L', 'KeyP');
    expect(readKeys(dvorakL, 'win32')).toEqual({ kind: 'accelerator', accelerator: 'CommandOrControl+Shift+L' });
    const onMac = readKeys({ ...dvorakL, ctrlKey: false, metaKey: true }, 'darwin');
    expect(onMac).toEqual({ kind: 'accelerator', accelerator: 'CommandOrControl+Shift+P' });
    // A layout without Latin letters uses the position on a US keyboard on every system.
    expect(readKeys(keys('ca', 'ь', 'KeyM'), 'linux')).toEqual({
      kind: 'accelerator',
      accelerator: 'CommandOrControl+Alt+M',
    });
  });

  test('held modifiers are shown until a key is pressed', () => {
    expect(readKeys(keys('cs', 'Shift', 'ShiftLeft'), 'linux')).toEqual({ kind: 'held', label: 'Ctrl+Shift+' });
    expect(readKeys(keys('ms', 'Meta', 'MetaLeft'), 'darwin')).toEqual({ kind: 'held', label: '⇧⌘' });
    expect(readKeys(keys('', 'Control', 'ControlLeft'), 'linux')).toEqual({ kind: 'held', label: '' });
  });

  test('Escape cancels, Backspace clears, Tab and Shift+Tab leave the field', () => {
    expect(readKeys(keys('', 'Escape', 'Escape'), 'linux').kind).toBe('cancel');
    expect(readKeys(keys('', 'Backspace', 'Backspace'), 'linux').kind).toBe('clear');
    expect(readKeys(keys('', 'Tab', 'Tab'), 'linux').kind).toBe('leave');
    expect(readKeys(keys('s', 'Tab', 'Tab'), 'darwin').kind).toBe('leave');
  });

  test.each([
    ['a letter without a modifier', keys('', 'm'), 'linux', 'Hold Ctrl or Alt as well'],
    ['a capital letter', keys('s', 'M'), 'darwin', 'Hold ⌘, ⌃ or ⌥ as well'],
    ['an arrow alone', keys('', 'ArrowUp', 'ArrowUp'), 'win32', 'Hold Ctrl or Alt as well'],
    ['copy', keys('c', 'c'), 'linux', 'Every program needs these keys'],
    ['quit', keys('m', 'q'), 'darwin', 'Every program needs these keys'],
    ['close', keys('a', 'F4', 'F4'), 'win32', 'Every program needs these keys'],
    ['Enter', keys('c', 'Enter', 'Enter'), 'linux', 'This key can’t be used'],
    ['a sign', keys('c', ';', 'Semicolon'), 'linux', 'This key can’t be used'],
    ['a digit of the number pad', keys('c', '1', 'Numpad1'), 'linux', 'This key can’t be used'],
    ['a key beyond F24', keys('', 'F25', 'F25'), 'linux', 'can’t be used together'],
  ])('unusable, with an explanation: %s', (_name, pressed, platform, sentence) => {
    expect(readKeys(pressed, platform)).toEqual({ kind: 'unusable', sentence: expect.stringContaining(sentence) });
  });

  test('any keys give a valid accelerator or another reading', () => {
    const code = fc.oneof(
      fc.constantFrom(
        'KeyM',
        'Digit0',
        'F1',
        'F24',
        'F99',
        'Space',
        'ArrowLeft',
        'Delete',
        'Tab',
        'Escape',
        '',
        '__proto__',
      ),
      fc.string(),
    );
    const key = fc.oneof(
      fc.constantFrom('m', 'M', 'µ', 'Dead', 'Meta', 'Tab', 'Unidentified', 'constructor'),
      fc.string(),
    );
    const held = fc.record({
      ctrlKey: fc.boolean(),
      altKey: fc.boolean(),
      shiftKey: fc.boolean(),
      metaKey: fc.boolean(),
    });
    fc.assert(
      fc.property(key, code, held, fc.constantFrom('darwin', 'win32', 'linux'), (key, code, held, platform) => {
        const reading = readKeys({ key, code, ...held }, platform);
        if (reading.kind === 'accelerator') expect(Accelerator.safeParse(reading.accelerator).success).toBe(true);
        if (reading.kind === 'unusable') expect(reading.sentence).toMatch(/\.$/);
      }),
      { numRuns: 500 },
    );
  });
});

test('modifiers that only a settings file contains have labels too', () => {
  expect(acceleratorText('Command+Option+K', 'darwin')).toBe('⌥⌘K');
  expect(acceleratorText('Control+Meta+K', 'win32')).toBe('Ctrl+Win+K');
});

test('keys have the names that a German keyboard has', () => {
  setLanguage({ language: 'de', locale: 'de-DE' });
  const shown = ['CommandOrControl+Shift+M', 'Space', 'Alt+PageDown', 'Delete', 'F8'];
  expect(shown.map((keys) => acceleratorText(keys, 'win32'))).toEqual([
    'Strg+Umschalt+M',
    'Leertaste',
    'Alt+Bild ab',
    'Entf',
    'F8',
  ]);
  expect(acceleratorText('CommandOrControl+Shift+M', 'darwin')).toBe('⇧⌘M');
  setLanguage({ language: 'en', locale: 'en-US' });
});
