import { expect, test } from 'vitest';
import type { MicTestState } from '../../state/mic-test-store.ts';
import { micTestResult } from './mic-test-text.ts';

const done = (change: Partial<MicTestState>) =>
  micTestResult({ step: 'done', verdict: null, problem: null, playFailed: false, ...change });

test.each([
  ['good', 'Good level.', 'good'],
  ['quiet', 'Very quiet: move closer or raise the input volume.', 'bad'],
  ['clipped', 'Too loud: parts were cut off. Move away or lower the input volume.', 'bad'],
  ['silent', 'Silence: is it muted, or is another microphone chosen?', 'bad'],
] as const)('the verdict %s says what to do', (verdict, sentence, tone) => {
  expect(done({ verdict })).toEqual({ sentence, tone });
});

test('sound that could not be played back is said beside the verdict', () => {
  expect(done({ verdict: 'good', playFailed: true }).sentence).toBe('Good level. It could not be played back.');
});

test('a problem of the microphone is told as at a press', () => {
  expect(done({ problem: 'mic_missing' }).sentence).toContain('No microphone was found. Plug one in');
});

test('each step has a sentence of its own', () => {
  const steps = ['idle', 'opening', 'recording', 'playing'] as const;
  const sentences = steps.map(
    (step) => micTestResult({ step, verdict: null, problem: null, playFailed: false }).sentence,
  );
  expect(new Set(sentences).size).toBe(4);
});
