// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IconButton } from './button.tsx';
import { TooltipProvider } from './tooltip.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const button = () => screen.getByRole('button');
/** A tooltip that is closing stays in the page until its animation ends. */
const shown = () => document.querySelector('.tooltip[data-open]')?.textContent ?? null;
const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

function hover(): void {
  fireEvent.pointerEnter(button(), { pointerType: 'mouse' });
  fireEvent.mouseEnter(button());
  fireEvent.mouseMove(button());
}

test('an icon button shows its name and its keys after the pointer has rested on it, and never as a title', () => {
  render(
    <TooltipProvider>
      <IconButton label="Close" keys="Ctrl+L" />
    </TooltipProvider>,
  );
  expect(button().getAttribute('aria-label')).toBe('Close');
  expect(button().title).toBe('');
  hover();
  wait(499);
  expect(shown()).toBeNull();
  wait(1);
  expect(shown()).toBe('Close Ctrl+L');
  fireEvent.mouseLeave(button());
  wait(1_000);
  expect(shown()).toBeNull();
});

test('the focus of the keyboard shows it at once, and Escape closes it', () => {
  render(<IconButton label="Close" />);
  act(() => button().focus());
  wait(0);
  expect(shown()).toBe('Close');
  const onKeyDown = vi.fn((event: KeyboardEvent) => event.defaultPrevented);
  window.addEventListener('keydown', onKeyDown, { once: true });
  fireEvent.keyDown(button(), { key: 'Escape' });
  wait(1_000);
  expect(shown()).toBeNull();
  expect(document.activeElement).toBe(button());
  // What is around it gets the key as well.
  expect(onKeyDown).toHaveReturnedWith(false);
});

test('a hint replaces the name in the tooltip and describes the button to screen readers', () => {
  render(<IconButton label="Play" hint="Recordings play when the microphone is off" />);
  act(() => button().focus());
  wait(0);
  expect(shown()).toBe('Recordings play when the microphone is off');
  expect(button().getAttribute('aria-label')).toBe('Play');
  expect(button().getAttribute('aria-description')).toBe(shown());
});

test('a disabled button does nothing when pressed, and still has its focus and its tooltip', () => {
  const onClick = vi.fn();
  render(<IconButton label="Export" disabled onClick={onClick} />);
  act(() => button().focus());
  wait(0);
  expect(document.activeElement).toBe(button());
  expect(shown()).toBe('Export');
  fireEvent.click(button());
  expect(onClick).not.toHaveBeenCalled();
  expect(button().getAttribute('aria-disabled')).toBe('true');
});
