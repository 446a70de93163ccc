import fc from 'fast-check';
import { expect, test } from 'vitest';
import { autostartEntry, isSwitchedOn } from './autostart-entry.ts';

/** What a desktop makes of an entry: the string's escapes, then the quotes, then the field codes. */
function programOf(entry: string): string {
  const value = /^Exec=(.*)$/m.exec(entry)?.[1] ?? '';
  const text = value.replace(/\\([snrt\\])/g, (_all, code: string) => (code === 'n' ? '\n' : code));
  const argument = /^"((?:[^"\\`$]|\\["`$\\])*)"$/s.exec(text)?.[1];
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

test('the specification spells a dollar sign with two backslashes, and a backslash with four', () => {
  expect(autostartEntry('/a$b')).toContain('Exec="/a\\\\$b"\n');
  expect(autostartEntry('/a\\b')).toContain('Exec="/a\\\\\\\\b"\n');
  expect(autostartEntry('/50%u')).toContain('Exec="/50%%u"\n');
});

test('property: whatever the path holds, it comes out as it went in, and adds no line', () => {
  const path = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', '\\', '$', '`', '%', 'n', '\n', ' ', 'a') }),
  );
  fc.assert(
    fc.property(path, (text) => {
      const entry = autostartEntry(`/${text.replace(/[\r\0]/g, '')}`);
      expect(entry.split('\n')).toHaveLength(7);
      expect(programOf(entry)).toBe(`/${text.replace(/[\r\0]/g, '')}`);
    }),
  );
});

test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false', ' hidden = True '])(
  '"%s" switches an entry off',
  (line) => {
    expect(isSwitchedOn(autostartEntry('/earshot'))).toBe(true);
    expect(isSwitchedOn(`${autostartEntry('/earshot')}${line}\n`)).toBe(false);
  },
);
