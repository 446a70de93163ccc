import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from './e2e/support/browser.ts';
import type { ShellName } from './e2e/support/shell.ts';

const executablePath = process.env.EARSHOT_BROWSER;

/** `npm run e2e` builds, finds a browser, names it in EARSHOT_BROWSER and comes here. */
export default defineConfig<{ shell: ShellName }>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // One at a time: a fake microphone plays in real time, and a browser that waits for a core drops sound.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    // Without its film: that would be drawn all the time, on the cores that the sound needs.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: { args: [...BROWSER_ARGS], ...(executablePath ? { executablePath } : {}) },
  },
  projects: [
    { name: 'tab', use: { shell: 'tab' }, testIgnore: '**/desktop.spec.ts' },
    { name: 'electron', use: { shell: 'electron' }, testMatch: ['**/press*.spec.ts', '**/desktop.spec.ts'] },
    // Not a test: draws docs/images (tools/screenshots.ts).
    ...(process.env.EARSHOT_SCREENSHOTS ? [{ name: 'screenshots', testMatch: '**/screenshots.ts' }] : []),
  ],
});
