import { createStore, type StoreApi } from 'zustand/vanilla';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/en.ts';

/** The part of an `HTMLAudioElement` that playing needs. */
export interface PlayableAudio {
  play(): Promise<void>;
  pause(): void;
  /** Takes the address off, so that `load` gives back its connection and what was read ahead. */
  removeAttribute(name: 'src'): void;
  load(): void;
  currentTime: number;
  addEventListener(type: 'ended' | 'pause' | 'play' | 'error', listener: () => void): void;
}

export interface PlayerDependencies {
  /** Where a recording's WAV can be had, by ranges. Rejects when it is not there. */
  urlOf(id: string): Promise<string>;
  /** Offers what is at an address to the person as a file. */
  save(url: string, name: string): void;
  createAudio(url: string): PlayableAudio;
}

export interface PlayerState {
  /** The recording in the player; at most one plays at a time. */
  id: string | null;
  status: 'stopped' | 'loading' | 'playing' | 'paused';
  /** What went wrong last, with the recording and the act it belongs to. */
  failure: { id: string; doing: 'play' | 'save'; sentence: string } | null;
}

export interface PlayerStore extends StoreApi<PlayerState> {
  /** Plays, pauses or goes on. Another recording takes the player over. Never rejects. */
  toggle(id: string): Promise<void>;
  /** Moves within the recording in the player, in seconds. */
  seek(seconds: number): void;
  /** Where the player is, in seconds; 0 for a recording that is not in it. */
  position(id: string): number;
  /** Offers a copy of the WAV. Never rejects. */
  saveCopy(id: string): Promise<void>;
  /** Silences the player, and lets it play again: the microphone would record what it plays. What played is paused. */
  silence(silent: boolean): void;
  /** Stops, and gives back what the player holds. */
  dispose(): void;
}

/** One player for the window. The browser reads of a recording what it plays next, and no more. */
export function createPlayerStore(needs: PlayerDependencies): PlayerStore {
  const store = createStore<PlayerState>(() => ({ id: null, status: 'stopped', failure: null }));
  let silent = false;
  let loaded: { id: string; audio: PlayableAudio } | null = null;

  function unload(): void {
    if (!loaded) return;
    const { audio } = loaded;
    // First: what it still tells of its end is of no recording any more.
    loaded = null;
    audio.pause();
    audio.removeAttribute('src');
    audio.load();
  }

  function failToPlay(id: string, error?: unknown): void {
    unload();
    const sentence = sentenceFor(error, text.recordings.playFailed);
    store.setState({ id: null, status: 'stopped', failure: { id, doing: 'play', sentence } });
  }

  /** False: while its address was asked for, another recording took the player over. */
  async function load(id: string): Promise<boolean> {
    unload();
    store.setState({ id, status: 'loading', failure: null });
    const url = await needs.urlOf(id);
    if (store.getState().id !== id || loaded !== null) return false;
    const audio = needs.createAudio(url);
    const own = { id, audio };
    loaded = own;
    const report = (status: PlayerState['status']) => () => {
      if (loaded === own) store.setState({ status });
    };
    audio.addEventListener('play', report('playing'));
    audio.addEventListener('pause', report('paused'));
    audio.addEventListener('ended', report('stopped'));
    // The file is gone, or the host: what was read ahead may still have played for a while.
    audio.addEventListener('error', () => {
      if (loaded === own) failToPlay(id);
    });
    return true;
  }

  return {
    ...store,
    async toggle(id) {
      const { id: current, status } = store.getState();
      if (silent || (current === id && status === 'loading')) return;
      if (current === id && status === 'playing') {
        loaded?.audio.pause();
        return;
      }
      try {
        if (loaded?.id !== id && !(await load(id))) return;
        store.setState({ failure: null });
        if (silent) store.setState({ status: 'paused' });
        else await loaded?.audio.play();
      } catch (error) {
        if (store.getState().id !== id) return;
        // To be silenced while it begins to play rejects too (HTML standard, `pause`), and is no failure.
        if (silent && loaded?.id === id) store.setState({ status: 'paused' });
        else failToPlay(id, error);
      }
    },
    silence(now) {
      silent = now;
      if (silent) loaded?.audio.pause();
    },
    seek(seconds) {
      if (loaded) loaded.audio.currentTime = seconds;
    },
    position: (id) => (loaded?.id === id ? loaded.audio.currentTime : 0),
    async saveCopy(id) {
      store.setState({ failure: null });
      try {
        needs.save(await needs.urlOf(id), `${id}.wav`);
      } catch (error) {
        const sentence = sentenceFor(error, text.recordings.saveFailed);
        store.setState({ failure: { id, doing: 'save', sentence } });
      }
    },
    dispose() {
      unload();
      store.setState({ id: null, status: 'stopped' });
    },
  };
}

/** What the host says where the recording is gone: it knows, and no other sentence is true then. */
function sentenceFor(error: unknown, otherwise: string): string {
  return error instanceof EarshotError && error.code === 'no_such_recording' ? error.message : otherwise;
}
