// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useHeldEnter } from './use-held-enter.ts';

afterEach(cleanup);

function Page() {
  useHeldEnter();
  return (
    <>
      <button type="button">
        <span data-testid="inside">Press</span>
      </button>
      <input aria-label="Field" />
    </>
  );
}
const enter = (element: Element, repeat: boolean) => fireEvent.keyDown(element, { key: 'Enter', repeat });

test('H61 holding Enter on a button presses it once: only key repeats are prevented', () => {
  render(<Page />);
  const button = screen.getByRole('button');
  expect(enter(button, false)).toBe(true);
  for (let i = 0; i < 18; i++) expect(enter(button, true)).toBe(false);
  expect(enter(screen.getByTestId('inside'), true)).toBe(false);
});

test('Enter repeats in a field, and other keys repeat on a button', () => {
  render(<Page />);
  expect(enter(screen.getByLabelText('Field'), true)).toBe(true);
  expect(fireEvent.keyDown(screen.getByRole('button'), { key: 'Tab', repeat: true })).toBe(true);
});

test('after unmount nothing is prevented', () => {
  const { unmount } = render(<Page />);
  const button = document.body.appendChild(document.createElement('button'));
  unmount();
  expect(enter(button, true)).toBe(true);
  button.remove();
});
