import { execFileSync } from 'node:child_process';
import { activePart, seconds } from './support/audio/level.ts';
import { tone, toneFaults } from './support/audio/tone.ts';
import type { SavedRecording } from './support/data-dir.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// A process that does not run for a while: the system swaps, a laptop is short of power, a debugger holds it. Linux and
// macOS only, where a signal stops a process.

/** 1 kHz but for 3 Hz: no whole number of periods fits into a frame, so that a lost or doubled frame breaks the phase. */
const FREQUENCY = 997;
/** How long the tone goes on around the pause, in seconds. */
const AROUND_S = 7;
/** The clock of the window counts whole seconds; a recording also has the moment in which the microphone came. */
const CLOCK_S = 1.5;

test.skip(process.platform === 'win32', 'Windows has no signal that stops a process');

/** Stops a process for so long; returns once it runs again. */
async function pause(pid: number, stallS: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await new Promise((resolve) => setTimeout(resolve, stallS * 1000));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** The one process of this app's that was started with such a switch. */
function processWith(app: App, words: string): number {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const pids = lines
    .filter((line) => line.includes(words) && line.includes(app.dataDir))
    .map((line) => parseInt(line, 10));
  const [pid] = pids;
  if (pid === undefined || pids.length !== 1) throw new Error(`${pids.length} processes with ${words}`);
  return pid;
}

/** A window that has listened to the tone for two seconds. */
async function listening(app: App, stallS: number): Promise<{ earshot: EarshotWindow; session: string }> {
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: stallS + AROUND_S, silence: 0.5 }));
  const earshot = await app.open({ microphone });
  await earshot.press();
  await earshot.expectView('listening');
  const session = (await earshot.sessionId.textContent()) ?? '';
  await earshot.expectListenedFor(2);
  return { earshot, session };
}

/** Stops listening. @returns the one recording, and what the window's clock showed last, in s */
async function finish(app: App, earshot: EarshotWindow): Promise<{ kept: SavedRecording; clockS: number }> {
  const [, minutes, rest] = /^(\d+):(\d\d)$/.exec((await earshot.elapsed.textContent())?.trim() ?? '') ?? [];
  await earshot.press();
  await earshot.expectView('idle');
  const [kept] = await app.recordings(1);
  if (!kept) throw new Error('no recording');
  return { kept, clockS: Number(minutes) * 60 + Number(rest) };
}

const logged = (app: App, event: string) => app.log().filter((record) => record.event === event).length;

test.describe('the main process does not run', () => {
  for (const stallS of [3, 6, 10, 20]) {
    test(`for ${stallS} s while listening: one session, one recording, and nothing is lost or doubled`, async ({
      app,
    }) => {
      test.setTimeout(90_000);
      const { earshot, session } = await listening(app, stallS);
      await pause((app.electron().process().pid ?? 0), stallS);
      await earshot.expectView('listening');
      await earshot.expectListenedFor(stallS + AROUND_S + 2);
      await expect(earshot.sessionId).toHaveText(session);
      // A short pause breaks nothing, and then there is nothing to tell.
      const told = earshot.page.getByTestId('loss');
      if ((await told.count()) > 0) await expect(told).toContainText('nothing was lost');

      const { kept } = await finish(app, earshot);
      expect(`${kept.session_id.slice(0, 8)}…`).toBe(session);
      expect(kept).toMatchObject({ turn: 1, complete: true, gaps: [] });
      const heard = activePart(kept.sound);
      expect(Math.abs(seconds(heard) - (stallS + AROUND_S)), 'duration, s').toBeLessThan(0.05);
      const edge = Math.round(kept.sound.rate * 0.05);
      const faults = toneFaults({ rate: heard.rate, samples: heard.samples.subarray(edge, -edge) });
      expect(faults.phaseJump, 'lost or doubled samples, rad').toBeLessThan(0.05);
      expect(faults.residualDb, 'clicks and noise, dB').toBeLessThan(-35);
      expect(faults.unsteadinessDb, 'gaps, dB').toBeLessThan(0.5);

      // What the client gave up meanwhile has come, and changed nothing.
      expect(logged(app, 'RECORDING_STARTED')).toBe(1);
      expect(logged(app, 'SESSION_TAKEN_OVER') + logged(app, 'AUDIO_GAP') + logged(app, 'AUDIO_LOST')).toBe(0);
      if (stallS >= 6) expect(logged(app, 'WS_NEVER_READY')).toBeGreaterThan(0);
    });
  }
});

for (const [name, words, stalls] of [
  ['the page', '--type=renderer', [3, 20]],
  // Without sound for 3 to 4 s the microphone counts as gone.
  ['the audio service', '--utility-sub-type=audio.mojom.AudioService', [2]],
] as const) {
  test.describe(`the process of ${name} does not run`, () => {
    for (const stallS of stalls) {
      test(`for ${stallS} s while listening: one recording as long as the clock, with a gap that is told`, async ({
        app,
      }) => {
        test.setTimeout(90_000);
        const { earshot, session } = await listening(app, stallS);
        await pause(processWith(app, words), stallS);
        const told = earshot.page.getByTestId('loss');
        await expect(told).toHaveText(/^About [\d.]+\ss were not recorded/);
        await earshot.expectListenedFor(stallS + 5);
        await expect(earshot.sessionId).toHaveText(session);

        const { kept, clockS } = await finish(app, earshot);
        expect(kept).toMatchObject({ turn: 1, complete: true });
        expect(Math.abs(kept.duration_s - clockS), 'recording against the clock, s').toBeLessThan(CLOCK_S);
        const missing = kept.gaps.reduce((sum, gap) => sum + gap.seconds, 0);
        expect(missing, 'gaps, s').toBeGreaterThan(stallS - 0.2);
        expect(missing, 'gaps, s').toBeLessThan(stallS + 1.5);
        // Nothing but silence stands in the gap that the pause left.
        const gap = kept.gaps.reduce((longest, next) => (next.seconds > longest.seconds ? next : longest));
        const { rate, samples } = kept.sound;
        const within = samples.subarray(Math.round(gap.at_s * rate), Math.round((gap.at_s + gap.seconds) * rate));
        expect(within.every((sample) => sample === 0)).toBe(true);
        expect(logged(app, 'CAPTURE_GAP')).toBeGreaterThan(0);
        expect(logged(app, 'AUDIO_GAP')).toBeGreaterThan(0);
        expect(logged(app, 'SESSION_LOST')).toBe(0);
      });
    }
  });
}

test('the page hangs for 3 s while listening: its audio thread goes on, and nothing is lost', async ({ app }) => {
  const { earshot } = await listening(app, 3);
  await earshot.page.evaluate(() => {
    const until = performance.now() + 3_000;
    while (performance.now() < until);
  });
  await earshot.expectListenedFor(3 + AROUND_S + 2);
  await expect(earshot.page.getByTestId('loss')).toHaveCount(0);
  const { kept, clockS } = await finish(app, earshot);
  expect(kept).toMatchObject({ turn: 1, complete: true, gaps: [] });
  expect(Math.abs(kept.duration_s - clockS), 'recording against the clock, s').toBeLessThan(CLOCK_S);
  expect(Math.abs(seconds(activePart(kept.sound)) - (3 + AROUND_S)), 'duration, s').toBeLessThan(0.05);
});

test('the audio service is killed while listening: what was said until then is saved, and the window says so', async ({
  app,
}) => {
  app.allowErrors(/process_gone.*Audio Service/);
  app.allowErrors(/MIC_FAILED|mic_unplugged|The microphone went away/);
  const { earshot } = await listening(app, 3);
  process.kill(processWith(app, '--utility-sub-type=audio.mojom.AudioService'), 'SIGKILL');
  await earshot.expectView('error');
  await expect(earshot.problem).toHaveAttribute('data-problem', 'mic_unplugged');
  const [kept] = await app.recordings(1);
  expect(kept).toMatchObject({ turn: 1, complete: true, gaps: [] });
  expect(kept?.duration_s).toBeGreaterThan(1.5);
  // The next press finds a new one.
  await earshot.retry.click();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
  await app.recordings(2);
});
