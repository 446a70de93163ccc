import { test as base } from '../test.ts';
import { missingPrograms } from './programs.ts';

export { expect } from '../test.ts';

/** Keeps what a test starts beside the app, and ends it after the app, the last one first. */
export type StopAfterTest = <T extends { stop(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

/** The test of the desktop app among the other programs of a Linux desktop. */
export const test = base.extend<{ stopAfterTest: StopAfterTest }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
  stopAfterTest: async ({}, use) => {
    const started: { stop(): Promise<void> }[] = [];
    await use(async (starting) => {
      const program = await starting;
      started.push(program);
      return program;
    });
    for (const program of started.reverse()) await program.stop();
  },
});

/** Skips the tests of a file where one of these programs is not installed, and says which. */
export function requirePrograms(...names: string[]): void {
  const missing = missingPrograms(names);
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
}
