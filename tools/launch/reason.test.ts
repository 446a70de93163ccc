import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delimitedReason, explanatoryLine } from './reason.ts';

test.each([
  ['', ''],
  ['\n \n', ''],
  ['something\nelse\n', 'something'],
  ['TypeError: fetch failed\n    at node:internal/deps/undici/undici:13510:13\n', 'fetch failed'],
  ['RequestError: getaddrinfo ENOTFOUND github.com\n    at x', 'getaddrinfo ENOTFOUND github.com'],
  [
    '(node:42) ExperimentalWarning: CommonJS module loads an ES module\n' +
      '(Use `node --trace-warnings ...` to show where the warning was created)\n' +
      'HTTPError: Response code 403 (Forbidden)\n',
    'Response code 403 (Forbidden)',
  ],
  [
    'Gtk-Message: a message\n/e/electron: error while loading shared libraries: libnss3.so: cannot open shared object file',
    '/e/electron: error while loading shared libraries: libnss3.so: cannot open shared object file',
  ],
  [
    '[12:1122/201500.123:ERROR:dbus/bus.cc(407)] Failed to connect to the bus\n' +
      '[12:1122/201500.456:FATAL:setuid_sandbox_host.cc(166)] The SUID sandbox helper is not configured correctly.\n',
    'The SUID sandbox helper is not configured correctly.',
  ],
  [
    '[12:1122/201500.123:ERROR:bus.cc(399)] Failed to connect to the bus: No such file or directory\n' +
      '[12:1122/201500.456:ERROR:ozone_platform_x11.cc(240)] Missing X server or $DISPLAY\n',
    'Missing X server or $DISPLAY',
  ],
  ['\x1b[31mError: red\x1b[0m\r\n', 'red'],
])('the explanatory line of %j is %j', (stderr, line) => expect(explanatoryLine(stderr)).toBe(line));

test('a long line is shortened to 160 characters', () => {
  expect(explanatoryLine(`Error: ${'x'.repeat(500)}`)).toBe(`${'x'.repeat(159)}…`);
});

test('a reason is put in brackets, and an empty one gives an empty string', () => {
  expect(delimitedReason('why')).toBe(' (why)');
  expect(delimitedReason('')).toBe('');
});

test('H48 property: the reason from any output is one line of at most 160 characters that is safe to print', () => {
  const noise = fc.string({ unit: 'binary', maxLength: 300 });
  const text = fc.array(
    fc.oneof(noise, fc.constantFrom('\n', '\r', 'Error: ', '\u001b[2J', '\u202e', '🔌'.repeat(90))),
  );
  fc.assert(
    fc.property(text, (parts) => {
      const line = explanatoryLine(parts.join(''));
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u);
      expect(line.length).toBeLessThanOrEqual(160);
    }),
  );
});
