import { test as base } from '@playwright/test';
import { electronRuntime } from '../../testing/electron.ts';
import type { ShellName } from '../../testing/shell.ts';
import { type App, RunningApp } from './app.ts';

export { expect } from '@playwright/test';
export type { App } from './app.ts';

/** Playwright's `test` with a running app. The project in playwright.config.ts sets `shell`. */
export const test = base.extend<{ app: App; shell: ShellName }>({
  shell: ['tab', { option: true }],
  app: async ({ shell, playwright }, use, testInfo) => {
    const runtime = electronRuntime();
    if (shell === 'electron' && 'missing' in runtime) testInfo.skip(true, runtime.missing);
    const app = new RunningApp(shell, playwright.chromium);
    await use(app);
    await app.end(testInfo);
  },
});
