import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../../testing/host-process.ts';

test('loading the host installs no handlers of signals: they would replace those with which Electron quits', async () => {
  const script = "import('./main/host/host.ts').then(() => console.log(process.eventNames().join()))";
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT });
  expect(stdout).not.toContain('SIG');
  expect(stdout.trim()).not.toBe('');
});
