import { expect, test } from 'vitest';
import type { MicrophoneStatus } from '../../../shared/microphone-state.ts';
import { recording } from '../../testing/fakes.ts';
import {
  actionsText,
  discardedText,
  endText,
  gapText,
  levelText,
  microphoneFlaws,
  missingText,
  savedText,
} from './recording-text.ts';

test('length, levels and missing audio', () => {
  expect(savedText(recording())).toBe('Recording saved, 0:12');
  expect(levelText(recording())).toBe('Peak −3.2 · RMS −21.4 dBFS');
  expect(gapText(recording())).toBeNull();
  const gaps = [
    { at_s: 3, seconds: 0.3 },
    { at_s: 65, seconds: 1.2 },
  ];
  expect(gapText(recording({ gaps: gaps.slice(1) }))).toBe('1.2\u00a0s missing at 1:05; it is silent there');
  expect(gapText(recording({ gaps }))).toBe('1.5\u00a0s missing in 2 places; it is silent there');
});

test('in a list only the missing seconds are given, down to one frame', () => {
  expect(missingText(recording())).toBeNull();
  expect(missingText(recording({ gaps: [{ at_s: 3, seconds: 0.4 }] }))).toBe('0.4\u00a0s missing');
  expect(missingText(recording({ gaps: [{ at_s: 3, seconds: 0.02 }] }))).toBe('0.02\u00a0s missing');
  const gaps = Array.from({ length: 10 }, (_, i) => ({ at_s: i, seconds: 0.1 }));
  expect(missingText(recording({ gaps }))).toBe('1.0\u00a0s missing');
});

test('an unfinished recording is cut short, unless the host says that it is being written', () => {
  const unfinished = recording({ complete: false, started_at: '1999-01-01T00:00:00.000Z' });
  expect(endText(unfinished)?.mark).toBe('cut short');
  expect(endText({ ...unfinished, being_written: true })).toBeNull();
  expect(endText({ ...unfinished, complete: true })).toBeNull();
  expect(endText({ ...unfinished, repaired: true })?.mark).toBe('cut short');
});

test('a recording that was too short is given with its length', () => {
  expect(discardedText(0.2)).toBe('Too short to keep (0.2\u00a0s).');
  expect(discardedText(0.02)).toBe('Too short to keep (0.02\u00a0s).');
});

test('a silent recording is reported as silent', () => {
  expect(levelText(recording({ peak_dbfs: null, rms_dbfs: null }))).toContain('Silence only');
});

test('a recording that ended early has its cause; one whose details were lost is not called cut short', () => {
  expect(endText({ ...recording(), complete: false, repaired: true, ended_early: 'disk_full' })?.mark).toBe(
    'disk full',
  );
  expect(endText({ ...recording(), complete: false, ended_early: 'recording_too_long' })?.sentence).toContain(
    'recording_too_long',
  );
  expect(endText({ ...recording(), rebuilt: true })?.mark).toBe('details lost');
  expect(endText(recording())).toBeNull();
});

test('H52 H54 where the microphone gave no sound, and for how long', () => {
  const state = (at_s: number, status: MicrophoneStatus) => ({ at_s, status, label: 'Desk', instead_of: null });
  const textFor = (duration_s: number, ...microphone: ReturnType<typeof state>[]) =>
    microphoneFlaws(recording({ duration_s, microphone }));
  expect(microphoneFlaws(recording())).toBeNull();
  expect(textFor(20, state(0, 'ok'))).toBeNull();
  expect(textFor(20, state(0, 'ok'), state(5.2, 'muted'), state(17.2, 'ok'))).toBe(
    'The microphone was muted from 0:05 for 12\u00a0s.',
  );
  expect(textFor(20, state(0, 'muted'))).toBe('The microphone was muted the whole time.');
  expect(textFor(20, state(0, 'ok'), state(15, 'stalled'))).toBe(
    'The microphone sent nothing from 0:15 for 5.0\u00a0s.',
  );
  expect(
    textFor(20, state(0, 'silent'), state(2, 'ok'), state(10, 'silent'), state(12, 'noise'), state(13, 'ok')),
  ).toBe(
    'The microphone sent only silence in 2 places, for 4.0\u00a0s in all. ' +
      'The microphone sent only faint noise from 0:12 for 1.0\u00a0s.',
  );
});

test('pauses and the user’s own mute are told, and are no flaw', () => {
  expect(actionsText(recording())).toBeNull();
  const pause = (at_s: number, seconds: number) => ({ at_s, seconds });
  expect(actionsText(recording({ pauses: [pause(5, 12)] }))).toBe('Paused at 0:05 for 12\u00a0s.');
  const desk = { label: 'Desk', instead_of: null };
  const microphone = [
    { ...desk, at_s: 0, status: 'ok' as const },
    { ...desk, at_s: 2, status: 'muted_in_app' as const },
    { ...desk, at_s: 6, status: 'ok' as const },
  ];
  const both = recording({ pauses: [pause(5, 12), pause(7, 8)], microphone });
  expect(actionsText(both)).toBe(
    'Paused in 2 places, for 20\u00a0s in all. The microphone was muted in Earshot from 0:02 for 4.0\u00a0s.',
  );
  expect(microphoneFlaws(both)).toBeNull();
});
