import { PROBLEMS } from '../shared/problems.ts';
import { seconds } from './support/audio/level.ts';
import { tone } from './support/audio/tone.ts';
import type { ChromiumProcess } from './support/processes.ts';
import { watchSentAudio } from './support/sent-audio.ts';
import { type App, expect, test } from './support/test.ts';
import { FREQUENCY } from './support/unbroken-tone.ts';
import type { EarshotWindow } from './support/window.ts';

test.skip(process.platform !== 'linux', 'finds the processes in /proc');

const NAMES: Record<'graphics' | 'network' | 'audio', string> = {
  graphics: 'process=GPU',
  network: 'name=Network Service',
  audio: 'name=Audio Service',
};

for (const kind of ['graphics', 'network', 'audio'] as const) {
  test(`the ${kind} process is killed while the app is idle: the next press listens as ever`, async ({ app }) => {
    app.allowErrors(/log: .* type=process_gone/);
    const earshot = await openWithTone(app);
    // Some of them start with the first use.
    await speak(app, earshot, 1);
    await killProcess(app, kind);
    await earshot.expectView('idle');
    await speak(app, earshot, 2);
  });
}

test('the graphics process is killed while listening: listening goes on in the same session, nothing is lost', async ({
  app,
}) => {
  app.allowErrors(/log: .* type=process_gone/);
  const earshot = await openWithTone(app);
  const sent = watchSentAudio(earshot.page);
  await listenFor(earshot, 2);
  await killProcess(app, 'graphics');
  await earshot.expectListenedFor(4);
  // It draws again.
  expect((await earshot.page.screenshot()).length).toBeGreaterThan(1_000);
  await stop(earshot);
  const [kept] = await app.recordings(1);
  expect(kept).toMatchObject({ complete: true, gaps: [] });
  expect(seconds(kept?.sound ?? NOTHING)).toBeGreaterThanOrEqual(sent() - 0.02);
  expect(app.log().filter(({ event }) => event === 'WS_CONNECT')).toHaveLength(1);
});

test('the network process is killed while listening: the session goes on over a new connection, nothing is lost, and that is told', async ({
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
  const [kept] = await app.recordings(1);
  expect(kept).toMatchObject({ turn: 1, complete: true, gaps: [] });
  expect(seconds(kept?.sound ?? NOTHING)).toBeGreaterThanOrEqual(4);
});

test('the audio process is killed while listening: the window says that the microphone went away, what was heard is kept, and the next press listens', async ({
  app,
}) => {
  app.allowErrors(/log: .* type=process_gone|log: .* MIC_FAILED/);
  const earshot = await openWithTone(app);
  await listenFor(earshot, 2);
  await killProcess(app, 'audio');
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(PROBLEMS.mic_unplugged.title);
  await expect(earshot.problem).toContainText(PROBLEMS.mic_unplugged.action);
  const [kept] = await app.recordings(1);
  expect(kept).toMatchObject({ complete: true, gaps: [] });
  expect(seconds(kept?.sound ?? NOTHING)).toBeGreaterThan(1);
  await speak(app, earshot, 2);
  await expect(earshot.problem).toBeHidden();
});

const NOTHING = { rate: 1, samples: new Float64Array() };

function openWithTone(app: App): Promise<EarshotWindow> {
  return app.open({ microphone: app.microphone('tone', tone({ frequency: FREQUENCY, seconds: 30 })) });
}

/** Kills it, waits for another one in its place where one was needed, and for the line in the log. */
async function killProcess(app: App, kind: Extract<ChromiumProcess, keyof typeof NAMES>): Promise<void> {
  const processes = app.desktop().processesOf(kind);
  expect(processes).toHaveLength(1);
  for (const { pid } of processes) process.kill(pid, 'SIGKILL');
  const gone = () => app.log().filter(({ text }) => text.includes('type=process_gone') && text.includes(NAMES[kind]));
  await expect.poll(() => gone().length, { message: 'told in the log' }).toBe(1);
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

/** A turn of a second, the app's so-and-so-many-th: the tone is in its recording. */
async function speak(app: App, earshot: EarshotWindow, recordings: number): Promise<void> {
  await listenFor(earshot, 1);
  await stop(earshot);
  const kept = (await app.recordings(recordings)).at(-1);
  expect(kept).toMatchObject({ complete: true, gaps: [] });
  expect(kept?.peak_dbfs, 'dBFS; the tone has -12').toBeGreaterThan(-14);
}
