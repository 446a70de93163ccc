import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startExitWatchdog } from './exit-watchdog.ts';

describe.skipIf(process.platform === 'win32')('the exit watchdog (none on Windows, which has no FIFOs either)', () => {
  let dir: string;
  let fifo: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'earshot-watchdog-'));
    fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** @param script runs behind the start of the watchdog, which waits for a second */
  async function run(script: string) {
    const module = JSON.stringify(new URL('./exit-watchdog.ts', import.meta.url).href);
    const text = `
      import { open, openSync } from 'node:fs';
      import { startExitWatchdog } from ${module};
      const fifo = ${JSON.stringify(fifo)};
      startExitWatchdog(1_000);
      ${script}`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    // `close`: when the watchdog too has let go of stderr, since it has ended.
    const [code, signal] = await once(child, 'close');
    return { code, signal, errors };
  }

  test('H71 leaves a process alone that ends by itself, and ends with it', async () => {
    expect(await run('setTimeout(() => process.exit(3), 100);')).toEqual({ code: 3, signal: null, errors: '' });
  });

  test('H71 kills one that is stuck in its exit, since threads are stuck on the disk', async () => {
    const ended = await run(
      "for (let i = 0; i < 4; i++) open(fifo, 'r', () => {}); setImmediate(() => process.exit(3));",
    );
    expect(ended).toEqual({ code: null, signal: 'SIGKILL', errors: expect.stringMatching(/^earshot: .* was killed/) });
  });

  test('H71 kills one whose JavaScript is stuck on the disk', async () => {
    expect(await run("openSync(fifo, 'r');")).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});

test('on Windows there is none', () => {
  expect(startExitWatchdog(1_000, { pid: process.pid, platform: 'win32', env: {} })).toBe(false);
});
