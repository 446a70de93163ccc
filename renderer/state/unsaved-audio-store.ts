import { createStore, type StoreApi } from 'zustand/vanilla';
import { FRAME_MS, FRAME_SAMPLES, FRAMES_PER_SECOND } from '../../shared/audio-format.ts';
import type { Unsubscribe } from '../../shared/bridge.ts';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import type { Undelivered } from '../voice/outgoing-audio.ts';
import type { VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';

/** Shorter audio (s) is not offered, but reported as lost. */
const MIN_OFFER_S = 0.3;
/** Most audio kept, in s. Above it, the oldest is dropped. */
export const MAX_OFFER_S = 5 * 60;
const MAX_FRAMES = MAX_OFFER_S * FRAMES_PER_SECOND;

export interface UnsavedAudioState {
  /** Length of the offered audio, in s; 0 if there is none or too little. */
  seconds: number;
  /** Whether older audio was dropped. */
  cutShort: boolean;
  /** The file's name once all of it was saved; otherwise null. */
  savedAs: string | null;
}

export interface UnsavedAudioStore extends StoreApi<UnsavedAudioState> {
  /** Saves the audio as a WAV file. It stays on offer until dismissed, because the download may have been cancelled. */
  save(): void;
  /** Deletes the audio. */
  dismiss(): void;
  dispose: Unsubscribe;
}

/** Whether the page holds audio that would be lost with it. */
export function holdsAudio(
  { view, micLive, finishing }: Pick<VoiceSnapshot, 'view' | 'micLive' | 'finishing'>,
  { seconds, savedAs }: UnsavedAudioState,
): boolean {
  const isOffered = seconds > 0 && savedAs === null;
  return isOffered || finishing > 0 || (view === 'reconnecting' && micLive);
}

/**
 * Audio that could not be delivered to the voice server. It is in no recording and only in this window, until the user
 * saves it as a file.
 */
export function createUnsavedAudioStore(options: {
  client: Pick<VoiceClient, 'onUndelivered'>;
  /** Offers a file as a download. */
  saveFile: (blob: Blob, name: string) => void;
}): UnsavedAudioStore {
  const store = createStore<UnsavedAudioState>(() => ({ seconds: 0, cutShort: false, savedAs: null }));
  /** In the order in which they were spoken. */
  let turns: Undelivered[] = [];

  function add({ mic, frames }: Undelivered): void {
    // A turn's audio may be reported in several parts, and after later turns, so the turns are sorted. The sort is
    // stable.
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
      // `savedAs` stays, so that the saved audio does not count as lost.
      store.setState({ seconds: 0, cutShort: false });
    },
    dispose: options.client.onUndelivered(add),
  };
}

function countFrames(turns: readonly Undelivered[]): number {
  return turns.reduce((sum, { frames }) => sum + frames.length, 0);
}

/** Joins the turns; frames that were not captured become silence. */
function toWav(turns: readonly Undelivered[]): Blob {
  const silence = new Int16Array(FRAME_SAMPLES);
  const parts = turns.flatMap(({ frames }) => frames.map((pcm) => new Int16Array(pcm ?? silence)));
  const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  // WAV is little-endian, as is every platform that Electron and Chromium run on.
  return new Blob([encodeWavHeader(bytes), ...parts], { type: 'audio/wav' });
}

/** `earshot-audio-2026-11-22T19-41-05.wav`: UTC, without colons, which Windows forbids in file names. */
function fileName(now: Date): string {
  return `earshot-audio-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.wav`;
}
