import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from './testing/browser.ts';
import type { ShellName } from './testing/shell.ts';

const executablePath = process.env.EARSHOT_BROWSER;

/** Specs that run only in the browser tab, each with the reason. */
const TAB_ONLY = {
  'tab-after-host-restart': 'Only a tab has a printed link and can outlive its host.',
  'too-many-cookies': 'The page of the desktop app is not served over HTTP and gets no cookies from other servers.',
  'leftover-service-worker': 'The desktop app has its own origin, which no local server can use.',
  'host-stopped': 'Only a tab can stay open after its host has stopped.',
  'foreign-server-on-port': 'Only a tab’s page and bridge are served on a port, which another program can take.',
  'host-clock': 'The desktop app does not work under libfaketime: Chromium runs in the same process as the host.',
  'served-page': 'Only the page of a tab is served over HTTP and has a key in its address.',
  'window-opener': 'The page of the desktop app can’t open another page (navigation.spec.ts tests that).',
  'tab-permissions': 'It tests permissions in a browser; permissions.spec.ts tests them in the desktop app.',
  'dev-web': 'It tests `npm run dev:web`, which starts the tab.',
  'reload-tab': 'Only a tab can go back, be duplicated and have its connection cut by Playwright.',
  'desktop-only-ui':
    'It shows the desktop app’s window with a fake preload script, which needs a page that a browser can load.',
};
/** Specs that run only in the desktop app, each with the reason. */
const ELECTRON_ONLY = {
  'renderer-crash': 'It kills the page’s process by its id and answers message boxes, which only Electron allows.',
  'desktop-bridge': 'Only the desktop app has a preload script.',
  'lost-listener':
    'It closes the voice server’s listener inside the host process, which a test reaches only in Electron.',
  'recordings-library': 'It calls the bridge of the preload script.',
  'foreign-server-on-voice-port':
    'It closes the voice server’s listener inside the host process; foreign-server-on-port.spec.ts covers the tab.',
  'dev-desktop': 'It tests `npm run dev`, which starts the desktop app.',
  'desktop-integration': 'Only the desktop app has a native menu, native message boxes and an icon on its window.',
  'held-keys': 'Only the desktop app has a global shortcut and a menu with keys.',
  'window-bounds': 'A tab does not restore the bounds of its window.',
  'suspended-processes': 'It suspends the processes of the desktop app.',
  quit: 'Only the desktop app can be quit from its window; ctrl-c.spec.ts ends the host of a tab.',
  'stuck-disk': 'It blocks file threads inside the host process; main/web.test.ts does that to the host of a tab.',
  autostart: 'Only the desktop app can start at login.',
  minimised: 'A browser throttles hidden tabs by its own rules.',
  'command-line': 'A tab has no options for a running app.',
  'second-instance': 'Only the desktop app is limited to one instance; a second host of a tab uses another port.',
  'recordings-folder': 'Only the desktop app can show the system’s dialog for folders.',
  'chromium-processes':
    'Only the desktop app has to handle the loss of Chromium’s processes; a browser handles it itself.',
  'global-shortcut': 'Only the desktop app has a global shortcut.',
  tray: 'Only the desktop app has a tray icon.',
  overlay: 'Only the desktop app has an overlay.',
  notifications: 'Only the desktop app shows system notifications.',
  menu: 'Only the desktop app has a menu.',
  permissions: 'It tests the permissions of the desktop app; tab-permissions.spec.ts tests those of the tab.',
  navigation: 'A user may navigate a tab anywhere; foreign-page.spec.ts tests what other pages can reach.',
  'app-scheme': 'Only the desktop app has the earshot: scheme; main/web/hostile-guard.test.ts tests the HTTP server.',
  'window-state': 'Only the desktop app restores the size of its window.',
  startup: 'It starts the desktop app with an unusable data folder, without a display and without D-Bus.',
};
/** Specs of the packaged app: its contents, its fuses, its installation, and a recording made with it. */
const PACKAGE_SPECS = '**/package/*.spec.ts';
const files = (specs: object) => Object.keys(specs).map((name) => `**/${name}.spec.ts`);

/** `npm run e2e` builds the app, finds a browser, sets EARSHOT_BROWSER to it and runs Playwright with this file. */
export default defineConfig<{ shell: ShellName }>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // A fake microphone plays in real time, and a browser that waits for a CPU core drops audio.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    // No screenshots in the trace: taking them uses CPU time that the audio needs.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: { args: [...BROWSER_ARGS], ...(executablePath ? { executablePath } : {}) },
  },
  projects: [
    { name: 'tab', use: { shell: 'tab' }, testIgnore: [...files(ELECTRON_ONLY), PACKAGE_SPECS] },
    // Runs the app from source, in a runtime with the fuses of Electron's release.
    { name: 'electron', use: { shell: 'electron' }, testIgnore: [...files(TAB_ONLY), PACKAGE_SPECS] },
    { name: 'package', testMatch: PACKAGE_SPECS },
    // Not tests: they take screenshots of the desktop app (tools/screenshots.ts).
    ...(process.env.EARSHOT_SCREENSHOTS
      ? (['docs-images', 'every-state', 'animation'] as const).map((name) => ({
          name,
          testMatch: `**/pictures/${name}.ts`,
        }))
      : []),
  ],
});
