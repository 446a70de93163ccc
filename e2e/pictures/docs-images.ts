import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { speechLike } from '../../testing/audio/speech-like.ts';
import { ROOT } from '../../testing/host-process.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import {
  cleanTurn,
  openSession,
  prepareFaults,
  sendForeignOrigin,
  turnWithRestart,
  turnWithThirdWelcome,
} from '../support/session-scenarios.ts';
import type { EarshotWindow } from '../support/window.ts';
import { prepareWindowStates } from '../support/window-states.ts';
import { openPictureApp, type PictureApp, type PictureOptions } from './picture-app.ts';
import { openPictureEncoder, type PictureEncoder } from './picture-encoder.ts';
import { seedRecordings } from './seed-recordings.ts';

// Not tests: they take the pictures of the README and of the docs (tools/screenshots.ts).

/** EARSHOT_PICTURES names another folder, to review the images before they replace those of the docs. */
const FOLDER = process.env.EARSHOT_PICTURES ?? join(ROOT, 'docs/images');
const SIZE = { width: 900, height: 640 };
/** High enough for the whole view of a session. */
const SESSION_SIZE = { width: 1_000, height: 1_800 };
/** Number of connections, to fill the histogram. */
const CONNECTIONS = 12;
/** On a busy machine sound can get lost, which the window says. Then the recording is made again. */
const ATTEMPTS = 5;

let encoder: PictureEncoder;
test.beforeAll(async () => {
  encoder = await openPictureEncoder();
});
test.afterAll(() => encoder.close());
test.describe.configure({ timeout: 240_000 });

for (const theme of ['light', 'dark'] as const) {
  test(`listening and recordings, ${theme}`, async () => {
    const sound = speechLike({ seconds: 120, rate: 48_000, random: new SeededRandom(5) });
    await withApp(theme, { sound, seed: seedRecordings }, async (earshot, app) => {
      await listenWithoutLoss(earshot);
      await take(earshot, `listening-${theme}`);
      await takeOverlay(app, theme);
    });
    await withApp(theme, { seed: seedRecordings }, async (earshot) => {
      await earshot.recordingRows.first().click();
      await expect(earshot.recordingDetail).toBeVisible();
      await take(earshot, `recordings-${theme}`);
    });
  });
}

test('reconnecting and health', async () => {
  await withApp('light', { seed: seedRecordings }, async (earshot) => {
    const enter = await prepareWindowStates(earshot);
    await enter('unreachable');
    await takeBoth(earshot, 'reconnecting');
  });
  await withApp('light', {}, async (earshot) => {
    const { page } = earshot;
    for (let i = 0; i < CONNECTIONS; i++) {
      await earshot.press();
      await earshot.expectView('listening');
      await earshot.press();
      await earshot.expectView('idle');
    }
    await page.getByTestId('health').click();
    await expect(page.getByTestId('health-figures')).toContainText(`Last ${CONNECTIONS} connections`);
    await takeBoth(earshot, 'health');
  });
});

/** Sessions whose view shows one thing each. */
const SESSIONS: Record<string, (app: PictureApp) => Promise<void>> = {
  clean: ({ earshot }) => cleanTurn(earshot, 3),
  async 'third-welcome'({ earshot }) {
    await prepareFaults(earshot);
    await turnWithThirdWelcome(earshot);
  },
  restart: ({ earshot, electron }) =>
    turnWithRestart(earshot, () =>
      electron.evaluate(() =>
        (globalThis as unknown as { restartVoice(where: string): Promise<void> }).restartVoice('same port'),
      ),
    ),
  async refused({ earshot, electron }) {
    await sendForeignOrigin(electron);
    await earshot.press();
    await earshot.expectView('reconnecting');
  },
};

for (const [name, perform] of Object.entries(SESSIONS)) {
  test(`session, ${name}`, async () => {
    await withApp('light', { restartable: name === 'restart' }, async (earshot, app) => {
      const { page } = earshot;
      await perform(app);
      if (name === 'refused') {
        await page.getByTestId('show-in-log').first().click();
        // A third attempt that has ended, too.
        await expect(page.locator('[data-testid="session-connection"][data-result="refused"]').nth(2)).toBeVisible();
      } else {
        await openSession(earshot);
      }
      await page.setViewportSize(SESSION_SIZE);
      const view = page.getByTestId('session-view');
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await settle(page);
        await save(`session-${name}-${theme}`, await view.screenshot({ animations: 'disabled' }));
      }
    });
  });
}

async function withApp(
  theme: 'light' | 'dark',
  options: PictureOptions,
  work: (earshot: EarshotWindow, app: PictureApp) => Promise<void>,
): Promise<void> {
  const app = await openPictureApp(options);
  try {
    await app.earshot.page.setViewportSize(SIZE);
    await app.earshot.page.emulateMedia({ colorScheme: theme });
    await work(app.earshot, app);
  } finally {
    await app.close();
  }
}

/** Listens for some seconds of which nothing was lost. */
async function listenWithoutLoss(earshot: EarshotWindow): Promise<void> {
  const notice = earshot.page.getByTestId('loss');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await earshot.press();
    await earshot.expectListenedFor(5);
    if (await notice.isHidden()) return;
    await earshot.press();
    await earshot.expectView('idle');
    await earshot.page.reload();
    await earshot.expectView('idle');
  }
  throw new Error('Sound was lost each time. Try again when the machine is less busy.');
}

/** The overlay, which the desktop app shows while a hidden window records. */
async function takeOverlay({ electron }: PictureApp, theme: 'light' | 'dark'): Promise<void> {
  const opened = electron.waitForEvent('window');
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const overlay = await opened;
  await overlay.emulateMedia({ colorScheme: theme });
  await expect(overlay.getByTestId('overlay-state')).toHaveText('Recording');
  await save(`overlay-${theme}`, await overlay.screenshot());
}

/** The same moment in both themes. */
async function takeBoth(earshot: EarshotWindow, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await earshot.page.emulateMedia({ colorScheme: theme });
    await take(earshot, `${name}-${theme}`);
  }
}

/** Moves the mouse and the focus away, so that no button looks hovered or focused. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

async function take({ page }: EarshotWindow, name: string): Promise<void> {
  await settle(page);
  await save(name, await page.screenshot({ animations: 'disabled' }));
}

async function save(name: string, png: Buffer): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.webp`), await encoder.still(png));
}
