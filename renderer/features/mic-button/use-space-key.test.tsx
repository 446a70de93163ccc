// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { App } from '../../app.tsx';
import { renderWindow } from '../../testing/render-window.tsx';

/** @returns false if the default action was prevented */
function space(target: Element | null, more: KeyboardEventInit = {}): boolean {
  return fireEvent.keyDown(target ?? document.body, { key: ' ', ...more });
}

test('H61 Space presses the mic when no control has the focus, and does not scroll', () => {
  const { voice } = renderWindow(<App />);
  expect(space(document.body)).toBe(false);
  expect(voice.calls.press).toBe(1);
  space(screen.getByTestId('recording-list'));
  space(screen.getByRole('heading', { name: 'Earshot' }));
  expect(voice.calls.press).toBe(3);
});

test('H61 holding Space is one press', () => {
  const { voice } = renderWindow(<App />);
  space(document.body);
  for (let i = 0; i < 20; i++) expect(space(document.body, { repeat: true })).toBe(false);
  expect(voice.calls.press).toBe(1);
});

test('H61 Space is left to a focused field or button, the mic button included', () => {
  const { voice } = renderWindow(<App />);
  const own = [
    screen.getByTestId('mic-button'),
    screen.getByTestId('settings'),
    screen.getByTestId('recordings-search'),
  ];
  for (const element of own) expect(space(element)).toBe(true);
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

test('after unmount Space does nothing', () => {
  const { voice, unmount } = renderWindow(<App />);
  unmount();
  expect(space(document.body)).toBe(true);
  expect(voice.calls.press).toBe(0);
});
