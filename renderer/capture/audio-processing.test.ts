import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { chosenProcessing, effectiveProcessing, NO_PROCESSING, PROCESSING_SETTINGS } from './audio-processing.ts';

test('nothing is processed unless the user switches it on', () => {
  expect(chosenProcessing(DEFAULT_SETTINGS)).toEqual(NO_PROCESSING);
});

test.each(Object.entries(PROCESSING_SETTINGS))('%s has a setting of its own', (kind, setting) => {
  expect(chosenProcessing({ ...DEFAULT_SETTINGS, [setting]: true })).toEqual({ ...NO_PROCESSING, [kind]: true });
});

test('only what the browser reports counts as in effect', () => {
  expect(effectiveProcessing({})).toEqual({});
  expect(effectiveProcessing({ echoCancellation: true, noiseSuppression: false })).toEqual({
    echoCancellation: true,
    noiseSuppression: false,
  });
});

test('a named kind of echo cancellation is echo cancellation', () => {
  // Not in TypeScript's DOM library yet.
  const reported = { echoCancellation: 'remote-only', autoGainControl: true } as unknown as MediaTrackSettings;
  expect(effectiveProcessing(reported)).toEqual({ echoCancellation: true, autoGainControl: true });
});
