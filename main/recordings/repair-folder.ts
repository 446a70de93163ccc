import { describeError, EarshotError } from '../../shared/errors.ts';
import { errorCode } from './disk.ts';
import { folderNames, MAX_PARALLEL_READS } from './list-recordings.ts';
import { isRecordingId } from './recording-id.ts';
import { RecordingRepair, type RecordingRepairOptions } from './recording-repair.ts';

export interface RepairOptions extends RecordingRepairOptions {
  /** Stops between two pieces; what is left is found again at the next start. */
  signal: AbortSignal;
}

/**
 * Puts right what a killed app or a power loss left behind: the WAV's header counts every whole sample that is in the file,
 * and the JSON says what the WAV holds. `complete` stays false and `repaired` is true then. One file after the other.
 *
 * Left alone: what is complete or repaired already (a look at its size tells), what some launch is still writing, links,
 * names that are not ours, and a WAV that another program saved in its own way. A file that is not provably an unfinished
 * recording of ours is copied to `<name>.before-repair` before it is changed. Nothing that was heard is ever removed.
 * @throws {EarshotError} `recordings_unreadable`; `repair_failed` when some recording could not be repaired, after all others
 */
export async function repairRecordings(options: RepairOptions): Promise<void> {
  const names = await folderNames(options.disk, options.dir);
  const ids = names.filter((name) => name.endsWith('.wav')).map((name) => name.slice(0, -'.wav'.length));
  const ours = ids.filter(isRecordingId).sort();
  const failures: unknown[] = [];
  for (let from = 0; from < ours.length && !options.signal.aborted; from += MAX_PARALLEL_READS) {
    const some = ours.slice(from, from + MAX_PARALLEL_READS).map((id) => new RecordingRepair(options, id));
    // The quick look goes side by side; what needs more takes its turn, so that one buffer is in use at a time.
    const unsound = await Promise.all(some.map((one) => one.isSound().then(not, () => true)));
    for (const one of some.filter((_, i) => unsound[i])) {
      if (options.signal.aborted) return;
      try {
        await one.run();
      } catch (error) {
        // Removed by somebody meanwhile, or the app is about to end: nothing to tell.
        if (errorCode(error) !== 'ENOENT' && !options.signal.aborted) failures.push(error);
      }
    }
  }
  if (failures.length === 0) return;
  throw new EarshotError(
    'repair_failed',
    `${failures.length} recordings that were cut short could not be repaired (${describeError(failures[0])}). Check the ` +
      `free space and the rights of the folder ${options.dir}, then restart Earshot.`,
    { cause: failures[0] },
  );
}

const not = (sound: boolean) => !sound;
