import { createHash } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { treeUsage } from '../testing/process-tree.ts';
import { downloadFile } from './support/download-file.ts';
import { writeLongRecording } from './support/long-recording.ts';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

const FIVE_HOURS = 5 * 3_600;
const FIVE_HOURS_BYTES = FIVE_HOURS * 32_000;
/** Three tones: at the start, in the middle, and in the first half of the last minute. */
const FIVE_HOURS_OF_TONES = {
  seconds: FIVE_HOURS,
  tones: [
    { at: 0, frequency: 440 },
    { at: FIVE_HOURS / 2, frequency: 1_320 },
    { at: FIVE_HOURS - 60, frequency: 880 },
  ],
};

declare global {
  interface Window {
    /** The strongest frequency that the player plays now, to the nearest 20 Hz; 0 for silence. */
    playedFrequency(): number;
  }
}

/** An init script that analyses the output of the `Audio` element that the page created last. */
function analysePlayer(): void {
  const Original = window.Audio;
  // The player is created only when the recording's address has arrived.
  window.playedFrequency = () => 0;
  function AnalysedAudio(url?: string): HTMLAudioElement {
    const audio = new Original(url);
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8_192, smoothingTimeConstant: 0 });
    context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
    window.playedFrequency = () => {
      const levels = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(levels);
      const loudest = levels.reduce((found, level, bin) => (level > (levels[found] ?? 0) ? bin : found), 0);
      // In dBFS. The tones are at -12 dBFS.
      if ((levels[loudest] ?? 0) < -50) return 0;
      return Math.round((loudest * context.sampleRate) / analyser.fftSize / 20) * 20;
    };
    return audio;
  }
  window.Audio = AnalysedAudio as unknown as typeof Audio;
}

/** Selects the only recording. @returns its row, its details, and its actions */
async function selectOnly({ page, recordingRows: row, recordingDetail: detail }: EarshotWindow) {
  await expect(row).toHaveCount(1);
  await row.click();
  return {
    row,
    detail,
    play: row.getByTestId('recording-play'),
    save: detail.getByRole('button', { name: /^Save a copy/ }),
    seek: (seconds: number) => detail.getByRole('slider', { name: 'Position in the recording' }).fill(String(seconds)),
    expectFrequency: (frequency: number) =>
      expect
        .poll(() => page.evaluate(() => window.playedFrequency()), { message: 'played frequency, Hz' })
        .toBe(frequency),
  };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

test('H62 a recording of 5 hours is listed, and plays the right sound from any point', async ({ app }) => {
  writeLongRecording(app.dataDir, FIVE_HOURS_OF_TONES);
  const earshot = await app.open({ initScript: analysePlayer });
  const { row, detail, play, seek, expectFrequency } = await selectOnly(earshot);
  await expect(row).toContainText('5:00:00');
  await play.click();
  await expectFrequency(440);
  await seek(FIVE_HOURS - 60);
  await expectFrequency(880);
  await expect(detail.getByTestId('recording-clock')).toContainText('4:59:0');
  await seek(FIVE_HOURS / 2);
  await expectFrequency(1_320);
  await seek(60);
  await expectFrequency(0);
  await expect(play).toHaveAttribute('data-status', 'playing');
});

test('H62 playing and seeking in a recording of 5 hours does not load it into memory', async ({ app }) => {
  test.skip(process.platform !== 'linux', 'memory use is read from /proc');
  writeLongRecording(app.dataDir, FIVE_HOURS_OF_TONES);
  const { play, seek, expectFrequency } = await selectOnly(await app.open({ initScript: analysePlayer }));
  // The browser or the app, and the host, are descendants of this process.
  const before = treeUsage(process.pid).pssBytes;
  await play.click();
  await expectFrequency(440);
  let highest = 0;
  for (let turn = 0; turn < 5; turn++) {
    for (const { at, frequency } of FIVE_HOURS_OF_TONES.tones) {
      await seek(at);
      await expectFrequency(frequency);
      highest = Math.max(highest, treeUsage(process.pid).pssBytes);
    }
  }
  // A browser's playback buffer is bounded. The whole recording would exceed this limit twice over.
  expect(highest - before, 'bytes').toBeLessThan(FIVE_HOURS_BYTES / 2);
});

test('H62 a saved copy of a long recording is identical, and saving a deleted recording reports that it no longer exists', async ({
  app,
  shell,
}) => {
  const path = writeLongRecording(app.dataDir, { seconds: 1_800, tones: [{ at: 1_700, frequency: 880 }] });
  const earshot = await app.open();
  const { save } = await selectOnly(earshot);
  const saved = await downloadFile(app, shell, earshot.page, () => save.click());
  expect(saved.name).toMatch(/^Recording \d{4}-\d{2}-\d{2} \d{2}-\d{2}-\d{2}\.wav$/);
  expect(statSync(saved.path).size).toBe(statSync(path).size);
  expect(await sha256(saved.path)).toBe(await sha256(path));

  rmSync(path);
  await save.click();
  await expect(earshot.page.getByTestId('file-tasks').getByRole('alert')).toContainText(
    'This recording no longer exists.',
  );
});
