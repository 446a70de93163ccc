import { recordAnnouncements } from './support/announcements.ts';
import { installPageFaults, type PageFaults } from './support/page-faults.ts';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';
import { SIMULATED_ERRORS } from './support/window-states.ts';

/** Announced only if the state lasts, which depends on the machine's load. */
const PASSING = /^(Connecting|Waiting for the microphone|Finishing)…/;
const LISTENING = 'Listening. Press again to stop.';
const READY = 'Ready. Press the mic and speak, or hold it while you speak.';

/** Opens a window whose faults are simulated. @returns reads what it announced since the last call, and sets faults */
async function prepare(earshot: EarshotWindow) {
  const { page } = earshot;
  await earshot.skipFirstSteps();
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.addInitScript(installPageFaults);
  await page.reload();
  await earshot.expectView('idle');
  const take = await recordAnnouncements(page);
  return {
    async heard(): Promise<string[]> {
      const all = await take();
      expect(
        all.filter((sentence, i) => all.indexOf(sentence) !== i),
        'announced twice',
      ).toEqual([]);
      return all.filter((sentence) => !PASSING.test(sentence));
    },
    all: take,
    set: (change: Partial<PageFaults>) => page.evaluate((change) => void Object.assign(window.faults, change), change),
  };
}

test('a screen reader hears each change of state of a turn once', async ({ app }) => {
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { page } = earshot;
  const { heard, set } = await prepare(earshot);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  expect(await heard()).toEqual([LISTENING]);
  await page.getByTestId('pause').click();
  await earshot.expectView('paused');
  expect(await heard()).toEqual([
    'Paused. Nothing is recorded. Continue when you are ready, or press the mic to finish.',
  ]);
  await page.getByTestId('pause').click();
  await earshot.expectView('listening');
  expect(await heard()).toEqual([LISTENING]);
  await page.getByTestId('mute').click();
  await expect(earshot.status).toContainText('Muted');
  expect(await heard()).toEqual(['Muted. Silence is being recorded. Unmute to be heard again.']);
  await page.getByTestId('mute').click();
  await expect(earshot.status).toContainText('Listening');
  expect(await heard()).toEqual([LISTENING]);

  await set({ connection: 'fails' });
  await page.evaluate(() => window.faults.cut());
  await expect(page.getByTestId('retry-now')).toBeVisible();
  expect(await heard()).toEqual(['Connection lost. Trying again… What you say is kept.']);
  await set({ connection: 'works' });
  await earshot.expectView('listening', 20_000);
  await earshot.expectListenedFor(1);
  expect(await heard()).toEqual([`${LISTENING} The connection broke and was restored; nothing was lost.`]);

  await earshot.press();
  await earshot.expectView('idle');
  await expect(earshot.recording).toBeVisible();
  await expect(earshot.recordingRows).toHaveCount(1);
  expect((await heard()).sort()).toEqual([READY, expect.stringMatching(/^Recording saved, 0:\d\d\.$/)]);
});

test('a failure is announced once after each press, and so is a recording that follows', async ({ app }) => {
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { page } = earshot;
  const { heard, set } = await prepare(earshot);
  const denied = /^Earshot may not use the microphone\. /;
  await set({ microphone: 'NotAllowedError' });
  await earshot.press();
  await earshot.expectView('error');
  expect(await heard()).toEqual([expect.stringMatching(denied)]);
  await page.getByTestId('retry').click();
  await expect
    .poll(heard, { message: 'the same failure after another press' })
    .toEqual([expect.stringMatching(denied)]);
  await earshot.expectView('error');
  await set({ microphone: 'opens' });
  await page.getByTestId('retry').click();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  expect(await heard()).toEqual([LISTENING]);
  await earshot.press();
  await earshot.expectView('idle');
  await expect(earshot.recordingRows).toHaveCount(1);
  await expect(earshot.recording).toBeVisible();
  expect((await heard()).sort()).toEqual([READY, expect.stringMatching(/^Recording saved, 0:\d\d\.$/)]);

  // Deleting it is one announcement too, though the list says how many are left.
  await earshot.recordingRows.first().click();
  await page.getByTestId('recording-delete').click();
  await expect(earshot.recordingRows).toHaveCount(0);
  expect(await heard()).toEqual([expect.stringMatching(/^Recording deleted\./)]);
});

test('a connection that takes long is announced, once', async ({ app }) => {
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { all, set } = await prepare(earshot);
  await set({ receives: false });
  await earshot.press();
  const heard: string[] = [];
  await expect
    .poll(async () => {
      heard.push(...(await all()));
      return heard;
    })
    .toContain('Connecting… Press again to cancel.');
  await set({ receives: true });
  await earshot.expectView('listening', 20_000);
  heard.push(...(await all()));
  expect(heard.filter((sentence) => sentence.startsWith('Connecting'))).toHaveLength(1);
  expect(heard.filter((sentence) => sentence === LISTENING)).toHaveLength(1);
});

test('the record of announcements finds a sentence that two regions say', async ({ app }) => {
  const { page } = await app.open();
  const take = await recordAnnouncements(page);
  await page.evaluate(() => {
    const regions = ['status', 'alert'].map((role) => {
      const region = document.createElement('p');
      region.setAttribute('role', role);
      return region;
    });
    document.body.append(...regions);
  });
  await page.evaluate(() => {
    for (const region of document.querySelectorAll('body > [role]')) region.textContent = 'Twice.';
    const late = document.createElement('p');
    late.setAttribute('role', 'status');
    late.textContent = 'Late.';
    document.body.append(late);
  });
  expect(await take()).toEqual(['Twice.', 'Twice.', 'appeared with its text: Late.']);
});
