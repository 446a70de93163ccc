import '../../renderer/setup-zod.ts';
import { type AudioFiles, createAudioFiles } from '../../renderer/audio-files/audio-files.ts';
import { connectBridge } from '../../renderer/bridge/connect.ts';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

// Runs in Earshot's page, built by load-audio-files.ts: what the window's buttons call, for tests.

type Format = Parameters<AudioFiles['exportRecording']>[0]['format'];
export type Outcome<T> = { ok: true; value: T } | { ok: false; code: string; message: string };

const { bridge, isHostProven } = await connectBridge();
const audioFiles = createAudioFiles({
  // The worker of the app's own build: the page's policy permits no other.
  createWorker: () => new Worker(window.audioFileWorker, { type: 'module' }),
  urlOf: async (id) => (await bridge.getRecordingUrl({ id })).url,
  bridge,
  isHostProven,
});

async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    const { code, message } = error as EarshotError;
    return { ok: false, code, message };
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

async function exportBytes(id: string, format: Format, title: string) {
  const progress: number[] = [];
  const { name, content } = await audioFiles.exportRecording({
    id,
    format,
    title,
    onProgress: (part) => progress.push(part),
  });
  const blob = typeof content === 'string' ? await (await fetch(content)).blob() : content;
  return { name, file: toBase64(new Uint8Array(await blob.arrayBuffer())), progress };
}

const page = {
  formats: () => audioFiles.formats(),
  export: (id: string, format: Format, title = '') => outcomeOf(exportBytes(id, format, title)),
  /** Decodes a file as the browser plays it. @returns its samples at 16 kHz: 16 bits, in base64 */
  async decode(file: string): Promise<string> {
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    const buffer = await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(bytes.buffer);
    const samples = Int16Array.from(buffer.getChannelData(0), (sample) => Math.round(sample * 32_768));
    return toBase64(new Uint8Array(samples.buffer));
  },
  import(name: string, file: string): Promise<Outcome<RecordingInfo>> {
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    return outcomeOf(audioFiles.importFile({ file: new File([bytes], name) }));
  },
  /** Imports silence of this length as WAV, and cancels when a part of it has been uploaded. */
  importAndCancel(seconds: number): Promise<Outcome<RecordingInfo>> {
    const data = new Uint8Array(seconds * 32_000);
    const header = new DataView(new ArrayBuffer(44));
    for (const [at, name] of [
      [0, 'RIFF'],
      [8, 'WAVE'],
      [12, 'fmt '],
      [36, 'data'],
    ] as const) {
      for (let i = 0; i < 4; i++) header.setUint8(at + i, name.charCodeAt(i));
    }
    for (const [at, value] of [
      [4, 36 + data.length],
      [16, 16],
      [24, 16_000],
      [28, 32_000],
      [40, data.length],
    ] as const) {
      header.setUint32(at, value, true);
    }
    for (const [at, value] of [
      [20, 1],
      [22, 1],
      [32, 2],
      [34, 16],
    ] as const)
      header.setUint16(at, value, true);
    const controller = new AbortController();
    return outcomeOf(
      audioFiles.importFile({
        file: new File([header, data], 'silence.wav'),
        signal: controller.signal,
        onProgress: (part) => {
          if (part > 0.5) controller.abort();
        },
      }),
    );
  },
};

export type AudioFilesPage = typeof page;
(window as unknown as { audioFilesPage: AudioFilesPage }).audioFilesPage = page;
