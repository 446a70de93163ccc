import { test as base } from '../test.ts';
import { missingPrograms } from './programs.ts';

export { expect } from '../test.ts';

/** Registers a program that a test starts. All are stopped after the app, in reverse order. */
export type StopAfterTest = <T extends { stop(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

/** Playwright's `test` with the app and other programs of a Linux desktop. */
export const test = base.extend<{ stopAfterTest: StopAfterTest }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the first parameter.
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

/** Skips the tests of a file, with a reason, if one of these programs is not installed. */
export function requirePrograms(...names: string[]): void {
  const missing = missingPrograms(names);
  test.skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
}
