import type { Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { expect, test } from './support/test.ts';
import { prepareWindowStates, SIMULATED_ERRORS, WINDOW_STATES } from './support/window-states.ts';

/** Window sizes (CSS pixels), from the narrowest tab to a wide window. Most are not tall. */
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
/** The layout of a window of this width (renderer/features/window-parts/use-layout.ts). */
const layoutOf = (width: number) => (width >= 1_100 ? 'wide' : width >= 700 ? 'medium' : 'narrow');
/** Tolerance for rounding, in CSS pixels. */
const ROUNDING = 1;

test('every state fits at every size, and neither the button nor the status moves between states', async ({ app }) => {
  test.slow();
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.skipFirstSteps();
  const enterState = await prepareWindowStates(earshot);
  /** By size, as measured in the first state. */
  const firstPositions = new Map<string, Layout['positions']>();
  for (const state of WINDOW_STATES) {
    await enterState(state);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      // The page lays out its parts in the frame after the resize.
      await expect(page.locator('[data-layout]')).toHaveAttribute('data-layout', layoutOf(width));
      const size = `${width} x ${height}`;
      const { overflow, hidden, positions } = await measureLayout(page);
      expect(overflow, `${state}, ${size}: overflowing elements`).toEqual([]);
      expect(hidden, `${state}, ${size}: elements not fully visible`).toEqual([]);
      const expected = firstPositions.get(size) ?? positions;
      expect(positions, `${state}, ${size}: positions of button and status`).toEqual(expected);
      firstPositions.set(size, expected);
    }
  }
});

for (const [width, height] of [
  [960, 720],
  [1_280, 900],
] as const) {
  test(`opening the log or a recording moves neither the button nor the status, ${width} x ${height}`, async ({
    app,
  }) => {
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
    // The host looks for new files of other programs every 10 s.
    await expect(earshot.recordingRows).toHaveCount(13, { timeout: 20_000 });
    const measureBoxes = () =>
      Promise.all([earshot.mic, earshot.status, earshot.recording].map((element) => element.boundingBox()));
    const before = await measureBoxes();
    await earshot.recordingRows.nth(3).click();
    await expect(earshot.recordingDetail).toBeVisible();
    expect(await measureBoxes()).toEqual(before);
    await earshot.showLog();
    await expect(page.getByTestId('log-list')).toBeVisible();
    expect(await measureBoxes()).toEqual(before);
  });
}

test('every part of a narrow window is reached by its tab, and fits', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.skipFirstSteps();
  for (const [width, height] of [
    [320, 480],
    [420, 760],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const part of ['talk', 'recordings', 'log']) {
      await page.getByTestId(`tab-${part}`).click();
      await expect(page.locator(`#${part}`)).toBeInViewport({ ratio: 1 });
      expect((await measureLayout(page)).overflow, `${part}, ${width} x ${height}`).toEqual([]);
    }
  }
});

/** What the level meter shows in one frame. */
interface MeterSample {
  word: string;
  /** Position of the mark, in percent of the meter's width. */
  markPercent: number;
  isMarkVisible: boolean;
  /** Length of the bar, in percent of the meter's width. */
  barPercent: number;
}

test('the bar of the level meter never exceeds its mark, and its word matches what is heard', async ({ app }) => {
  const earshot = await app.open({ microphone: 'beeps' });
  const { page } = earshot;
  await earshot.press();
  await earshot.expectView('listening');
  const samples = await page.evaluate(
    (count) =>
      new Promise<MeterSample[]>((resolve) => {
        const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
        const samples: MeterSample[] = [];
        const addSample = () => {
          const mark = find('meter-mark');
          const clip = find('meter-bar')?.style.clipPath ?? '';
          samples.push({
            word: find('meter-word')?.dataset.level ?? '',
            markPercent: Number.parseFloat(mark?.style.transform.slice('translateX('.length) ?? ''),
            isMarkVisible: mark?.style.opacity === '1',
            barPercent: 100 - Number.parseFloat(clip.split(' ')[1] ?? ''),
          });
          if (samples.length < count) requestAnimationFrame(addSample);
          else resolve(samples);
        };
        requestAnimationFrame(addSample);
      }),
    180,
  );
  const samplesWithMark = samples.filter(({ isMarkVisible }) => isMarkVisible);
  expect(samplesWithMark.length, 'frames with a level').toBeGreaterThan(0);
  for (const { word, markPercent, barPercent } of samplesWithMark) {
    expect(barPercent, 'the bar does not exceed the mark').toBeLessThanOrEqual(markPercent + 0.001);
    expect(word, 'a level has a word').not.toBe('none');
    // The meter shows -60 to 0 dBFS; below -26 dBFS a level is quiet.
    if (markPercent > ((60 - 26) / 60) * 100) expect(word).not.toBe('very_quiet');
  }
  const meter = page.getByTestId('meter');
  await expect(meter).toHaveAttribute('title', /^(very quiet|good level|too loud), peak −?\d+\.\d dBFS$/);
  await earshot.press();
  await earshot.expectView('idle');
});

test('log rows have SVG icons instead of emoji, important rows are not cut off, and audio is one row', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  await page.setViewportSize({ width: 960, height: 720 });
  await earshot.showLog();
  await earshot.showEveryLine();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(3);
  const rows = page.getByTestId('log-row');
  await expect(page.locator('[data-testid="log-row"][data-event="AUDIO"]')).toHaveCount(1);
  const lines = await rows.evaluateAll((elements) =>
    elements.map((row) => {
      const text = row.querySelector('.log-text');
      return {
        hasIcon: row.querySelector('.log-icon svg') !== null,
        text: text?.textContent ?? '',
        // What does not fit is in a second line, which is not visible.
        isWhole: text !== null && text.scrollHeight <= text.clientHeight,
      };
    }),
  );
  expect(lines.filter(({ hasIcon }) => !hasIcon)).toEqual([]);
  expect(lines.filter(({ isWhole }) => !isWhole)).toEqual([]);
  for (const start of ['WS_CONNECTuser me', 'WS_SENDevent connected', 'RECORDING_STARTEDturn 1', 'AUDIOlength'])
    expect(lines.map(({ text }) => text)).toContainEqual(expect.stringMatching(new RegExp(`^${start}`)));
  const windowContent = await page.evaluate(() => document.body.innerText + document.body.innerHTML);
  expect(windowContent.match(/\p{Extended_Pictographic}/gu) ?? []).toEqual([]);
  // The log file still has the emoji.
  expect(app.log().find(({ event }) => event === 'WS_CONNECT')?.text).toMatch(/^🔌 WS_CONNECT \|/);
  await earshot.press();
  await earshot.expectView('idle');
});

/** What `measureLayout` finds. Positions are in whole CSS pixels. */
interface Layout {
  /** The elements whose content is larger than they are, and in which direction. */
  overflow: string[];
  /** Selectors of the elements that are not fully visible. */
  hidden: string[];
  positions: { mic: number[]; title: number; recordings: number };
}

function measureLayout(page: Page): Promise<Layout> {
  return page.evaluate((rounding) => {
    const find = (selector: string) => document.querySelector<HTMLElement>(selector);
    const voiceArea = find('.app-voice');
    const overflow: string[] = [];
    for (const [name, element] of [
      ['page', document.documentElement],
      ['voice', voiceArea],
      ['recordings header', find('.recordings-header')],
      ['recordings toolbar', find('.recordings-toolbar')],
      ['log header', find('.log-header')],
      ['header', find('.app-header')],
    ] as const) {
      if (!element) continue;
      if (element.scrollWidth > element.clientWidth + rounding) overflow.push(`${name}, horizontally`);
      if (element.scrollHeight > element.clientHeight + rounding) overflow.push(`${name}, vertically`);
    }
    const hidden: string[] = [];
    const bounds = voiceArea?.getBoundingClientRect() ?? new DOMRect();
    for (const selector of [
      '.mic',
      '.status-title',
      '.status-detail',
      '.status button',
      '.meter-track',
      '.meter-word',
    ]) {
      const element = find(selector);
      if (!element) continue;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const isInside = left >= bounds.left && right <= bounds.right && top >= bounds.top && bottom <= bounds.bottom;
      // What these two draw exceeds their boxes, but they contain no text.
      const isCutOff =
        !['.mic', '.meter-track'].includes(selector) && element.scrollWidth > element.clientWidth + rounding;
      if (!isInside || isCutOff) hidden.push(selector);
    }
    const topOf = (selector: string) => Math.round(find(selector)?.getBoundingClientRect().top ?? 0);
    const mic = find('.mic')?.getBoundingClientRect();
    const positions = {
      mic: [Math.round(mic?.left ?? 0), Math.round(mic?.top ?? 0), Math.round(mic?.width ?? 0)],
      title: topOf('.status-title'),
      recordings: Math.round(find('.recordings')?.getBoundingClientRect().left ?? 0),
    };
    return { overflow, hidden, positions };
  }, ROUNDING);
}
