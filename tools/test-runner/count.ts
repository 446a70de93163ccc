import { z } from 'zod';

/** The results of one or more test runs; `skipped` contains each skipped test with the reason. */
export const Tally = z.object({
  passed: z.int(),
  failed: z.int(),
  skipped: z.array(z.object({ title: z.string(), reason: z.string() })),
});
export type Tally = z.infer<typeof Tally>;

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: [] };
const NO_REASON = 'no reason given';

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    skipped: tallies.flatMap((tally) => tally.skipped),
  };
}

/** The part of Vitest's `TestModule` (vitest/node) that is used here. */
export interface TestFile {
  state(): string;
  children: {
    allTests(): Iterable<{ fullName: string; result(): { state: string; note?: string | undefined } }>;
  };
}

/**
 * Counts Vitest's tests. A file that fails without a failed test (it did not load, or a hook threw) counts as one
 * failure, and so does an error outside of all files.
 */
export function countVitest(files: Iterable<TestFile>, unhandledErrors: number): Tally {
  return addTallies([...[...files].map(countFile), { ...NOTHING, failed: unhandledErrors }]);
}

function countFile(file: TestFile): Tally {
  const tests = [...file.children.allTests()].map((test) => ({ title: test.fullName, ...test.result() }));
  const failed = tests.filter((test) => test.state === 'failed').length;
  return {
    passed: tests.filter((test) => test.state === 'passed').length,
    failed: failed === 0 && file.state() === 'failed' ? 1 : failed,
    skipped: tests
      .filter((test) => test.state !== 'passed' && test.state !== 'failed')
      .map(({ title, note = NO_REASON }) => ({ title, reason: note })),
  };
}

const PlaywrightTest = z.object({
  projectName: z.string(),
  status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
  annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
});

interface PlaywrightSuite {
  specs: { title: string; tests: z.infer<typeof PlaywrightTest>[] }[];
  suites?: PlaywrightSuite[] | undefined;
}

const PlaywrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    specs: z.array(z.object({ title: z.string(), tests: z.array(PlaywrightTest) })),
    suites: z.array(PlaywrightSuite).optional(),
  }),
);

const PlaywrightReport = z.object({ suites: z.array(PlaywrightSuite), errors: z.array(z.unknown()) });

/**
 * Counts the tests of a Playwright JSON report. An error outside of all tests (a file that did not load) counts as a
 * failure, and so does a flaky test, because it failed once.
 * @throws {z.ZodError} if it is not such a report
 */
export function countPlaywright(report: unknown): Tally {
  const { suites, errors } = PlaywrightReport.parse(report);
  return addTallies([...suites.map(countSuite), { ...NOTHING, failed: errors.length }]);
}

function countSuite({ specs, suites = [] }: PlaywrightSuite): Tally {
  const tests = specs.flatMap(({ title, tests }) => tests.map((test) => ({ title, ...test })));
  const own: Tally = {
    passed: tests.filter((test) => test.status === 'expected').length,
    failed: tests.filter((test) => test.status === 'unexpected' || test.status === 'flaky').length,
    skipped: tests
      .filter((test) => test.status === 'skipped')
      .map(({ title, projectName, annotations }) => ({
        title: `[${projectName}] ${title}`,
        reason: annotations.find((note) => note.type === 'skip')?.description ?? NO_REASON,
      })),
  };
  return addTallies([own, ...suites.map(countSuite)]);
}

/**
 * Combines a runner's report with its exit code. A missing report counts as one failure, and so does a failed run whose
 * report has no failure (e.g. an unhandled rejection).
 */
export function combine(report: Tally | null, exitCode: number): Tally {
  if (report === null) return { ...NOTHING, failed: 1 };
  return exitCode !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report;
}

/** The last lines of a run: each reason for skipping with its tests, then `N passed, N failed[, N skipped]`. */
export function summary(tally: Tally): string[] {
  const byReason = new Map<string, string[]>();
  for (const { title, reason } of tally.skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), title]);
  const reasons = [...byReason].map(([reason, titles]) => `skipped: ${reason} (${titles.join('; ')})`);
  const skipped = tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : '';
  return [...reasons, `${tally.passed} passed, ${tally.failed} failed${skipped}`];
}

/** 0 if something ran and nothing failed, else 1. */
export function exitCode(tally: Tally): 0 | 1 {
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}
