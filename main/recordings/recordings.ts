import * as fs from 'node:fs/promises';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import type { Disk } from './disk.ts';
import { listRecordings, readRecording } from './library.ts';
import { TurnRecorder, type TurnStart } from './turn-recorder.ts';
import { MAX_WAV_DATA_BYTES } from './wav.ts';

export interface RecordingsOptions {
  /** The folder of all recordings; made when the first one begins. */
  dir: string;
  /** A turn ended in good order. */
  onSaved?: (info: RecordingInfo) => void;
  /** The recording of this turn failed: said once for each. `finish` rejects with the same error. */
  onProblem?: (error: EarshotError, turn: TurnStart) => void;
  /** Default: `node:fs/promises`. */
  disk?: Disk;
  /** Most bytes of samples in one file. Default: what a WAV can hold, 4 GiB less its header. */
  maxDataBytes?: number;
}

/** One turn on its way to the disk. */
export type Recording = Pick<TurnRecorder, 'write' | 'gap' | 'finish'>;

/** What was heard, on disk: the voice server's turns come in, the windows' questions are answered. */
export interface Recordings {
  /** Begins a recording. Touches no disk before the first sample, and never throws. */
  begin(turn: TurnStart): Recording;
  /** Newest first; what can't be read is left out. */
  list(): Promise<RecordingInfo[]>;
  /**
   * At most `READ_CHUNK_BYTES` of a recording's WAV from `offset` (bytes), and the size of the whole.
   * @throws {EarshotError} `no_such_recording`
   */
  read(id: string, offset: number): Promise<{ data: Buffer; total: number }>;
  /** Finishes every open turn. Never rejects: what failed was said by `onProblem`. */
  close(): Promise<void>;
}

/** Keeps recordings as `<id>.wav` and `<id>.json` in one folder. */
export function createRecordings(options: RecordingsOptions): Recordings {
  const { dir, onSaved, onProblem, disk = fs, maxDataBytes = MAX_WAV_DATA_BYTES } = options;
  const open = new Set<Recording>();

  return {
    begin(turn) {
      const recorder = new TurnRecorder(turn, {
        dir,
        disk,
        maxDataBytes,
        onProblem: (error) => onProblem?.(error, turn),
      });
      let end: Promise<RecordingInfo | null> | undefined;
      const recording: Recording = {
        write: (pcm) => recorder.write(pcm),
        gap: (samples) => recorder.gap(samples),
        finish: () => {
          end ??= recorder
            .finish()
            .finally(() => open.delete(recording))
            .then((info) => {
              if (info !== null) onSaved?.(info);
              return info;
            });
          return end;
        },
      };
      open.add(recording);
      return recording;
    },
    list: () => listRecordings(disk, dir),
    read: (id, offset) => readRecording(disk, dir, id, offset),
    close: async () => {
      await Promise.allSettled([...open].map((recording) => recording.finish()));
    },
  };
}
