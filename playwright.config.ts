import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from './e2e/support/browser.ts';
import type { ShellName } from './e2e/support/shell.ts';

const executablePath = process.env.EARSHOT_BROWSER;

/** Specs for one of the shells, each with the reason. Every other one runs in both. */
const TAB_ONLY = {
  'ctrl-c': 'the host is a process of its own there, which the test ends by itself',
  killed: 'the same, by a kill',
  'server-restart': 'its host restarts the voice server when it is told to on stdin',
  'foreign-page': 'asks with the token, which only the host of a tab prints',
  full: 'fills the server with clients that need the token, which only the host of a tab prints',
  secret: 'knows the secret that must not be found, from the same line',
  ports: 'looks at the port of the page, which the desktop app does not have',
  'opened-page': 'a page of the desktop app opens nothing: navigation.spec.ts',
  powers: 'what the desktop app allows its page is not the policy of a browser: permissions.spec.ts',
  'microphone-problems': 'whether there is a microphone, and who may use it, is up to the system in the desktop app',
  windows: 'each window has a microphone of its own, which is a switch of the process: a tab is a browser each',
  'desktop-window': 'shows what the app from its source can not: updates, other systems, a start at login',
};
const ELECTRON_ONLY = {
  desktop: 'looks at the bridge of the preload, which a tab does not have',
  'global-shortcut': 'a browser tab has no shortcut of the system',
  tray: 'nor an icon in the tray',
  notifications: 'nor notifications',
  menu: 'nor a menu of its own',
  permissions: 'what a tab may do is up to the browser: powers.spec.ts',
  navigation: 'where a tab goes is up to the person; what a foreign page gets of ours: foreign-page.spec.ts',
  'app-scheme': 'the page of a tab comes over HTTP: main/web/hostile-guard.test.ts',
  'window-state': 'the browser keeps its own windows',
  start: 'how the desktop app starts where something is missing or in the way',
};
const files = (specs: object) => Object.keys(specs).map((name) => `**/${name}.spec.ts`);

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
    { name: 'tab', use: { shell: 'tab' }, testIgnore: files(ELECTRON_ONLY) },
    // Drives the app from its source, whose runtime has its fuses as released: a package refuses a debugger, and is
    // smoke-tested by what it prints (`npm run smoke`).
    { name: 'electron', use: { shell: 'electron' }, testIgnore: files(TAB_ONLY) },
    // Not a test: draws docs/images (tools/screenshots.ts).
    ...(process.env.EARSHOT_SCREENSHOTS ? [{ name: 'screenshots', testMatch: '**/screenshots.ts' }] : []),
  ],
});
