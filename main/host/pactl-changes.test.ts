import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchChanges } from './pactl-changes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-pactl-'));
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program of this name before the system's. */
function install(script: string): void {
  writeFileSync(join(folder, 'pactl'), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
}

/** Resolves with the number of changes once the program has ended. */
function changesUntilEnd(): Promise<number> {
  return new Promise((resolve) => {
    let changes = 0;
    watchChanges(
      () => changes++,
      () => resolve(changes),
    );
  });
}

const exitListeners = () => process.listenerCount('exit');

test('devices and the server are changes, streams and outputs are not', async () => {
  const before = exitListeners();
  install(`cat <<'END'
Event 'change' on server #-1
Event 'new' on source #4
Event 'remove' on card #2
Event 'new' on source-output #5
Event 'change' on sink #1
Event 'new' on sink-input #6
Event 'new' on client #7
END`);
  expect(await changesUntilEnd()).toBe(3);
  expect(exitListeners()).toBe(before);
});

test('a program that is missing or fails ends the watch once', async () => {
  const before = exitListeners();
  vi.stubEnv('PATH', folder);
  expect(await changesUntilEnd()).toBe(0);
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  install('exit 1');
  expect(await changesUntilEnd()).toBe(0);
  expect(exitListeners()).toBe(before);
});

test('a stop ends the program', async () => {
  install('echo "Event \'new\' on source #1"; exec cat /dev/zero >/dev/null');
  await new Promise<void>((resolve) => {
    const watch = watchChanges(
      () => watch.stop(),
      () => resolve(),
    );
  });
});
