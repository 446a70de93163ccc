import { createStore, type StoreApi } from 'zustand/vanilla';
import { FRAME_MS, FRAME_SAMPLES, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import type { Unsubscribe } from '../../shared/bridge.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import type { Undelivered } from '../voice/outgoing-audio.ts';
import type { VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';

/** Less than this (s) is not offered: it is told as lost. */
const MIN_OFFER_S = 0.3;
/** Most audio that is kept, in s; the oldest is dropped first. */
export const MAX_OFFER_S = 5 * 60;
const MAX_FRAMES = MAX_OFFER_S * FRAMES_PER_SECOND;

export interface UnsavedAudioState {
  /** Length of what is offered, in s; 0: there is nothing, or too little. */
  seconds: number;
  /** More could not be delivered than is kept. */
  cutShort: boolean;
  /** The name of the file as which all of it was saved; null: it was not. */
  savedAs: string | null;
}

export interface UnsavedAudioStore extends StoreApi<UnsavedAudioState> {
  /** Saves it as a WAV file. It is offered until it is dismissed, since a person may have cancelled the download. */
  save(): void;
  /** Forgets it. */
  dismiss(): void;
  dispose: Unsubscribe;
}

/** Whether what was said is in this page alone, so that it would be lost with the page. */
export function holdsAudio(
  { view, hearing, finishing }: Pick<VoiceSnapshot, 'view' | 'hearing' | 'finishing'>,
  { seconds, savedAs }: UnsavedAudioState,
): boolean {
  const isOffered = seconds > 0 && savedAs === null;
  return isOffered || finishing > 0 || (view === 'reconnecting' && hearing);
}

/**
 * What could not be delivered to the voice server: it is in no recording, and in this window alone, until the person has saved
 * it as a file.
 * @param saveFile offers a file to the person as a download
 */
export function createUnsavedAudioStore(options: {
  client: Pick<VoiceClient, 'onUndelivered'>;
  saveFile: (blob: Blob, name: string) => void;
}): UnsavedAudioStore {
  const store = createStore<UnsavedAudioState>(() => ({ seconds: 0, cutShort: false, savedAs: null }));
  /** In the order in which they were said. */
  let turns: Undelivered[] = [];

  function add({ mic, frames }: Undelivered): void {
    // What a turn's microphone still held comes behind what could not be delivered of it, which may be told after later turns.
    turns = [...turns, { mic, frames }].sort((a, b) => a.mic - b.mic);
    let over = countFrames(turns) - MAX_FRAMES;
    const cutShort = over > 0 || store.getState().cutShort;
    for (const turn of turns) over -= turn.frames.splice(0, Math.max(over, 0)).length;
    turns = turns.filter((turn) => turn.frames.length > 0);
    const seconds = (countFrames(turns) * FRAME_MS) / 1000;
    store.setState({ seconds: seconds < MIN_OFFER_S ? 0 : seconds, cutShort, savedAs: null });
  }

  return {
    ...store,
    save() {
      const name = fileName(new Date());
      options.saveFile(toWav(turns), name);
      store.setState({ savedAs: name });
    },
    dismiss() {
      turns = [];
      // What was saved is not lost, also when it is offered no longer.
      store.setState({ seconds: 0, cutShort: false });
    },
    dispose: options.client.onUndelivered(add),
  };
}

function countFrames(turns: readonly Undelivered[]): number {
  return turns.reduce((sum, { frames }) => sum + frames.length, 0);
}

/** One after the other; silence where nothing was captured. */
function toWav(turns: readonly Undelivered[]): Blob {
  const silence = new Int16Array(FRAME_SAMPLES);
  const parts = turns.flatMap(({ frames }) => frames.map((pcm) => new Int16Array(pcm ?? silence)));
  const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  // Every platform that Electron and Chromium run on is little-endian, so the samples' memory is the file's order.
  return new Blob([encodeWavHeader(bytes), ...parts], { type: 'audio/wav' });
}

/** `earshot-audio-2026-11-22T19-41-05.wav`: UTC, and no colon, which Windows forbids in names. */
function fileName(now: Date): string {
  return `earshot-audio-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.wav`;
}
