import { EarshotError } from '../../shared/errors.ts';
import { type ChangeResult, MAX_CHANGED_RECORDINGS } from '../../shared/recording-library.ts';

/**
 * Calls the host for any number of recordings, in parts that one call takes. After a call that fails, the rest is not
 * tried. Never rejects.
 * @param general why a recording was not changed, if the host gives no sentence of its own
 * @returns the changed recordings, and one sentence for each of the others
 */
export async function changeInParts(
  ids: readonly string[],
  call: (args: { ids: string[] }) => Promise<ChangeResult>,
  general: string,
): Promise<{ done: string[]; failures: string[] }> {
  const done: string[] = [];
  const failures: string[] = [];
  for (let from = 0; from < ids.length; from += MAX_CHANGED_RECORDINGS) {
    try {
      const result = await call({ ids: ids.slice(from, from + MAX_CHANGED_RECORDINGS) });
      done.push(...result.done);
      failures.push(...result.failed.map(({ message }) => message));
    } catch (error) {
      failures.push(...ids.slice(from).map(() => sentenceOf(error, general)));
      break;
    }
  }
  return { done, failures };
}

/** The host's sentence, or a general one if the failure was none of its own. */
export function sentenceOf(error: unknown, general: string): string {
  return error instanceof EarshotError ? error.message : general;
}
