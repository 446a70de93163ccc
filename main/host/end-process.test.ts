import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endProcess, PENDING_LIMIT_MS } from './end-process.ts';

describe('with fake timers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function end(...resources: string[]) {
    const target = { pid: 7, getActiveResourcesInfo: () => resources, kill: vi.fn(), stderr: { write: vi.fn() } };
    const exit = vi.fn();
    endProcess(exit, target);
    return { resources, target, exit };
  }

  test('H71 exits normally if no disk operation is pending', async () => {
    const { target, exit } = end('TCPSocketWrap', 'Timeout');
    await vi.advanceTimersByTimeAsync(PENDING_LIMIT_MS * 2);
    expect(exit).toHaveBeenCalledTimes(1);
    expect(target.kill).not.toHaveBeenCalled();
  });

  test('H71 waits for a pending disk operation, then exits normally', async () => {
    const { target, exit, resources } = end('FSReqCallback');
    await vi.advanceTimersByTimeAsync(PENDING_LIMIT_MS / 2);
    expect(exit).not.toHaveBeenCalled();
    resources.pop();
    await vi.advanceTimersByTimeAsync(PENDING_LIMIT_MS);
    expect(exit).toHaveBeenCalledTimes(1);
    expect(target.kill).not.toHaveBeenCalled();
  });

  test('H71 reports a disk that does not answer and kills the process', async () => {
    const { target, exit } = end('FSReqPromise');
    await vi.advanceTimersByTimeAsync(PENDING_LIMIT_MS / 2);
    expect(target.kill).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(PENDING_LIMIT_MS);
    expect(target.kill.mock.calls).toEqual([[7, 'SIGKILL']]);
    expect(target.stderr.write.mock.calls).toEqual([[expect.stringMatching(/^earshot: .*disk does not answer.*\n$/)]]);
    expect(exit).not.toHaveBeenCalled();
  });
});

describe('a real process', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'earshot-end-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function run(script: string): Promise<{ code: number | null; signal: string | null; errors: string }> {
    const module = JSON.stringify(new URL('./end-process.ts', import.meta.url).href);
    const watchdog = JSON.stringify(new URL('./exit-watchdog.ts', import.meta.url).href);
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        `import { endProcess, exitNow } from ${module};
      import { startExitWatchdog } from ${watchdog};
      const watchdog = startExitWatchdog();
      ${script}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code, signal] = await once(child, 'close');
    return { code, signal, errors };
  }

  test('H71 ends although all disk threads are blocked', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no FIFOs');
    const fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    // These opens never return, as on a network share whose server is gone.
    const ended = await run(`
      import { open } from 'node:fs';
      for (let i = 0; i < 4; i++) open(${JSON.stringify(fifo)}, 'r', () => {});
      endProcess(() => process.exit(3));`);
    expect(ended).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(ended.errors).toMatch(/disk does not answer/);
  });

  test('H71 is killed soon after `exitNow` if threads are blocked', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no FIFOs');
    const fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const ended = await run(`
      import { open } from 'node:fs';
      open(${JSON.stringify(fifo)}, 'r', () => {});
      watchdog.arm(1_000_000);
      setTimeout(() => exitNow(3, watchdog), 1_000);`);
    expect(ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('H71 keeps its exit code after `exitNow` during writes to a healthy disk', async () => {
    const ended = await run(`
      import { writeFile } from 'node:fs';
      let written = 0;
      watchdog.arm(1_000_000);
      for (let i = 0; i < 8; i++) {
        const more = () => writeFile(${JSON.stringify(join(dir, 'file'))} + i, Buffer.alloc(2 ** 20), () => {
          more();
          if (++written === 200) exitNow(3, watchdog);
        });
        more();
      }`);
    expect(ended).toEqual({ code: 3, signal: null, errors: '' });
  });

  test('H71 keeps its exit code if it ends in the callback of a disk operation', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    const ended = await run(`
      import { rm } from 'node:fs/promises';
      await rm(${JSON.stringify(file)});
      endProcess(() => process.exit(3));`);
    expect(ended).toEqual({ code: 3, signal: null, errors: '' });
  });
});
