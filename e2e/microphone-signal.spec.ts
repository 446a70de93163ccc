import { durationOf, rmsDbfs } from '../testing/audio/level.ts';
import { levelAt, toneFaults } from '../testing/audio/tone.ts';
import type { Sound } from '../testing/audio/wav.ts';
import type { SavedRecording } from '../testing/data-dir.ts';
import type { PulseAudio } from './support/pulse-audio.ts';
import { PULSE_RATE, type PulseMicrophone, type Waveform } from './support/pulse-microphone.ts';
import { expect, pulseOptions, stopListening, test } from './support/pulse-test.ts';
import type { App } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// How the window reports a microphone's signal, with microphones of a real sound server.

const FREQUENCY = 997;
const DBFS = -12;
const AMPLITUDE = 10 ** (DBFS / 20);
const sine = (n: number): number => AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY * n) / PULSE_RATE);
const bothChannels: Waveform = (n) => [sine(n), sine(n)];
const oneLsb: Waveform = () => [Math.round(Math.random()) / 32_768, Math.round(Math.random()) / 32_768];
/** Uniform noise of -84 dBFS RMS: about 2 LSB of 16 bits, with a peak of 3.6 LSB. */
const noiseFloor: Waveform = () => {
  const value = ((Math.random() * 2 - 1) * 3.58) / 32_768;
  return [value, value];
};
/** Longer than any test, in seconds. */
const LONG_S = 60;

async function open(app: App, pulse: PulseAudio): Promise<EarshotWindow> {
  return app.open(pulseOptions(pulse));
}

function plugIn(pulse: PulseAudio, waveform: Waveform | null, name = 'Desk_microphone'): PulseMicrophone {
  const microphone = pulse.plugIn(name);
  pulse.setDefault(microphone);
  if (waveform) microphone.play(waveform, LONG_S);
  return microphone;
}

/** Expects this microphone status in the window's status, text and button. */
async function expectMicrophoneStatus(earshot: EarshotWindow, status: string, words: RegExp): Promise<void> {
  await expect(earshot.status).toHaveAttribute('data-microphone', status);
  await expect(earshot.status).toContainText(words);
  await expect(earshot.mic).toHaveAttribute('data-no-sound', String(status !== 'ok'));
  await expect(earshot.status.getByText('Listening', { exact: true })).toHaveCount(status === 'ok' ? 1 : 0);
}

/** Each microphone status in a recording, with its length in seconds. */
function statusPeriods({ microphone = [], duration_s }: SavedRecording): Array<[string, number]> {
  return microphone.map(({ at_s, status }, i) => [status, (microphone[i + 1]?.at_s ?? duration_s) - at_s]);
}

test('H52 a microphone that the system mutes during a turn is reported and noted until it is unmuted', async ({
  app,
  pulse,
}) => {
  const microphone = plugIn(pulse, bothChannels);
  const earshot = await open(app, pulse);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  await expectMicrophoneStatus(earshot, 'ok', /Press again to stop/);
  microphone.mute(true);
  await expectMicrophoneStatus(earshot, 'muted', /The microphone is muted.*Unmute/);
  await earshot.expectListenedFor(5);
  microphone.mute(false);
  await expectMicrophoneStatus(earshot, 'ok', /Listening/);
  await earshot.expectListenedFor(8);
  const saved = await stopListening(app, earshot);

  const states = statusPeriods(saved);
  expect(states.map(([status]) => status)).toEqual(['ok', 'muted', 'ok']);
  // The muted period is silence of the same length in the recording.
  const [, [, mutedS = 0] = []] = states;
  const from = saved.microphone?.[1]?.at_s ?? 0;
  const { rate, samples } = saved.sound;
  const middle = samples.subarray(Math.round((from + 0.2) * rate), Math.round((from + mutedS / 2) * rate));
  expect(rmsDbfs(middle)).toBeLessThan(-80);
  expect(rmsDbfs(samples.subarray(-rate))).toBeGreaterThan(-20);
  await expect(earshot.page.getByTestId('recording-microphone')).toContainText(
    /The microphone was muted from 0:0\d for/,
  );
});

test('H52 with a microphone that is muted at the start, the window says “Listening” only after it is unmuted', async ({
  app,
  pulse,
}) => {
  const microphone = plugIn(pulse, bothChannels);
  microphone.mute(true);
  const earshot = await open(app, pulse);
  await earshot.press();
  await earshot.expectView('listening');
  await expectMicrophoneStatus(earshot, 'muted', /The microphone is muted/);
  microphone.mute(false);
  await expectMicrophoneStatus(earshot, 'ok', /Listening/);
  await earshot.expectListenedFor(3);
  const saved = await stopListening(app, earshot);
  expect(
    statusPeriods(saved)
      .map(([status]) => status)
      .slice(-2),
  ).toEqual(['muted', 'ok']);
});

test('H53 the window says that it waits for the first sound of a microphone, and records everything from then on', async ({
  app,
  pulse,
}) => {
  const microphone = plugIn(pulse, bothChannels);
  const earshot = await open(app, pulse);
  microphone.suspend(true);
  await earshot.press();
  await expect(earshot.status).toContainText('Waiting for the microphone');
  await expect(earshot.status).toContainText('Speak when “Listening” appears');
  await earshot.expectView('connecting');
  microphone.suspend(false);
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  const saved = await stopListening(app, earshot);
  expect(saved).toMatchObject({ complete: true, gaps: [] });
  // The recording contains the tone from the first frame on, without a break.
  const { rate, samples } = saved.sound;
  const quiet = Array.from({ length: Math.floor(samples.length / (rate / 10)) }, (_, i) =>
    rmsDbfs(samples.subarray((i * rate) / 10, ((i + 1) * rate) / 10)),
  ).filter((dbfs) => dbfs < -20);
  expect(quiet).toEqual([]);
});

test('H52 while a source is suspended the turn continues, the time becomes a gap, and the sound returns afterwards', async ({
  app,
  pulse,
}) => {
  const microphone = plugIn(pulse, bothChannels);
  const earshot = await open(app, pulse);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  microphone.suspend(true);
  await expectMicrophoneStatus(earshot, 'stalled', /The microphone sends nothing/);
  await earshot.expectListenedFor(9);
  microphone.suspend(false);
  await expectMicrophoneStatus(earshot, 'ok', /Listening/);
  await earshot.expectListenedFor(12);
  const clockS = await earshot.seconds();
  const saved = await stopListening(app, earshot);

  expect(statusPeriods(saved).map(([status]) => status)).toEqual(['ok', 'stalled', 'ok']);
  expect(Math.abs(saved.duration_s - clockS), 'recording against the clock, s').toBeLessThan(1.5);
  const missing = saved.gaps.reduce((sum, gap) => sum + gap.seconds, 0);
  expect(missing, 'gaps, s').toBeGreaterThan(5);
  const stalled = statusPeriods(saved)[1]?.[1] ?? 0;
  expect(Math.abs(missing - stalled), 'the gap is the stretch, s').toBeLessThan(1.5);
  await expect(earshot.page.getByTestId('recording-microphone')).toContainText('The microphone sent nothing from');
});

for (const [name, waveform, status, words] of [
  ['digital zero', null, 'silent', /Only silence is heard/],
  ['noise of one LSB', oneLsb, 'silent', /Only silence is heard/],
  ['a noise floor of -84 dBFS', noiseFloor, 'noise', /Only faint noise is heard/],
] as const) {
  test(`H54 ${name}: a warning during the turn, withdrawn when sound comes`, async ({ app, pulse }) => {
    const microphone = plugIn(pulse, waveform);
    const earshot = await open(app, pulse);
    await earshot.press();
    await earshot.expectView('listening');
    await expectMicrophoneStatus(earshot, status, words);
    microphone.play(bothChannels, LONG_S);
    await expectMicrophoneStatus(earshot, 'ok', /Listening/);
    await earshot.expectListenedFor((await earshot.seconds()) + 2);
    const saved = await stopListening(app, earshot);
    expect(statusPeriods(saved).map(([states]) => states)).toEqual(['ok', status, 'ok']);
  });
}

/** The median level (dBFS) of the tone in blocks of 100 ms, because a busy sound server may interrupt the tone. */
function medianLevel({ rate, samples }: Sound): number {
  const size = rate / 10;
  const levels = Array.from({ length: Math.floor(samples.length / size) }, (_, i) =>
    levelAt({ rate, samples: samples.subarray(i * size, (i + 1) * size) }, FREQUENCY),
  );
  return levels.sort((one, other) => one - other)[levels.length >> 1] ?? Number.NEGATIVE_INFINITY;
}

for (const [name, waveform] of [
  ['of which the right one is silent', (n) => [sine(n), 0]],
  ['of which the left one is silent', (n) => [0, sine(n)]],
  ['in opposite phase', (n) => [sine(n), -sine(n)]],
] as const satisfies ReadonlyArray<readonly [string, Waveform]>) {
  test(`H57 two channels ${name}: the recording has the sound at its own level`, async ({ app, pulse }) => {
    plugIn(pulse, waveform);
    const earshot = await open(app, pulse);
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(3);
    const saved = await stopListening(app, earshot);
    expect(Math.abs(medianLevel(saved.sound) - DBFS), 'level against the microphone’s, dB').toBeLessThan(0.5);
  });
}

test('H57 the user can choose a channel of a microphone with several', async ({ app, pulse }) => {
  plugIn(pulse, (n) => [sine(n), sine(n) / 100]);
  const earshot = await open(app, pulse);
  await earshot.openSettings('microphone');
  await earshot.page.getByRole('dialog').getByLabel('Channel').selectOption('Right channel');
  await earshot.page.keyboard.press('Escape');
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  const saved = await stopListening(app, earshot);
  const { rate, samples } = saved.sound;
  const middle = { rate, samples: samples.subarray(rate / 2, -rate / 2) };
  expect(Math.abs(levelAt(middle, FREQUENCY) - (DBFS - 40)), 'level of the right channel, dB').toBeLessThan(1);
});

const LISTENED_S = 60;
/** Seconds to skip at both ends and beside gaps, where the tone starts or stops. */
const EDGE_S = 0.5;

/** The parts of a recording between the gaps in its JSON. Parts that are too short to measure are left out. */
function betweenGaps({ gaps, sound, duration_s }: SavedRecording): Sound[] {
  const starts = [0, ...gaps.map(({ at_s, seconds }) => at_s + seconds)];
  const ends = [...gaps.map(({ at_s }) => at_s), duration_s];
  return starts.flatMap((start, i) => {
    const [from, to] = [start + EDGE_S, (ends[i] ?? duration_s) - EDGE_S];
    const { rate, samples } = sound;
    return to - from < 1 ? [] : [{ rate, samples: samples.subarray(Math.round(from * rate), Math.round(to * rate)) }];
  });
}

for (const ppm of [2_000, -2_000]) {
  test(`H64 a microphone whose clock is ${ppm} ppm off for a minute causes no click and no unreported gap`, async ({
    app,
    pulse,
  }) => {
    test.setTimeout(150_000);
    const microphone = pulse.plugInDrifting('Drifting_microphone', ppm, bothChannels);
    pulse.setDefault(microphone);
    const earshot = await open(app, pulse);
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(LISTENED_S);
    const saved = await stopListening(app, earshot);
    // This process plays the tone in real time, so on a busy machine the source itself may have gaps.
    const parts = betweenGaps(saved);
    expect(
      parts.reduce((sum, part) => sum + durationOf(part), 0),
      'without a gap, s',
    ).toBeGreaterThan(0.9 * LISTENED_S);
    for (const part of parts) {
      const faults = toneFaults(part);
      expect(faults.residualDb, 'clicks and noise, dB').toBeLessThan(-35);
      expect(faults.phaseJump, 'lost or doubled samples, rad').toBeLessThan(0.05);
      expect(faults.unsteadinessDb, 'gaps, dB').toBeLessThan(0.5);
    }
  });
}
