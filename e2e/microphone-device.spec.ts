import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from '../renderer/text/en.ts';
import { rmsDbfs } from '../testing/audio/level.ts';
import type { Sound } from '../testing/audio/wav.ts';
import type { SavedRecording } from '../testing/data-dir.ts';
import type { PulseAudio } from './support/pulse-audio.ts';
import { PULSE_RATE, type PulseMicrophone, type Waveform } from './support/pulse-microphone.ts';
import { expect, pulseOptions, stopListening, test } from './support/pulse-test.ts';
import type { EarshotWindow } from './support/window.ts';

// The choice of the microphone, with microphones of a real sound server. Chromium on Linux reports neither the default
// microphone nor its changes, and these microphones cause no `devicechange` event.

const sine: Waveform = (n) => {
  const value = 0.25 * Math.sin((2 * Math.PI * 997 * n) / PULSE_RATE);
  return [value, value];
};

function plugIn(pulse: PulseAudio, name: string): PulseMicrophone {
  const microphone = pulse.plugIn(name);
  microphone.play(sine, 60);
  return microphone;
}

function expectNamed(earshot: EarshotWindow, name: string): Promise<void> {
  return expect(earshot.page.getByTestId('microphone-name')).toHaveText(name, { timeout: 15_000 });
}

function expectNotice(earshot: EarshotWindow, words: string): Promise<void> {
  return expect(earshot.page.getByTestId('microphone-notice')).toHaveText(words, { timeout: 15_000 });
}

/** Chooses a microphone by its name in the settings. */
async function choose(earshot: EarshotWindow, name: string): Promise<void> {
  await earshot.openSettings('microphone');
  const dialog = earshot.page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Microphone', exact: true }).selectOption({ label: name });
  await earshot.page.keyboard.press('Escape');
}

/** Simulates that the user returns to the window from another program. */
const refocus = (earshot: EarshotWindow) => earshot.page.evaluate(() => window.dispatchEvent(new Event('focus')));

async function listenFor(earshot: EarshotWindow, seconds: number): Promise<void> {
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(seconds);
}

/** The microphones of a recording in order, ignoring changes of their signal status. */
function names({ microphone = [] }: SavedRecording): string[] {
  const all = microphone.map(({ label, instead_of }) => (instead_of === null ? label : `${label} for ${instead_of}`));
  return all.filter((name, i) => name !== '' && name !== all[i - 1]);
}

/** How many seconds are quiet (blocks of 10 ms, more than 6 dB below the tone) within 0.3 s of a moment. */
function quietSecondsAround({ rate, samples }: Sound, atS: number): number {
  const size = rate / 100;
  const first = Math.round((atS - 0.3) * 100);
  const levels = Array.from({ length: 60 }, (_, i) =>
    rmsDbfs(samples.subarray((first + i) * size, (first + i + 1) * size)),
  );
  return levels.filter((dbfs) => dbfs < -21).length / 100;
}

test('H55 a missing chosen microphone is reported before and during listening, noted in the JSON, and used again on its return', async ({
  app,
  pulse,
}) => {
  pulse.setDefault(plugIn(pulse, 'Built_in'));
  const yeti = plugIn(pulse, 'Yeti');
  const earshot = await app.open(pulseOptions(pulse));
  await choose(earshot, 'Yeti');
  await expectNamed(earshot, 'Yeti');
  yeti.unplug();
  await refocus(earshot);
  await expectNotice(earshot, 'Yeti is not connected. Built_in will be used.');
  await listenFor(earshot, 1);
  await expectNotice(earshot, 'Yeti is not connected. Listening with Built_in.');

  plugIn(pulse, 'Yeti');
  await expectNamed(earshot, 'Yeti');
  await earshot.expectLogged('client', 'the chosen one is back');
  const saved = await stopListening(app, earshot);
  expect(names(saved)).toEqual(['Built_in for Yeti', 'Yeti']);
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  await expectNamed(earshot, 'Yeti');
});

test('H55 a chosen microphone with a new id is recognised by its name', async ({ app, pulse }) => {
  pulse.setDefault(plugIn(pulse, 'Built_in'));
  plugIn(pulse, 'Yeti');
  const settings = { microphone_id: 'id-of-another-profile', microphone_label: 'Yeti' };
  writeFileSync(join(app.dataDir, 'settings.json'), JSON.stringify({ schema_version: 1, ...settings }));
  const earshot = await app.open(pulseOptions(pulse));
  await listenFor(earshot, 1);
  await expectNamed(earshot, 'Yeti');
  expect(names(await stopListening(app, earshot))).toEqual(['Yeti']);
  await earshot.expectLogged('app', 'names=microphone_id');
});

test('H56 a change of the default during a turn, which the browser does not report, is shown and noted, and no audio is lost', async ({
  app,
  pulse,
}) => {
  pulse.setDefault(plugIn(pulse, 'Built_in'));
  const yeti = plugIn(pulse, 'Yeti');
  const earshot = await app.open(pulseOptions(pulse));
  await expectNamed(earshot, 'Built_in');
  await listenFor(earshot, 2);
  await expectNamed(earshot, 'Built_in');
  pulse.setDefault(yeti);
  await expectNamed(earshot, 'Yeti');
  await earshot.expectLogged('client', "the system's default changed");
  const seconds = await earshot.seconds();
  await earshot.expectListenedFor(seconds + 2);
  const saved = await stopListening(app, earshot);
  expect(names(saved)).toEqual(['Built_in', 'Yeti']);
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  // Both microphones play the same tone. The change costs at most two frames.
  expect(quietSecondsAround(saved.sound, saved.microphone?.[1]?.at_s ?? 0)).toBeLessThanOrEqual(0.04);
});

test('H56 when the microphone is unplugged during a turn, the same recording continues with the next one', async ({
  app,
  pulse,
}) => {
  pulse.setDefault(plugIn(pulse, 'Built_in'));
  const yeti = plugIn(pulse, 'Yeti');
  const earshot = await app.open(pulseOptions(pulse));
  await choose(earshot, 'Yeti');
  await listenFor(earshot, 2);
  yeti.unplug();
  await expectNotice(earshot, 'Yeti is not connected. Listening with Built_in.');
  await earshot.expectView('listening');
  const seconds = await earshot.seconds();
  await earshot.expectListenedFor(seconds + 2);
  const saved = await stopListening(app, earshot);
  expect(names(saved)).toEqual(['Yeti', 'Built_in for Yeti']);
  expect(saved.complete).toBe(true);
});

test('H65 after a restart of the sound server the desktop app continues the turn, and a tab names a remedy that works', async ({
  app,
  pulse,
  shell,
}) => {
  app.allowErrors(/MIC_FAILED/);
  pulse.setDefault(plugIn(pulse, 'Built_in'));
  const earshot = await app.open(pulseOptions(pulse));
  await listenFor(earshot, 2);
  await pulse.kill();
  await pulse.start();
  pulse.setDefault(plugIn(pulse, 'Built_in'));
  if (shell === 'electron') {
    await earshot.expectLogged('client', 'the former one went away');
    const seconds = await earshot.seconds();
    await earshot.expectListenedFor(seconds + 2);
    const saved = await stopListening(app, earshot);
    expect(saved.complete).toBe(true);
    expect(saved.gaps.length, 'the time without a sound server').toBeGreaterThan(0);
    return;
  }
  await earshot.expectView('error', 30_000);
  await expect(earshot.problem).toContainText(en.problems.mic_unplugged.title);
  await app.recordings(1);
  await earshot.press();
  await expect(earshot.problem).toContainText(en.problems.mic_no_devices.action, { timeout: 20_000 });
  const again = await app.open(pulseOptions(pulse));
  await listenFor(again, 1);
  await again.press();
  await again.expectView('idle');
  await app.recordings(2);
});
