import type { Page } from '@playwright/test';
import { SECTIONS } from '../renderer/features/settings/sections.ts';
import { addRecordings } from './support/add-recordings.ts';
import { resize } from './support/resize.ts';
import { expect, test } from './support/test.ts';
import { prepareWindowStates, SIMULATED_ERRORS, type WindowState } from './support/window-states.ts';

/** Least width and height of what can be pressed, in CSS pixels. */
const LEAST = 32;
/** Window sizes: narrow, medium, wide. */
const SIZES = [
  [360, 720],
  [960, 720],
  [1280, 900],
] as const;
/** What can be pressed. Links in sentences are as high as their line (WCAG 2.2, 2.5.8). */
const CONTROLS =
  'button, select, textarea, summary, input:not([type="file"]), [role="tab"], [role="menuitem"], [role="row"], [role="option"]';

/**
 * The visible controls that are too small to hit: their name and how far they can be pressed from their middle. Probed
 * with the browser's own hit test, so that what covers a control counts, and its label belongs to it.
 */
function findSmall(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ selector, least }) => {
      const dialog = document.querySelector('dialog[open]');
      const belongs = (hit: Element | null, control: Element) =>
        hit !== null &&
        (control.contains(hit) || (hit.closest('label') as HTMLLabelElement | null)?.control === control);
      const found: string[] = [];
      for (const control of (dialog ?? document).querySelectorAll<HTMLElement>(selector)) {
        if (!control.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
        control.scrollIntoView({ block: 'center', inline: 'center' });
        const { left, top, width, height } = control.getBoundingClientRect();
        let [x, y] = [left + width / 2, top + height / 2];
        // Of two sliders in one place, only the thumbs can be pressed.
        if (control instanceof HTMLInputElement && getComputedStyle(control).pointerEvents === 'none') {
          const share = (control.valueAsNumber - Number(control.min)) / (Number(control.max) - Number(control.min));
          x = left + least / 2 + share * (width - least);
        }
        /** How far the control reaches in one direction. */
        const reach = (stepX: number, stepY: number) => {
          let steps = 0;
          while (steps < 40 && belongs(document.elementFromPoint(x + stepX * steps, y + stepY * steps), control))
            steps++;
          return steps;
        };
        x = Math.floor(x);
        y = Math.floor(y);
        const across = Math.max(0, reach(-1, 0) + reach(1, 0) - 1);
        const down = Math.max(0, reach(0, -1) + reach(0, 1) - 1);
        if (across >= least && down >= least) continue;
        const name = control.dataset.testid ?? control.getAttribute('aria-label') ?? control.textContent;
        found.push(`${control.tagName.toLowerCase()}.${control.className} (${name}): ${across} x ${down}`);
      }
      return found;
    },
    { selector: CONTROLS, least: LEAST },
  );
}

/** Checks the window at every size. */
async function checkSizes(page: Page, place: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await resize(page, width, height);
    expect.soft(await findSmall(page), `${place}, ${width} x ${height}`).toEqual([]);
  }
}

const STATES: readonly WindowState[] = ['idle', 'listening', 'reconnecting', 'saved', 'mic-denied'];

test('what can be pressed is large enough in every state of a turn', async ({ app }) => {
  test.slow();
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { page } = earshot;
  // Without animations, elements appear at their final size.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await checkSizes(page, 'first steps');
  await earshot.skipFirstSteps();
  const enterState = await prepareWindowStates(earshot);
  for (const state of STATES) {
    await enterState(state);
    await checkSizes(page, state);
  }
});

test('what can be pressed is large enough in recordings, log and dialogs', async ({ app }) => {
  test.slow();
  addRecordings(app.dataDir, 12);
  const earshot = await app.open();
  const { page } = earshot;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await earshot.skipFirstSteps();
  const widen = () => page.setViewportSize({ width: 1280, height: 900 });
  const check = async (place: string) => {
    await checkSizes(page, place);
    await widen();
  };
  /** In a narrow window too, the recordings are in view. */
  await page.setViewportSize({ width: 360, height: 720 });
  await page.getByTestId('tab-recordings').click();
  await check('recordings');
  await earshot.recordingRows.nth(1).click();
  await check('details of a recording');
  await page.getByTestId('recording-more').click();
  await expect(page.getByRole('menu')).toBeVisible();
  expect.soft(await findSmall(page), 'menu').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('recording-trim').click();
  await check('trim');
  await page.getByTestId('trim-cancel').click();
  await page.getByTestId('recording-rename').click();
  await check('title');
  await page.keyboard.press('Escape');
  await page.getByTestId('recording-delete').click();
  await expect(page.getByTestId('recordings-deleted')).toBeVisible();
  await check('after a deletion');
  await earshot.recordingRows.nth(1).click();
  await earshot.recordingRows.nth(3).click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('recordings-delete')).toBeVisible();
  await check('several recordings');
  await earshot.showLog();
  await check('plain log');
  await earshot.showEveryLine();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(3);
  await earshot.press();
  await earshot.expectView('idle');
  await expect(page.getByTestId('log-expand').first()).toBeVisible();
  await page.getByTestId('log-row').first().click();
  await check('log in a wide window');
  await page.setViewportSize({ width: 360, height: 720 });
  await page.getByTestId('tab-log').click();
  await check('log');
  for (const section of SECTIONS) {
    if (!(await page.getByRole('dialog').isVisible())) await page.getByTestId('settings').click();
    const tab = page.getByTestId(`settings-${section}`);
    // The browser tab has fewer sections than the desktop app.
    if (!(await tab.isVisible())) continue;
    await tab.click();
    await check(`settings, ${section}`);
  }
  await page.keyboard.press('Escape');
  await page.getByTestId('health').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('connection health');
});

test('the measurement finds a button that is too small, and one that is covered', async ({ app }) => {
  const { page } = await app.open();
  await page.evaluate(() => {
    const small = document.createElement('button');
    small.textContent = 'x';
    small.dataset.testid = 'small';
    Object.assign(small.style, { position: 'fixed', left: '40px', top: '400px', width: '31px', height: '40px' });
    const covered = small.cloneNode(true) as HTMLElement;
    covered.dataset.testid = 'covered';
    Object.assign(covered.style, { left: '140px', width: '60px' });
    const cover = document.createElement('div');
    Object.assign(cover.style, { position: 'fixed', left: '140px', top: '430px', width: '60px', height: '60px' });
    document.body.append(small, covered, cover);
  });
  const found = (await findSmall(page)).filter((line) => /small|covered/.test(line));
  expect(found).toEqual([expect.stringContaining('31 x 40'), expect.stringContaining('60 x 30')]);
});
