import { describe, expect, test } from 'vitest';
import { commandOf, parseDesktopEntry } from './desktop-entry.ts';

describe('a parsed desktop entry', () => {
  test('has the keys of the main group only', () => {
    const text = '[Desktop Entry]\n# a comment\nName=A = b\nExec = /bin/a %U\n\n[Desktop Action x]\nName=other\n';
    expect(parseDesktopEntry(text)).toEqual({ Name: 'A = b', Exec: '/bin/a %U' });
  });

  test('rejects text without the main group', () => {
    expect(() => parseDesktopEntry('Name=x')).toThrow('no desktop entry');
  });

  test.each([
    ['/opt/Earshot/earshot %U', ['/opt/Earshot/earshot']],
    ['env A=b app --x %f --y', ['env', 'A=b', 'app', '--x', '--y']],
    ['"/opt/My App/app" "a \\"b\\" \\$c" 100%%', ['/opt/My App/app', 'a "b" $c', '100%']],
  ])('parses Exec=%s', (exec, command) => {
    expect(commandOf(exec)).toEqual(command);
  });
});
