import type { Page } from '@playwright/test';

/** When the list of recordings was painted, in ms since the start of the page's navigation. */
export interface ListTimes {
  /** Wall clock (ms) of the start of the navigation. */
  origin: number;
  /** The page's first paint of any content. */
  firstPaint: number;
  /** The first paint with a row, or, without recordings, with the sentence that says so. */
  firstRow: number;
  /** When all recordings were in the list. */
  all: number;
  /** The longest task (ms) of the page until then. */
  longestTask: number;
}

/** What `WATCH_LIST` adds to the page. */
interface ListWatch {
  /** Resolves when the list has a row for each recording. */
  times(count: number): Promise<ListTimes>;
  /** Clicks on the tab of the recordings. @returns ms from the click to the first paint with a row */
  open(): Promise<number>;
  /** Scrolls by a step in each frame. @returns the times between the frames */
  scroll(step: number, frames: number): Promise<number[]>;
}

/** Runs in the page as soon as it is parsed, before it has asked for recordings. */
const WATCH_LIST = `{
  let firstRow = null;
  const tasks = [0];
  const ready = '.recording-row, [data-testid="recordings-empty"]';
  const frame = () => new Promise(requestAnimationFrame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = async (_changes, observer) => {
    if (document.querySelector(ready) === null) return;
    observer.disconnect();
    await frame();
    // This frame begins when the one with the row has been painted.
    await frame();
    firstRow = performance.now();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  window.listWatch = {
    async times(count) {
      const rows = () => Number(document.querySelector('.recording-list')?.getAttribute('aria-rowcount') ?? 0);
      while (firstRow === null || rows() < count) await frame();
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return {
        origin: performance.timeOrigin,
        firstPaint: paint?.startTime ?? NaN,
        firstRow,
        all: performance.now(),
        longestTask: Math.max(...tasks),
      };
    },
    async open() {
      const tab = document.querySelector('[data-testid="tab-recordings"]');
      const from = performance.now();
      tab.click();
      while (firstRow === null) await frame();
      return firstRow - from;
    },
    async scroll(step, frames) {
      const list = document.querySelector('.recording-list');
      const times = [];
      let last = await frame();
      for (let i = 0; i < frames; i++) {
        list.scrollTop = (list.scrollTop + step) % (list.scrollHeight - list.clientHeight);
        const now = await frame();
        times.push(now - last);
        last = now;
      }
      return times;
    },
  };
}`;

/** A module that Electron loads before the app (`-r`): it runs `WATCH_LIST` in every page. */
export const WATCH_MODULE = `
const { app } = require('electron');
app.on('web-contents-created', (_event, contents) => {
  contents.on('dom-ready', () => void contents.executeJavaScript(${JSON.stringify(WATCH_LIST)}));
});
`;

/** Waits until the list has a row for each recording. The app must have loaded `WATCH_MODULE`. */
export async function listTimes(page: Page, count: number): Promise<ListTimes> {
  await page.waitForFunction(() => 'listWatch' in globalThis);
  return page.evaluate((count) => (globalThis as unknown as { listWatch: ListWatch }).listWatch.times(count), count);
}

/** Clicks on the tab of the recordings in a narrow window, which has not asked for the list yet. */
export async function openList(page: Page): Promise<number> {
  await page.getByTestId('tab-recordings').waitFor();
  await page.waitForFunction(() => 'listWatch' in globalThis);
  return page.evaluate(() => (globalThis as unknown as { listWatch: ListWatch }).listWatch.open());
}

/**
 * Scrolls the list and measures the times (ms) between animation frames.
 * @param step pixels per frame; 0: measures frames without scrolling
 */
export function scrollFrames(page: Page, step: number, frames: number): Promise<number[]> {
  return page.evaluate(
    ([step, frames]) => (globalThis as unknown as { listWatch: ListWatch }).listWatch.scroll(step, frames),
    [step, frames] as [number, number],
  );
}
