import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeEventName } from '../shared/bridge.ts';
import { callHost } from './support/bridge.ts';
import { writeLongRecording } from './support/long-recording.ts';
import { expect, test } from './support/test.ts';

const HOUR_S = 3_600;
const ID = '2026-11-22T19-26-03-123Z_k3J9xQ2a_t1';

declare global {
  interface Window {
    heardEvents: [name: string, payload: unknown][];
  }
}

test('a recording of five hours is listed, described, measured, trimmed, deleted and restored by the page’s calls', async ({
  app,
}) => {
  const wav = writeLongRecording(app.dataDir, {
    seconds: 5 * HOUR_S,
    tones: [{ at: 2.5 * HOUR_S, frequency: 440 }],
  });
  const { page } = await app.open();
  const names: BridgeEventName[] = ['onRecordingChanged', 'onRecordingsRemoved'];
  await page.evaluate((events) => {
    window.heardEvents = [];
    const bridge = (window as unknown as { earshot: Record<string, (listener: (payload: unknown) => void) => void> })
      .earshot;
    for (const event of events) bridge[event]?.((payload) => void window.heardEvents.push([event, payload]));
  }, names);

  const list = () => callHost(page, 'listRecordings', { limit: 10 });
  expect(await list()).toMatchObject({ ok: true, value: { recordings: [{ id: ID }], next: null, total: 1 } });
  expect(await callHost(page, 'describeRecording', { id: ID, title: 'A long day', note: '' })).toMatchObject({
    ok: true,
    value: { title: 'A long day' },
  });

  const waveform = (await callHost(page, 'getWaveform', { id: ID, buckets: 100 })) as { value: { peaks: number[] } };
  const { peaks } = waveform.value;
  expect(peaks).toHaveLength(100);
  expect(peaks[50]).toBeGreaterThan(50);
  expect(peaks.filter((peak) => peak > 0).length).toBeLessThan(3);
  expect(existsSync(join(app.dataDir, 'cache', 'waveforms', `${ID}.json`))).toBe(true);

  const range = { id: ID, start_s: 2.5 * HOUR_S - 10, end_s: 2.5 * HOUR_S + 20 };
  expect(await callHost(page, 'trimRecording', range)).toMatchObject({
    ok: true,
    value: { id: `${ID}-2`, duration_s: 30, title: 'A long day', trimmed_from: range },
  });
  expect(await callHost(page, 'deleteRecordings', { ids: [ID] })).toMatchObject({ ok: true, value: { done: [ID] } });
  expect(existsSync(wav)).toBe(false);
  expect(await list()).toMatchObject({ value: { recordings: [{ id: `${ID}-2` }], total: 1 } });
  expect(await callHost(page, 'getRecordingUrl', { id: ID })).toMatchObject({ error: { code: 'no_such_recording' } });
  expect(await callHost(page, 'restoreRecordings', { ids: [ID] })).toMatchObject({ ok: true, value: { done: [ID] } });
  expect(existsSync(wav)).toBe(true);
  expect(readdirSync(join(app.dataDir, 'recordings', 'deleted'))).toEqual([]);
  await expect
    .poll(() => page.evaluate(() => window.heardEvents))
    .toMatchObject([
      ['onRecordingChanged', { id: ID, title: 'A long day' }],
      ['onRecordingChanged', { id: `${ID}-2` }],
      ['onRecordingsRemoved', { ids: [ID], why: 'deleted' }],
      ['onRecordingChanged', { id: ID }],
    ]);
});
