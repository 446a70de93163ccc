// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../../shared/log-event.ts';
import { record, records } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { LogPanel } from './log-panel.tsx';

// happy-dom has no layout, so the list gets a height of 520 pixels.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(520);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
});

function renderLog() {
  const rendered = renderWindow(<LogPanel />);
  const emit = (batch: LogRecord[]) => act(() => rendered.emit('onLogRecords', batch));
  const texts = () => screen.getAllByTestId('log-row').map((row) => row.querySelector('.log-text')?.textContent);
  return { ...rendered, emit, texts };
}

const MIXED = [
  record(1, { side: 'server', event: 'WS_CONNECT', fields: { session: 'abc' } }),
  record(2, { side: 'client', event: 'WS_OPEN', fields: {} }),
  record(3, { side: 'app', event: 'WINDOW_OPENED', fields: {} }),
  record(4, { side: 'server', event: 'ERROR', level: 'error', fields: { type: 'x' } }),
];

describe('log panel', () => {
  test('a row has its side, event and level as text and as attributes', () => {
    const { emit } = renderLog();
    emit([MIXED[3] as LogRecord]);
    const row = screen.getByTestId('log-row');
    expect(row.dataset).toMatchObject({ side: 'server', event: 'ERROR', level: 'error' });
    expect(row.querySelector('.log-text')?.getAttribute('title')).toBe('ERROR | type=x');
  });

  test('a row shows an icon instead of the emoji, then the text, then the short session ID', () => {
    const { emit } = renderLog();
    const session = 'NRtpLQl4hzJ0CKWO';
    emit([record(1, { event: 'WS_SEND', fields: { session, event: 'connected', attempt: 1 } })]);
    const row = screen.getByTestId('log-row');
    const shownText = [...row.children].map((part) => part.textContent);
    expect(shownText.slice(1)).toEqual(['server', 'info', 'WS_SEND event=connected attempt=1', 'NRtpLQl4']);
    expect(row.querySelector('.log-icon svg')).toBeTruthy();
    expect(row.outerHTML).not.toMatch(/\p{Extended_Pictographic}/u);
    expect(row.querySelector('.log-text')?.getAttribute('title')).toContain(session);
    fireEvent.click(row);
    expect(screen.getByTestId('log-detail').textContent).toContain(session);
    expect(screen.getByTestId('log-detail').textContent).not.toMatch(/\p{Extended_Pictographic}/u);
  });

  test('AUDIO lines share a row with totals, which expands by click or arrow key', () => {
    const { emit, texts } = renderLog();
    const audio = (seq: number) =>
      record(seq, { event: 'AUDIO', fields: { session: 's1', seconds: 1, peak_dbfs: -9.5 } });
    emit([record(1), audio(2)]);
    emit([audio(3), audio(4)]);
    expect(texts()).toEqual(['WS_SEND line=1', 'AUDIO 3.0\u00a0s, peak −9.5 dBFS 3 ']);
    fireEvent.click(screen.getByTestId('log-expand'));
    expect(texts()).toHaveLength(5);
    expect(texts()[2]).toBe('AUDIO seconds=1 peak_dbfs=-9.5');
    fireEvent.click(screen.getByTestId('log-expand'));
    expect(texts()).toHaveLength(2);
    const list = screen.getByRole('log');
    fireEvent.click(screen.getAllByTestId('log-row')[1] as HTMLElement);
    fireEvent.keyDown(list, { key: 'ArrowRight' });
    expect(texts()).toHaveLength(5);
    fireEvent.keyDown(list, { key: 'ArrowLeft' });
    expect(texts()).toHaveLength(2);
    fireEvent.change(screen.getByTestId('log-event'), { target: { value: 'AUDIO' } });
    expect(texts()).toHaveLength(3);
  });

  test('filters by side, level, event and text combine, and the count follows', () => {
    const { emit, texts } = renderLog();
    emit(MIXED);
    expect(screen.getByTestId('log-count').textContent).toBe('4 of 4');
    fireEvent.click(screen.getByTestId('log-side-app'));
    fireEvent.change(screen.getByTestId('log-search'), { target: { value: 'SESSION' } });
    expect(texts()).toEqual(['WS_CONNECT']);
    expect(screen.getByTestId('log-count').textContent).toBe('1 of 4');
    fireEvent.change(screen.getByTestId('log-level'), { target: { value: 'error' } });
    expect(screen.getByText('No lines match these filters.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Show all lines' }));
    expect(texts()).toHaveLength(4);
    fireEvent.change(screen.getByTestId('log-event'), { target: { value: 'WS_OPEN' } });
    expect(texts()).toEqual(['WebSocket connection opened']);
  });

  test('H47 only the visible rows of 10,000 records are in the page', () => {
    const { emit } = renderLog();
    emit(records(1, 10_000));
    expect(screen.getByTestId('log-count').textContent).toBe('10,000 of 10,000');
    expect(screen.getAllByTestId('log-row').length).toBeLessThan(60);
  });

  test('a paused list does not change and counts new lines; the count resumes it', () => {
    const { emit } = renderLog();
    emit(records(1, 3));
    fireEvent.click(screen.getByTestId('log-follow'));
    emit(records(4, 1_234));
    expect(screen.getAllByTestId('log-row')).toHaveLength(3);
    expect(screen.getByTestId('log-new').textContent).toContain('1,234 new');
    fireEvent.click(screen.getByTestId('log-new'));
    expect(screen.queryByTestId('log-new')).toBeNull();
    expect(screen.getByTestId('log-count').textContent).toBe('1,237 of 1,237');
  });

  test('clearing empties this view, and its label says what is kept', () => {
    const { emit } = renderLog();
    emit(MIXED);
    const clear = screen.getByTestId('log-clear');
    expect(clear.getAttribute('aria-label')).toMatch(/log file and other windows keep everything/);
    fireEvent.click(clear);
    expect(screen.queryAllByTestId('log-row')).toEqual([]);
    expect(screen.getByText('Cleared. New lines will appear here.')).toBeTruthy();
  });

  test('a selected row is shown in full; copying takes the selection, or all lines shown', async () => {
    const copied: string[] = [];
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text));
    const { emit } = renderLog();
    emit(MIXED);
    fireEvent.click(screen.getByRole('button', { name: 'Copy all lines shown' }));
    fireEvent.click(screen.getAllByTestId('log-row')[1] as HTMLElement);
    expect(screen.getByTestId('log-detail').textContent).toContain('WebSocket connection opened');
    fireEvent.click(screen.getByRole('button', { name: 'Copy the selected lines' }));
    await vi.waitFor(() => expect(copied).toHaveLength(2));
    expect(copied.map((text) => text.split('\n').length)).toEqual([4, 1]);
  });

  test('the keyboard selects, extends, copies and deselects', () => {
    const { emit } = renderLog();
    emit(MIXED);
    const list = screen.getByRole('log');
    expect(list.tabIndex).toBe(0);
    expect(list.getAttribute('aria-live')).toBe('off');
    const selected = () => document.querySelectorAll('[data-selected]').length;
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    expect(selected()).toBe(1);
    fireEvent.keyDown(list, { key: 'ArrowDown', shiftKey: true });
    expect(selected()).toBe(2);
    fireEvent.keyDown(list, { key: 'a', ctrlKey: true });
    expect(selected()).toBe(4);
    fireEvent.keyDown(list, { key: 'Escape' });
    expect(selected()).toBe(0);
  });

  test('H40 without a host the panel says that lines are missing, and later what to do', () => {
    const { link } = renderLog();
    expect(screen.queryByTestId('log-cut-off')).toBeNull();
    act(() => link.set('down'));
    expect(screen.getByTestId('log-cut-off').textContent).toContain('Its lines appear when it is back.');
    expect(screen.getByRole('status').contains(screen.getByTestId('log-cut-off'))).toBe(true);
    act(() => link.set('unreachable'));
    expect(screen.getByTestId('log-cut-off').textContent).toContain('open the link it prints.');
    act(() => link.set('unproven'));
    expect(screen.getByTestId('log-cut-off').textContent).toContain('Another program answers');
    act(() => link.set('up'));
    expect(screen.queryByTestId('log-cut-off')).toBeNull();
  });

  test('without a host the window’s own events are shown and marked until the host has recorded them', async () => {
    const { link, outbox, emit, texts } = renderLog();
    const marks = () => screen.getAllByTestId('log-row').map((row) => row.querySelector('.log-waiting')?.textContent);
    emit([MIXED[0] as LogRecord]);
    act(() => {
      link.set('down');
      outbox.log('PRESS', { doing: 'start' });
      outbox.log('WS_OPEN');
    });
    expect(texts()).toEqual(['WS_CONNECT', 'Mic button pressed (start)', 'WebSocket connection opened']);
    expect(marks()).toEqual([undefined, 'not yet recorded', 'not yet recorded']);
    expect(screen.getByTestId('log-cut-off').textContent).toContain('2 lines of this window are not yet recorded.');
    fireEvent.click(screen.getAllByTestId('log-row')[1] as HTMLElement);
    expect(screen.getByTestId('log-detail').textContent).toContain('not yet recorded · client · info · PRESS');

    const [press] = outbox.unrecorded().lines;
    act(() => link.set('up'));
    emit([{ ...(press as LogRecord), seq: 2 }]);
    expect(marks()).toEqual([undefined, undefined, 'not yet recorded']);
  });

  test('a row of AUDIO lines is marked while one of them is not recorded', () => {
    const { link, outbox, emit } = renderLog();
    const mark = () => screen.getByTestId('log-row').querySelector('.log-waiting');
    emit([record(1, { side: 'client', event: 'AUDIO', fields: { session: 's1', frames: 50 } })]);
    act(() => {
      link.set('down');
      outbox.log('AUDIO', { session: 's1', frames: 50 });
    });
    expect(mark()).not.toBeNull();
    const [line] = outbox.unrecorded().lines;
    emit([{ ...(line as LogRecord), seq: 2 }]);
    expect(mark()).toBeNull();
  });

  test('the export downloads the records shown, one per line', async () => {
    const blobs: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    const { emit } = renderLog();
    emit(MIXED);
    fireEvent.click(screen.getByTestId('log-side-server'));
    fireEvent.click(screen.getByTestId('log-export'));
    expect(names[0]).toMatch(/^earshot-log-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.jsonl$/);
    const lines = (await blobs[0]?.text())?.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([2, 3]);
  });
});
