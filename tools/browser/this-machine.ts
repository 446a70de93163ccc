import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { tool } from '../test-runner/run-tool.ts';
import type { Machine } from './find.ts';

/** The real machine, for `findBrowser`. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    playwrightChromium: chromium.executablePath(),
    exists: existsSync,
    print: (line) => console.log(line),
    run,
    runPlaywright: (args, timeoutMs) => run(process.execPath, [tool('playwright'), ...args], timeoutMs),
  };
}

function run(command: string, args: readonly string[], timeoutMs: number): Promise<boolean> {
  const options = {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  return new Promise((resolve) => {
    execFile(command, args, options, (error) => resolve(error === null)).stdin?.end();
  });
}
