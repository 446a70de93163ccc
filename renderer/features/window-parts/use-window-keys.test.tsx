// @vitest-environment happy-dom
import { act, createEvent, fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { App } from '../../app.tsx';
import { renderWindow } from '../../testing/render-window.tsx';
import { HOLD_MS } from '../../voice/talk-decision.ts';

const SPACE = { key: ' ', code: 'Space' };
const alt = (letter: string) => ({ key: letter.toLowerCase(), code: `Key${letter}`, altKey: true });

/** @returns false if the default action was prevented */
function down(target: Element | null, more: KeyboardEventInit = SPACE): boolean {
  return fireEvent.keyDown(target ?? document.body, more);
}
function space(target: Element | null, more: KeyboardEventInit = {}): boolean {
  const kept = down(target, { ...SPACE, ...more });
  fireEvent.keyUp(target ?? document.body, SPACE);
  return kept;
}

test('H61 Space presses the mic when no control has the focus, and does not scroll', () => {
  const { voice } = renderWindow(<App />);
  expect(space(document.body)).toBe(false);
  expect(voice.calls.press).toBe(1);
  space(screen.getByTestId('recording-list'));
  space(screen.getByRole('heading', { name: 'Earshot' }));
  expect(voice.calls.press).toBe(3);
});

test('H61 the repeats of a held Space are ignored', () => {
  const { voice } = renderWindow(<App />);
  down(document.body);
  for (let i = 0; i < 20; i++) expect(down(document.body, { ...SPACE, repeat: true })).toBe(false);
  expect(voice.calls.press).toBe(1);
});

/** An event with a time of its own. */
function at(timeStamp: number, event: Event): Event {
  Object.defineProperty(event, 'timeStamp', { value: timeStamp });
  return event;
}

test('Space held on the page or on the mic button talks until its release', () => {
  const { voice } = renderWindow(<App />);
  for (const target of [document.body, screen.getByTestId('mic-button')]) {
    const before = voice.calls.press;
    expect(fireEvent(target, at(1_000, createEvent.keyDown(target, SPACE)))).toBe(false);
    act(() => voice.show({ view: 'listening' }));
    expect(fireEvent(target, at(1_000 + HOLD_MS, createEvent.keyUp(target, SPACE)))).toBe(false);
    expect(voice.calls.press - before).toBe(2);
    act(() => voice.show({ view: 'idle' }));
  }
});

test('the mic button held with the pointer talks until its release, and the click after it is ignored', () => {
  const { voice } = renderWindow(<App />);
  const mic = screen.getByTestId('mic-button');
  const pointer = (type: 'pointerDown' | 'pointerUp', time: number) =>
    fireEvent(mic, at(time, createEvent[type](mic, { button: 0, pointerId: 1 })));
  const click = (time: number) => fireEvent(mic, at(time, createEvent.click(mic, { detail: 1 })));
  pointer('pointerDown', 1_000);
  act(() => voice.show({ view: 'listening' }));
  pointer('pointerUp', 1_000 + HOLD_MS);
  click(1_001 + HOLD_MS);
  expect(voice.calls.press).toBe(2);
  act(() => voice.show({ view: 'idle' }));
  pointer('pointerDown', 5_000);
  act(() => voice.show({ view: 'listening' }));
  pointer('pointerUp', 5_100);
  click(5_100);
  expect(voice.calls.press).toBe(3);
  // Enter, or a screen reader.
  fireEvent.click(mic);
  expect(voice.calls.press).toBe(4);
});

test.each([
  [HOLD_MS, 'stops the turn', 2],
  [HOLD_MS - 1, 'was a short press', 1],
])('a key whose window loses the focus after %i ms %s', (ms, _title, presses) => {
  const { voice } = renderWindow(<App />);
  fireEvent(document.body, at(1_000, createEvent.keyDown(document.body, SPACE)));
  act(() => voice.show({ view: 'listening' }));
  fireEvent(window, at(1_000 + ms, createEvent.blur(window)));
  fireEvent(document.body, at(9_000, createEvent.keyUp(document.body, SPACE)));
  expect(voice.calls.press).toBe(presses);
});

test('H61 Space is left to a focused field or button', () => {
  const { voice } = renderWindow(<App />);
  for (const element of [screen.getByTestId('settings'), screen.getByTestId('recordings-search')])
    expect(space(element)).toBe(true);
  expect(voice.calls.press).toBe(0);
});

test('H61 Space does not press the mic under a dialog or with a modifier', () => {
  const { voice } = renderWindow(<App />);
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey']) space(document.body, { [modifier]: true });
  fireEvent.click(screen.getByTestId('settings'));
  expect(space(screen.getByRole('dialog', { name: 'Settings' }))).toBe(true);
  expect(space(document.body)).toBe(true);
  expect(voice.calls.press).toBe(0);
});

test('Space presses the mic when a slider has the focus', () => {
  const { voice, container } = renderWindow(<App />);
  const slider = container.appendChild(Object.assign(document.createElement('input'), { type: 'range' }));
  space(slider);
  expect(voice.calls.press).toBe(1);
});

test('pause and mute have keys, which also work in a field', () => {
  const { voice } = renderWindow(<App />);
  expect(down(screen.getByTestId('recordings-search'), alt('P'))).toBe(false);
  down(document.body, alt('M'));
  expect([voice.calls.setPaused, voice.calls.setMuted]).toEqual([[true], [true]]);
  act(() => voice.show({ view: 'paused', pausedAt: 1, muted: true }));
  down(document.body, alt('P'));
  down(document.body, alt('M'));
  expect([voice.calls.setPaused, voice.calls.setMuted]).toEqual([
    [true, false],
    [true, false],
  ]);
});

test('changed keys apply, and the former ones do nothing', () => {
  const { voice, emit } = renderWindow(<App />);
  act(() => emit('onSettings', { ...DEFAULT_SETTINGS, key_talk: 'F9', key_pause: '' }));
  expect(space(document.body)).toBe(true);
  down(document.body, alt('P'));
  down(document.body, { key: 'F9', code: 'F9' });
  expect([voice.calls.press, voice.calls.setPaused]).toEqual([1, []]);
});

test('the search key puts the focus into the search of the recordings', () => {
  renderWindow(<App />);
  down(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  expect(document.activeElement).toBe(screen.getByTestId('recordings-search'));
});

test('the log key shows and hides the log', async () => {
  const { services } = renderWindow(<App />);
  await act(async () => void down(document.body, alt('L')));
  expect(services.settings.getState().settings.log_open).toBe(true);
  await act(async () => void down(document.body, alt('L')));
  expect(services.settings.getState().settings.log_open).toBe(false);
});

test('a held Ctrl+N opens one window, also under a dialog', async () => {
  const openWindow = vi.fn(async () => true);
  renderWindow(<App />, { openWindow });
  fireEvent.click(screen.getByTestId('settings'));
  const ctrlN = { key: 'n', code: 'KeyN', ctrlKey: true };
  expect(down(document.body, ctrlN)).toBe(false);
  expect(down(document.body, { ...ctrlN, repeat: true })).toBe(false);
  expect(openWindow).toHaveBeenCalledTimes(1);
});

test('after unmount the keys do nothing', () => {
  const { voice, unmount } = renderWindow(<App />);
  unmount();
  expect(space(document.body)).toBe(true);
  expect(voice.calls.press).toBe(0);
});
