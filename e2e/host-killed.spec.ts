import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseWav } from '../main/recordings/wav.ts';
import { FRAME_SAMPLES, SAMPLE_RATE } from '../shared/audio-format.ts';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../shared/level.ts';
import { RecordingInfo } from '../shared/recording.ts';
import { tone } from '../testing/audio/tone.ts';
import { readRepairedRecordings } from '../testing/data-dir.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectContainsCaptured } from './support/expect-recording.ts';
import { expect, test } from './support/test.ts';
import { connectVoiceClient } from './support/voice-client.ts';

test('H46 a host that is killed while listening leaves a valid recording, which the next start repairs', async ({
  app,
}) => {
  const host = await app.runHost();
  const folder = join(app.dataDir, 'recordings');
  const path = async (ending: string) => {
    const name = (await readdir(folder)).find((entry) => entry.endsWith(ending));
    return join(folder, name ?? '');
  };
  const readSamples = async () => parseWav(await readFile(await path('.wav'))).samples;
  const readInfo = async () => RecordingInfo.parse(JSON.parse(await readFile(await path('.json'), 'utf8')));

  const client = connectVoiceClient(host);
  const session_id = await client.startTurn();
  for (let seq = 0; seq < 150; seq++) client.sendFrame(seq, new Int16Array(FRAME_SAMPLES).fill(1000));
  // A missing or incomplete file counts as 0 s.
  const onDisk = async () => {
    try {
      return Math.min((await readSamples()).length / SAMPLE_RATE, (await readInfo()).duration_s);
    } catch {
      return 0;
    }
  };
  await expect.poll(onDisk, { message: 'seconds on disk' }).toBeGreaterThanOrEqual(1);
  await host.kill();
  await client.closed;

  const beforeKill = await readSamples();
  expect(beforeKill.length).toBeGreaterThanOrEqual(SAMPLE_RATE);
  expect(beforeKill.every((sample) => sample === 1000)).toBe(true);
  const leftInfo = await readInfo();
  expect(leftInfo).toMatchObject({ session_id, complete: false, peak_dbfs: -30.31 });
  expect(leftInfo.repaired).toBeUndefined();
  expect(leftInfo.duration_s).toBeGreaterThanOrEqual(1);

  // Simulate a kill between a write and the update of the header: append a louder second that the header does not
  // count, and half a sample.
  const inFile = (await readFile(await path('.wav'))).length;
  const odd = inFile % 2;
  await appendFile(await path('.wav'), Buffer.alloc(odd));
  await appendFile(await path('.wav'), Buffer.from(new Int16Array(SAMPLE_RATE).fill(2000).buffer));
  await appendFile(await path('.wav'), Buffer.alloc(1));

  const repairs = () => app.log().filter((record) => record.event === 'RECORDING_REPAIRED');
  const next = await app.runHost();
  await expect.poll(async () => (await readInfo()).repaired, { message: 'repaired' }).toBe(true);
  await next.stop();
  const samples = await readSamples();
  expect(samples.length).toBe((inFile + odd - 44) / 2 + SAMPLE_RATE);
  expect(samples.subarray(-SAMPLE_RATE).every((sample) => sample === 2000)).toBe(true);
  const level = emptyLevel();
  addLevel(level, samples);
  const { writer: _, ...unchanged } = leftInfo;
  const repaired = {
    ...unchanged,
    duration_s: samples.length / SAMPLE_RATE,
    peak_dbfs: peakDbfs(level),
    rms_dbfs: rmsDbfs(level),
    repaired: true,
  };
  expect(await readInfo()).toEqual(repaired);
  expect(repairs()).toHaveLength(1);
  expect(repairs()[0]?.text).toContain(`recording=${repaired.id}`);

  // The next start changes nothing, and the window shows the recording as cut short.
  const bytes = await readFile(await path('.wav'));
  await app.runHost();
  const window = await app.open();
  await window.showRecordings();
  await expect(window.recordingRows).toHaveCount(1);
  await expect(window.page.getByTestId('recording-flaws')).toHaveText('cut short');
  expect((await readFile(await path('.wav'))).equals(bytes)).toBe(true);
  expect(await readInfo()).toEqual(repaired);
  expect(repairs()).toHaveLength(1);
  expect((await readdir(app.dataDir)).filter((name) => name.endsWith('.lock'))).toHaveLength(1);
});

test('H46 when the host is killed while a window listens, the next start has all but the last two seconds', async ({
  app,
  shell,
}) => {
  // The tab tries to reconnect, which causes these errors.
  app.allowErrors(/WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/);
  const microphone = app.microphone('tone', tone({ frequency: 997, seconds: 60 }));
  const beforeKill = await app.open({ microphone });
  await beforeKill.page.evaluate(recordCapturedAudio);
  await beforeKill.press();
  await beforeKill.expectView('listening');
  await beforeKill.expectListenedFor(3);
  const captured = await capturedAudio(beforeKill.page);
  await app.host().kill();
  if (shell === 'tab') await beforeKill.expectView('reconnecting');

  await app.runHost({ microphone });
  const window = await app.open();
  await window.showRecordings();
  await expect(window.recordingRows).toHaveCount(1);
  await expect(window.page.getByTestId('recording-flaws')).toHaveText('cut short');
  const [saved, ...others] = readRepairedRecordings(app.dataDir);
  if (!saved) throw new Error('no recording');
  expect(others).toEqual([]);
  expect(saved).toMatchObject({ complete: false, turn: 1 });
  // Up to 0.5 s is being written and 0.5 s is buffered. The other second is a margin for a busy machine.
  expectContainsCaptured(saved, captured, 2);

  // The app can record at once, and lists the new recording beside the old one.
  await window.recordTurn(1);
  await app.recordings(1);
  await expect(window.recordingRows).toHaveCount(2);
});
