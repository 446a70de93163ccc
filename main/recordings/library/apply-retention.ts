import type { EarshotError } from '../../../shared/errors.ts';
import type { RetentionPreview } from '../../../shared/recording-library.ts';
import type { RetentionPolicy } from '../../../shared/retention.ts';
import type { Changed } from './library.ts';
import { changeFailed } from './library-errors.ts';
import type { LibraryEntry } from './read-entry.ts';
import { expiredEntries, summarise } from './retention.ts';

export interface RetentionOptions {
  dir: string;
  policy(): RetentionPolicy;
  /** All recordings, newest first. */
  entries(): Promise<LibraryEntry[]>;
  remove(ids: readonly string[]): Promise<Changed>;
  /** Aborts between two runs. */
  signal: AbortSignal;
  onExpired(expired: RetentionPreview): void;
  onProblem(error: EarshotError): void;
}

export interface Retention {
  /** What a policy would delete now. @throws {EarshotError} `recordings_unreadable`, `folder_unsafe` */
  preview(policy: RetentionPolicy): Promise<RetentionPreview>;
  /** Deletes what the current policy does not keep. One run at a time; a call during a run causes another one. */
  apply(): Promise<void>;
}

export function createRetention(options: RetentionOptions): Retention {
  const { dir, signal, onExpired, onProblem } = options;
  let running: Promise<void> | null = null;
  let again = false;

  async function expire(): Promise<void> {
    const policy = options.policy();
    if (policy.retention === 'all') return;
    const expired = expiredEntries(await options.entries(), policy, Date.now());
    if (expired.length === 0) return;
    const { done, failed } = await options.remove(expired.map(({ info }) => info.id));
    const gone = new Set(done);
    if (done.length > 0) onExpired(summarise(expired.filter(({ info }) => gone.has(info.id))));
    const [first] = failed;
    if (first && !signal.aborted) onProblem(first.error);
  }

  async function run(): Promise<void> {
    while (again && !signal.aborted) {
      again = false;
      await expire().catch((cause) => onProblem(changeFailed('retention_failed', 'oldDeleted', dir, cause)));
    }
  }

  return {
    preview: async (policy) => summarise(expiredEntries(await options.entries(), policy, Date.now())),
    apply() {
      again = true;
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
  };
}
