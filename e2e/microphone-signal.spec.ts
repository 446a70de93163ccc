import { rmsDbfs, seconds } from '../testing/audio/level.ts';
import { levelAt, toneFaults } from '../testing/audio/tone.ts';
import type { Sound } from '../testing/audio/wav.ts';
import type { SavedRecording } from '../testing/data-dir.ts';
import type { PulseAudio } from './support/pulse-audio.ts';
import { PULSE_RATE, type PulseMicrophone, type Waveform } from './support/pulse-microphone.ts';
import { expect, pulseOptions, stopListening, test } from './support/pulse-test.ts';
import type { App } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// What the sound of a microphone says of it, with microphones of a real sound server.

const FREQUENCY = 997;
const DBFS = -12;
const AMPLITUDE = 10 ** (DBFS / 20);
const sine = (n: number): number => AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY * n) / PULSE_RATE);
const bothChannels: Waveform = (n) => [sine(n), sine(n)];
const oneLsb: Waveform = () => [Math.round(Math.random()) / 32_768, Math.round(Math.random()) / 32_768];
/** Uniform noise of -84 dBFS RMS: two steps of 16 bits, peak 3.6. */
const noiseFloor: Waveform = () => {
  const value = ((Math.random() * 2 - 1) * 3.58) / 32_768;
  return [value, value];
};
/** Longer than any test. */
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

/** The window says what the microphone does, and shows the button accordingly. */
async function expectMicrophoneStatus(earshot: EarshotWindow, status: string, words: RegExp): Promise<void> {
  await expect(earshot.status).toHaveAttribute('data-microphone', status);
  await expect(earshot.status).toContainText(words);
  await expect(earshot.mic).toHaveAttribute('data-deaf', String(status !== 'ok'));
  await expect(earshot.status.getByText('Listening', { exact: true })).toHaveCount(status === 'ok' ? 1 : 0);
}

/** Each state with its length in seconds. */
function statusPeriods({ microphone = [], duration_s }: SavedRecording): Array<[string, number]> {
  return microphone.map(({ at_s, status }, i) => [status, (microphone[i + 1]?.at_s ?? duration_s) - at_s]);
}

test('H52 a microphone that the system mutes in the middle: said, written down, and withdrawn on its return', async ({
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
  // The silence of the muted stretch has its length in the recording: its middle is silent, the rest is not.
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

test('H52 a microphone that is muted at the start is not called listening, and is when it is unmuted', async ({
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

test('H53 a source whose first sound comes late is waited for in words, and nothing of after it is missing', async ({
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
  // From its first frame on, and without a break.
  const { rate, samples } = saved.sound;
  const quiet = Array.from({ length: Math.floor(samples.length / (rate / 10)) }, (_, i) =>
    rmsDbfs(samples.subarray((i * rate) / 10, ((i + 1) * rate) / 10)),
  ).filter((dbfs) => dbfs < -20);
  expect(quiet).toEqual([]);
});

test('H52 a source that is suspended is not unplugged: the turn goes on, its time is a gap, and its return is heard', async ({
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
  ['one step of noise', oneLsb, 'silent', /Only silence is heard/],
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

/** The median of the tone's levels (dBFS) in pieces of 100 ms: a busy machine's sound server may break its tone. */
function medianLevel({ rate, samples }: Sound): number {
  const size = rate / 10;
  const levels = Array.from({ length: Math.floor(samples.length / size) }, (_, i) =>
    levelAt({ rate, samples: samples.subarray(i * size, (i + 1) * size) }, FREQUENCY),
  );
  return levels.sort((one, other) => one - other)[levels.length >> 1] ?? Number.NEGATIVE_INFINITY;
}

for (const [name, waveform] of [
  ['the right one silent', (n) => [sine(n), 0]],
  ['the left one silent', (n) => [0, sine(n)]],
  ['in opposite phase', (n) => [sine(n), -sine(n)]],
] as const satisfies ReadonlyArray<readonly [string, Waveform]>) {
  test(`H57 two channels, ${name}: the recording carries the sound at its own level`, async ({ app, pulse }) => {
    plugIn(pulse, waveform);
    const earshot = await open(app, pulse);
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(3);
    const saved = await stopListening(app, earshot);
    expect(Math.abs(medianLevel(saved.sound) - DBFS), 'level against the microphone’s, dB').toBeLessThan(0.5);
  });
}

test('H57 a person can choose the channel where the microphone has several', async ({ app, pulse }) => {
  plugIn(pulse, (n) => [sine(n), sine(n) / 100]);
  const earshot = await open(app, pulse);
  await earshot.page.getByTestId('settings').click();
  await earshot.page.getByLabel('Channel').selectOption('Right');
  await earshot.page.keyboard.press('Escape');
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
  const saved = await stopListening(app, earshot);
  const { rate, samples } = saved.sound;
  const middle = { rate, samples: samples.subarray(rate / 2, -rate / 2) };
  expect(Math.abs(levelAt(middle, FREQUENCY) - (DBFS - 40)), 'level of the right one, dB').toBeLessThan(1);
});

const LISTENED_S = 60;
/** Left out at the ends and beside a gap, where the tone begins and ends, in seconds. */
const EDGE_S = 0.5;

/** The parts of a recording in which, by its JSON, nothing is missing; those that are too short to be measured are left out. */
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
  test(`H64 a microphone whose clock runs ${ppm} ppm off for a minute: no click, and nothing that is not told`, async ({
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
    // The tone is written into the source in real time by this process: what a busy machine keeps it from is a gap of the source.
    const parts = betweenGaps(saved);
    expect(
      parts.reduce((sum, part) => sum + seconds(part), 0),
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
