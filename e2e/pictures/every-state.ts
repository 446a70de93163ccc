import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { SECTIONS } from '../../renderer/features/settings/sections.ts';
import { speechLike } from '../../testing/audio/speech-like.ts';
import { SeededRandom } from '../../testing/seeded-random.ts';
import type { EarshotWindow } from '../support/window.ts';
import { prepareWindowStates, WINDOW_STATES } from '../support/window-states.ts';
import { openPictureApp, type PictureOptions } from './picture-app.ts';
import { seedManyRecordings, seedRecordings } from './seed-recordings.ts';

// Not tests: they take a picture of every state of the window, for review (tools/screenshots.ts).

/** The output folder. */
const FOLDER = process.env.EARSHOT_PICTURES ?? 'test-results/every-state';
/** One size of each layout. */
const SIZES = { narrow: [400, 720], medium: [960, 720], wide: [1_440, 900] } as const;
type Size = keyof typeof SIZES;
/** Preferences of users' systems, as CSS media features. */
const MEDIA = {
  light: { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' },
  dark: { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'no-preference' },
  forced: { colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'no-preference' },
  still: { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' },
} as const;
type Media = keyof typeof MEDIA;
const ALL_MEDIA = Object.keys(MEDIA) as Media[];
const THEMES: readonly Media[] = ['light', 'dark'];
const MANY = 10_000;

test.describe.configure({ timeout: 600_000 });

test('states of a turn', async () => {
  await withApp({}, async ({ page, earshot }) => {
    const enter = await prepareWindowStates(earshot);
    for (const state of WINDOW_STATES) {
      await enter(state);
      await take(page, state, state === 'idle' || state === 'listening' ? ALL_MEDIA : THEMES);
    }
  });
});

for (const [name, peak] of Object.entries({ quiet: -36, good: -9, clipped: 6 })) {
  test(`listening, ${name} level`, async () => {
    const sound = speechLike({ seconds: 60, rate: 48_000, random: new SeededRandom(5), peak });
    await withApp({ sound, seed: seedRecordings }, async ({ page, earshot }) => {
      await earshot.press();
      await earshot.expectListenedFor(4);
      await take(page, `listening-${name}`, THEMES, name === 'good' ? ['narrow', 'medium', 'wide'] : ['medium']);
      await earshot.press();
      await earshot.expectView('idle');
      await take(page, `after-${name}`);
    });
  });
}

test('recordings', async () => {
  await withApp({ seed: seedRecordings }, async ({ page, earshot }) => {
    await earshot.showRecordings();
    await expect(earshot.recordingRows.first()).toBeVisible();
    await take(page, 'recordings', ALL_MEDIA, ['narrow', 'medium', 'wide'], showRecordings);

    await size(page, 'medium');
    await earshot.recordingRows.first().click();
    await expect(earshot.recordingDetail).toBeVisible();
    await take(page, 'recording-detail', ALL_MEDIA, ['narrow', 'medium', 'wide'], showRecordings);

    await size(page, 'medium');
    await page.getByTestId('recording-rename').click();
    await take(page, 'recording-rename');
    await page.keyboard.press('Escape');
    await page.getByTestId('details-play').click();
    await expect(page.getByTestId('details-play')).toHaveAttribute('data-status', 'playing');
    await take(page, 'recording-playing');
    await page.getByTestId('details-play').click();
    await page.getByTestId('recording-export').click();
    await expect(page.getByRole('menu')).toBeVisible();
    await take(page, 'recording-export', [...THEMES, 'forced']);
    await page.keyboard.press('Escape');
    await page.getByTestId('recording-trim').click();
    await take(page, 'recording-trim', [...THEMES, 'forced']);
    await page.keyboard.press('Escape');

    await page.getByTestId('recordings-search').fill('beekeeper');
    await expect(earshot.recordingRows).toHaveCount(2);
    await take(page, 'recordings-search');
    await page.getByTestId('recordings-search').fill('no such title');
    await expect(earshot.recordingRows).toHaveCount(0);
    await take(page, 'recordings-no-match');
    await page.getByTestId('recordings-search').fill('');
    await earshot.recordingRows.nth(1).click();
    await earshot.recordingRows.nth(3).click({ modifiers: ['Shift'] });
    await take(page, 'recordings-selected');
    await page.keyboard.press('Delete');
    await expect(page.getByTestId('recordings-undo')).toBeVisible();
    await take(page, 'recordings-deleted', THEMES, ['narrow', 'medium'], showRecordings);
  });
});

test('ten thousand recordings', async () => {
  const seed = (dataDir: string, now: Date) => seedManyRecordings(dataDir, now, MANY);
  await withApp({ seed }, async ({ page, earshot }) => {
    await earshot.showRecordings();
    await expect(earshot.recordingRows.first()).toBeVisible();
    await take(page, 'recordings-10000');
    await page.getByTestId('recording-list').press('End');
    await take(page, 'recordings-10000-end');
  });
});

test('settings', async () => {
  await withApp({ seed: seedRecordings }, async ({ page }) => {
    await page.getByTestId('settings').click();
    for (const section of SECTIONS) {
      await page.getByTestId(`settings-${section}`).click();
      await take(page, `settings-${section}`, [...THEMES, 'forced']);
    }
    await page.getByTestId('settings-search').fill('keyboard');
    await take(page, 'settings-search');
    await page.getByTestId('settings-search').fill('');
    await take(page, 'settings', THEMES, ['narrow']);
  });
});

test('the overlay', async () => {
  const sound = speechLike({ seconds: 60, rate: 48_000, random: new SeededRandom(5), peak: -9 });
  await withApp({ sound }, async ({ earshot, electron }) => {
    await earshot.press();
    await earshot.expectListenedFor(2);
    const opened = electron.waitForEvent('window');
    // Without a window manager, a window can't be minimised.
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const overlay = await opened;
    await expect(overlay.getByTestId('overlay-state')).toHaveText('Recording');
    await takeOverlay(overlay, 'overlay');
    await overlay.getByTestId('overlay-pause').click();
    await earshot.expectView('paused');
    await takeOverlay(overlay, 'overlay-paused');
    await overlay.getByTestId('overlay-stop').click();
    await earshot.expectView('idle');
  });
});

test('health', async () => {
  await withApp({ seed: seedRecordings }, async ({ page, earshot }) => {
    await earshot.recordTurn(2);
    await page.getByTestId('health').click();
    await take(page, 'health', [...THEMES, 'forced'], ['narrow', 'medium']);
  });
});

test('the log', async () => {
  await withApp({ seed: seedRecordings }, async ({ page, earshot }) => {
    await earshot.recordTurn(3);
    await earshot.recordTurn(1);
    await takeLogStates(page, earshot, 'log');
  });
});

test('the log in German', async () => {
  await withApp({ seed: seedRecordings, env: { LANGUAGE: 'de' } }, async ({ page, earshot }) => {
    await earshot.recordTurn(3);
    await takeLogStates(page, earshot, 'german-log');
  });
});

/** Takes pictures of the log in both levels of detail, in a search, with details, paused, cleared and with its help. */
async function takeLogStates(page: Page, earshot: EarshotWindow, name: string): Promise<void> {
  await earshot.showLog();
  const showLog = () => page.getByTestId('tab-log').click();
  const takeLog = (state: string, sizes: readonly Size[] = ['narrow', 'medium', 'wide']) =>
    take(page, `${name}-${state}`, THEMES, sizes, showLog);
  const wide = () => size(page, 'medium');
  await takeLog('plain');
  await wide();
  await page.getByTestId('log-everything').click();
  await take(page, `${name}-everything`, [...THEMES, 'forced'], ['narrow', 'medium', 'wide'], showLog);
  await wide();
  await page.locator('[data-testid="log-row"][data-event="WS_SEND"]').first().click();
  await take(page, `${name}-details`, [...THEMES, 'forced'], ['narrow', 'medium', 'wide'], showLog);
  await wide();
  await page.getByTestId('log-detail-close').click();
  await earshot.logSearch.fill('session');
  await page.keyboard.press('Enter');
  await takeLog('search');
  await wide();
  await earshot.logSearch.fill('no such words');
  await takeLog('no-match', ['medium']);
  await earshot.logSearch.fill('level:some');
  await page.keyboard.press('Enter');
  await takeLog('bad-filter', ['narrow', 'medium']);
  await wide();
  await earshot.logSearch.fill('');
  await page.getByTestId('log-follow').click();
  await takeLog('paused', ['medium']);
  await page.getByTestId('log-more').click();
  await takeLog('menu', ['medium']);
  await page.getByTestId('log-keys').click();
  // The dialog covers the tabs.
  await take(page, `${name}-keys`, THEMES, ['narrow', 'medium']);
  await page.keyboard.press('Escape');
  await wide();
  await page.getByTestId('log-clear').click();
  await takeLog('cleared', ['narrow', 'medium']);
}

test('first start', async () => {
  await withApp({ settings: { first_steps_done: false } }, async ({ page }) => {
    await expect(page.getByTestId('first-steps')).toBeVisible();
    await take(page, 'first-start', ALL_MEDIA, ['narrow', 'medium', 'wide']);
  });
});

test('German', async () => {
  await withApp({ seed: seedRecordings, env: { LANGUAGE: 'de' } }, async ({ page, earshot }) => {
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await earshot.recordingRows.first().click();
    await take(page, 'german', THEMES, ['medium', 'wide']);
    await size(page, 'medium');
    await page.getByTestId('settings').click();
    await take(page, 'german-settings');
  });
});

const showRecordings = (page: Page) => page.getByTestId('tab-recordings').click();

/** Runs `work` with an app, and ends the app. */
async function withApp(
  options: PictureOptions,
  work: (app: { page: Page; earshot: EarshotWindow; electron: ElectronApplication }) => Promise<void>,
): Promise<void> {
  const app = await openPictureApp(options);
  try {
    await size(app.earshot.page, 'medium');
    await work({ page: app.earshot.page, earshot: app.earshot, electron: app.electron });
  } finally {
    await app.close();
  }
}

/** Takes a picture of the overlay with each preference. Its window has one size. */
async function takeOverlay(overlay: Page, name: string): Promise<void> {
  await overlay.mouse.move(0, 0);
  for (const preference of ALL_MEDIA) {
    await overlay.emulateMedia(MEDIA[preference]);
    await overlay.screenshot({ path: join(FOLDER, `${name}-${preference}.png`), animations: 'disabled' });
  }
}

async function size(page: Page, name: Size): Promise<void> {
  const [width, height] = SIZES[name];
  await page.setViewportSize({ width, height });
  await expect(page.locator('[data-layout]')).toHaveAttribute('data-layout', name);
}

/**
 * Takes a picture with each preference and in each size: `<name>-<size>-<preference>.png`.
 * @param showNarrow shows the right part of a narrow window
 */
async function take(
  page: Page,
  name: string,
  media: readonly Media[] = THEMES,
  sizes: readonly Size[] = ['medium'],
  showNarrow: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  for (const layout of sizes) {
    await size(page, layout);
    // A change of size makes the system's pointer hover over what is below it.
    await page.mouse.move(1, 1);
    await page.mouse.move(0, 0);
    if (layout === 'narrow') await showNarrow(page);
    for (const preference of media) {
      await page.emulateMedia(MEDIA[preference]);
      // Rows of lists are rendered one frame after a change of size.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await page.screenshot({ path: join(FOLDER, `${name}-${layout}-${preference}.png`), animations: 'disabled' });
    }
  }
  await page.emulateMedia(MEDIA.light);
}
