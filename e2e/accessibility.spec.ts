import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { SECTIONS } from '../renderer/features/settings/sections.ts';
import { addRecordings } from './support/add-recordings.ts';
import { resize } from './support/resize.ts';
import { openSession, turnWithRestart } from './support/session-scenarios.ts';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';
import { prepareWindowStates, SIMULATED_ERRORS, type WindowState } from './support/window-states.ts';

const THEMES = ['light', 'dark'] as const;
/** Window sizes (CSS pixels): narrow, medium, wide. */
const SIZES = [
  [360, 720],
  [960, 720],
  [1280, 900],
] as const;

/** What axe finds in the window as it is shown, one line for each element. */
async function violations(page: Page, place: string): Promise<string[]> {
  // Legacy mode: axe otherwise opens a page of its own, which Electron can't do.
  const axe = new AxeBuilder({ page })
    .setLegacyMode(true)
    // Base UI's marks around an open menu: they take the focus only to pass it on, and screen readers skip them.
    .exclude('[data-base-ui-focus-guard]');
  // An open menu is drawn over the page and so outside of its landmarks. Its button leads to it.
  if ((await page.getByRole('menu').count()) > 0) axe.disableRules('region');
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${place}: ${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Checks the page as it is, in both themes. */
async function checkThemes(page: Page, place: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of THEMES) {
    // Without motion, no colour is between two others.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await violations(page, `${place}, ${colorScheme}`)));
  }
  return found;
}

/** Checks the window in both themes, at every size. */
async function checkEverywhere({ page }: EarshotWindow, place: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of SIZES) {
      await resize(page, width, height);
      found.push(...(await violations(page, `${place}, ${colorScheme}, ${width}`)));
    }
  }
  return found;
}

const STATES: readonly WindowState[] = [
  'idle',
  'listening',
  'paused',
  'muted',
  'reconnecting',
  'stopping',
  'saved',
  'mic-denied',
];

test('axe finds nothing in the states of a turn, in both themes and at every size', async ({ app }) => {
  test.slow();
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const enterState = await prepareWindowStates(earshot);
  for (const state of STATES) {
    await enterState(state);
    expect.soft(await checkEverywhere(earshot, state)).toEqual([]);
  }
});

test('axe finds nothing in recordings, log and dialogs, in both themes and at every size', async ({ app }) => {
  test.slow();
  addRecordings(app.dataDir, 12);
  const earshot = await app.open();
  await checkParts(earshot);
});

test('axe finds nothing in the German window either', async ({ app }) => {
  test.slow();
  addRecordings(app.dataDir, 12);
  writeFileSync(join(app.dataDir, 'settings.json'), JSON.stringify({ schema_version: 1, language: 'de' }));
  const earshot = await app.open();
  await expect(earshot.page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(earshot.status).toContainText('Bereit');
  await checkParts(earshot);
});

/** Checks recordings, log, each section of the settings and the connection health. */
async function checkParts(earshot: EarshotWindow): Promise<void> {
  const { page } = earshot;
  const check = async (place: string) => expect.soft(await checkEverywhere(earshot, place)).toEqual([]);
  await page.setViewportSize({ width: 960, height: 720 });
  await expect(earshot.recordingRows).not.toHaveCount(0);
  await check('recordings');
  await page.setViewportSize({ width: 960, height: 720 });
  await earshot.recordingRows.nth(1).click();
  await expect(earshot.recordingDetail).toBeVisible();
  await check('details of a recording');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId('recording-delete').click();
  await expect(page.getByTestId('recordings-deleted')).toBeVisible();
  await check('after a deletion');
  await page.setViewportSize({ width: 1280, height: 900 });
  await earshot.showLog();
  await check('plain log');
  await page.setViewportSize({ width: 1280, height: 900 });
  await earshot.showEveryLine();
  await page.getByTestId('log-row').first().click();
  await earshot.logSearch.fill('app_started');
  await check('log with a search and the details of a line');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId('log-list').press('?');
  await check('keys of the log');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.keyboard.press('Escape');
  await earshot.logSearch.fill('');
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const section of SECTIONS) {
    if ((await page.getByTestId('settings').isVisible()) && !(await page.getByRole('dialog').isVisible())) {
      await page.getByTestId('settings').click();
    }
    const tab = page.getByTestId(`settings-${section}`);
    // The browser tab has fewer sections than the desktop app.
    if (!(await tab.isVisible())) continue;
    await tab.click();
    await check(`settings, ${section}`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  await page.keyboard.press('Escape');
  await page.getByTestId('health').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('connection health');
}

test('axe finds nothing in the view of a session, in both themes and at every size', async ({ app }) => {
  test.slow();
  const earshot = await app.open({ restartable: true });
  await earshot.page.setViewportSize({ width: 1280, height: 900 });
  await turnWithRestart(earshot, () => app.host().restartVoice('same port'));
  await openSession(earshot);
  expect(await checkEverywhere(earshot, 'a session in the log')).toEqual([]);
});

test('axe finds nothing in open menus, tooltips, a rename and a notice, in both themes', async ({ app }) => {
  test.slow();
  app.allowErrors(/no_such_recording/);
  addRecordings(app.dataDir, 3);
  const earshot = await app.open();
  const { page } = earshot;
  const check = async (place: string) => expect.soft(await checkThemes(page, place)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 900 });
  await check('first steps');
  await earshot.skipFirstSteps();
  await page.getByTestId('settings').focus();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByTestId('tooltip').first()).toBeVisible();
  await check('tooltip');
  await page.keyboard.press('Escape');
  await earshot.recordingRows.first().click();
  // The details have two buttons in place of one where there is room.
  for (const [button, width] of [
    ['recording-export', 1700],
    ['recording-more', 1280],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.getByTestId(button).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await check(button);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
  }
  await earshot.recordingRows.first().click({ button: 'right' });
  await page.getByTestId('menu-export').press('ArrowRight');
  await expect(page.getByRole('menu')).toHaveCount(2);
  await check('context menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await earshot.recordingRows.first().click();
  await page.keyboard.press('F2');
  await expect(page.getByTestId('recording-list').getByRole('textbox')).toBeVisible();
  await check('rename');
  await page.keyboard.press('Escape');
  // Three recordings, selected together.
  await earshot.recordingRows.first().click();
  await earshot.recordingRows.last().click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('recordings-export')).toBeVisible();
  await check('several recordings');
  await page.getByTestId('recordings-export').click();
  await expect(page.getByRole('menu')).toBeVisible();
  await check('export of several recordings');
  await page.keyboard.press('Escape');
  await earshot.openSettings('recordings');
  await page.getByRole('combobox', { name: 'Recordings to keep' }).selectOption('number');
  await page.getByLabel('Number of recordings').fill('1');
  await expect(page.getByRole('button', { name: /Save and delete/ })).toBeVisible();
  await check('confirmation of a deletion');
});

test('axe finds nothing in the overlay', async ({ app, shell }) => {
  test.skip(shell === 'tab', 'A browser tab has no overlay.');
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  const electron = app.electron();
  const [overlay] = await Promise.all([
    electron.waitForEvent('window', (page) => page.url().endsWith('/overlay.html')),
    electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide()),
  ]);
  for (const action of ['pause', 'continue'] as const) {
    await expect(overlay.getByTestId('overlay-state')).toHaveText(action === 'pause' ? 'Recording' : 'Paused');
    expect.soft(await checkThemes(overlay, `overlay, before ${action}`)).toEqual([]);
    await overlay.getByTestId('overlay-pause').click();
  }
  await overlay.getByTestId('overlay-stop').click();
  await earshot.expectView('idle');
});

test('an error of the host is in the language of the window', async ({ app }) => {
  addRecordings(app.dataDir, 2);
  writeFileSync(join(app.dataDir, 'settings.json'), JSON.stringify({ schema_version: 1, language: 'de' }));
  const earshot = await app.open();
  await earshot.page.setViewportSize({ width: 1280, height: 900 });
  await earshot.recordingRows.first().click();
  const folder = join(app.dataDir, 'recordings');
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  await earshot.page.getByTestId('recording-delete').click();
  await expect(earshot.page.getByTestId('recordings-failure')).toContainText('Diese Aufnahme gibt es nicht mehr.');
});

test('with 320 px, and at 200 % zoom, mic, time and level are in view and nothing scrolls sideways', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.press();
  await earshot.expectView('listening');
  // 200 % zoom of 1280 x 900 leaves as many CSS pixels.
  for (const [width, height] of [
    [320, 640],
    [640, 450],
  ] as const) {
    await resize(page, width, height);
    for (const element of [earshot.mic, earshot.elapsed, page.getByTestId('meter')]) {
      await expect(element).toBeInViewport({ ratio: 1 });
    }
    const scrolls = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter(
          (element) =>
            element.scrollWidth > element.clientWidth && /auto|scroll/.test(getComputedStyle(element).overflowX),
        )
        .map((element) => element.className),
    );
    expect(scrolls, `${width} x ${height}`).toEqual([]);
  }
});

test('in forced colours, the meter, the button and the selected recording can be told from the background', async ({
  app,
}) => {
  addRecordings(app.dataDir, 3);
  const earshot = await app.open();
  const { page } = earshot;
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await earshot.recordingRows.first().click();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  const colours = await page.evaluate(() => {
    const background = getComputedStyle(document.body).backgroundColor;
    const isSeen = (element: Element | null) => {
      if (element === null) return false;
      const { backgroundColor, borderTopColor, borderTopWidth, outlineColor, outlineStyle } = getComputedStyle(element);
      const filled = backgroundColor !== background && backgroundColor !== 'rgba(0, 0, 0, 0)';
      const bordered = borderTopWidth !== '0px' && borderTopColor !== background;
      return filled || bordered || (outlineStyle !== 'none' && outlineColor !== background);
    };
    const find = (id: string) => document.querySelector(`[data-testid="${id}"]`);
    return {
      mic: isSeen(find('mic-button')),
      meter: isSeen(find('meter-bar')),
      selected: isSeen(document.querySelector('[data-testid="recording-row"][aria-selected="true"]')),
    };
  });
  expect(colours).toEqual({ mic: true, meter: true, selected: true });
  await page.screenshot({ path: test.info().outputPath('forced-colours.png') });
});

test('texts, dates and numbers are in the language of the system', async ({ app, shell }) => {
  test.skip(shell === 'tab', 'Playwright sets the language of its browser, not the system.');
  addRecordings(app.dataDir, 2);
  const earshot = await app.open({ env: { LC_ALL: 'de_AT.UTF-8', LANG: 'de_AT.UTF-8', LANGUAGE: 'de_AT' } });
  const { page } = earshot;
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(earshot.status).toContainText('Bereit');
  await expect(page.getByTestId('recording-list')).toContainText('Heute');
  await expect(page.getByTestId('recording-list')).toContainText('0,4\u00a0s fehlen');
  const menu = await app.electron().evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
  expect(menu).toEqual(['&Datei', '&Bearbeiten', '&Sprechen', '&Ansicht', '&Fenster', '&Hilfe']);
});

test('axe finds what is wrong: a button without a name', async ({ app }) => {
  const { page } = await app.open();
  await page.evaluate(() => document.body.append(document.createElement('button')));
  expect(await violations(page, 'idle')).toEqual([expect.stringContaining('button-name')]);
});
