import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { RecordingInfo } from '../shared/recording.ts';
import { align } from '../testing/audio/align.ts';
import { tone, toneFaults } from '../testing/audio/tone.ts';
import { readWav, type Sound } from '../testing/audio/wav.ts';
import { loadAudioFiles } from './support/load-audio-files.ts';
import { writeLongRecording } from './support/long-recording.ts';
import { type App, expect, test } from './support/test.ts';

const FIXTURES = join(import.meta.dirname, '../testing/fixtures/audio');
const HZ = 997;
const RATE = 16_000;
/** The tone in the fixtures: two seconds, its peak at 1/4, on two channels in opposite phase. */
const SECONDS = 2;
const AMPLITUDE = 0.25;

/** A recording with six seconds of a tone in it. */
function writeRecording(app: App): { id: string; wav: Buffer; sound: Sound } {
  const path = writeLongRecording(app.dataDir, { seconds: 8, tones: [{ at: 2, frequency: HZ }] });
  const wav = readFileSync(path);
  return { id: basename(path, '.wav'), wav, sound: readWav(wav) };
}

async function openWithAudioFiles(app: App): Promise<Page> {
  const { page } = await app.open();
  await loadAudioFiles(page);
  return page;
}

function samplesOf(base64: string): Sound {
  const bytes = Buffer.from(base64, 'base64');
  return {
    rate: RATE,
    samples: Float64Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 32_768),
  };
}

/** How many samples differ, and by how much at most; a length that differs counts as well. */
function differences(one: Sound, other: Sound): { count: number; most: number } {
  const length = Math.max(one.samples.length, other.samples.length);
  let [count, most] = [0, 0];
  for (let i = 0; i < length; i++) {
    const by = Math.abs((one.samples[i] ?? 2) - (other.samples[i] ?? -2));
    if (by > 0) count++;
    most = Math.max(most, by);
  }
  return { count, most };
}
/** Chromium converts to 48 kHz before it encodes, which takes 1.7 ms that its description of the stream does not count. */
const OPUS_LAG = 0.003 * RATE;
const NONE = { count: 0, most: 0 };

/** Without the first and the last tenth of a second, where encoders fade. */
function middle({ rate, samples }: Sound): Sound {
  return { rate, samples: samples.subarray(rate / 10, -rate / 10) };
}

const importFile = (page: Page, name: string, file: Buffer) =>
  page.evaluate(([name, file]) => window.audioFilesPage.import(name, file), [name, file.toString('base64')] as const);

/** The recording that an import has made, and its sound. */
async function imported(
  app: App,
  page: Page,
  name: string,
  file: Buffer,
): Promise<{ info: RecordingInfo; sound: Sound }> {
  const outcome = await importFile(page, name, file);
  expect(outcome).toMatchObject({ ok: true });
  const info = (outcome as { value: RecordingInfo }).value;
  const folder = join(app.dataDir, 'recordings');
  expect(JSON.parse(readFileSync(join(folder, `${info.id}.json`), 'utf8'))).toEqual(info);
  return { info, sound: readWav(readFileSync(join(folder, `${info.id}.wav`))) };
}

const recordingFiles = (app: App) => readdirSync(join(app.dataDir, 'recordings'));

test('a recording is exported as WAV and FLAC bit by bit, and as Opus with the same sound', async ({ app }) => {
  const { id, wav, sound } = writeRecording(app);
  const page = await openWithAudioFiles(app);
  expect(await page.evaluate(() => window.audioFilesPage.formats())).toEqual(['wav', 'flac', 'opus']);

  const exported = async (format: 'wav' | 'flac' | 'opus', title: string) => {
    const outcome = await page.evaluate(([id, format, title]) => window.audioFilesPage.export(id, format, title), [
      id,
      format,
      title,
    ] as const);
    if (!outcome.ok) throw new Error(`${format}: ${outcome.code}: ${outcome.message}`);
    return outcome.value;
  };
  const decode = async (file: string) => samplesOf(await page.evaluate((f) => window.audioFilesPage.decode(f), file));

  const asWav = await exported('wav', '');
  expect(asWav.name).toBe(`${id}.wav`);
  expect(Buffer.from(asWav.file, 'base64').equals(wav)).toBe(true);

  const flac = await exported('flac', 'Talk / 1: “what?” 🎤');
  expect(flac.name).toBe('Talk - 1- “what-” 🎤.flac');
  expect(flac.progress.at(-1)).toBe(1);
  expect(differences(await decode(flac.file), sound)).toEqual(NONE);
  expect(Buffer.from(flac.file, 'base64').length).toBeLessThan(wav.length);

  const opus = await exported('opus', 'x'.repeat(300));
  expect(opus.name).toBe(`${'x'.repeat(120)}.opus`);
  const decoded = await decode(opus.file);
  expect(Math.abs(decoded.samples.length - sound.samples.length)).toBeLessThanOrEqual(1);
  const { lag, correlation } = align(sound, decoded);
  expect(Math.abs(lag)).toBeLessThanOrEqual(OPUS_LAG);
  expect(correlation).toBeGreaterThan(0.99);
  expect(Buffer.from(opus.file, 'base64').length).toBeLessThan(wav.length / 5);
});

test('what was exported can be imported again: FLAC bit by bit, Opus with the same sound and length', async ({
  app,
}) => {
  const { id, sound } = writeRecording(app);
  const page = await openWithAudioFiles(app);
  for (const format of ['wav', 'flac', 'opus'] as const) {
    const outcome = await page.evaluate(([id, format]) => window.audioFilesPage.export(id, format), [
      id,
      format,
    ] as const);
    if (!outcome.ok) throw new Error(outcome.message);
    const back = await imported(app, page, outcome.value.name, Buffer.from(outcome.value.file, 'base64'));
    expect(back.info.imported_from).toBe(`${id}.${format}`);
    if (format === 'opus') {
      expect(Math.abs(back.sound.samples.length - sound.samples.length)).toBeLessThanOrEqual(1);
      const { lag, correlation } = align(sound, back.sound);
      expect(Math.abs(lag)).toBeLessThanOrEqual(OPUS_LAG);
      expect(correlation).toBeGreaterThan(0.99);
    } else expect(differences(back.sound, sound)).toEqual(NONE);
  }
});

/** A WAV of the tone with two channels in opposite phase. */
function wavOf(rate: number, bytes: 1 | 2 | 3 | 4, float = false): Buffer {
  const { samples } = tone({ frequency: HZ, seconds: SECONDS, rate, dbfs: 20 * Math.log10(AMPLITUDE) });
  const file = Buffer.alloc(44 + samples.length * 2 * bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(float ? 3 : 1, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2 * bytes, 28);
  file.writeUInt16LE(2 * bytes, 32);
  file.writeUInt16LE(8 * bytes, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(file.length - 44, 40);
  samples.forEach((sample, i) => {
    [sample, -sample].forEach((value, channel) => {
      const at = 44 + (2 * i + channel) * bytes;
      if (float) file.writeFloatLE(value, at);
      else if (bytes === 1) file.writeUInt8(128 + Math.round(value * 127), at);
      else file.writeIntLE(Math.round(value * (2 ** (8 * bytes - 1) - 1)), at, bytes);
    });
  });
  return file;
}

test('audio files of each kind are imported: the tone comes back, also from channels in opposite phase', async ({
  app,
}) => {
  writeRecording(app);
  const page = await openWithAudioFiles(app);
  const files: [name: string, file: Buffer][] = [
    ['8 bits.wav', wavOf(11_025, 1)],
    ['16 bits.wav', wavOf(44_100, 2)],
    ['24 bits.wav', wavOf(48_000, 3)],
    ['32 bits.wav', wavOf(96_000, 4)],
    ['float.wav', wavOf(16_000, 4, true)],
    ...readdirSync(FIXTURES).map((name): [string, Buffer] => [name, readFileSync(join(FIXTURES, name))]),
  ];
  for (const [name, file] of files) {
    const { info, sound } = await imported(app, page, name, file);
    expect([name, info.imported_from, info.complete]).toEqual([name, name, true]);
    const faults = toneFaults(middle(sound));
    expect(Math.abs(faults.frequency - HZ), `${name}: Hz from the tone`).toBeLessThan(1);
    // One value for all: MP3 and AAC at 96 kbit/s are the noisiest, and 8 bits.
    expect(faults.residualDb, `${name}: noise`).toBeLessThan(-30);
    expect(faults.phaseJump, `${name}: breaks`).toBeLessThan(0.1);
    const peak = middle(sound).samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(Math.abs(peak / AMPLITUDE - 1), `${name}: part by which its level differs`).toBeLessThan(0.1);
    expect(Math.abs(info.duration_s - SECONDS), `${name}: seconds from its length`).toBeLessThan(0.05);
  }
  expect(recordingFiles(app).filter((name) => name.endsWith('.import'))).toEqual([]);
});

test('a file that is no audio is refused with a sentence, and nothing is left behind', async ({ app }) => {
  writeRecording(app);
  const page = await openWithAudioFiles(app);
  const before = recordingFiles(app);
  const wav = wavOf(16_000, 2);
  const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff));
  const cases: [file: Buffer, code: string][] = [
    [Buffer.alloc(0), 'import_empty'],
    [wav.subarray(0, 44), 'import_empty'],
    [Buffer.from('This is a letter, and no sound.'.repeat(100)), 'import_not_audio'],
    [noise, 'import_not_audio'],
    [Buffer.concat([Buffer.from('fLaC'), noise]), 'import_damaged'],
    [wav.subarray(0, 20), 'import_damaged'],
  ];
  for (const [file, code] of cases) {
    const outcome = await importFile(page, `${code}.wav`, file);
    expect(outcome).toMatchObject({ ok: false, code });
    expect((outcome as { message: string }).message).toMatch(/^[A-Z].*\.$/);
  }
  expect(recordingFiles(app)).toEqual(before);
});

test('names with slashes, emoji and 300 letters are kept as far as they fit', async ({ app }) => {
  writeRecording(app);
  const page = await openWithAudioFiles(app);
  for (const [name, kept] of [
    ['../../etc/passwd', '../../etc/passwd'],
    ['🎤'.repeat(150), '🎤'.repeat(127)],
    ['a'.repeat(300), 'a'.repeat(255)],
    ['tab\tand\u202eturn.wav', 'tabandturn.wav'],
  ] as const) {
    // A file in a browser has no slash in its name: it becomes a colon.
    const { info } = await imported(app, page, name, wavOf(16_000, 2));
    expect(info.imported_from?.replaceAll(':', '/')).toBe(kept);
  }
});

test('an import that is cancelled leaves nothing behind, and the next one works', async ({ app }) => {
  writeRecording(app);
  const page = await openWithAudioFiles(app);
  const before = recordingFiles(app);
  expect(await page.evaluate(() => window.audioFilesPage.importAndCancel(120))).toMatchObject({
    ok: false,
    code: 'cancelled',
  });
  await expect.poll(() => recordingFiles(app)).toEqual(before);
  await imported(app, page, 'next.wav', wavOf(16_000, 2));
});
