import type { Page } from '@playwright/test';
import { SECTIONS } from '../renderer/features/settings/sections.ts';
import { addRecordings } from './support/add-recordings.ts';
import { resize } from './support/resize.ts';
import { expect, test } from './support/test.ts';
import { prepareWindowStates, SIMULATED_ERRORS, type WindowState } from './support/window-states.ts';

const SIZES = [
  [320, 640],
  [960, 720],
  [1280, 900],
] as const;

/** What is cut, invisible, or not marked as chosen in the window as it is shown: one line for each element. */
function findFaults(page: Page): Promise<Record<'cut' | 'invisible' | 'unmarked', string[]>> {
  return page.evaluate(() => {
    const root = document.querySelector('dialog[open]') ?? document.body;
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class')} (${element.getAttribute('data-testid') ?? element.getAttribute('aria-label') ?? element.textContent})`;
    const isShown = (element: Element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });

    /** A select does not say that its text is cut: a copy of it that is as wide as its text does. */
    function isSelectCut(select: HTMLSelectElement): boolean {
      const copy = select.cloneNode() as HTMLSelectElement;
      copy.removeAttribute('data-testid');
      copy.append(new Option(select.selectedOptions[0]?.textContent ?? ''));
      Object.assign(copy.style, { position: 'absolute', width: 'max-content', minWidth: '0', visibility: 'hidden' });
      select.after(copy);
      const needed = copy.getBoundingClientRect().width;
      copy.remove();
      return needed > select.getBoundingClientRect().width + 1;
    }
    /** Whether its text is longer than its box, and does not go on beside it. */
    const isTextCut = (element: Element) =>
      getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    const cut = [...root.querySelectorAll('button, label, h1, h2, h3, legend, [role="tab"], select')]
      .filter((element) => isShown(element) && !element.matches('.visually-hidden'))
      .filter((element) => (element instanceof HTMLSelectElement ? isSelectCut(element) : isTextCut(element)))
      .map(name);

    const isClear = (colour: string) => /^rgba\(.*, 0\)$|^transparent$/.test(colour);
    /** The colour behind an element. */
    function colourBehind(element: Element | null): string {
      for (let at = element; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (!isClear(backgroundColor)) return backgroundColor;
      }
      return getComputedStyle(document.documentElement).backgroundColor;
    }
    function isInvisible(control: Element): boolean {
      const behind = colourBehind(control.parentElement);
      const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor, color } = getComputedStyle(control);
      const hasBorder =
        borderTopWidth !== '0px' && borderTopStyle !== 'none' && !isClear(borderTopColor) && borderTopColor !== behind;
      if (hasBorder || (!isClear(backgroundColor) && backgroundColor !== behind)) return false;
      const hasWords = (control.textContent ?? '').trim() !== '' || control.querySelector('svg') !== null;
      return !hasWords || color === colourBehind(control);
    }
    /** Contrast of two colours (WCAG 2.2). */
    function contrast(...colours: [string, string]): number {
      const [dark = 0, light = 0] = colours
        .map((colour) => {
          const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
            const share = Number(part) / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        })
        .sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    }
    const pictures = [...root.querySelectorAll('.waveform, .recording-row p, .recording-row span')].filter(
      (element) => isShown(element) && contrast(getComputedStyle(element).color, colourBehind(element)) < 3,
    );
    const invisible = [
      // A choice of several has the look of its label, and a slider that of its parts.
      ...root.querySelectorAll('button, select, textarea, input:not([type="radio"], [type="range"], [type="file"])'),
    ]
      .filter((control) => isShown(control) && isInvisible(control))
      .concat(pictures)
      .map(name);
    // What is chosen has a background of its own, or another colour than its neighbours. The mic has another shape.
    const unmarked = [
      ...root.querySelectorAll('[role="tab"][aria-selected="true"], button[aria-pressed="true"]:not(.mic)'),
    ]
      .filter(isShown)
      .filter((control) => {
        const { backgroundColor, color } = getComputedStyle(control);
        const others = [...(control.parentElement?.querySelectorAll('button') ?? [])].filter((one) => one !== control);
        const isFilled = !isClear(backgroundColor) && backgroundColor !== colourBehind(control.parentElement);
        return !isFilled && !others.some((one) => getComputedStyle(one).color !== color);
      })
      .map(name);
    return { cut, invisible, unmarked };
  });
}

/** Compares the window in forced colours with the window without, at every size. */
async function check(page: Page, place: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await resize(page, width, height);
    // In a very narrow window, a long choice ends with an ellipsis, whatever the colours.
    await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' });
    const before = await findFaults(page);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    const { cut: cutNow, ...faults } = await findFaults(page);
    const cut = cutNow.filter((name) => !before.cut.includes(name));
    if (process.env.EARSHOT_PICTURES)
      await page.screenshot({ path: `${process.env.EARSHOT_PICTURES}/forced-${place}-${width}.png` });
    expect.soft({ cut, ...faults }, `${place}, ${width} x ${height}`).toEqual({ cut: [], invisible: [], unmarked: [] });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

const STATES: readonly WindowState[] = ['idle', 'listening', 'paused', 'muted', 'reconnecting', 'saved', 'mic-denied'];

test('in forced colours, nothing is cut or invisible in the states of a turn', async ({ app }) => {
  test.slow();
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  await earshot.skipFirstSteps();
  const enterState = await prepareWindowStates(earshot);
  for (const state of STATES) {
    await enterState(state);
    await check(earshot.page, state);
  }
});

test('in forced colours, nothing is cut or invisible in recordings, log and dialogs', async ({ app }) => {
  test.slow();
  addRecordings(app.dataDir, 12);
  const earshot = await app.open();
  const { page } = earshot;
  await page.setViewportSize({ width: 320, height: 640 });
  await check(page, 'first steps');
  await earshot.skipFirstSteps();
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByTestId('tab-recordings').click();
  await check(page, 'recordings');
  await earshot.recordingRows.nth(1).click();
  await check(page, 'details');
  await page.getByTestId('recording-trim').click();
  await check(page, 'trim');
  await page.getByTestId('trim-cancel').click();
  await page.getByTestId('recording-loop').click();
  await check(page, 'repetition');
  await earshot.showLog();
  await check(page, 'recordings and log');
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByTestId('tab-log').click();
  await check(page, 'plain log');
  await earshot.showEveryLine();
  await page.getByTestId('log-row').last().click();
  await check(page, 'log with details');
  await page.keyboard.press('?');
  await check(page, 'keys of the log');
  await page.keyboard.press('Escape');
  for (const section of SECTIONS) {
    if (!(await page.getByRole('dialog').isVisible())) await page.getByTestId('settings').click();
    const tab = page.getByTestId(`settings-${section}`);
    // The browser tab has fewer sections than the desktop app.
    if (!(await tab.isVisible())) continue;
    await tab.click();
    await check(page, `settings ${section}`);
  }
});

test('the check finds a select whose text is cut, and a button that has the colour of the page', async ({ app }) => {
  const { page } = await app.open();
  await page.evaluate(() => {
    const select = document.createElement('select');
    select.className = 'input select';
    select.dataset.testid = 'cut';
    select.style.width = '60px';
    select.append(new Option('Newest first'));
    const button = document.createElement('button');
    button.dataset.testid = 'unseen';
    button.textContent = 'x';
    button.style.color = getComputedStyle(document.body).backgroundColor;
    document.body.append(select, button);
  });
  const { cut, invisible } = await findFaults(page);
  expect([cut, invisible]).toEqual([[expect.stringContaining('(cut)')], [expect.stringContaining('(unseen)')]]);
});
