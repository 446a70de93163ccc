import { execFileSync } from 'node:child_process';
import { tone } from '../testing/audio/tone.ts';
import type { SavedRecording } from '../testing/data-dir.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectEqualsCaptured } from './support/expect-recording.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// A process does not run for a while, for example because the system swaps or saves power, or a debugger stops it.
// Linux and macOS only, where a signal suspends a process.

/** In Hz. A frame has no integer number of periods, so no two frames are equal. */
const FREQUENCY = 997;
/** Seconds to record after the suspension. */
const AFTER_S = 4;
/** Tolerance in s: the window's clock counts whole seconds, and a recording starts with the first frame. */
const CLOCK_S = 1.5;

test.skip(process.platform === 'win32', 'Windows has no signal that suspends a process');

/** Suspends a process for this many seconds. */
async function suspend(pid: number, suspendedS: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await new Promise((resolve) => setTimeout(resolve, suspendedS * 1000));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** The id of the only process of this app with this command line argument. */
function pidWithArgument(app: App, argument: string): number {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const pids = lines
    .filter((line) => line.includes(argument) && line.includes(app.dataDir))
    .map((line) => parseInt(line, 10));
  const [pid] = pids;
  if (pid === undefined || pids.length !== 1) throw new Error(`${pids.length} processes with ${argument}`);
  return pid;
}

/** Opens a window and records a tone for two seconds. */
async function startListening(app: App, suspendedS: number): Promise<{ earshot: EarshotWindow; session: string }> {
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: suspendedS + 60, silence: 0.1 }));
  const earshot = await app.open({ microphone });
  await earshot.page.evaluate(recordCapturedAudio);
  await earshot.press();
  await earshot.expectView('listening');
  const session = (await earshot.sessionId.textContent()) ?? '';
  await earshot.expectListenedFor(2);
  return { earshot, session };
}

interface FinishedTurn {
  saved: SavedRecording;
  clockS: number;
  gapsS: number;
}

/**
 * Stops listening, and expects that the recording holds every captured sample.
 * @returns the recording, the last time on the window's clock (s), and the total length of the gaps (s)
 */
async function stopListening(app: App, earshot: EarshotWindow): Promise<FinishedTurn> {
  const clockS = await earshot.seconds();
  await earshot.press();
  await earshot.expectView('idle');
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  const captured = await capturedAudio(earshot.page);
  expectEqualsCaptured(saved, captured);
  const missing = saved.gaps.reduce((sum, gap) => sum + gap.seconds, 0);
  expect(missing, 'reported gaps, s').toBeCloseTo(captured.gapsS, 3);
  return { saved, clockS, gapsS: captured.gapsS };
}

const logged = (app: App, event: string) => app.log().filter((record) => record.event === event).length;

test.describe('the main process is suspended', () => {
  for (const suspendedS of [3, 6, 10, 20]) {
    test(`for ${suspendedS} s while listening: one session and one recording, without lost or duplicate audio`, async ({
      app,
    }) => {
      test.setTimeout(90_000);
      const { earshot, session } = await startListening(app, suspendedS);
      await suspend(app.electron().process().pid ?? 0, suspendedS);
      await earshot.expectView('listening');
      await earshot.expectListenedFor(suspendedS + AFTER_S + 2);
      await expect(earshot.sessionId).toHaveText(session);
      const { saved, clockS } = await stopListening(app, earshot);
      expect(`${saved.session_id.slice(0, 8)}…`).toBe(session);
      expect(saved).toMatchObject({ turn: 1, complete: true });
      expect(Math.abs(saved.duration_s - clockS), 'recording against the clock, s').toBeLessThan(CLOCK_S);

      // Connections that the client abandoned during the suspension had no effect.
      expect(logged(app, 'RECORDING_STARTED')).toBe(1);
      expect(logged(app, 'SESSION_TAKEN_OVER') + logged(app, 'AUDIO_LOST')).toBe(0);
      if (suspendedS >= 6) expect(logged(app, 'WS_NEVER_READY')).toBeGreaterThan(0);
    });
  }
});

for (const [name, argument, durations] of [
  ['the page', '--type=renderer', [3, 20]],
  // After 3 to 4 s without audio the microphone would count as unplugged.
  ['the audio service', '--utility-sub-type=audio.mojom.AudioService', [2]],
] as const) {
  test.describe(`the process of ${name} is suspended`, () => {
    for (const suspendedS of durations) {
      test(`for ${suspendedS} s while listening: one recording of the right length, with a reported gap`, async ({
        app,
      }) => {
        test.setTimeout(90_000);
        const { earshot, session } = await startListening(app, suspendedS);
        await suspend(pidWithArgument(app, argument), suspendedS);
        const notice = earshot.page.getByTestId('loss');
        await expect(notice).toHaveText(/About [\d.]+\ss were not recorded/);
        await earshot.expectListenedFor(suspendedS + AFTER_S + 1);
        await expect(earshot.sessionId).toHaveText(session);

        const { saved, clockS, gapsS } = await stopListening(app, earshot);
        expect(saved).toMatchObject({ turn: 1, complete: true });
        expect(Math.abs(saved.duration_s - clockS), 'recording against the clock, s').toBeLessThan(CLOCK_S);
        expect(gapsS, 'gaps, s').toBeGreaterThan(suspendedS - 0.2);
        expect(gapsS, 'gaps, s').toBeLessThan(suspendedS + 3);
        // The gap of the suspension is silent.
        const gap = saved.gaps.reduce((longest, next) => (next.seconds > longest.seconds ? next : longest));
        const { rate, samples } = saved.sound;
        const within = samples.subarray(Math.round(gap.at_s * rate), Math.round((gap.at_s + gap.seconds) * rate));
        expect(within.every((sample) => sample === 0)).toBe(true);
        expect(logged(app, 'CAPTURE_GAP')).toBeGreaterThan(0);
        expect(logged(app, 'AUDIO_GAP')).toBeGreaterThan(0);
        expect(logged(app, 'SESSION_LOST')).toBe(0);
      });
    }
  });
}

test('when the page hangs for 3 s while listening, its audio thread continues and no audio is lost', async ({
  app,
}) => {
  const { earshot } = await startListening(app, 3);
  await earshot.page.evaluate(() => {
    const until = performance.now() + 3_000;
    while (performance.now() < until);
  });
  await earshot.expectListenedFor(3 + AFTER_S + 2);
  const { saved, clockS, gapsS } = await stopListening(app, earshot);
  expect(saved).toMatchObject({ turn: 1, complete: true });
  // A busy machine may cause gaps.
  expect(gapsS, 'gaps, s').toBeLessThan(1);
  expect(Math.abs(saved.duration_s - clockS), 'recording against the clock, s').toBeLessThan(CLOCK_S);
});

test('after the audio service is killed while listening, the turn continues with the restarted one, and the lost time is a gap', async ({
  app,
}) => {
  app.allowErrors(/process_gone.*Audio Service/);
  const { earshot, session } = await startListening(app, 3);
  process.kill(pidWithArgument(app, '--utility-sub-type=audio.mojom.AudioService'), 'SIGKILL');
  await earshot.expectLogged('client', 'the former one went away');
  await earshot.expectView('listening');
  await earshot.expectListenedFor(AFTER_S + 4);
  await expect(earshot.sessionId).toHaveText(session);
  await expect(earshot.page.getByTestId('loss')).toContainText(
    'the microphone was disconnected until another one was opened',
  );
  // Each device has its own capture. The time between them belongs to neither, so `stopListening` can't check it.
  const clockS = await earshot.seconds();
  await earshot.press();
  await earshot.expectView('idle');
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ turn: 1, complete: true });
  expect(saved.gaps.length).toBeGreaterThan(0);
  expect(Math.abs(saved.duration_s - clockS), 'recording against the clock, s').toBeLessThan(CLOCK_S);
});
