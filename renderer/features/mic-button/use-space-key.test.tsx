// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { App } from '../../app.tsx';
import { renderWindow } from '../../testing/render-window.tsx';

/** @returns whether the browser was left to do with it what it does */
function space(target: Element | null, more: KeyboardEventInit = {}): boolean {
  return fireEvent.keyDown(target ?? document.body, { key: ' ', ...more });
}

test('H61 Space presses the mic wherever the focus is not, and scrolls nothing', () => {
  const { voice } = renderWindow(<App />);
  expect(space(document.body)).toBe(false);
  expect(voice.calls.press).toBe(1);
  space(screen.getByRole('log'));
  space(screen.getByRole('heading', { name: 'Earshot' }));
  expect(voice.calls.press).toBe(3);
});

test('H61 Space that is held down is one press', () => {
  const { voice } = renderWindow(<App />);
  space(document.body);
  for (let i = 0; i < 20; i++) expect(space(document.body, { repeat: true })).toBe(false);
  expect(voice.calls.press).toBe(1);
});

test('H61 Space belongs to the field or button that has the focus, the mic among them', () => {
  const { voice } = renderWindow(<App />);
  const own = [screen.getByTestId('mic-button'), screen.getByTestId('settings'), screen.getByTestId('log-search')];
  for (const element of own) expect(space(element)).toBe(true);
  expect(voice.calls.press).toBe(0);
});

test('H61 Space does nothing to the mic under a dialog, nor with a modifier', () => {
  const { voice } = renderWindow(<App />);
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey']) space(document.body, { [modifier]: true });
  fireEvent.click(screen.getByTestId('settings'));
  expect(space(screen.getByRole('dialog', { name: 'Settings' }))).toBe(true);
  expect(space(document.body)).toBe(true);
  expect(voice.calls.press).toBe(0);
});

test('Space goes on to press the mic with the focus on a slider, which has no use for it', () => {
  const { voice, container } = renderWindow(<App />);
  const slider = container.appendChild(Object.assign(document.createElement('input'), { type: 'range' }));
  space(slider);
  expect(voice.calls.press).toBe(1);
});

test('once the window is gone, Space does nothing', () => {
  const { voice, unmount } = renderWindow(<App />);
  unmount();
  expect(space(document.body)).toBe(true);
  expect(voice.calls.press).toBe(0);
});
