import fc from 'fast-check';
import { expect, test } from 'vitest';
import { autostartEntry, isEntryEnabled, isPlainPath } from './autostart-entry.ts';

/** Parses an entry as desktops do: first the string's escapes, then the quotes, then the field codes. */
function programOf(entry: string): string {
  const value = /^Exec=(.*)$/m.exec(entry)?.[1] ?? '';
  const text = value.replace(/\\([snrt\\])/g, (_all, code: string) => (code === 'n' ? '\n' : code));
  const argument = /^(?:nice -n 0 )?"((?:[^"\\`$]|\\["`$\\])*)"$/s.exec(text)?.[1];
  if (argument === undefined) throw new Error(`not one quoted argument: ${text}`);
  return argument.replace(/\\(["`$\\])/g, '$1').replaceAll('%%', '%');
}

test('an entry starts the program, without a terminal', () => {
  expect(autostartEntry('/opt/Earshot/earshot').split('\n')).toEqual([
    '[Desktop Entry]',
    'Type=Application',
    'Name=Earshot',
    'Comment=A desktop voice app',
    'Exec="/opt/Earshot/earshot"',
    'Terminal=false',
    '',
  ]);
});

test('a dollar sign is escaped with two backslashes, and a backslash with four, as the specification requires', () => {
  expect(autostartEntry('/a$b')).toContain('Exec="/a\\\\$b"\n');
  expect(autostartEntry('/a\\b')).toContain('Exec="/a\\\\\\\\b"\n');
});

test('a path with a percent sign is passed to a program that runs it, because GLib does not find the escaped path', () => {
  expect(autostartEntry('/50%u')).toContain('Exec=nice -n 0 "/50%%u"\n');
});

test('a path with control characters, or that is not UTF-8, is rejected', () => {
  for (const path of ['/a\nHidden=true', '/a\r', '/a\tb', '/a\u0085', '/a\ufffd'])
    expect(() => autostartEntry(path)).toThrow(/control characters/);
});

test('a plain path contains nothing that desktops parse differently', () => {
  for (const path of ['/opt/Earshot/earshot', "/home/zoë/it's here (1)/Earshot-1.2.AppImage", '/a=b;c&d|e#f~g*h?'])
    expect(isPlainPath(path)).toBe(true);
  for (const path of ['/a%', '/a"', '/a$', '/a`', '/a\\', '/a\n', '/a\ufffd']) expect(isPlainPath(path)).toBe(false);
});

test('property: any other path is parsed back unchanged, and adds no line', () => {
  const path = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', '\\', '$', '`', '%', 'n', ' ', 'a') }));
  fc.assert(
    fc.property(path, (text) => {
      const path = `/${text.replace(/[\p{Cc}\ufffd]/gu, '')}`;
      const entry = autostartEntry(path);
      expect(entry.split('\n')).toHaveLength(7);
      expect(programOf(entry)).toBe(path);
    }),
  );
});

test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false', ' hidden = True '])('"%s" disables an entry', (line) => {
  expect(isEntryEnabled(autostartEntry('/earshot'))).toBe(true);
  expect(isEntryEnabled(`${autostartEntry('/earshot')}${line}\n`)).toBe(false);
});
