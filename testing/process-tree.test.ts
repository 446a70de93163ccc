import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { treeUsage } from './process-tree.ts';

test.runIf(process.platform === 'linux')('adds up the usage of a process and its child processes', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    process.on('SIGTERM', () => child.kill());
    child.on('close', () => process.exit());`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  const usage = treeUsage(parent.pid ?? 0);
  parent.kill();
  await once(parent, 'close');
  expect(usage.processes).toBe(2);
  expect(usage.pssBytes).toBeGreaterThan(2 * 1024 * 1024);
  expect(usage.cpuMs).toBeGreaterThan(0);
});

test.runIf(process.platform === 'linux')('is 0 for a process that has exited', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'close');
  expect(treeUsage(child.pid ?? 0)).toEqual({ cpuMs: 0, pssBytes: 0, processes: 1 });
});
