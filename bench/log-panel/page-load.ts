import type { CDPSession, Page } from '@playwright/test';

/** What is done to the list while its frames are measured. */
export const ACTIONS = ['follow', 'scroll', 'drag', 'filter', 'search'] as const;
export type Action = (typeof ACTIONS)[number] | 'nothing';

export interface Frames {
  /** Times (ms) between animation frames. */
  frames: number[];
  /** Durations (ms) of the tasks over 50 ms. */
  longTasks: number[];
}

/** Runs in the page. */
const MEASURE = `async ({ action, count, words }) => {
  const frame = () => new Promise(requestAnimationFrame);
  const list = document.querySelector('.log-list');
  const search = document.querySelector('[data-testid="log-search"]');
  const level = document.querySelector('[data-testid="log-level"]');
  // As the user does: React listens to the event, and remembers a value that it has set itself.
  const enter = (field, value, event) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, value);
    field.dispatchEvent(new Event(event, { bubbles: true }));
  };
  const steps = {
    nothing() {},
    follow() {},
    scroll(index) {
      if (index === 0) list.scrollTop = list.scrollHeight / 2;
      list.scrollTop -= 120;
    },
    drag(index) {
      const room = list.scrollHeight - list.clientHeight;
      list.scrollTop = room * (0.5 + 0.49 * Math.sin(index / 20));
    },
    filter(index) {
      if (index % 30 === 0) enter(level, index % 60 === 0 ? 'warn' : 'debug', 'change');
    },
    search(index) {
      if (index % 8 === 0) enter(search, words.slice(0, (index / 8) % (words.length + 1)), 'input');
    },
  };
  const longTasks = [];
  const observer = new PerformanceObserver((entries) => {
    for (const { duration } of entries.getEntries()) longTasks.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const frames = [];
  let last = await frame();
  for (let index = 0; index < count; index++) {
    steps[action](index);
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  for (const { duration } of observer.takeRecords()) longTasks.push(duration);
  observer.disconnect();
  if (action === 'search') enter(search, '', 'input');
  if (action === 'filter') enter(level, 'debug', 'change');
  if (list) list.scrollTop = list.scrollHeight;
  return { frames, longTasks };
}`;

/**
 * Measures frames while something is done to the log panel of the page. `follow`: the list shows new lines. `scroll`: a
 * wheel. `drag`: the scroll bar is dragged over the whole list. `filter`: the level is changed twice a second. `search`:
 * words are typed at eight letters a second. `nothing`: for a page without a log.
 */
export function measureFrames(page: Page, action: Action, count: number, words: string): Promise<Frames> {
  return page.evaluate<Frames>(`(${MEASURE})(${JSON.stringify({ action, count, words })})`);
}

/** The number of lines that the panel holds, as it says itself. */
export function heldLines(page: Page): Promise<number> {
  return page.getByTestId('log-count').evaluate((element) => {
    const numbers = element.textContent?.match(/\d[\d.,\s]*/g) ?? [];
    return Number(numbers.at(-1)?.replace(/\D/g, '') ?? 0);
  });
}

/** Bytes of JavaScript objects in the page, after garbage was collected. */
export async function usedHeap(page: Page): Promise<number> {
  const session: CDPSession = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize;
  } finally {
    await session.detach();
  }
}
