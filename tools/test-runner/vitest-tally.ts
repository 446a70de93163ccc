import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';
import { countVitest } from './count.ts';

/**
 * A Vitest reporter that writes the run's `Tally` as JSON to the file named by EARSHOT_TALLY. Vitest's own JSON
 * report leaves out why a test was skipped.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(...[files, unhandledErrors]: Parameters<NonNullable<Reporter['onTestRunEnd']>>): void {
    const path = process.env.EARSHOT_TALLY;
    if (path) writeFileSync(path, JSON.stringify(countVitest(files, unhandledErrors.length)));
  }
}
