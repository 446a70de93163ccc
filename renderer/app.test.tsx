// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../shared/errors.ts';
import { DEFAULT_SETTINGS } from '../shared/settings.ts';
import { App } from './app.tsx';
import { ErrorScreen } from './error-screen.tsx';
import { desktopInfo, NO_DESKTOP, page, recording } from './testing/fakes.ts';
import { renderWindow } from './testing/render-window.tsx';

describe('window', () => {
  test('the root element has the view as an attribute', () => {
    const { voice, container } = renderWindow(<App />);
    expect(container.querySelector('[data-view]')?.getAttribute('data-view')).toBe('idle');
    act(() => voice.show({ view: 'listening' }));
    expect(container.querySelector('[data-view]')?.getAttribute('data-view')).toBe('listening');
  });

  test('H13 mounted twice by StrictMode, it subscribes to the client once and unsubscribes when unmounted', () => {
    const { voice, unmount, services } = renderWindow(<App />);
    act(() => voice.show({ view: 'listening' }));
    expect(voice.listeners.size).toBe(1);
    expect(voice.levelListeners.size).toBe(1);
    unmount();
    services.dispose();
    expect([voice.listeners.size, voice.levelListeners.size]).toEqual([0, 0]);
  });

  test('New window opens a window of the host, or a tab if it has none', async () => {
    const { opened, bridge } = renderWindow(<App />, { openWindow: vi.fn(async () => true) });
    await act(async () => fireEvent.click(screen.getByTestId('new-window')));
    await act(async () => fireEvent.keyDown(window, { key: 'n', ctrlKey: true }));
    expect(bridge.openWindow).toHaveBeenCalledTimes(2);
    expect(opened.tabs).toBe(0);
    vi.mocked(bridge.openWindow).mockResolvedValue(false);
    await act(async () => fireEvent.keyDown(window, { key: 'n', metaKey: true }));
    vi.mocked(bridge.openWindow).mockRejectedValue(new Error('the host does not answer'));
    await act(async () => fireEvent.click(screen.getByTestId('new-window')));
    expect(opened.tabs).toBe(2);
  });

  test('it subscribes to commands before its first desktop request, which shows the host that it listens', async () => {
    const order: string[] = [];
    const onMicCommand = () => {
      order.push('subscribes');
      return () => {};
    };
    const getDesktop = async () => {
      order.push('requests');
      return NO_DESKTOP;
    };
    await act(async () => renderWindow(<App />, { onMicCommand, getDesktop }, desktopInfo('linux')));
    expect(order).toEqual(['subscribes', 'requests']);
  });

  test('the tray and the global shortcut press the mic until the window is closed', () => {
    const { voice, emit, services } = renderWindow(<App />);
    act(() => emit('onMicCommand', 'toggle'));
    act(() => voice.show({ view: 'listening' }));
    act(() => emit('onMicCommand', 'start'));
    expect(voice.calls.press).toBe(1);
    act(() => emit('onMicCommand', 'stop'));
    expect(voice.calls.press).toBe(2);
    services.dispose();
    act(() => emit('onMicCommand', 'toggle'));
    expect(voice.calls.press).toBe(2);
  });

  test('the page has the chosen theme, or none for the system theme', () => {
    const { emit } = renderWindow(<App />);
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, theme: 'dark' }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    act(() => emit('onSettings', DEFAULT_SETTINGS));
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  test('recent recordings are loaded when the list is opened, not before', async () => {
    const listRecordings = vi.fn(async () =>
      page([
        recording({ id: 'old', session_id: 'elsewhere', complete: false, started_at: '2026-01-02T03:04:05Z' }),
        recording({ id: 'older' }),
        recording({ id: 'gap', gaps: [{ at_s: 1, seconds: 0.4 }] }),
        recording({
          id: 'both',
          complete: false,
          started_at: '2026-01-02T03:04:05Z',
          gaps: [{ at_s: 1, seconds: 0.4 }],
        }),
      ]),
    );
    renderWindow(<App />, { listRecordings });
    expect(listRecordings).not.toHaveBeenCalled();
    const button = screen.getByRole('button', { name: 'Recent recordings' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await act(async () => fireEvent.click(button));
    expect(button.getAttribute('aria-expanded')).toBe('true');
    const rows = screen.getAllByTestId('recent-recording');
    const flaws = rows.map((row) => within(row).queryByTestId('recording-flaws')?.textContent);
    expect(flaws).toEqual(['cut short', undefined, '0.4\u00a0s missing', '0.4\u00a0s missing, cut short']);
  });

  test('without a host, a sentence says what to do', () => {
    const { rerender } = render(<ErrorScreen error={new Error('the host does not answer')} onRetry={() => {}} />);
    const errorText = () => screen.getByTestId('unreachable').textContent;
    expect(errorText()).toContain('Start Earshot again and open the link it prints.');
    rerender(<ErrorScreen error={new EarshotError('bridge_full', 'Close one.')} onRetry={() => {}} />);
    expect(errorText()).toMatch(/no room for this tab.*Close one\./);
    expect(errorText()).not.toContain('Start Earshot again');
    rerender(<ErrorScreen error={new EarshotError('bridge_cookies', 'Delete them.')} onRetry={() => {}} />);
    expect(errorText()).toMatch(/Too many cookies for this address.*Delete them\./);
    rerender(<ErrorScreen error={new EarshotError('bridge_unproven', 'Nothing was sent.')} onRetry={() => {}} />);
    expect(errorText()).toMatch(/Another program answers in Earshot’s place.*Nothing was sent\./);
  });
});
