import { describe, expect, test } from 'vitest';
import {
  addTallies,
  combine,
  countPlaywright,
  countVitest,
  exitCode,
  NOTHING,
  summary,
  type TestFile,
} from './count.ts';

const vitestFile = (state: string, tests: [fullName: string, state: string, note?: string][]): TestFile => ({
  state: () => state,
  children: {
    allTests: () => tests.map(([fullName, state, note]) => ({ fullName, result: () => ({ state, note }) })),
  },
});

const playwrightTest = (status: string, annotations: { type: string; description?: string }[] = []) => ({
  projectName: 'tab',
  status,
  annotations,
  results: [],
});

describe('counting Vitest', () => {
  test('counts tests by their result, and keeps the reasons of skipped ones', () => {
    const files = [
      vitestFile('passed', [
        ['a works', 'passed'],
        ['b needs a device', 'skipped', 'no device here'],
      ]),
      vitestFile('failed', [
        ['c works', 'passed'],
        ['d works', 'failed'],
        ['e works', 'skipped'],
      ]),
    ];
    expect(countVitest(files, 0)).toEqual({
      passed: 2,
      failed: 1,
      skipped: [
        { title: 'b needs a device', reason: 'no device here' },
        { title: 'e works', reason: 'no reason given' },
      ],
    });
  });

  test('counts a file that did not load, and an error outside of all tests, as failures', () => {
    expect(countVitest([vitestFile('failed', [])], 1)).toEqual({ ...NOTHING, failed: 2 });
  });

  test('counts an unfinished test as skipped, not as passed', () => {
    expect(countVitest([vitestFile('pending', [['a works', 'pending']])], 0).passed).toBe(0);
  });
});

describe('counting Playwright', () => {
  test('counts nested suites, and keeps the reasons of skipped tests', () => {
    const report = {
      suites: [
        {
          title: 'press.spec.ts',
          specs: [{ title: 'outer', tests: [playwrightTest('expected'), playwrightTest('unexpected')] }],
          suites: [
            {
              title: 'inner suite',
              specs: [
                { title: 'inner', tests: [playwrightTest('skipped', [{ type: 'skip', description: 'no display' }])] },
                { title: 'bare', tests: [playwrightTest('skipped')] },
              ],
            },
          ],
        },
      ],
      errors: [],
      stats: {},
    };
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: 1,
      skipped: [
        { title: '[tab] inner', reason: 'no display' },
        { title: '[tab] bare', reason: 'no reason given' },
      ],
    });
  });

  test('counts a flaky test and a file that did not load as failures', () => {
    const report = {
      suites: [{ title: 'x.spec.ts', specs: [{ title: 'x', tests: [playwrightTest('flaky')] }] }],
      errors: [{ message: 'SyntaxError' }],
    };
    expect(countPlaywright(report)).toEqual({ ...NOTHING, failed: 2 });
  });
});

describe('combining report and exit code', () => {
  test('is a failure without a report, even with exit code 0', () => {
    expect(combine(null, 0).failed).toBe(1);
  });

  test('is a failure if the runner failed without a failed test', () => {
    expect(combine({ ...NOTHING, passed: 3 }, 1)).toEqual({ ...NOTHING, passed: 3, failed: 1 });
  });

  test('does not count a known failure twice', () => {
    expect(combine({ ...NOTHING, passed: 3, failed: 2 }, 1).failed).toBe(2);
  });
});

describe('the summary', () => {
  test('ends with a line of counts', () => {
    const tally = addTallies([
      { ...NOTHING, passed: 2 },
      { ...NOTHING, passed: 1, failed: 1 },
    ]);
    expect(summary(tally)).toEqual(['3 passed, 1 failed']);
    expect(exitCode(tally)).toBe(1);
  });

  test('lists each reason of skipped tests once, above the counts', () => {
    const skipped = [
      { title: 'a', reason: 'no display' },
      { title: 'b', reason: 'no display' },
    ];
    expect(summary({ passed: 1, failed: 0, skipped })).toEqual([
      'skipped: no display (a; b)',
      '1 passed, 0 failed, 2 skipped',
    ]);
  });

  test('is a failure if nothing ran', () => {
    expect(exitCode(NOTHING)).toBe(1);
    expect(exitCode({ ...NOTHING, passed: 1 })).toBe(0);
  });
});
