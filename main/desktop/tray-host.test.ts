import { expect, test } from 'vitest';
import { hasStatusNotifier, type Run } from './tray-host.ts';

/** Runs programs that have these outputs. */
const machine =
  (answers: Record<string, string>): Run =>
  async (program) =>
    answers[program] ?? null;

test.each([
  [{ gdbus: '(true,)\n' }, true],
  [{ gdbus: '(false,)\n' }, false],
  [{ busctl: 'b true\n' }, true],
  [{ 'dbus-send': 'method return time=1.2 sender=org.freedesktop.DBus\n   boolean false\n' }, false],
])('%j: %s', async (answers, expected) => {
  expect(await hasStatusNotifier(machine(answers))).toBe(expected);
});

test('the result is unknown without a bus or a program that can query it', async () => {
  expect(await hasStatusNotifier(machine({}))).toBeNull();
  expect(await hasStatusNotifier(machine({ gdbus: '' }))).toBeNull();
});

test('every program queries the name from the specification', async () => {
  const commands: string[] = [];
  await hasStatusNotifier(async (_program, args) => {
    commands.push(args.join(' '));
    return null;
  });
  expect(commands).toHaveLength(3);
  for (const args of commands) expect(args).toContain('org.kde.StatusNotifierWatcher');
});
