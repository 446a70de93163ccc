import { expectSpokenVoice, SPOKEN_S } from '../../testing/audio/spoken-voice.ts';
import { readLog, readRecordings } from '../../testing/data-dir.ts';
import { expect, test } from './support/test.ts';

test('the packaged app connects, disconnects and connects again, and each recording matches the speech', async ({
  startControlled,
  folder,
}) => {
  const { window, app } = await startControlled();
  for (const turn of [1, 2]) {
    await window.press();
    await window.expectView('listening');
    await window.expectListenedFor(SPOKEN_S);
    await window.press();
    await window.expectView('idle');
    await expect.poll(() => readRecordings(folder).length, { message: 'finished recordings' }).toBe(turn);
  }
  const saved = readRecordings(folder);
  for (const recording of saved) {
    expect(recording).toMatchObject({ gaps: [], complete: true });
    expectSpokenVoice(recording.sound);
  }
  const ofEvent = (event: string) =>
    readLog(folder).filter((record) => record.side === 'server' && record.event === event);
  await expect.poll(() => ofEvent('WS_DISCONNECT').length, { message: 'sessions that ended' }).toBe(2);
  expect(ofEvent('WS_CONNECT').map(({ session_id }) => session_id)).toEqual(saved.map((one) => one.session_id));
  expect(new Set(saved.map((one) => one.session_id)).size).toBe(2);

  expect(await app.stop(), 'exit code').toBe(0);
});

test('quitting while listening keeps the recording', async ({ startControlled, folder }) => {
  const { window, app } = await startControlled();
  await window.press();
  await window.expectView('listening');
  await window.expectListenedFor(SPOKEN_S);
  expect(await app.stop(), 'exit code').toBe(0);
  const [saved, ...others] = readRecordings(folder);
  if (!saved) throw new Error('no recording');
  expect(others).toEqual([]);
  expectSpokenVoice(saved.sound);
});
