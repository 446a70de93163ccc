import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { isRunning, processTree } from './processes.ts';
import { socketsOf } from './sockets.ts';

const elsewhere = process.platform !== 'linux';

test.skipIf(elsewhere)('lists a process and its descendants while they run', async () => {
  const shell = spawn('sh', ['-c', 'sleep 60 & echo started; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(shell.stdout, 'data');
  // Until exec, a forked process has the command line of its parent.
  await expect.poll(() => processTree(shell.pid ?? 0).map(({ args }) => args[0])).toEqual(['sh', 'sleep']);
  const found = processTree(shell.pid ?? 0);
  expect(found[1]?.parent).toBe(shell.pid);
  const exited = once(shell, 'exit');
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  await exited;
  expect(isRunning(shell.pid ?? 0)).toBe(false);
  expect(processTree(shell.pid ?? 0)).toEqual([]);
});

test.skipIf(elsewhere)('lists the address and port on which a process listens', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(socketsOf(process.pid)).toContainEqual({ protocol: 'tcp', address: '127.0.0.1', port, state: 'listening' });
  await new Promise((resolve) => server.close(resolve));
  expect(socketsOf(process.pid).map((socket) => socket.port)).not.toContain(port);
});
