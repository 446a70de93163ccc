import { expect, test } from 'vitest';
import { hasStatusNotifier, type Run } from './tray-host.ts';

/** A machine with these programs, by what each answers. */
const machine =
  (answers: Record<string, string>): Run =>
  async (program) =>
    answers[program] ?? null;

test.each([
  [{ gdbus: '(true,)\n' }, true],
  [{ gdbus: '(false,)\n' }, false],
  [{ busctl: 'b true\n' }, true],
  [{ 'dbus-send': 'method return time=1.2 sender=org.freedesktop.DBus\n   boolean false\n' }, false],
])('%j tells whether there is a tray: %s', async (answers, expected) => {
  expect(await hasStatusNotifier(machine(answers))).toBe(expected);
});

test('without a bus, or a program that asks it, nothing is known', async () => {
  expect(await hasStatusNotifier(machine({}))).toBeNull();
  expect(await hasStatusNotifier(machine({ gdbus: '' }))).toBeNull();
});

test('the name that is asked for is that of the specification, whichever program asks', async () => {
  const asked: string[] = [];
  await hasStatusNotifier(async (_program, args) => {
    asked.push(args.join(' '));
    return null;
  });
  expect(asked).toHaveLength(3);
  for (const args of asked) expect(args).toContain('org.kde.StatusNotifierWatcher');
});
