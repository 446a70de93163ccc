import type { BridgeHandlers } from '../../shared/bridge.ts';
import type { RecordingLibrary } from '../recordings/library/library.ts';
import { recordingDamaged } from '../recordings/library/library-errors.ts';

const fail = async () => {
  throw recordingDamaged('r-1');
};

/** For tests: a library without recordings. */
export const NO_LIBRARY: RecordingLibrary = {
  page: async () => ({ recordings: [], next: null, total: 0 }),
  describe: fail,
  delete: async (ids) => ({ done: [...ids], failed: [] }),
  restore: async (ids) => ({ done: [...ids], failed: [] }),
  waveform: async () => ({ peaks: [] }),
  previewRetention: async () => ({ recordings: 0, duration_s: 0, bytes: 0, oldest: null, newest: null }),
  trim: fail,
};

/** For tests: the handlers of the calls that change recordings. */
export const NO_RECORDINGS = {
  describeRecording: fail,
  deleteRecordings: ({ ids }) => NO_LIBRARY.delete(ids),
  restoreRecordings: ({ ids }) => NO_LIBRARY.restore(ids),
  getWaveform: () => ({ peaks: [] }),
  previewRetention: ({ policy }) => NO_LIBRARY.previewRetention(policy),
  trimRecording: fail,
} satisfies Partial<BridgeHandlers>;
