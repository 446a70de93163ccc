import { createStore, type StoreApi } from 'zustand/vanilla';
import { micProblem } from '../capture/mic-problem.ts';
import type { MicProblem } from '../connection/problems.ts';

interface MicrophoneAccessState {
  /** The permission prompt is open. */
  asking: boolean;
  /** Why the last question was not answered with yes. */
  problem: MicProblem | null;
}

export interface MicrophoneAccess extends StoreApi<MicrophoneAccessState> {
  /**
   * Asks for the microphone without recording: it is opened and closed again, which is the only way to ask. Calls
   * `getUserMedia` synchronously, within the caller's user gesture. Never rejects.
   */
  ask(): Promise<void>;
}

/** @param onAllowed called when the browser shows names from now on */
export function createMicrophoneAccess(
  media: Pick<MediaDevices, 'getUserMedia'> | null,
  onAllowed: () => void,
): MicrophoneAccess {
  const store = createStore<MicrophoneAccessState>(() => ({ asking: false, problem: null }));
  return {
    ...store,
    async ask() {
      if (store.getState().asking) return;
      if (!media) return store.setState({ problem: 'mic_failed' });
      store.setState({ asking: true, problem: null });
      try {
        const stream = await media.getUserMedia({ audio: true });
        for (const track of stream.getTracks()) track.stop();
        store.setState({ asking: false });
        onAllowed();
      } catch (error) {
        store.setState({ asking: false, problem: micProblem(error) });
      }
    },
  };
}
