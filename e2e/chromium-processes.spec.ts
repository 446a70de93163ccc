import { tone } from '../testing/audio/tone.ts';
import type { SavedRecording } from '../testing/data-dir.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectEqualsCaptured } from './support/expect-recording.ts';
import type { ChromiumProcess } from './support/processes.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// Chromium restarts its processes when they die. suspended-processes.spec.ts kills the audio process while listening.

test.skip(process.platform !== 'linux', 'finds the processes in /proc');

/** The names of the processes in the log. */
const LOG_NAMES = { graphics: 'process=GPU', network: 'name=Network Service', audio: 'name=Audio Service' } as const;

for (const kind of ['graphics', 'network', 'audio'] as const) {
  test(`after the ${kind} process is killed while idle, the next press records as usual`, async ({ app }) => {
    app.allowErrors(/log: .* type=process_gone/);
    const earshot = await openWithTone(app);
    // Some of the processes start only when they are needed.
    await listenFor(earshot, 1);
    await stop(earshot);
    await app.recordings(1);
    await killProcess(app, kind);
    await earshot.expectView('idle');

    await listenFor(earshot, 1);
    await stop(earshot);
    const [, saved] = await app.recordings(2);
    expect(saved).toMatchObject({ complete: true });
    expect(saved?.peak_dbfs, 'dBFS; the tone has -12').toBeGreaterThan(-14);
  });
}

test('after the graphics process is killed while listening, the session continues and no audio is lost', async ({
  app,
}) => {
  app.allowErrors(/log: .* type=process_gone/);
  const earshot = await openWithTone(app);
  await listenFor(earshot, 2);
  await killProcess(app, 'graphics');
  await earshot.expectListenedFor(4);
  // The window is drawn again.
  expect((await earshot.page.screenshot()).length).toBeGreaterThan(1_000);
  await stop(earshot);
  expectEqualsCaptured(await onlyRecording(app), await capturedAudio(earshot.page));
  expect(app.log().filter(({ event }) => event === 'WS_CONNECT')).toHaveLength(1);
});

test('after the network process is killed while listening, the session resumes, no audio is lost, and the window says so', async ({
  app,
}) => {
  app.allowErrors(/WebSocket connection to .* failed|log: .* type=process_gone/);
  const earshot = await openWithTone(app);
  await listenFor(earshot, 2);
  const session = await earshot.sessionId.textContent();
  const views = await earshot.recordViews();
  await killProcess(app, 'network');
  await expect.poll(views).toEqual(['reconnecting', 'listening']);
  await expect(earshot.page.getByTestId('loss')).toContainText('nothing was lost');
  await expect(earshot.sessionId).toHaveText(session ?? '');
  await earshot.expectListenedFor(4);
  await stop(earshot);
  expectEqualsCaptured(await onlyRecording(app), await capturedAudio(earshot.page));
});

async function openWithTone(app: App): Promise<EarshotWindow> {
  const earshot = await app.open({ microphone: app.microphone('tone', tone({ frequency: 997, seconds: 60 })) });
  await earshot.page.evaluate(recordCapturedAudio);
  return earshot;
}

/** Kills Chromium's process of this kind, and waits until the log reports it. */
async function killProcess(app: App, kind: Extract<ChromiumProcess, keyof typeof LOG_NAMES>): Promise<void> {
  const processes = app.desktop().processesOf(kind);
  expect(processes).toHaveLength(1);
  for (const { pid } of processes) process.kill(pid, 'SIGKILL');
  const gone = () =>
    app.log().filter(({ text }) => text.includes('type=process_gone') && text.includes(LOG_NAMES[kind]));
  await expect.poll(() => gone().length, { message: 'logged' }).toBe(1);
}

async function listenFor(earshot: EarshotWindow, seconds: number): Promise<void> {
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(seconds);
}

async function stop(earshot: EarshotWindow): Promise<void> {
  await earshot.press();
  await earshot.expectView('idle');
}

async function onlyRecording(app: App): Promise<SavedRecording> {
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ turn: 1, complete: true });
  return saved;
}
