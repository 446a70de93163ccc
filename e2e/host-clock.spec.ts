import { expect, test } from './support/test.ts';
import { createHostClock, FAKETIME_MISSING, recordTurn } from './support/wall-clock.ts';

test('H60 when the host’s wall clock is set by an hour, forward and back, lengths, order and “this recording” stay right', async ({
  app,
}) => {
  test.skip(FAKETIME_MISSING !== null, FAKETIME_MISSING ?? '');
  const clock = createHostClock(app.dataDir);
  await clock.start(() => app.runHost());
  const earshot = await app.open();
  const sessions: (string | null)[] = [];
  for (const [before, during] of [
    [0, 3600],
    [-3600, 0],
    [3600, -3600],
    [0, 0],
  ] as const) {
    clock.set(before);
    sessions.push(await recordTurn(earshot, () => clock.set(during)));
    await expect(earshot.page.getByTestId('recording')).toHaveCount(1);
  }
  const saved = await app.recordings(4);
  const startTimes = sessions.map(
    (session) => saved.find(({ session_id }) => session_id === session)?.started_at ?? '',
  );
  expect(startTimes, 'start times of day, which follow the clock').not.toEqual([...startTimes].sort());
  for (const { duration_s, sound } of saved) expect(sound.samples.length).toBe(Math.round(duration_s * sound.rate));

  await earshot.showRecordings();
  const rows = earshot.recordingRows;
  await expect(rows).toHaveCount(4);
  const listed = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-session-id')));
  expect(listed, 'newest first').toEqual([...sessions].reverse());
  // A busy machine may cause gaps, but no recording may be cut short.
  const flaws = await earshot.page.getByTestId('recording-flaws').allTextContents();
  expect(flaws.filter((words) => !/missing/.test(words))).toEqual([]);
});
