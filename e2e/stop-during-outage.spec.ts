import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { parseWav } from '../main/recordings/wav.ts';
import { SAMPLE_RATE } from '../shared/audio-format.ts';
import { tone } from '../testing/audio/tone.ts';
import { readRepairedRecordings, type SavedRecording } from '../testing/data-dir.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { downloadFile } from './support/download-file.ts';
import { expectEqualsCaptured } from './support/expect-recording.ts';
import { type ControlledConnection, controlConnection } from './support/page-faults.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';
import { SIMULATED_ERRORS } from './support/window-states.ts';

/** In Hz. A frame has no integer number of periods, so no two frames are equal. */
const FREQUENCY = 997;
/** The resume window of 30 s plus a margin, in ms. */
const WINDOW_MS = 45_000;

/** Opens a window and records a tone for two seconds. */
async function listen(app: App): Promise<{ earshot: EarshotWindow; connection: ControlledConnection }> {
  app.allowErrors(SIMULATED_ERRORS);
  app.allowErrors(/ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: 120 }));
  const earshot = await app.open({ microphone });
  const connection = await controlConnection(earshot);
  await earshot.page.evaluate(recordCapturedAudio);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  return { earshot, connection };
}

const seconds = async (page: Page): Promise<number> => (await capturedAudio(page)).samples.length / SAMPLE_RATE;

const pcm = ({ sound }: SavedRecording): number[] => [...sound.samples].map((sample) => Math.round(sample * 32_768));

test('H58 a turn stopped during a ten-second outage keeps its last audio', async ({ app }) => {
  const { earshot, connection } = await listen(app);
  const { page, status } = earshot;
  await connection.disconnect();
  await earshot.expectView('reconnecting');
  await earshot.expectListenedFor(4);
  await earshot.press();
  await expect(status).toContainText('Finishing the last recording…');
  // 10 s of the resume window of 30 s have passed.
  await expect(status).toContainText(/It is kept for (20|1\d)\ss more\./, { timeout: 20_000 });
  await expect(page.getByTestId('unsaved-audio')).toBeHidden();
  await connection.allow();
  await earshot.expectView('idle');
  await expect(earshot.recording).toBeVisible();
  await expect(page.getByTestId('loss')).toContainText('nothing was lost');
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ turn: 1, complete: true });
  expectEqualsCaptured(saved, await capturedAudio(page));
});

test('H58 a turn that starts while the previous one is being delivered: both are complete and in order', async ({
  app,
}) => {
  const { earshot, connection } = await listen(app);
  const { page, status } = earshot;
  await connection.disconnect();
  await earshot.expectView('reconnecting');
  await earshot.expectListenedFor(3);
  await earshot.press();
  await earshot.expectView('stopping');
  await expect.poll(() => app.log().filter(({ event }) => event === 'MIC_CLOSED').length).toBe(1);
  const capturedS = await seconds(page);
  await earshot.press();
  await earshot.expectView('reconnecting');
  await expect(status).toContainText('The last recording waits as well.');
  await expect.poll(() => seconds(page)).toBeGreaterThan(capturedS + 2);
  await connection.allow();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
  const [first, second] = await app.recordings(2);
  if (!first || !second) throw new Error('no recordings');
  expect([first, second]).toMatchObject([{ complete: true }, { complete: true }]);
  expect(pcm(first).length / SAMPLE_RATE).toBe(capturedS);
  const { samples } = await capturedAudio(page);
  expect([...pcm(first), ...pcm(second)]).toEqual(samples);
});

test('H59 when the host does not come back, the window says that nothing more is kept and offers the audio as a file', async ({
  app,
  shell,
}) => {
  test.slow();
  const { earshot, connection } = await listen(app);
  const { page } = earshot;
  // The desktop app contains its host, so there break only the connections to the voice server.
  if (shell === 'tab') await app.host().kill();
  else await connection.disconnect();
  await earshot.expectView('reconnecting');
  await earshot.expectView('error', WINDOW_MS);
  await expect(earshot.problem).toContainText('The voice server does not answer');
  await expect(earshot.problem).toContainText('Nothing more is kept.');
  // The microphone is off, so no more audio is captured.
  const card = page.getByTestId('unsaved-audio');
  await expect(card).toContainText(/0:(2|3)\d is not saved/);
  const { samples } = await capturedAudio(page);
  const dialogs = shell === 'tab' ? await countReloadDialogs(page) : 1;
  expect(dialogs).toBe(1);

  const file = await downloadFile(app, shell, page, () => page.getByTestId('unsaved-audio-save').click());
  expect(file.name).toMatch(/^earshot-audio-.+\.wav$/);
  await expect(card).toContainText(`as ${file.name}`);
  const offered = parseWav(readFileSync(file.path));
  expect([offered.sampleRate, offered.channels]).toEqual([SAMPLE_RATE, 1]);
  expect((await capturedAudio(page)).samples.length, 'captured since').toBe(samples.length);
  expect(samples.slice(-offered.samples.length)).toEqual([...offered.samples]);

  // Every captured sample is in the host's recording or in the offered file.
  const saved = shell === 'tab' ? await repairedRecording(app) : (await app.recordings(1))[0];
  if (!saved) throw new Error('no recording');
  const before = pcm(saved);
  expect(samples.slice(0, before.length)).toEqual(before);
  // A killed host loses audio that it had not written yet (host-killed.spec.ts).
  const unwrittenS = shell === 'tab' ? 2 : 0;
  expect(before.length + offered.samples.length).toBeGreaterThanOrEqual(samples.length - unwrittenS * SAMPLE_RATE);

  await page.getByTestId('unsaved-audio-dismiss').click();
  await expect(card).toBeHidden();
  // Audio that a busy machine did not capture is reported separately.
  await expect(page.getByTestId('loss').filter({ hasNotText: 'were not recorded' })).toBeHidden();
});

/** Starts the killed host again. @returns its repaired recording */
async function repairedRecording(app: App): Promise<SavedRecording | undefined> {
  await app.runHost();
  await expect.poll(() => readRepairedRecordings(app.dataDir).length).toBe(1);
  return readRepairedRecordings(app.dataDir)[0];
}

/** Reloads a tab and dismisses its confirmation dialog. @returns the number of dialogs */
async function countReloadDialogs(page: Page): Promise<number> {
  let dialogs = 0;
  const answer = new Promise<void>((resolve) => {
    page.on('dialog', async (dialog) => {
      dialogs += 1;
      await dialog.dismiss();
      resolve();
    });
  });
  // Not `page.reload()`, which would wait for a load that never happens.
  await page.evaluate(() => location.reload());
  await answer;
  return dialogs;
}
