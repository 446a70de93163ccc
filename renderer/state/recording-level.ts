import type { RecordingInfo } from '../../shared/recording.ts';

/** How loud a recording is, in words. */
export type LevelWord = 'silent' | 'quiet' | 'good' | 'clipped';

/** Peaks from here on (dBFS) are at full scale: 16-bit samples reach −0.0003 dBFS. */
export const CLIPPED_FROM_DBFS = -0.05;
/** Below this peak (dBFS) a recording is quiet. Speech into a well-adjusted microphone peaks between −18 and −6. */
export const QUIET_BELOW_DBFS = -26;

/** The level of a whole recording by its highest peak. */
export function levelWord({ peak_dbfs }: Pick<RecordingInfo, 'peak_dbfs'>): LevelWord {
  if (peak_dbfs === null) return 'silent';
  if (peak_dbfs >= CLIPPED_FROM_DBFS) return 'clipped';
  return peak_dbfs < QUIET_BELOW_DBFS ? 'quiet' : 'good';
}
