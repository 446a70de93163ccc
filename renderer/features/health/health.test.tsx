// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Health } from '../../../shared/health.ts';
import { App } from '../../app.tsx';
import { healthOf, NO_HEALTH } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';

const HEALTHY = healthOf();
const BAD = healthOf({ recent: { ...HEALTHY.recent, retry_rate: 0.14 }, warning: true });

async function renderHealth(calls: Parameters<typeof renderWindow>[1] = {}) {
  // Both calls return the same figures.
  const { getHealth } = calls;
  const rendered = renderWindow(<App />, { ...(getHealth && { watchHealth: getHealth }), ...calls });
  const button = () => screen.getByTestId('health');
  const open = () => act(async () => fireEvent.click(button()));
  const emit = (health: Health) => act(() => rendered.emit('onHealth', health));
  // Waits for the first response.
  await act(async () => {});
  return { ...rendered, button, open, emit };
}

/** Adds what happy-dom lacks: closing a modal dialog returns the focus (HTML standard, 4.11.4). */
function withFocusReturn(): void {
  const before = new WeakMap<HTMLDialogElement, Element | null>();
  vi.spyOn(HTMLDialogElement.prototype, 'showModal').mockImplementation(function (this: HTMLDialogElement) {
    before.set(this, document.activeElement);
    this.setAttribute('open', '');
    this.querySelector('button')?.focus();
  });
  vi.spyOn(HTMLDialogElement.prototype, 'close').mockImplementation(function (this: HTMLDialogElement) {
    this.removeAttribute('open');
    const opener = before.get(this);
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    this.dispatchEvent(new Event('close'));
  });
}

describe('health', () => {
  test('an icon button opens the figures of the last connections', async () => {
    const { open } = await renderHealth({ getHealth: async () => HEALTHY });
    const button = screen.getByRole('button', { name: 'Connection health' });
    expect([button.getAttribute('aria-haspopup'), button.textContent]).toEqual(['dialog', '']);
    expect(screen.queryByTestId('health-figures')).toBeNull();
    await open();
    const dialog = within(screen.getByRole('dialog', { name: 'Connection health' }));
    expect(dialog.getByRole('region', { name: 'Last 100 connections' }).textContent).toContain('Succeeded99%');
    expect(dialog.getByRole('region', { name: 'Last 100 connections' }).textContent).toContain('Needed a retry2%');
    const totals = dialog.getByRole('region', { name: 'Since Earshot started' });
    const rows = [...totals.querySelectorAll('dl > div')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ['Lost connections resumed', '12 of 13'],
      ['Audio frames received', '128,450'],
      ['Missing frames', '12 (0.2\u00a0s)'],
      ['Duplicate frames', '31'],
      ['Settle delay now', '0\u00a0ms'],
    ]);
  });

  test('the histogram has bars, and a table for screen readers', async () => {
    const { open } = await renderHealth({ getHealth: async () => HEALTHY });
    await open();
    const table = screen.getByRole('table', { name: 'Time to connect' });
    const rows = within(table)
      .getAllByRole('row')
      .map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows.slice(0, 3)).toEqual([
      ['Time', 'Connections'],
      ['up to 1\u00a0ms', '38'],
      ['over 1\u00a0ms, up to 2\u00a0ms', '41'],
    ]);
    const bars = document.querySelector('.histogram-bars');
    expect(bars?.getAttribute('aria-hidden')).toBe('true');
    const heights = [...document.querySelectorAll<HTMLElement>('.histogram-fill')].map((bar) => bar.style.height);
    expect(heights[1]).toBe('100%');
    expect(heights.filter((height) => height === '0%')).toHaveLength(5);
  });

  test('times have quantiles, or a dash without measurements', async () => {
    const { open, emit } = await renderHealth({ getHealth: async () => HEALTHY });
    await open();
    const times = () =>
      within(screen.getByRole('table', { name: 'Times' }))
        .getAllByRole('row')
        .map((row) => [...row.children].map((cell) => cell.textContent));
    expect(times()).toEqual([
      ['Times', 'p50', 'p95', 'p99'],
      ['Connecting', '1.3\u00a0ms', '6.1\u00a0ms', '18\u00a0ms'],
      ['Resuming', '310\u00a0ms', '1.2\u00a0s', '4.0\u00a0s'],
      ['Event-loop delay', '0.2\u00a0ms', '1.1\u00a0ms', '3.4\u00a0ms'],
    ]);
    emit({ ...HEALTHY, resume_ms: null });
    expect(times()[2]).toEqual(['Resuming', '–', '–', '–']);
  });

  test('before the first connection there is a sentence instead of figures', async () => {
    const { open } = await renderHealth({ getHealth: async () => NO_HEALTH });
    await open();
    const figures = screen.getByTestId('health-figures');
    expect(figures.textContent).toBe('No connection yet. Press the mic: each one is counted here.');
  });

  test('a failed request shows a sentence and a retry', async () => {
    let fails = true;
    const getHealth = async () => {
      if (fails) throw new Error('gone');
      return HEALTHY;
    };
    const { open } = await renderHealth({ getHealth });
    await open();
    expect(screen.getByRole('alert').textContent).toContain('could not be loaded');
    fails = false;
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Try again' })));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('region', { name: 'Last 100 connections' })).toBeTruthy();
  });

  test('figures are requested each time the dialog opens', async () => {
    const watchHealth = vi.fn(async () => HEALTHY);
    const { open } = await renderHealth({ watchHealth });
    expect(watchHealth).not.toHaveBeenCalled();
    await open();
    expect(watchHealth).toHaveBeenCalled();
    expect(screen.getByRole('region', { name: 'Last 100 connections' })).toBeTruthy();
  });
});

describe('a health warning', () => {
  test('is shown in the window with its percentage until it has passed', async () => {
    const { button, emit } = await renderHealth();
    emit(BAD);
    expect(button().textContent).toBe('Many retries, 14%');
    expect(screen.getByRole('button', { name: 'Many retries, 14%: connection health' })).toBe(button());
    emit(HEALTHY);
    expect(button().textContent).toBe('');
    expect(screen.getByRole('button', { name: 'Connection health' })).toBe(button());
  });

  test('is announced politely once, not with each new percentage, and removed when it has passed', async () => {
    const { emit, container } = await renderHealth();
    const live = container.querySelector('.app-header [role="status"]');
    expect(live?.textContent).toBe('');
    const announced: (string | null)[] = [];
    const observer = new MutationObserver(() => announced.push(live?.textContent ?? null));
    observer.observe(live as Element, { childList: true, characterData: true, subtree: true });
    emit(BAD);
    await act(async () => {});
    emit({ ...BAD, recent: { ...BAD.recent, retry_rate: 0.19 } });
    await act(async () => {});
    expect(announced).toEqual(['Many connections need more than one try. Open Connection health for details.']);
    emit(HEALTHY);
    await act(async () => {});
    expect(announced.at(-1)).toBe('');
    observer.disconnect();
  });

  test('is explained in the dialog', async () => {
    const { open, emit } = await renderHealth({ getHealth: async () => BAD });
    await open();
    expect(screen.getByTestId('health-warning').textContent).toContain('above 10%');
    emit(HEALTHY);
    expect(screen.queryByTestId('health-warning')).toBeNull();
  });

  test('that appears and passes while the dialog is open keeps the button that gets the focus back', async () => {
    withFocusReturn();
    const { button, open, emit } = await renderHealth({ getHealth: async () => HEALTHY });
    button().focus();
    await open();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Close');
    emit(BAD);
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('health-figures')).toBeNull();
    expect(document.activeElement).toBe(button());
  });
});
