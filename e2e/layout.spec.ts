import type { Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { expect, test } from './support/test.ts';
import { prepareWindowStates, SIMULATED_ERRORS, WINDOW_STATES } from './support/window-states.ts';

/** Window sizes, from the narrowest tab to a wide window, most of them not tall. */
const SIZES = [
  [320, 480],
  [360, 480],
  [480, 640],
  [700, 800],
  [820, 480],
  [960, 720],
  [1280, 900],
  [1600, 1000],
] as const;
/** Tolerance for rounding, in CSS pixels. */
const ROUNDING = 1;

test('every state fits at every size, and neither the button nor the status moves between states', async ({ app }) => {
  test.slow();
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { page } = earshot;
  const enter = await prepareWindowStates(earshot);
  const positions = new Map<string, Awaited<ReturnType<typeof measure>>['positions']>();
  for (const state of WINDOW_STATES) {
    await enter(state);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      const size = `${width} x ${height}`;
      const { overflow, hidden, positions: now } = await measure(page);
      expect(overflow, `${state}, ${size}: overflowing elements`).toEqual([]);
      expect(hidden, `${state}, ${size}: elements not fully visible`).toEqual([]);
      expect(now, `${state}, ${size}: positions of button and status`).toEqual(positions.get(size) ?? now);
      positions.set(size, now);
    }
  }
});

for (const [width, height] of [
  [360, 480],
  [960, 720],
] as const) {
  test(`opening the list of recordings moves no other element, ${width} x ${height}`, async ({ app }) => {
    const earshot = await app.open();
    const { page } = earshot;
    await page.setViewportSize({ width, height });
    // Without animations, elements appear at their final position.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(1);
    await earshot.press();
    await expect(earshot.recording).toBeVisible();
    addRecordings(app.dataDir, 12);
    const boxes = () => Promise.all([earshot.mic, earshot.status, earshot.recording].map((part) => part.boundingBox()));
    const before = await boxes();
    await page.getByRole('button', { name: 'Recent recordings' }).click();
    await expect(page.getByTestId('recent-recording')).toHaveCount(13);
    expect(await boxes()).toEqual(before);
    const list = page.getByTestId('recent-recording').first();
    await list.scrollIntoViewIfNeeded();
    await expect(list).toBeInViewport();
  });
}

test('the number of the level meter matches the position of its mark in every frame', async ({ app }) => {
  const earshot = await app.open({ microphone: 'beeps' });
  const { page } = earshot;
  await earshot.press();
  await earshot.expectView('listening');
  const frames = await page.evaluate(
    (count) =>
      new Promise<Array<{ words: string; mark: number; shown: boolean; bar: number }>>((resolve) => {
        const part = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
        const samples: Array<{ words: string; mark: number; shown: boolean; bar: number }> = [];
        const look = () => {
          const mark = part('meter-mark');
          const clip = part('meter-bar')?.style.clipPath ?? '';
          samples.push({
            words: part('meter-value')?.textContent ?? '',
            mark: Number.parseFloat(mark?.style.transform.slice('translateX('.length) ?? ''),
            shown: mark?.style.opacity === '1',
            bar: 100 - Number.parseFloat(clip.split(' ')[1] ?? ''),
          });
          if (samples.length < count) requestAnimationFrame(look);
          else resolve(samples);
        };
        requestAnimationFrame(look);
      }),
    180,
  );
  const numbers = frames.filter(({ shown }) => shown);
  expect(numbers.length, 'frames with a level').toBeGreaterThan(0);
  for (const { words, mark, bar } of numbers) {
    const dbfs = Number(words.replace('−', '-'));
    expect(mark, words).toBeCloseTo(((dbfs + 60) / 60) * 100, 0);
    expect(bar, 'the bar does not exceed the mark').toBeLessThanOrEqual(mark + 0.001);
  }
  for (const { words, shown } of frames) expect(shown, words).toBe(!words.startsWith('under'));
  await earshot.press();
  await earshot.expectView('idle');
});

test('log rows have SVG icons instead of emoji, important rows are not cut off, and audio is one row', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  await page.setViewportSize({ width: 960, height: 720 });
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(3);
  const rows = page.getByTestId('log-row');
  await expect(page.locator('[data-testid="log-row"][data-event="AUDIO"]')).toHaveCount(1);
  const lines = await rows.evaluateAll((all) =>
    all.map((row) => {
      const text = row.querySelector('.log-text');
      return {
        icon: row.querySelector('.log-icon svg') !== null,
        words: text?.textContent ?? '',
        whole: text !== null && text.scrollWidth <= text.clientWidth,
      };
    }),
  );
  expect(lines.filter(({ icon }) => !icon)).toEqual([]);
  for (const start of ['WS_CONNECT user=me', 'WS_SEND event=connected', 'RECORDING_STARTED turn=1', 'AUDIO']) {
    expect(lines.find(({ words }) => words.startsWith(start))?.whole, start).toBe(true);
  }
  const inWindow = await page.evaluate(() => document.body.innerText + document.body.innerHTML);
  expect(inWindow.match(/\p{Extended_Pictographic}/gu) ?? []).toEqual([]);
  // The log file still has the emoji.
  expect(app.log().find(({ event }) => event === 'WS_CONNECT')?.text).toMatch(/^🔌 WS_CONNECT \|/);
  await earshot.press();
  await earshot.expectView('idle');
});

/** Finds overflowing and hidden elements, and the positions of the button and the title in whole CSS pixels. */
function measure(page: Page) {
  return page.evaluate((rounding) => {
    const one = (selector: string) => document.querySelector<HTMLElement>(selector);
    const side = one('.app-voice');
    const overflow: string[] = [];
    for (const [name, part] of [
      ['page', document.documentElement],
      ['voice', side],
      ['log header', one('.log-header')],
      ['header', one('.app-header')],
    ] as const) {
      if (!part) continue;
      if (part.scrollWidth > part.clientWidth + rounding) overflow.push(`${name}, to the side`);
      if (part.scrollHeight > part.clientHeight + rounding) overflow.push(`${name}, downwards`);
    }
    const hidden: string[] = [];
    const bounds = side?.getBoundingClientRect() ?? new DOMRect();
    for (const selector of [
      '.mic',
      '.status-title',
      '.status-detail',
      '.status button',
      '.meter-track',
      '.meter-digits',
    ]) {
      const part = one(selector);
      if (!part) continue;
      const { left, right, top, bottom } = part.getBoundingClientRect();
      const inside = left >= bounds.left && right <= bounds.right && top >= bounds.top && bottom <= bounds.bottom;
      // The drawings of these two exceed their boxes, but hide no text.
      const cut = !['.mic', '.meter-track'].includes(selector) && part.scrollWidth > part.clientWidth + rounding;
      if (!inside || cut) hidden.push(selector);
    }
    const top = (selector: string) => Math.round(one(selector)?.getBoundingClientRect().top ?? 0);
    const mic = one('.mic')?.getBoundingClientRect();
    const positions = {
      mic: [Math.round(mic?.left ?? 0), Math.round(mic?.top ?? 0), Math.round(mic?.width ?? 0)],
      title: top('.status-title'),
      recent: top('.recent'),
    };
    return { overflow, hidden, positions };
  }, ROUNDING);
}
