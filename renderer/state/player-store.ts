import { createStore, type StoreApi } from 'zustand/vanilla';

/** The part of an `HTMLAudioElement` that playing needs. */
export interface PlayableAudio {
  play(): Promise<void>;
  pause(): void;
  currentTime: number;
  addEventListener(type: 'ended' | 'pause' | 'play', listener: () => void): void;
}

export interface PlayerDependencies {
  /** The WAV of a recording. */
  load(id: string): Promise<Blob>;
  /** Offers a file to the person. */
  save(blob: Blob, name: string): void;
  createAudio(url: string): PlayableAudio;
  createUrl(blob: Blob): string;
  revokeUrl(url: string): void;
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
  /** Stops and gives the memory of the recording back. */
  dispose(): void;
}

/** One player for the window. Holds at most one recording in memory. */
export function createPlayerStore(needs: PlayerDependencies): PlayerStore {
  const store = createStore<PlayerState>(() => ({ id: null, status: 'stopped', failure: null }));
  let loaded: { id: string; blob: Blob; url: string; audio: PlayableAudio } | null = null;

  function unload(): void {
    if (!loaded) return;
    loaded.audio.pause();
    needs.revokeUrl(loaded.url);
    loaded = null;
  }

  /** False: while it was loading, another recording took the player over. */
  async function load(id: string): Promise<boolean> {
    unload();
    store.setState({ id, status: 'loading', failure: null });
    const blob = await needs.load(id);
    if (store.getState().id !== id || loaded !== null) return false;
    const url = needs.createUrl(blob);
    const audio = needs.createAudio(url);
    const own = { id, blob, url, audio };
    loaded = own;
    const report = (status: PlayerState['status']) => () => {
      if (loaded === own) store.setState({ status });
    };
    audio.addEventListener('play', report('playing'));
    audio.addEventListener('pause', report('paused'));
    audio.addEventListener('ended', report('stopped'));
    return true;
  }

  return {
    ...store,
    async toggle(id) {
      const { id: current, status } = store.getState();
      if (current === id && status === 'loading') return;
      if (current === id && status === 'playing') {
        loaded?.audio.pause();
        return;
      }
      try {
        if (loaded?.id !== id && !(await load(id))) return;
        store.setState({ failure: null });
        await loaded?.audio.play();
      } catch {
        if (store.getState().id !== id) return;
        unload();
        const sentence = 'The recording could not be played. Try again, or save a copy and open it elsewhere.';
        store.setState({ id: null, status: 'stopped', failure: { id, doing: 'play', sentence } });
      }
    },
    seek(seconds) {
      if (loaded) loaded.audio.currentTime = seconds;
    },
    position: (id) => (loaded?.id === id ? loaded.audio.currentTime : 0),
    async saveCopy(id) {
      store.setState({ failure: null });
      try {
        needs.save(loaded?.id === id ? loaded.blob : await needs.load(id), `${id}.wav`);
      } catch {
        const sentence = 'The copy could not be saved. Try again; the recording is still in the data folder.';
        store.setState({ failure: { id, doing: 'save', sentence } });
      }
    },
    dispose() {
      unload();
      store.setState({ id: null, status: 'stopped' });
    },
  };
}
