import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from './testing/browser.ts';
import type { ShellName } from './testing/shell.ts';

const executablePath = process.env.EARSHOT_BROWSER;

/** Specs for one of the shells, each with the reason. Every other one runs in both. */
const TAB_ONLY = {
  'former-link': 'a window of the desktop app has no link, and ends with its host',
  'too-many-cookies':
    'the session of the desktop app keeps no cookies of other servers, and its page has no address of theirs',
  'former-worker': 'the desktop app has an origin of its own, at no port',
  'server-gone': 'a window outlives its server there; in the desktop app both end together',
  'foreign-server-on-port':
    'a window outlives its host there; in the desktop app both end together, and its bridge has no port',
  'host-clock':
    'Chromium shares the process of the host in the desktop app, and starves when libfaketime gives it the time',
  'served-page': 'the page is served over HTTP there, with the key in its address',
  'opened-page': 'a page of the desktop app opens nothing: navigation.spec.ts',
  'tab-permissions': 'what the desktop app allows its page is not the policy of a browser: permissions.spec.ts',
  'dev-web': '`npm run dev:web`, in a copy of the project',
  'reload-tab': 'goes back, copies a tab and cuts its connection in the page: a desktop window can do none of it',
  'desktop-window': 'shows what the app from its source can not: updates, other systems, a start at login',
};
const ELECTRON_ONLY = {
  crash: 'kills the page’s process by its id, which Electron tells, and answers the questions of its main process',
  desktop: 'looks at the bridge of the preload, which a tab does not have',
  'lost-listener': 'takes the listener away inside the process of the host, which only Electron lets a test reach',
  'foreign-server-on-voice-port':
    'the same: the host of a tab would have to be reached from outside, and foreign-server-on-port.spec.ts has its tabs',
  dev: '`npm run dev` for the desktop app, in a copy of the project',
  'desktop-shell': 'menus, keys, icon and boxes are those of the desktop app',
  'held-keys': 'the global shortcut and the menu are those of the desktop app',
  'desktop-window-place': 'what a window manager does to the place of a window, a tab does not see',
  stalls: 'stops processes of the desktop app',
  quit: 'a tab is closed by its browser; its host ends by Ctrl-C: ctrl-c',
  'stuck-disk':
    'takes threads of the host away, which only Electron lets a test reach; the host of a tab: main/web.test.ts',
  autostart: 'a tab is not started at login',
  minimised: 'a browser that is hidden throttles its pages as it likes; the desktop app decides it for itself',
  'second-instance': 'a second host of a tab is one on another port',
  services: 'the processes of a browser are its own affair; the desktop app tells what became of its own',
  'global-shortcut': 'a browser tab has no shortcut of the system',
  tray: 'nor an icon in the tray',
  notifications: 'nor notifications',
  menu: 'nor a menu of its own',
  permissions: 'what a tab may do is up to the browser: tab-permissions.spec.ts',
  navigation: 'where a tab goes is up to the person; what a foreign page gets of ours: foreign-page.spec.ts',
  'app-scheme': 'the page of a tab comes over HTTP: main/web/hostile-guard.test.ts',
  'window-state': 'the browser keeps its own windows',
  start: 'how the desktop app starts where something is missing or in the way',
};
/** The packaged app: what is in it, what it refuses, its installation, and a voice through all of it. */
const PACKAGE_SPECS = '**/package/*.spec.ts';
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
    { name: 'tab', use: { shell: 'tab' }, testIgnore: [...files(ELECTRON_ONLY), PACKAGE_SPECS] },
    // Drives the app from its source, whose runtime has its fuses as released.
    { name: 'electron', use: { shell: 'electron' }, testIgnore: [...files(TAB_ONLY), PACKAGE_SPECS] },
    { name: 'package', testMatch: PACKAGE_SPECS },
    // Not tests: they draw the window of the real desktop app (tools/screenshots.ts).
    ...(process.env.EARSHOT_SCREENSHOTS
      ? [
          { name: 'screenshots', testMatch: '**/screenshots.ts', use: { shell: 'electron' as const } },
          { name: 'every-state', testMatch: '**/every-state.ts', use: { shell: 'electron' as const } },
        ]
      : []),
  ],
});
