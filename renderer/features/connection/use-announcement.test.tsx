// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { VoiceView } from '../../voice/voice-client.ts';
import { useAnnouncement } from './use-announcement.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function Region({ view, sentence }: { view: VoiceView; sentence: string }) {
  return <p data-testid="region">{useAnnouncement(view, sentence)}</p>;
}

function renderRegion() {
  const { rerender } = render(<Region view="idle" sentence="Ready." />);
  return {
    show: (view: VoiceView, sentence: string) => rerender(<Region view={view} sentence={sentence} />),
    wait: (ms: number) => act(() => vi.advanceTimersByTime(ms)),
    region: () => screen.getByTestId('region').textContent,
  };
}

test('a state that passes at once is not announced', () => {
  const { show, wait, region } = renderRegion();
  expect(region()).toBe('Ready.');
  show('connecting', 'Connecting.');
  wait(699);
  expect(region()).toBe('');
  show('listening', 'Listening.');
  expect(region()).toBe('Listening.');
  wait(1_000);
  expect(region()).toBe('Listening.');
});

test('connecting that lasts is announced once, also if it waits for the microphone in between', () => {
  const { show, wait, region } = renderRegion();
  const heard: (string | null)[] = [];
  const hear = (ms: number) => {
    wait(ms);
    if (region() !== heard.at(-1)) heard.push(region());
  };
  show('connecting', 'Connecting.');
  hear(700);
  show('connecting', 'Waiting for the microphone.');
  hear(700);
  show('connecting', 'Connecting.');
  hear(5_000);
  expect(heard).toEqual(['Connecting.', 'Waiting for the microphone.']);
});

test('the same failure after another press is a change of the region, so it is announced again', () => {
  const { show, region } = renderRegion();
  show('error', 'No microphone.');
  show('connecting', 'Connecting.');
  expect(region()).toBe('');
  show('error', 'No microphone.');
  expect(region()).toBe('No microphone.');
});
