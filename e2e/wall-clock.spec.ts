import { expect, test } from './support/test.ts';
import { HOUR_MS, installWallClock, recordTurn, setPageClock } from './support/wall-clock.ts';
import type { EarshotWindow } from './support/window.ts';
import { prepareWindowStates, SIMULATED_ERRORS } from './support/window-states.ts';

/** Records the seconds that the window's clock and countdown show from now on. @returns reads them */
async function recordShownSeconds(earshot: EarshotWindow) {
  const seen = await earshot.page.evaluateHandle(() => {
    const seen = { elapsed: [] as number[], countdown: [] as number[] };
    const look = () => {
      const [, minutes, seconds] =
        /(\d+):(\d\d)$/.exec(document.querySelector('[data-testid="elapsed"]')?.textContent ?? '') ?? [];
      if (seconds !== undefined) seen.elapsed.push(Number(minutes) * 60 + Number(seconds));
      const secondsLeft = /in (\d+)\ss/.exec(document.querySelector('[data-testid="status"]')?.textContent ?? '')?.[1];
      if (secondsLeft !== undefined) seen.countdown.push(Number(secondsLeft));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
    return seen;
  });
  return () => seen.jsonValue();
}

test('H60 when the page’s wall clock is set by an hour, forward and back, the shown time and “this recording” stay right', async ({
  app,
}) => {
  const earshot = await app.open({ initScript: installWallClock });
  const { page } = earshot;
  const seen = await recordShownSeconds(earshot);
  for (const offset of [HOUR_MS, -HOUR_MS, 0]) {
    await setPageClock(page, offset);
    await recordTurn(earshot, () => setPageClock(page, -offset));
    await expect(page.getByTestId('recording')).toHaveCount(1);
  }
  await app.recordings(3);
  const { elapsed } = await seen();
  expect(Math.max(...elapsed), 'longest shown time, s').toBeLessThan(60);
  await earshot.showRecordings();
  await expect(earshot.recordingRows).toHaveCount(3);
  await expect(page.getByTestId('recording-flaws')).toHaveCount(0);
});

test('H60 when the page’s wall clock is set by an hour during a countdown, the countdown and the turn’s clock stay right', async ({
  app,
}) => {
  test.setTimeout(120_000);
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open({ initScript: installWallClock });
  const { page } = earshot;
  await (await prepareWindowStates(earshot))('unreachable');
  const seen = await recordShownSeconds(earshot);
  const secondsLeft = async () => Number(/in (\d+)\ss/.exec((await earshot.status.textContent()) ?? '')?.[1] ?? 99);
  await expect.poll(secondsLeft).toBeLessThanOrEqual(15);
  for (const offset of [-HOUR_MS, HOUR_MS, 0]) {
    await setPageClock(page, offset);
    const before = (await seen()).countdown.length;
    // A clock that is set forward looks like sleep, so the page tries to connect at once and then restarts the
    // countdown.
    await expect.poll(async () => (await seen()).countdown.length).toBeGreaterThan(before + 1);
  }
  const { elapsed, countdown } = await seen();
  expect(Math.max(...countdown), 'longest shown wait, s').toBeLessThanOrEqual(15);
  expect(elapsed, 'the clock of the turn').toEqual([...elapsed].sort((a, b) => a - b));
  expect(elapsed.at(-1), 'the clock of the turn, s').toBeLessThan(120);
  await earshot.press();
});
