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

  /** @param script runs after the watchdog has started */
  async function run(script: string) {
    const module = JSON.stringify(new URL('./exit-watchdog.ts', import.meta.url).href);
    const text = `
      import { open, openSync } from 'node:fs';
      import { startExitWatchdog } from ${module};
      const fifo = ${JSON.stringify(fifo)};
      const watchdog = startExitWatchdog();
      ${script}`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    // `close` fires when stderr is closed in the watchdog too, so after the watchdog has ended.
    const [code, signal] = await once(child, 'close');
    return { code, signal, errors };
  }

  test('H71 does not kill a process before it is armed, and does not keep it running', async () => {
    expect(await run('setTimeout(() => {}, 600);')).toEqual({ code: 0, signal: null, errors: '' });
  });

  test('H71 does not kill a process that ends in time, and ends with it', async () => {
    const ended = await run('watchdog.arm(20_000); setTimeout(() => process.exit(3), 100);');
    expect(ended).toEqual({ code: 3, signal: null, errors: '' });
  });

  test('H71 ends with a process that is killed', async () => {
    expect(await run("process.kill(process.pid, 'SIGKILL');")).toEqual({ code: null, signal: 'SIGKILL', errors: '' });
  });

  const KILLED = { code: null, signal: 'SIGKILL', errors: expect.stringMatching(/^earshot: .* was killed/) };

  test('H71 kills a process whose exit is blocked by disk threads', async () => {
    const open = "for (let i = 0; i < 4; i++) open(fifo, 'r', () => {});";
    expect(await run(`watchdog.arm(400); ${open} setImmediate(() => process.exit(3));`)).toEqual(KILLED);
  });

  test('H71 kills a process whose JavaScript is blocked by the disk', async () => {
    expect(await run("watchdog.arm(400); openSync(fifo, 'r');")).toEqual(KILLED);
  });

  test('H71 does not wait for its limit after hurry', async () => {
    const hurry = "setTimeout(() => { watchdog.hurry(); openSync(fifo, 'r'); }, 1_000);";
    expect(await run(`watchdog.arm(1_000_000); ${hurry}`)).toEqual(KILLED);
  });
});

test('does not exist on Windows', () => {
  const watchdog = startExitWatchdog({ pid: process.pid, platform: 'win32', env: {} });
  expect([watchdog.arm(1_000), watchdog.hurry()]).toEqual([false, false]);
});
