import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { endProcess, LEAVE_LIMIT_MS, leaveSoon } from './end-process.ts';

function fakeProcess(resources: string[]) {
  return { pid: 7, getActiveResourcesInfo: () => resources, kill: vi.fn() };
}

test('H71 a process whose disk answers ends in the ordinary way', () => {
  const target = fakeProcess(['TCPSocketWrap', 'Timeout']);
  const exit = vi.fn();
  endProcess(exit, target);
  expect(exit).toHaveBeenCalledTimes(1);
  expect(target.kill).not.toHaveBeenCalled();
});

test('H71 one that waits for its disk is killed, at once or after what is left of a stop', () => {
  vi.useFakeTimers();
  const target = fakeProcess(['FSReqPromise']);
  const exit = vi.fn();
  endProcess(exit, target);
  leaveSoon(target);
  expect(target.kill.mock.calls).toEqual([[7, 'SIGKILL']]);
  vi.advanceTimersByTime(LEAVE_LIMIT_MS);
  expect(target.kill.mock.calls).toEqual([
    [7, 'SIGKILL'],
    [7, 'SIGKILL'],
  ]);
  expect(exit).not.toHaveBeenCalled();
  vi.useRealTimers();
});

test('H71 a real process ends although all threads of its disk are stuck', async (context) => {
  context.skip(process.platform === 'win32', 'Windows has no FIFOs');
  const dir = await mkdtemp(join(tmpdir(), 'earshot-end-'));
  try {
    const fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    // Opens that never come back, as a share whose server is gone has them.
    const script = `
      import { open } from 'node:fs';
      import { leaveSoon } from ${JSON.stringify(new URL('./end-process.ts', import.meta.url).href)};
      for (let i = 0; i < 4; i++) open(${JSON.stringify(fifo)}, 'r', () => {});
      leaveSoon();`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
