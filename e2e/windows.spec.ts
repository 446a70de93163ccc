import { activePart, seconds } from './support/audio/level.ts';
import { dominantFrequency, levelAt, tone } from './support/audio/tone.ts';
import { type App, expect, test } from './support/test.ts';
import { FREQUENCY } from './support/unbroken-tone.ts';
import type { EarshotWindow } from './support/window.ts';

/** Far enough apart that none is a harmonic of another. */
const TONES = [523, 997, 2311] as const;

// A tab's windows are browsers, each with a tone of its own. Those of the desktop app have one microphone, which all of
// them hear: that none hears what another one's session was sent can't be seen there.
test('H26 three windows at once: three sessions; one is closed, one crashes, and none hears or misses anything by it', async ({
  app,
  shell,
}) => {
  test.slow();
  app.allowErrors(/log: .* type=window_process_gone/);
  const windows = await (shell === 'tab' ? openTabs(app) : openInDesktop(app));
  const [closing, crashing, staying] = windows;
  await Promise.all(windows.map((window) => window.press()));
  await Promise.all(windows.map((window) => window.expectView('listening', 30_000)));
  await Promise.all(windows.map((window) => window.expectListenedFor(2)));

  await closing.page.close();
  const crashed = crashing.page.waitForEvent('crash');
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
  expect(new Set(recordings.map((recording) => recording.session_id)).size).toBe(3);
  const heard = recordings.map(({ gaps, sound }) => {
    expect(gaps).toEqual([]);
    expect(seconds(activePart(sound))).toBeGreaterThan(1);
    return activePart(sound);
  });
  if (shell === 'electron') {
    for (const sound of heard) expect(dominantFrequency(sound)).toBeCloseTo(FREQUENCY, 0);
    return;
  }
  const tones = heard.map((sound) => {
    const [own = 0, ...others] = [...TONES].sort((a, b) => levelAt(sound, b) - levelAt(sound, a));
    for (const other of others) {
      expect(levelAt(sound, own) - levelAt(sound, other), `${own} Hz over ${other} Hz, dB`).toBeGreaterThan(50);
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
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: 60 }));
  return [await app.open({ microphone }), await app.open(), await app.open()];
}

async function crashTab({ page }: EarshotWindow): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  // Never answered: who should answer it is gone.
  devtools.send('Page.crash').catch(() => {});
}

/** Kills the window's own process, which the other windows do not share. */
async function killRenderer(app: App, { page }: EarshotWindow): Promise<void> {
  const desktop = app.desktop();
  expect(desktop.processesOf('renderer').length).toBeGreaterThanOrEqual(2);
  const window = await app.electron().browserWindow(page);
  process.kill(await window.evaluate(({ webContents }) => webContents.getOSProcessId()), 'SIGKILL');
}
