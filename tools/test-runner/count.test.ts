import { describe, expect, test } from 'vitest';
import {
  addTallies,
  countPlaywright,
  countVitest,
  exitCode,
  NOTHING,
  settle,
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
  test('counts each test of each file by what became of it, and keeps why one was skipped', () => {
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

  test('counts a test that was cut off as skipped, not as passed', () => {
    expect(countVitest([vitestFile('pending', [['a works', 'pending']])], 0).passed).toBe(0);
  });
});

describe('counting Playwright', () => {
  test('counts nested suites, and reads why a test was skipped', () => {
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

  test('counts a test that passed only at a second try, and a file that did not load, as failures', () => {
    const report = {
      suites: [{ title: 'x.spec.ts', specs: [{ title: 'x', tests: [playwrightTest('flaky')] }] }],
      errors: [{ message: 'SyntaxError' }],
    };
    expect(countPlaywright(report)).toEqual({ ...NOTHING, failed: 2 });
  });
});

describe('settling a run', () => {
  test('is a failure without a report, whatever the exit code', () => {
    expect(settle(null, 0).failed).toBe(1);
  });

  test('is a failure when the runner failed outside its tests', () => {
    expect(settle({ ...NOTHING, passed: 3 }, 1)).toEqual({ ...NOTHING, passed: 3, failed: 1 });
  });

  test('does not count a known failure twice', () => {
    expect(settle({ ...NOTHING, passed: 3, failed: 2 }, 1).failed).toBe(2);
  });
});

describe('the end of a run', () => {
  test('ends with one plain line of counts', () => {
    const tally = addTallies([
      { ...NOTHING, passed: 2 },
      { ...NOTHING, passed: 1, failed: 1 },
    ]);
    expect(summary(tally)).toEqual(['3 passed, 1 failed']);
    expect(exitCode(tally)).toBe(1);
  });

  test('prints each reason for skipping once, above the counts', () => {
    const skipped = [
      { title: 'a', reason: 'no display' },
      { title: 'b', reason: 'no display' },
    ];
    expect(summary({ passed: 1, failed: 0, skipped })).toEqual([
      'skipped: no display (a; b)',
      '1 passed, 0 failed, 2 skipped',
    ]);
  });

  test('is a failure when nothing ran', () => {
    expect(exitCode(NOTHING)).toBe(1);
    expect(exitCode({ ...NOTHING, passed: 1 })).toBe(0);
  });
});
