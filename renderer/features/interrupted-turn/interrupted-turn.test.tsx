// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge, InterruptedTurn } from '../../../shared/bridge.ts';
import { App } from '../../app.tsx';
import { OPEN_TURN_KEY } from '../../state/open-turn.ts';
import { desktopInfo, recording } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';

const NOTE = { session_ids: ['s1', 's2'], phase: 'listening', left: false };
const RESULT: InterruptedTurn = { state: 'ended', recordings: [recording()], failure: null };
const storedTurn = () => sessionStorage.getItem(OPEN_TURN_KEY);
const notice = () => screen.queryByTestId('interrupted-turn')?.textContent ?? null;

beforeEach(() => sessionStorage.setItem(OPEN_TURN_KEY, JSON.stringify(NOTE)));
afterEach(() => sessionStorage.clear());

async function renderApp(endInterruptedTurn: Bridge['endInterruptedTurn'] = async () => RESULT) {
  const endTurn = vi.fn(endInterruptedTurn);
  const rendered = await act(async () => renderWindow(<App />, { endInterruptedTurn: endTurn }, desktopInfo('linux')));
  return { ...rendered, endTurn };
}

function delayedAnswer() {
  let answer: (turn: InterruptedTurn) => void = () => undefined;
  const answered = new Promise<InterruptedTurn>((resolve) => {
    answer = resolve;
  });
  return { answered, answer };
}

describe('a window whose previous page ended during a turn', () => {
  test('asks the host to end the turn, once, and shows what was saved', async () => {
    const { endTurn, container } = await renderApp();
    expect(endTurn.mock.calls).toEqual([[{ session_ids: ['s1', 's2'] }]]);
    expect(notice()).toBe('Listening stopped because the window stopped working. 0:12 was saved.');
    expect(screen.getAllByTestId('recording')).toHaveLength(1);
    const announced = [...container.querySelectorAll('[role="status"]')].map((status) => status.textContent);
    expect(announced).toContain(notice());
  });

  test('shows the notice at once, and announces it when the result is known', async () => {
    const later = delayedAnswer();
    const { container } = await renderApp(() => later.answered);
    const status = () =>
      [...container.querySelectorAll('[role="status"]')].map((element) => element.textContent).join('');
    expect(notice()).toContain('Saving what you said…');
    expect(status()).not.toContain('Saving');
    await act(async () => later.answer(RESULT));
    expect(notice()).toContain('0:12 was saved.');
    expect(status()).toContain('0:12 was saved.');
  });

  test('says where to look if the host does not know', async () => {
    await renderApp(() => Promise.reject(new Error('lost')));
    expect(notice()).toContain('What was saved is under Recordings.');
  });

  test('shows the notice again after another reload, until it is dismissed', async () => {
    const { unmount } = await renderApp();
    expect(storedTurn()).not.toBeNull();
    unmount();
    await renderApp();
    const close = screen.getByRole('button', { name: 'Dismiss' });
    close.focus();
    await act(async () => fireEvent.click(close));
    expect([notice(), storedTurn()]).toEqual([null, null]);
    expect(screen.queryAllByTestId('recording')).toEqual([]);
    expect(document.activeElement).toBe(screen.getByTestId('mic-button'));
  });

  test('removes the notice at the next press, even if the response arrives later', async () => {
    const later = delayedAnswer();
    const { voice } = await renderApp(() => later.answered);
    act(() => voice.show({ view: 'connecting' }));
    expect([notice(), storedTurn()]).toEqual([null, null]);
    act(() => voice.show({ view: 'listening', sessionId: 's3' }));
    await act(async () => later.answer(RESULT));
    expect(notice()).toBeNull();
    expect(JSON.parse(storedTurn() ?? '')).toMatchObject({ session_ids: ['s3'] });
  });

  test('shows nothing in a duplicated tab, whose turn is still running in the other tab', async () => {
    await renderApp(async () => ({ state: 'connected', recordings: [], failure: null }));
    expect([notice(), storedTurn()]).toEqual([null, null]);
  });
});

test('without a stored turn nothing is requested or shown', async () => {
  sessionStorage.clear();
  const { endTurn } = await renderApp();
  expect(endTurn).not.toHaveBeenCalled();
  expect(notice()).toBeNull();
});
