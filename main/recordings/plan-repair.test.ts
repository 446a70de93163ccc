import { describe, expect, test } from 'vitest';
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES } from '../../shared/wav-header.ts';
import { matchesWavSize, planRepair, type RepairPlan } from './plan-repair.ts';

/** Bytes of one second of audio. */
const SECOND = 32_000;
const UNFINISHED = { complete: false };
const COMPLETE = { complete: true };
const withData = (bytes: number) => WAV_HEADER_BYTES + bytes;

describe('the plan for a recording whose JSON does not match its WAV', () => {
  const NO_BACKUP = { skipIfValid: false, backUpWav: false, backUpJson: false, isComplete: false };

  test.each<[string, Parameters<typeof planRepair>, RepairPlan | null]>([
    [
      'interrupted, with a header that counts less than the file has: writes the header',
      [UNFINISHED, withData(SECOND), 0],
      { ...NO_BACKUP, writeHeader: true, dataBytes: SECOND },
    ],
    [
      'interrupted in the middle of a sample: counts whole samples only',
      [UNFINISHED, withData(SECOND + 1), 0],
      { ...NO_BACKUP, writeHeader: true, dataBytes: SECOND },
    ],
    [
      'interrupted, with a header that already fits: writes the JSON only',
      [UNFINISHED, withData(SECOND), SECOND],
      { ...NO_BACKUP, writeHeader: false, dataBytes: SECOND },
    ],
    [
      'interrupted before the header was written: writes an empty WAV without a copy',
      [UNFINISHED, 0, null],
      { ...NO_BACKUP, skipIfValid: true, writeHeader: true, dataBytes: 0 },
    ],
    [
      'with an unknown header: copies the WAV first, unless it is valid',
      [UNFINISHED, withData(SECOND), null],
      { ...NO_BACKUP, skipIfValid: true, backUpWav: true, writeHeader: true, dataBytes: SECOND },
    ],
    [
      'with an unknown header and larger than any recording',
      [UNFINISHED, withData(MAX_WAV_DATA_BYTES + 1), null],
      null,
    ],
    [
      'complete, but cut off: its header counts more than the file has',
      [COMPLETE, withData(SECOND), 2 * SECOND],
      { ...NO_BACKUP, writeHeader: true, dataBytes: SECOND },
    ],
    [
      'complete, but cut off within its header',
      [COMPLETE, WAV_HEADER_BYTES - 1, null],
      { ...NO_BACKUP, skipIfValid: true, writeHeader: true, dataBytes: 0 },
    ],
    ['complete, and shortened by the user, with a header of Earshot', [COMPLETE, withData(SECOND), SECOND], null],
    ['complete, and shortened by the user, with another header', [COMPLETE, withData(SECOND), null], null],
    [
      'intact, without a readable JSON: complete',
      [null, withData(SECOND), SECOND],
      { ...NO_BACKUP, backUpJson: true, writeHeader: false, dataBytes: SECOND, isComplete: true },
    ],
    [
      'without a readable JSON, with a header that fits but further bytes: not complete',
      [null, withData(SECOND + 1), SECOND],
      { ...NO_BACKUP, backUpJson: true, writeHeader: false, dataBytes: SECOND },
    ],
    [
      'interrupted, without a readable JSON: copies the JSON',
      [null, withData(SECOND), 0],
      { ...NO_BACKUP, backUpJson: true, writeHeader: true, dataBytes: SECOND },
    ],
    [
      'with neither a readable JSON nor a known header: copies both',
      [null, withData(SECOND), null],
      { ...NO_BACKUP, skipIfValid: true, backUpWav: true, backUpJson: true, writeHeader: true, dataBytes: SECOND },
    ],
  ])('%s', (_title, given, plan) => {
    expect(planRepair(...given)).toEqual(plan);
  });
});

test.each<[string, Parameters<typeof matchesWavSize>[0], number, boolean]>([
  ['complete, as long as the WAV', { complete: true, duration_s: 1 }, SECOND, true],
  ['complete, shorter than the WAV', { complete: true, duration_s: 1 }, SECOND + 2, true],
  ['complete, longer than the WAV', { complete: true, duration_s: 1 }, SECOND - 2, false],
  ['unfinished, as long as the WAV', { complete: false, duration_s: 1 }, SECOND, false],
  ['repaired, as long as the WAV', { complete: false, repaired: true, duration_s: 1 }, SECOND, true],
  ['repaired, shorter than the WAV', { complete: false, repaired: true, duration_s: 1 }, SECOND + 2, false],
  ['ended early, as long as the WAV', { complete: false, ended_early: 'x', duration_s: 1 }, SECOND, true],
])('a JSON that says %s: matches is %s', (_title, info, dataBytes, matches) => {
  expect(matchesWavSize(info, withData(dataBytes))).toBe(matches);
});
