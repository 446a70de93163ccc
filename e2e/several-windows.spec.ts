import { trimSilence } from '../testing/audio/level.ts';
import { levelAt, tone } from '../testing/audio/tone.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectContainsCaptured } from './support/expect-recording.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

/** In Hz. None is a harmonic of another. */
const TONES = [523, 997, 2311] as const;

// In a tab each window is a browser with its own tone. The windows of the desktop app share one microphone, so
// there the test can't check that no session gets another's audio.
test('H26 three windows record three sessions; when one is closed and one crashes, no audio is lost or mixed up', async ({
  app,
  shell,
}) => {
  test.slow();
  app.allowErrors(/log: .* type=window_process_gone/);
  const windows = await (shell === 'tab' ? openTabs(app) : openInDesktop(app));
  const [closing, crashing, staying] = windows;
  for (const { page } of windows) await page.evaluate(recordCapturedAudio);
  await Promise.all(windows.map((window) => window.press()));
  await Promise.all(windows.map((window) => window.expectView('listening', 30_000)));
  await Promise.all(windows.map((window) => window.expectListenedFor(2)));
  const sessions = await Promise.all(windows.map((window) => window.sessionId.textContent()));
  expect(new Set(sessions).size).toBe(3);

  const ofClosing = await capturedAudio(closing.page);
  await closing.page.close();
  const crashed = crashing.page.waitForEvent('crash');
  const ofCrashing = await capturedAudio(crashing.page);
  if (shell === 'tab') await crashTab(crashing);
  else await killRenderer(app, crashing);
  await crashed;
  await app.recordings(2);

  const before = await staying.elapsed.textContent();
  await expect(staying.elapsed).not.toHaveText(before ?? '');
  await staying.expectView('listening');
  await staying.press();
  await staying.expectView('idle');

  const recordings = await app.recordings(3);
  // The window shows the first eight characters of the id.
  const recordingsOf = (session: string | null) =>
    recordings.filter(({ session_id }) => `${session_id.slice(0, 8)}…` === session?.trim());
  const captured = [ofClosing, ofCrashing, await capturedAudio(staying.page)];
  for (const [i, session] of sessions.entries()) {
    const [recording, ...others] = recordingsOf(session);
    if (!recording || others.length > 0) throw new Error(`one recording of ${session}`);
    expectContainsCaptured(recording, captured[i] ?? { samples: [] });
  }
  if (shell === 'electron') return;
  const tones = recordings.map(({ sound }) => {
    const active = trimSilence(sound);
    const [own = 0, ...others] = [...TONES].sort((a, b) => levelAt(active, b) - levelAt(active, a));
    for (const other of others) {
      expect(levelAt(active, own) - levelAt(active, other), `${own} Hz over ${other} Hz, dB`).toBeGreaterThan(50);
    }
    return own;
  });
  expect(tones.sort((a, b) => a - b)).toEqual(TONES);
});

type ThreeWindows = [EarshotWindow, EarshotWindow, EarshotWindow];

async function openTabs(app: App): Promise<ThreeWindows> {
  const open = (frequency: number) =>
    app.open({ microphone: app.microphone(`tone-${frequency}`, tone({ frequency, seconds: 60 })) });
  return [await open(TONES[0]), await open(TONES[1]), await open(TONES[2])];
}

async function openInDesktop(app: App): Promise<ThreeWindows> {
  const microphone = app.microphone('tone', tone({ frequency: TONES[1], seconds: 60 }));
  return [await app.open({ microphone }), await app.open(), await app.open()];
}

async function crashTab({ page }: EarshotWindow): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  // The crashed page never answers.
  devtools.send('Page.crash').catch(() => {});
}

/** Kills the window's renderer process, which no other window uses. */
async function killRenderer(app: App, { page }: EarshotWindow): Promise<void> {
  expect(app.desktop().processesOf('renderer').length).toBeGreaterThanOrEqual(2);
  const window = await app.electron().browserWindow(page);
  process.kill(await window.evaluate(({ webContents }) => webContents.getOSProcessId()), 'SIGKILL');
}
