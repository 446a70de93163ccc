import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// The choice of devices and the microphone test, with Chromium's fake devices: two microphones with two channels each,
// and two output devices. microphone-device.spec.ts tests microphones that come and go.

const MICROPHONE = 'Fake Audio Input 1';
const OUTPUT = 'Fake Audio Output 2';

const picker = ({ page }: EarshotWindow) => page.getByTestId('microphone-name-picker');
const micTest = ({ page }: EarshotWindow) => page.getByTestId('first-steps').getByTestId('mic-test');

async function openSection(earshot: EarshotWindow, words: string): Promise<void> {
  await earshot.page.getByTestId('settings').click();
  await earshot.page.getByTestId('settings-search').fill(words);
}

async function closeSettings({ page }: EarshotWindow): Promise<void> {
  // The first Escape clears the search.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
}

/** The settings file; a change arrives there a moment later. */
const stored = (dataDir: string) => JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8'));

test('the microphone is chosen in the voice panel with the keyboard, and remembered by id and name', async ({
  app,
}) => {
  const earshot = await app.open({ microphone: 'beeps' });
  await expect(picker(earshot).locator('option')).toHaveText([/^System default/, MICROPHONE, 'Fake Audio Input 2']);
  await picker(earshot).focus();
  await picker(earshot).press('ArrowDown');
  await expect(earshot.page.getByTestId('microphone-name')).toHaveText(MICROPHONE);
  const id = await picker(earshot).inputValue();
  await expect.poll(() => stored(app.dataDir)).toMatchObject({ microphone_id: id, microphone_label: MICROPHONE });
});

test('another microphone, chosen during a turn, is used in the same recording, and nothing is lost', async ({
  app,
}) => {
  const earshot = await app.open({ microphone: 'beeps' });
  await picker(earshot).selectOption({ label: MICROPHONE });
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await picker(earshot).selectOption({ label: 'Fake Audio Input 2' });
  await expect(earshot.page.getByTestId('microphone-name')).toHaveText('Fake Audio Input 2');
  await earshot.expectListenedFor((await earshot.seconds()) + 1);
  await earshot.press();
  await earshot.expectView('idle');
  const [saved] = await app.recordings(1);
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  const labels = saved?.microphone?.map(({ label }) => label) ?? [];
  expect([labels[0], labels.at(-1)]).toEqual([MICROPHONE, 'Fake Audio Input 2']);
  await earshot.expectLogged('client', 'the user chose another one');
});

test('the browser’s processing is off, and each switch sets its constraint from the next turn on', async ({ app }) => {
  const earshot = await app.open({
    initScript: () => {
      const asked: unknown[] = [];
      Object.assign(globalThis, { asked });
      const media = navigator.mediaDevices;
      const open = media.getUserMedia.bind(media);
      media.getUserMedia = (constraints) => {
        asked.push(constraints?.audio);
        return open(constraints);
      };
    },
  });
  const asked = () => earshot.page.evaluate(() => Reflect.get(globalThis, 'asked').at(-1));
  await earshot.recordTurn(1);
  expect(await asked()).toMatchObject({ echoCancellation: false, noiseSuppression: false, autoGainControl: false });
  await openSection(earshot, 'echo');
  await earshot.page.getByRole('switch', { name: 'Echo cancellation' }).click();
  await earshot.page.getByRole('switch', { name: 'Automatic gain' }).click();
  await closeSettings(earshot);
  await earshot.recordTurn(1);
  expect(await asked()).toMatchObject({ echoCancellation: true, noiseSuppression: false, autoGainControl: true });
  await app.recordings(2);
});

test('recordings play on the chosen output device', async ({ app }) => {
  const earshot = await app.open({
    initScript: () => {
      const sinks: string[] = [];
      Object.assign(globalThis, { sinks });
      const use = HTMLMediaElement.prototype.setSinkId;
      HTMLMediaElement.prototype.setSinkId = function (id) {
        return use.call(this, id).then(() => void sinks.push(id));
      };
    },
  });
  await openSection(earshot, 'play recordings');
  const field = earshot.page.getByTestId('output-device');
  await field.selectOption({ label: OUTPUT });
  const id = await field.inputValue();
  await closeSettings(earshot);
  await earshot.recordTurn(2);
  await earshot.play.click();
  await expect.poll(() => earshot.page.evaluate(() => Reflect.get(globalThis, 'sinks'))).toEqual([id]);
  await expect.poll(() => stored(app.dataDir)).toMatchObject({ output_id: id, output_label: OUTPUT });
});

test('the microphone test records, plays back and judges, and writes and sends nothing', async ({ app }) => {
  const earshot = await app.open();
  await micTest(earshot).getByRole('button').click();
  await expect(micTest(earshot)).toHaveAttribute('data-step', 'recording');
  await expect(micTest(earshot)).toHaveAttribute('data-step', 'playing');
  await expect(micTest(earshot)).toHaveAttribute('data-step', 'done');
  await expect(micTest(earshot)).toHaveAttribute('data-verdict', 'good');
  await expect(micTest(earshot)).toContainText('Good level.');
  const folder = join(app.dataDir, 'recordings');
  expect((existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.wav'))).toEqual([]);
  expect(app.log().filter(({ event }) => event === 'MIC_OPENED' || event === 'WS_CONNECT')).toEqual([]);
});

test('a press during the microphone test ends it, and the turn is recorded', async ({ app }) => {
  const earshot = await app.open();
  await micTest(earshot).getByRole('button').click();
  await expect(micTest(earshot)).toHaveAttribute('data-step', 'recording');
  await earshot.recordTurn(2);
  const [saved] = await app.recordings(1);
  expect(saved?.complete).toBe(true);
});

test('the first steps are shown until “Got it”, also after a restart of the window, and again from the settings', async ({
  app,
}) => {
  const earshot = await app.open();
  const steps = earshot.page.getByTestId('first-steps');
  await expect(steps).toContainText(join(app.dataDir, 'recordings'));
  await earshot.page.reload();
  await expect(steps).toBeVisible();
  await steps.getByTestId('first-steps-start').click();
  await expect(steps).toBeHidden();
  await expect(earshot.mic).toBeFocused();
  await expect.poll(() => stored(app.dataDir)).toMatchObject({ first_steps_done: true });
  await earshot.page.reload();
  await earshot.expectView('idle');
  await expect(steps).toBeHidden();
  await openSection(earshot, 'first steps');
  await earshot.page.getByTestId('show-first-steps').click();
  await expect(steps).toBeVisible();
});

test('the first steps never cover the mic button, also in the smallest window', async ({ app }) => {
  const earshot = await app.open();
  await earshot.page.setViewportSize({ width: 320, height: 480 });
  await expect(earshot.page.getByTestId('first-steps')).toBeVisible();
  await expect(earshot.mic).toBeInViewport({ ratio: 1 });
  await earshot.press();
  await earshot.expectView('listening');
  await expect(earshot.page.getByTestId('first-steps')).toBeHidden();
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
  await expect(earshot.page.getByTestId('first-steps'), 'the first turn ends them').toBeHidden();
});
