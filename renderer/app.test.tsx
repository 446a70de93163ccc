// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../shared/errors.ts';
import { DEFAULT_SETTINGS } from '../shared/settings.ts';
import { App } from './app.tsx';
import { ErrorScreen } from './error-screen.tsx';
import { desktopInfo, fakeBridge, NO_DESKTOP, record } from './testing/fakes.ts';
import { renderWindow } from './testing/render-window.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

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
    const click = async () => {
      await act(async () => fireEvent.click(screen.getByTestId('settings')));
      fireEvent.change(screen.getByTestId('settings-search'), { target: { value: 'new window' } });
      await act(async () => fireEvent.click(screen.getByTestId('new-window')));
    };
    await click();
    expect(screen.queryByTestId('new-window'), 'the settings are closed').toBeNull();
    await act(async () => fireEvent.keyDown(window, { key: 'n', ctrlKey: true }));
    expect(bridge.openWindow).toHaveBeenCalledTimes(2);
    expect(opened.tabs).toBe(0);
    vi.mocked(bridge.openWindow).mockResolvedValue(false);
    await act(async () => fireEvent.keyDown(window, { key: 'n', ctrlKey: true }));
    vi.mocked(bridge.openWindow).mockRejectedValue(new Error('the host does not answer'));
    await click();
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

  test('the log is closed for a new user, and a badge counts its warnings until it is opened', async () => {
    const { emit, bridge } = renderWindow(<App />, { changeSettings: vi.fn(fakeBridge().bridge.changeSettings) });
    const button = screen.getByTestId('log-fold');
    expect(button.getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByTestId('log-list')).toBeNull();
    await act(async () => undefined);
    act(() => emit('onLogRecords', [record(1, { level: 'warn' }), record(2), record(3, { level: 'error' })]));
    expect(button.getAttribute('aria-label')).toBe('Show the log, 2 new warnings');
    expect(screen.getByTestId('log-badge').dataset.sign).toBe('2');
    await act(async () => fireEvent.click(button));
    expect(bridge.changeSettings).toHaveBeenCalledWith({ log_open: true });
    expect(screen.queryByTestId('log-badge')).toBeNull();
    expect(screen.getByTestId('log-list')).toBeTruthy();
    await act(async () => fireEvent.click(screen.getByTestId('log-close')));
    expect(button.getAttribute('aria-label')).toBe('Show the log');
  });

  test('the log stays open or closed as it was', () => {
    const { emit } = renderWindow(<App />);
    act(() => emit('onSettings', { ...DEFAULT_SETTINGS, log_open: true }));
    expect(screen.getByTestId('log-fold').getAttribute('aria-expanded')).toBe('true');
  });

  test('while the host is away, the badge of the closed log says so', () => {
    const { link } = renderWindow(<App />);
    act(() => link.set('down'));
    expect(screen.getByTestId('log-fold').getAttribute('aria-label')).toBe('Show the log, not connected');
  });

  test('a narrow window has tabs, which the arrow keys move between', async () => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      () =>
        ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }) as unknown as MediaQueryList,
    );
    const { voice } = renderWindow(<App />);
    const selected = () => screen.getAllByRole('tab').map((tab) => tab.getAttribute('aria-selected'));
    expect(screen.queryByTestId('log-fold')).toBeNull();
    expect(selected()).toEqual(['true', 'false', 'false']);
    await act(async () => fireEvent.keyDown(screen.getByTestId('tab-talk'), { key: 'ArrowRight' }));
    expect(selected()).toEqual(['false', 'true', 'false']);
    expect(document.activeElement).toBe(screen.getByTestId('tab-recordings'));
    act(() => voice.show({ view: 'listening' }));
    expect(screen.getByRole('tab', { name: 'Talk, recording now' })).toBeTruthy();
    await act(async () => fireEvent.keyDown(screen.getByTestId('tab-recordings'), { key: 'ArrowRight' }));
    expect(screen.getByTestId('log-list')).toBeTruthy();
    await act(async () => fireEvent.keyDown(screen.getByTestId('tab-log'), { key: 'ArrowRight' }));
    expect(selected()).toEqual(['true', 'false', 'false']);
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
