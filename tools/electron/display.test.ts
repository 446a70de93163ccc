import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startVirtualDisplay } from './display.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-display-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a shell script that replaces Xvfb. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}`);
  chmodSync(path, 0o755);
  return path;
}
/** Reports its display number as Xvfb does. */
const REPORTS_77 = 'printf 7 >&3; printf "7\\n" >&3; exec 3>&-;';
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === 'win32')('a virtual display', () => {
  test("returns the environment for programs, without the user's session, and ends when stopped", async () => {
    const pidFile = join(folder, 'pid');
    const display = await startVirtualDisplay(program('whole', `echo $$ >${pidFile}; ${REPORTS_77} exec sleep 60`));
    expect(display.env).toEqual({ DISPLAY: ':77', WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'disabled:' });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isRunning(pid)).toBe(true);
    const before = process.listenerCount('SIGTERM');
    await display.stop();
    expect(isRunning(pid)).toBe(false);
    expect(process.listenerCount('SIGTERM')).toBe(before - 1);
    // A second call does nothing.
    await display.stop();
  });

  test('is killed if it ignores SIGTERM', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const pidFile = join(folder, 'ignores-term');
      // Child processes of a shell inherit ignored signals.
      const display = await startVirtualDisplay(
        program('ignores-term-program', `trap '' TERM; echo $$ >${pidFile}; ${REPORTS_77} exec sleep 60`),
      );
      const stopped = display.stop();
      await vi.advanceTimersByTimeAsync(5_000);
      await stopped;
      expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test('the error without Xvfb says what to install', async () => {
    await expect(startVirtualDisplay(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'no_display',
      message: 'Xvfb could not be started. Install it (on Debian: apt-get install xvfb).',
    });
  });

  test('if Xvfb exits at once, the error contains its reason', async () => {
    const broken = program('broken', 'echo "Fatal server error:" >&2; echo "could not open a socket" >&2; exit 1');
    await expect(startVirtualDisplay(broken)).rejects.toMatchObject({
      code: 'no_display',
      message: 'Xvfb could not be started (could not open a socket).',
    });
  });

  test('fails if Xvfb reports no display number in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const pidFile = join(folder, 'silent');
      const started = startVirtualDisplay(program('silent-program', `echo $$ >${pidFile}; exec sleep 60`));
      const refused = expect(started).rejects.toMatchObject({ code: 'no_display' });
      await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
      await vi.advanceTimersByTimeAsync(30_000);
      await refused;
      expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test('an unhandled signal ends the display and the program that started it', async () => {
    const pidFile = join(folder, 'orphan');
    const display = program('orphan-program', `echo $$ >${pidFile}; ${REPORTS_77} exec sleep 60`);
    const module = join(import.meta.dirname, 'display.ts');
    const code = `const { startVirtualDisplay } = await import(${JSON.stringify(module)});
      await startVirtualDisplay(${JSON.stringify(display)});
      console.log('up');
      setInterval(() => {}, 1_000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await closed)[1]).toBe('SIGTERM');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
  });
});

// `npm run e2e` installs Xvfb if it can.
const xvfb = (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, 'Xvfb')));
if (!xvfb) console.warn('Xvfb is not on this machine: tested with a fake only.');
if (xvfb) {
  test('two displays at the same time have different numbers and accept connections', async () => {
    const displays = await Promise.all([startVirtualDisplay(), startVirtualDisplay()]);
    const numbers = displays.map(({ env }) => env.DISPLAY);
    expect(new Set(numbers).size).toBe(2);
    for (const number of numbers) {
      expect(number).toMatch(/^:\d+$/);
      const socket = connect(`/tmp/.X11-unix/X${number.slice(1)}`);
      await once(socket, 'connect');
      socket.destroy();
    }
    for (const display of displays) await display.stop();
    for (const number of numbers) expect(existsSync(`/tmp/.X11-unix/X${number.slice(1)}`)).toBe(false);
  });
}
