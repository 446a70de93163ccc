import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';
import { countVitest } from './count.ts';

/**
 * A Vitest reporter that writes the `Tally` of the run as JSON to the file named by EARSHOT_TALLY. Vitest's JSON report
 * lacks the reasons of skipped tests.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(...[files, unhandledErrors]: Parameters<NonNullable<Reporter['onTestRunEnd']>>): void {
    const path = process.env.EARSHOT_TALLY;
    if (path) writeFileSync(path, JSON.stringify(countVitest(files, unhandledErrors.length)));
  }
}
