// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { UpdateState } from '../../../shared/desktop.ts';
import { App } from '../../app.tsx';
import { desktopInfo, NO_DESKTOP } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';

async function renderApp(calls: Parameters<typeof renderWindow>[1] = {}) {
  const rendered = await act(async () => renderWindow(<App />, calls, desktopInfo('linux')));
  const update = (next: UpdateState) => act(() => rendered.emit('onDesktop', { ...NO_DESKTOP, update: next }));
  return { ...rendered, update };
}

const note = () => screen.queryByTestId('update-note');
const stepButton = () => screen.getByTestId('update-step');

describe('the update note', () => {
  test('appears with an update and keeps the focus from step to step', async () => {
    const stepUpdate = vi.fn(async () => undefined);
    const { update } = await renderApp({ stepUpdate });
    expect(note()).toBeNull();
    update({ state: 'available', version: '1.3.0' });
    expect(note()?.textContent).toContain('Earshot 1.3.0 is available.');
    stepButton().focus();
    await act(async () => fireEvent.click(stepButton()));
    update({ state: 'downloading', version: '1.3.0', percent: 42 });
    expect(screen.getByRole('progressbar', { name: 'Download' }).getAttribute('value')).toBe('42');
    await act(async () => fireEvent.click(stepButton()));
    update({ state: 'ready', version: '1.3.0' });
    expect(document.activeElement).toBe(stepButton());
    await act(async () => fireEvent.click(stepButton()));
    update({ state: 'installing', version: '1.3.0' });
    expect(stepButton().textContent).toBe('Installing…');
    expect(stepButton().getAttribute('aria-disabled')).toBe('true');
    expect(document.activeElement).toBe(stepButton());
    await act(async () => fireEvent.click(stepButton()));
    expect(stepUpdate.mock.calls).toEqual([['download'], ['install']]);
  });

  test('is hidden during a turn, passes its focus to the mic button, and comes back afterwards', async () => {
    const { update, voice } = await renderApp();
    update({ state: 'ready', version: '1.3.0' });
    stepButton().focus();
    for (const view of ['connecting', 'listening', 'reconnecting', 'stopping'] as const) {
      act(() => voice.show({ view }));
      expect(note()).toBeNull();
      // Not announced again after each turn.
      expect(screen.getByText('Earshot 1.3.0 is ready.').getAttribute('role')).toBe('status');
    }
    expect(document.activeElement).toBe(screen.getByTestId('mic-button'));
    act(() => voice.show({ view: 'idle' }));
    expect(note()?.textContent).toContain('Earshot 1.3.0 is ready.');
  });

  test('stays hidden after dismissal and passes its focus to the mic button', async () => {
    const { update } = await renderApp();
    update({ state: 'available', version: '1.3.0' });
    const close = screen.getByRole('button', { name: 'Not now' });
    close.focus();
    fireEvent.click(close);
    expect(note()).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId('mic-button'));
    update({ state: 'available', version: '1.4.0' });
    expect(note()).toBeNull();
  });

  test('shows a failure only in the window that started the step', async () => {
    const { update } = await renderApp();
    update({ state: 'failed', message: 'Earshot could not look. Check the network.' });
    expect(note()).toBeNull();
    update({ state: 'available', version: '1.3.0' });
    await act(async () => fireEvent.click(stepButton()));
    update({ state: 'failed', message: 'Earshot 1.3.0 did not come.' });
    expect(note()?.textContent).toContain('Earshot 1.3.0 did not come.');
    expect(stepButton().textContent).toBe('Try again');
  });

  test('shows a sentence for a rejected step', async () => {
    const { update } = await renderApp({ stepUpdate: () => Promise.reject(new Error('gone')) });
    update({ state: 'available', version: '1.3.0' });
    await act(async () => fireEvent.click(stepButton()));
    expect(note()?.textContent).toContain('The update failed.');
  });
});
