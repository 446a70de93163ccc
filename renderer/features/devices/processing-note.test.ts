import { expect, test } from 'vitest';
import { NO_PROCESSING } from '../../capture/audio-processing.ts';
import { processingNote } from './processing-note.ts';

const opened = (change: object, effective: object) => ({
  label: 'Yeti',
  asked: { ...NO_PROCESSING, ...change },
  effective,
});

test('nothing is said if the browser did as asked, or reports nothing, or no microphone was opened', () => {
  expect(processingNote('echoCancellation', false, null)).toBe('');
  expect(processingNote('echoCancellation', false, opened({}, {}))).toBe('');
  expect(processingNote('echoCancellation', false, opened({}, { echoCancellation: false }))).toBe('');
});

test('the browser’s value is said if it is another one', () => {
  expect(processingNote('echoCancellation', false, opened({}, { echoCancellation: true }))).toBe(
    'The browser reports that it is on for Yeti.',
  );
  expect(
    processingNote('noiseSuppression', true, opened({ noiseSuppression: true }, { noiseSuppression: false })),
  ).toBe('The browser reports that it is off for Yeti.');
});

test('nothing is said about a switch that was changed since the microphone was opened', () => {
  expect(processingNote('echoCancellation', true, opened({}, { echoCancellation: false }))).toBe('');
});
