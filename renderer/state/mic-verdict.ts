import type { LevelSum } from '../../shared/level.ts';
import { peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { MicrophoneStatus } from '../../shared/microphone-state.ts';
import { NOISE_DBFS } from '../capture/signal-watch.ts';
import { type LevelWord, levelWord } from './recording-level.ts';

/**
 * How good a microphone test was, in a word.
 * @param level of all that was recorded
 * @param status the microphone's last state
 */
export function micVerdict(level: LevelSum, status: MicrophoneStatus): LevelWord {
  const rms = rmsDbfs(level);
  // Electronic noise is no voice, even with a click in it.
  if (status !== 'ok' || rms === null || rms < NOISE_DBFS) return 'silent';
  return levelWord({ peak_dbfs: peakDbfs(level) });
}
