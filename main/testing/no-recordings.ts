import type { BridgeHandlers } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { RecordingsFolder } from '../../shared/recordings-folder.ts';
import type { RecordingLibrary } from '../recordings/library/library.ts';

const INFO: Omit<RecordingInfo, 'id'> = {
  session_id: 's',
  user_id: 'me',
  turn: 1,
  started_at: '2026-11-22T19:26:03.123Z',
  duration_s: 2,
  gaps: [],
  peak_dbfs: null,
  rms_dbfs: null,
  complete: true,
};

/** For tests: a library that does nothing and always succeeds. */
export const NO_LIBRARY: RecordingLibrary = {
  page: async () => ({ recordings: [], next: null, total: 0 }),
  describe: async ({ id }) => ({ id, ...INFO }),
  delete: async (ids) => ({ done: [...ids], failed: [] }),
  restore: async (ids) => ({ done: [...ids], failed: [] }),
  waveform: async () => ({ peaks: [] }),
  previewRetention: async () => ({ recordings: 0, duration_s: 0, bytes: 0, oldest: null, newest: null }),
  trim: async ({ id }) => ({ id, ...INFO }),
  pathOf: async (id) => `/recordings/${id}.wav`,
};

/** For tests: the default folder of recordings. */
const NO_FOLDER: RecordingsFolder = {
  path: '/data/recordings',
  is_default: true,
  present: true,
  move: null,
  error: null,
};

/** For tests: the handlers of the calls that change recordings. */
export const NO_RECORDINGS = {
  describeRecording: (description) => NO_LIBRARY.describe(description),
  deleteRecordings: ({ ids }) => NO_LIBRARY.delete(ids),
  restoreRecordings: ({ ids }) => NO_LIBRARY.restore(ids),
  getWaveform: () => ({ peaks: [] }),
  previewRetention: ({ policy }) => NO_LIBRARY.previewRetention(policy),
  trimRecording: (range) => NO_LIBRARY.trim(range),
  getRecordingsFolder: () => NO_FOLDER,
  openRecordingsFolder: () => false,
  chooseRecordingsFolder: () => false,
  useDefaultRecordingsFolder: () => undefined,
  cancelRecordingsMove: () => undefined,
  showLogFile: () => ({ path: '/data/logs/earshot.log' }),
  showRecording: async ({ id }) => ({ path: await NO_LIBRARY.pathOf(id) }),
  dragRecordings: () => undefined,
  chooseSaveFolder: () => true,
  saveNextToFolder: () => undefined,
  cancelDownload: () => undefined,
  showDownload: () => undefined,
} satisfies Partial<BridgeHandlers>;
