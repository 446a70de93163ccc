import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ElectronApplication } from '@playwright/test';
import { FRAME_HEADER_BYTES } from '../shared/audio-frame.ts';
import { tone } from '../testing/audio/tone.ts';
import { applyToConnections, closeListener, voicePort } from './support/desktop-voice-server.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

/** In Hz. A frame has no integer number of periods, so no two frames are equal. */
const FREQUENCY = 997;

const simulateWakeUp = (electron: ElectronApplication) =>
  electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));

interface SentFrames {
  /** The samples of each frame as it was last sent, by sequence number. */
  sentFrames: Map<number, number[]>;
}

/**
 * An init script that records every frame that the page sends, because a busy machine may capture less than is played.
 */
function recordSentFrames(headerBytes: number): void {
  const sentFrames: SentFrames['sentFrames'] = new Map();
  Object.assign(window, { sentFrames });
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (ArrayBuffer.isView(data)) {
      const bytes = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
      const seq = new DataView(bytes.buffer).getUint32(0, true);
      sentFrames.set(seq, [...new Int16Array(bytes.buffer, headerBytes)]);
    }
    return send.call(this, data);
  };
}

/** Opens a window and records a tone for two seconds. */
async function listen(app: App): Promise<{ earshot: EarshotWindow; session: string; port: number }> {
  const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: 60 }));
  const earshot = await app.open({ microphone });
  const port = await voicePort(earshot.page);
  await earshot.page.evaluate(recordSentFrames, FRAME_HEADER_BYTES);
  await earshot.press();
  await earshot.expectView('listening');
  const session = (await earshot.sessionId.textContent()) ?? '';
  await earshot.expectListenedFor(2);
  return { earshot, session, port };
}

/** Waits until the session has resumed, records on, and compares the sent frames with the recording. */
async function expectNothingLost(
  app: App,
  { earshot, session }: { earshot: EarshotWindow; session: string },
): Promise<void> {
  await expect(earshot.page.getByTestId('loss')).toContainText('nothing was lost');
  await expect(earshot.sessionId).toHaveText(session);
  await earshot.expectLogged('client', 'WS_RESUMED');
  await earshot.expectLogged('server', 'SESSION_RESUMED');
  await earshot.expectLogged('server', 'The voice server is running again');
  const sent = await earshot.page.evaluate(() => (window as unknown as SentFrames).sentFrames.size);
  const sentSince = () => earshot.page.evaluate(() => (window as unknown as SentFrames).sentFrames.size);
  await expect.poll(sentSince).toBeGreaterThan(sent + 50);
  await earshot.press();
  await earshot.expectView('idle');
  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ turn: 1, complete: true, gaps: [] });
  const frames = await earshot.page.evaluate(() => [...(window as unknown as SentFrames).sentFrames.entries()]);
  frames.sort(([one], [other]) => one - other);
  expect(frames.map(([seq]) => seq)).toEqual(frames.map((_, i) => i));
  const samples = frames.flatMap(([, pcm]) => pcm);
  expect(saved.sound.samples.length, 'samples').toBe(samples.length);
  const differs = samples.findIndex((sample, i) => sample !== Math.round((saved.sound.samples[i] ?? 0) * 32_768));
  expect(differs, 'index of the first different sample').toBe(-1);
}

test('the app restarts a voice server that has lost its listener, and no audio is lost', async ({ app }) => {
  const turn = await listen(app);
  const views = await turn.earshot.recordViews();
  await closeListener(app.electron(), turn.port);
  await expect.poll(() => app.log().map(({ event }) => event), { timeout: 30_000 }).toContain('SERVER_RESTARTED');
  await turn.earshot.expectView('listening');
  expect(await views()).toEqual(['reconnecting', 'listening']);
  expect(await voicePort(turn.earshot.page)).toBe(turn.port);
  await expectNothingLost(app, turn);
});

test('when the connections break as well, the window’s failed reconnect makes the app check its server at once', async ({
  app,
}) => {
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE|socket_error/);
  const turn = await listen(app);
  await closeListener(app.electron(), turn.port);
  await applyToConnections(app.electron(), turn.port, 'destroy');
  await expectNothingLost(app, turn);
  expect(await voicePort(turn.earshot.page)).toBe(turn.port);
});

test('when another program has taken the port at wake-up, the voice server moves to the spare port', async ({
  app,
}) => {
  const turn = await listen(app);
  await closeListener(app.electron(), turn.port);
  const otherServer = createServer().listen(turn.port, '127.0.0.1');
  await once(otherServer, 'listening');
  await simulateWakeUp(app.electron());
  await expectNothingLost(app, turn);
  expect(await voicePort(turn.earshot.page)).not.toBe(turn.port);
  otherServer.close();
});
