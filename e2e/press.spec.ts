import { durationOf } from '../testing/audio/level.ts';
import { expectSpokenVoice, SPOKEN_S } from '../testing/audio/spoken-voice.ts';
import { expect, test } from './support/test.ts';

test('a press starts listening, and the recording matches the audio spoken', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  const sessionId = await earshot.sessionId.getAttribute('title');
  await earshot.expectListenedFor(SPOKEN_S);
  await earshot.press();
  await earshot.expectView('idle');
  await expect(earshot.recording).toContainText(/Recording saved, 0:0[5-7]/);

  const [saved] = await app.recordings(1);
  if (!saved) throw new Error('no recording');
  expect(saved).toMatchObject({ session_id: sessionId, user_id: 'me', turn: 1, gaps: [], complete: true });
  expect(saved.duration_s).toBeCloseTo(durationOf(saved.sound), 2);
  expectSpokenVoice(saved.sound);

  await earshot.play.click();
  await expect(earshot.play).toHaveAttribute('data-status', 'playing');
});

test('the log panel shows the events of client and server', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  for (const [side, words] of [
    ['client', 'Connecting to ws://'],
    ['client', 'WebSocket connection opened'],
    ['server', 'WS_CONNECT user='],
    ['server', 'event=connected'],
    ['client', 'WS_RECV event=connected'],
    ['client', 'WS_CONNECTED'],
    ['client', 'Voice state changed: listening'],
  ] as const) {
    await earshot.expectLogged(side, words);
  }
  await earshot.press();
  await earshot.expectView('idle');
});

test('three presses connect, disconnect and connect again with a new session', async ({ app }) => {
  const earshot = await app.open();
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.press();
  await earshot.expectView('idle');
  await earshot.press();
  await earshot.expectView('listening');

  const connected = () => app.log().filter((record) => record.event === 'WS_CONNECTED');
  await expect.poll(() => connected().length).toBe(2);
  const [first, second] = connected();
  expect(first?.session_id).not.toBe(second?.session_id);
});
