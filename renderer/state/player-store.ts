import { createStore, type StoreApi } from 'zustand/vanilla';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';

/** The parts of `HTMLAudioElement` used here. */
export interface PlayableAudio {
  play(): Promise<void>;
  pause(): void;
  /** Removes the URL, so that `load` frees the connection and the buffer. */
  removeAttribute(name: 'src'): void;
  load(): void;
  /** Seconds. */
  currentTime: number;
  playbackRate: number;
  /** The rate after `load`, which resets `playbackRate` to it. */
  defaultPlaybackRate: number;
  loop: boolean;
  addEventListener(type: 'ended' | 'pause' | 'play' | 'error', listener: () => void): void;
}

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
/** How far (s) the skip keys and buttons move. */
export const SKIP_S = 5;

export interface PlayerDependencies {
  /** The URL of a recording's WAV file, which supports range requests. Rejects if the recording does not exist. */
  urlOf(id: string): Promise<string>;
  /** Creates an element that plays on the chosen output device. */
  createAudio(url: string): Promise<PlayableAudio>;
}

export interface PlayerState {
  /** The recording in the player; at most one plays at a time. */
  id: string | null;
  status: 'stopped' | 'loading' | 'playing' | 'paused';
  /** Playback speed of every recording: 1 is as recorded. The pitch stays. */
  speed: number;
  /** Whether a recording starts again at its end. */
  loop: boolean;
  /** Why a recording could not be played. */
  failure: { id: string; sentence: string } | null;
}

export interface PlayerStore extends StoreApi<PlayerState> {
  /** Plays, pauses or resumes a recording. Replaces another recording in the player. Never rejects. */
  toggle(id: string): Promise<void>;
  /** Seeks to a position in seconds. A recording that is not in the player is loaded, paused there. Never rejects. */
  seek(id: string, seconds: number): Promise<void>;
  setSpeed(speed: number): void;
  setLoop(loop: boolean): void;
  /** The playback position in seconds; 0 for another recording than the current one. */
  position(id: string): number;
  /** Pauses the player and blocks playback, or allows it again. The microphone would record the sound. */
  silence(silent: boolean): void;
  /** Stops if one of these recordings is in the player. */
  forget(ids: readonly string[]): void;
  /** Stops and frees the audio element. */
  dispose(): void;
}

/** The window's only player. The browser streams the recording while it plays. */
export function createPlayerStore(dependencies: PlayerDependencies): PlayerStore {
  const store = createStore<PlayerState>(() => ({ id: null, status: 'stopped', speed: 1, loop: false, failure: null }));
  let silent = false;
  let loaded: { id: string; audio: PlayableAudio } | null = null;

  function unload(): void {
    if (!loaded) return;
    const { audio } = loaded;
    // Cleared first, so that later events of the element are ignored.
    loaded = null;
    audio.pause();
    audio.removeAttribute('src');
    audio.load();
  }

  function failToPlay(id: string, error?: unknown): void {
    unload();
    const sentence = sentenceFor(error, text.recordings.playFailed);
    store.setState({ id: null, status: 'stopped', failure: { id, sentence } });
  }

  /** @returns false if another recording replaced this one before its URL arrived */
  async function load(id: string): Promise<boolean> {
    unload();
    store.setState({ id, status: 'loading', failure: null });
    const url = await dependencies.urlOf(id);
    if (store.getState().id !== id || loaded !== null) return false;
    const audio = await dependencies.createAudio(url);
    if (store.getState().id !== id || loaded !== null) {
      audio.removeAttribute('src');
      audio.load();
      return false;
    }
    const { speed, loop } = store.getState();
    audio.defaultPlaybackRate = speed;
    audio.playbackRate = speed;
    audio.loop = loop;
    const own = { id, audio };
    loaded = own;
    const report = (status: PlayerState['status']) => () => {
      if (loaded === own) store.setState({ status });
    };
    audio.addEventListener('play', report('playing'));
    audio.addEventListener('pause', report('paused'));
    audio.addEventListener('ended', report('stopped'));
    // The file or the host is gone. The element may have played its buffer before.
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
        // `play` also rejects if it is paused before it starts (HTML standard, `pause`). That is not a failure.
        if (loaded?.id === id && (silent || isAbort(error))) store.setState({ status: 'paused' });
        else failToPlay(id, error);
      }
    },
    silence(now) {
      silent = now;
      if (silent) loaded?.audio.pause();
    },
    async seek(id, seconds) {
      if (store.getState().id === id && loaded === null) return;
      try {
        if (loaded?.id !== id && !(await load(id))) return;
        // Before the element has read the file, this sets where playback starts (HTML standard, `currentTime`).
        if (loaded) loaded.audio.currentTime = seconds;
        if (store.getState().status !== 'playing') store.setState({ status: 'paused' });
      } catch (error) {
        if (store.getState().id === id) failToPlay(id, error);
      }
    },
    setSpeed(speed) {
      store.setState({ speed });
      if (!loaded) return;
      loaded.audio.defaultPlaybackRate = speed;
      loaded.audio.playbackRate = speed;
    },
    setLoop(loop) {
      store.setState({ loop });
      if (loaded) loaded.audio.loop = loop;
    },
    forget(ids) {
      const { id, failure } = store.getState();
      if (failure !== null && ids.includes(failure.id)) store.setState({ failure: null });
      if (id === null || !ids.includes(id)) return;
      unload();
      store.setState({ id: null, status: 'stopped' });
    },
    position: (id) => (loaded?.id === id ? loaded.audio.currentTime : 0),
    dispose() {
      unload();
      store.setState({ id: null, status: 'stopped' });
    },
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** The host's message if the recording does not exist, otherwise a general sentence. */
function sentenceFor(error: unknown, general: string): string {
  return error instanceof EarshotError && error.code === 'no_such_recording' ? error.message : general;
}
