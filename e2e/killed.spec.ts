import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWav } from '../main/recordings/wav.ts';
import { SAMPLE_RATE } from '../shared/audio-format.ts';
import { RecordingInfo } from '../shared/recording.ts';
import { HandMadeClient } from './support/hand-made-client.ts';
import { startHost } from './support/host-process.ts';
import { expect, test } from './support/test.ts';

test('H46 the host is killed while listening: the recording is valid, and says that it was cut short', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'earshot-killed-'));
  const host = await startHost(dir);
  const folder = join(dir, 'recordings');
  const file = async (ending: string) => {
    const name = (await readdir(folder)).find((entry) => entry.endsWith(ending));
    return readFile(join(folder, name ?? ''));
  };
  try {
    const client = new HandMadeClient(host);
    const session_id = await client.listen();
    for (let seq = 0; seq < 150; seq++) client.sendFrame(seq);
    // Nothing yet, half a JSON: not on disk.
    const onDisk = async () => {
      try {
        const heard = parseWav(await file('.wav')).samples.length / SAMPLE_RATE;
        return Math.min(heard, RecordingInfo.parse(JSON.parse(String(await file('.json')))).duration_s);
      } catch {
        return 0;
      }
    };
    await expect.poll(onDisk, { message: 'seconds on disk' }).toBeGreaterThanOrEqual(1);
    await host.kill();
    await client.closed;

    const { samples } = parseWav(await file('.wav'));
    expect(samples.length).toBeGreaterThanOrEqual(SAMPLE_RATE);
    expect(samples.every((sample) => sample === 1000)).toBe(true);
    const info = RecordingInfo.parse(JSON.parse(String(await file('.json'))));
    expect(info).toMatchObject({ session_id, complete: false, peak_dbfs: -30.31 });
    expect(info.duration_s).toBeGreaterThanOrEqual(1);
  } finally {
    await host.kill();
    await rm(dir, { recursive: true });
  }
});
