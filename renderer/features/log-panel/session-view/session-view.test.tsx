// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../../../shared/log-event.ts';
import { renderWindow } from '../../../testing/render-window.tsx';
import {
  CLEAN,
  type Line,
  REFUSED,
  RESTART,
  recordsOf,
  SESSION,
  THIRD_WELCOME,
} from '../../../testing/session-logs.ts';
import { setLanguage } from '../../../text/text.ts';
import { SessionView } from './session-view.tsx';

afterEach(() => {
  setLanguage({ language: 'en', locale: 'en-US' });
  vi.restoreAllMocks();
});

function show(lines: readonly Line[], sessionKey = SESSION) {
  const onClose = vi.fn();
  const history = recordsOf(lines);
  const view = renderWindow(<SessionView sessionKey={sessionKey} onClose={onClose} />);
  const emit = (records: readonly LogRecord[]) => act(() => view.emit('onLogRecords', [...records]));
  emit(history);
  return { ...view, onClose, emitRecords: emit };
}

const outcome = () => screen.getByTestId('session-outcome').textContent?.replaceAll('\u00a0', ' ');
const steps = (connection: number) =>
  within(screen.getAllByTestId('session-connection')[connection] as HTMLElement)
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent?.replaceAll('\u00a0', ' '));

describe('one reads what happened', () => {
  test('from a clean connection', () => {
    show(CLEAN);
    expect(outcome()).toBe('Connected in 12 ms. Listened for 2.0 s. Ended by you.');
    expect(steps(0).slice(0, 4)).toEqual([
      'WindowMic pressed0 ms',
      'WindowConnection requested2 ms2 ms',
      'ServerRequest accepted6 ms8 ms',
      'ServerWelcome sent0.5 ms8.5 ms',
    ]);
    expect(screen.getAllByTestId('session-connection')[0]?.textContent).toContain(
      'Longest: Microphone open, 30\u00a0ms',
    );
  });

  test('from a welcome that needed its third attempt', () => {
    show(THIRD_WELCOME);
    expect(outcome()).toBe(
      'Connected in 662 ms. The welcome needed a third attempt. Listened for 2.0 s. Ended by you.',
    );
    expect(steps(0)).toContain('ServerWelcome sent, 3 of 3351 ms660 ms');
    expect(screen.getByTestId('session-marks').textContent).toContain('Welcome 2 of 3 was not answered');
  });

  test('from a restart of the server while speaking', () => {
    show(RESTART);
    expect(outcome()).toBe(
      'Connected in 12 ms. Listened for 2.0 s. The connection was lost once and was back after 12 ms. No sound is missing. Ended by you.',
    );
    expect(screen.getAllByTestId('session-connection').map((part) => part.getAttribute('data-result'))).toEqual([
      'lost',
      'closed',
    ]);
    expect(screen.getByTestId('session-marks').textContent).toContain('The voice server was stopped.');
  });

  test('from a connection that the server refused', () => {
    show(REFUSED, 'press-');
    expect(outcome()).toBe(
      'The server refused the connection: it came from a page that is not Earshot’s. No session began.',
    );
    expect(steps(0).at(-2)).toContain('(403)');
  });

  test('from a stranger that the server refused', () => {
    show([[0, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }]], 'refused-');
    expect(outcome()).toBe(
      'The server refused a connection: it came from a page that is not Earshot’s. Nothing was sent to it.',
    );
    expect(screen.queryByTestId('session-life')).toBeNull();
  });

  test('in German', () => {
    setLanguage({ language: 'de', locale: 'de-DE' });
    show(RESTART);
    expect(outcome()).toBe(
      'In 12 ms verbunden. 2,0 s lang zugehört. Die Verbindung brach einmal ab und war nach 12 ms zurück. Es fehlt kein Ton. Von Ihnen beendet.',
    );
  });
});

test('the picture follows the session while it goes on', () => {
  const { emitRecords } = show(CLEAN.slice(0, 5));
  expect(outcome()).toBe('Not connected yet. It goes on.');
  emitRecords(recordsOf(CLEAN).slice(5, 17));
  expect(outcome()).toBe('Connected in 12 ms. It goes on.');
});

test('the view can be left where scrolling returns a promise, as in newer browsers', () => {
  vi.spyOn(Element.prototype, 'scrollTo').mockReturnValue(Promise.resolve() as unknown as undefined);
  const { unmount } = show(CLEAN);
  expect(unmount).not.toThrow();
});

test('of many attempts, those in between are shown on request', () => {
  const attempts = [0, 1, 2, 3, 4].flatMap((i) => [
    [i * 100 + 2, 'client', 'WS_CONNECTING', { url: 'ws://127.0.0.1:1/ws/voice' }] as const,
    [i * 100 + 5, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }] as const,
    [i * 100 + 7, 'client', 'WS_DISCONNECT', { code: 1006 }] as const,
  ]);
  show([[0, 'client', 'PRESS', { doing: 'start' }], ...attempts], 'press-');
  expect(screen.getAllByTestId('session-connection')).toHaveLength(3);
  fireEvent.click(screen.getByText('Show 2 more attempts'));
  expect(screen.getAllByTestId('session-connection')).toHaveLength(5);
});

test('the view is saved as JSON with the same data, and left', async () => {
  const { onClose } = show(RESTART);
  const saved: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `#${saved.push(blob as Blob)}`);
  fireEvent.click(screen.getByTestId('session-save'));
  expect(JSON.parse((await saved[0]?.text()) ?? '')).toMatchObject({
    format: 'earshot-session',
    version: 1,
    session: SESSION,
    started_at: '2026-11-28T09:00:00.000Z',
    summary: { lost: 1, resumed: 1, ending: 'user' },
    connections: [{ result: 'lost' }, { result: 'closed', resume: true }],
  });
  fireEvent.click(screen.getByTestId('session-close'));
  expect(onClose).toHaveBeenCalledOnce();
});
