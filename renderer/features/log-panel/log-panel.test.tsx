// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '../../../shared/bridge.ts';
import type { LogRecord } from '../../../shared/log-event.ts';
import type { Settings } from '../../../shared/settings.ts';
import { record, records } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { LogPanel } from './log-panel.tsx';

// happy-dom has no layout, so the list gets a height of 520 pixels.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(520);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
});

const list = () => screen.getByTestId('log-list');

/** What is copied from now on. */
function catchCopies(): string[] {
  const copied: string[] = [];
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text));
  return copied;
}

async function chooseFromMenu(entry: string): Promise<void> {
  fireEvent.click(screen.getByTestId('log-more'));
  fireEvent.click(await screen.findByTestId(entry));
}

function renderLog(detail: Settings['log_detail'] = 'everything', calls: Partial<Bridge> = {}) {
  const rendered = renderWindow(<LogPanel />, calls);
  act(() => void rendered.services.settings.change({ log_detail: detail }));
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
    expect(shownText.slice(1)).toEqual(['Server', 'Info', 'WS_SENDevent connectedattempt 1', 'NRtp']);
    expect(row.querySelector('.log-icon svg')).toBeTruthy();
    expect(row.outerHTML).not.toMatch(/\p{Extended_Pictographic}/u);
    expect(row.querySelector('.log-text')?.getAttribute('title')).toContain(session);
    fireEvent.click(row);
    expect(screen.getByTestId('log-detail').textContent).toContain(session);
    expect(screen.getByTestId('log-detail').textContent).not.toMatch(/\p{Extended_Pictographic}/u);
  });

  test('a row whose fields do not fit shows whole ones and the number of the others', () => {
    const { emit } = renderLog();
    emit([record(1, { event: 'WARNING', level: 'warn', fields: { type: 'flood', detail: 'x'.repeat(200), more: 1 } })]);
    expect(screen.getByTestId('log-row').querySelector('.log-text')?.textContent).toBe(
      'WARNINGtype flood+2 more fields',
    );
    fireEvent.click(screen.getByTestId('log-row'));
    expect(screen.getByTestId('log-detail').textContent).toContain('x'.repeat(200));
  });

  test('AUDIO lines share a row with totals, which expands by click or arrow key', () => {
    const { emit, texts } = renderLog();
    const audio = (seq: number) =>
      record(seq, { event: 'AUDIO', fields: { session: 's1', seconds: 1, peak_dbfs: -9.5 } });
    emit([record(1), audio(2)]);
    emit([audio(3), audio(4)]);
    expect(texts()).toEqual(['WS_SENDline 1', 'AUDIOlength 3.0\u00a0s+1 more field3 ']);
    fireEvent.click(screen.getByTestId('log-expand'));
    expect(texts()).toHaveLength(5);
    expect(texts()[2]).toBe('AUDIOpeak_dbfs −9.5\u00a0dBFS (good level)+1 more field');
    fireEvent.click(screen.getByTestId('log-expand'));
    expect(texts()).toHaveLength(2);
    fireEvent.click(screen.getAllByTestId('log-row')[1] as HTMLElement);
    fireEvent.keyDown(list(), { key: 'ArrowRight' });
    expect(texts()).toHaveLength(5);
    fireEvent.keyDown(list(), { key: 'ArrowLeft' });
    expect(texts()).toHaveLength(2);
    fireEvent.change(screen.getByTestId('log-event'), { target: { value: 'AUDIO' } });
    expect(texts()).toHaveLength(3);
  });

  test('filters by side, level, event and text combine, and the count follows', () => {
    const { emit, texts } = renderLog();
    emit(MIXED);
    expect(screen.getByTestId('log-count').textContent).toBe('4 lines');
    fireEvent.click(screen.getByTestId('log-side-app'));
    fireEvent.change(screen.getByTestId('log-search'), { target: { value: 'SESSION' } });
    expect(texts()).toEqual(['WS_CONNECT']);
    expect(screen.getByTestId('log-count').textContent).toBe('1 of 4 lines');
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
    expect(screen.getByTestId('log-count').textContent).toBe('10,000 lines');
    expect(screen.getAllByTestId('log-row').length).toBeLessThan(60);
    expect(list().getAttribute('aria-rowcount')).toBe('10000');
    const numbers = screen.getAllByTestId('log-row').map((row) => Number(row.getAttribute('aria-rowindex')));
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? Number.NaN) + at));
  });

  test('a paused list does not change and counts new lines; the count resumes it', () => {
    const { emit } = renderLog();
    emit(records(1, 3));
    const button = screen.getByTestId('log-follow');
    expect(button.getAttribute('aria-label')).toBe('Pause the list');
    expect(button.getAttribute('aria-description')).toContain('new lines are kept and counted');
    fireEvent.click(button);
    expect(button.getAttribute('aria-label')).toBe('Follow new lines');
    emit(records(4, 1_234));
    expect(screen.getAllByTestId('log-row')).toHaveLength(3);
    expect(screen.getByTestId('log-new').textContent).toContain('1,234 new');
    fireEvent.click(screen.getByTestId('log-new'));
    expect(screen.queryByTestId('log-new')).toBeNull();
    expect(screen.getByTestId('log-count').textContent).toBe('1,237 lines');
  });

  test('clearing empties this view, its label says what is kept, and it can be undone', () => {
    const { emit } = renderLog();
    emit(MIXED);
    const clear = screen.getByTestId('log-clear');
    expect(clear.getAttribute('aria-label')).toMatch(/log file and other windows keep everything/);
    fireEvent.click(clear);
    expect(screen.queryAllByTestId('log-row')).toEqual([]);
    expect(screen.getByText('Cleared. New lines will appear here.')).toBeTruthy();
    emit([record(5)]);
    fireEvent.click(screen.getByTestId('log-undo-clear'));
    expect(screen.getAllByTestId('log-row')).toHaveLength(5);
    expect(screen.queryByTestId('log-cleared')).toBeNull();
  });

  test('the notice of a clear can be closed, and comes back with the next clear', () => {
    const { emit } = renderLog();
    emit(MIXED);
    fireEvent.click(screen.getByTestId('log-clear'));
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByTestId('log-cleared')).toBeNull();
    emit([record(5)]);
    expect(screen.queryByTestId('log-cleared')).toBeNull();
    fireEvent.click(screen.getByTestId('log-clear'));
    expect(screen.getByTestId('log-cleared')).toBeTruthy();
  });

  test('copying takes the selection, or all lines shown', async () => {
    const copied = catchCopies();
    const { emit } = renderLog();
    emit(MIXED);
    fireEvent.click(screen.getByRole('button', { name: 'Copy all lines shown' }));
    fireEvent.click(screen.getAllByTestId('log-row')[1] as HTMLElement);
    fireEvent.click(screen.getByRole('button', { name: 'Copy the selected lines' }));
    await vi.waitFor(() => expect(copied).toHaveLength(2));
    expect(copied.map((text) => text.split('\n').length)).toEqual([4, 1]);
  });

  test('H40 without a host the panel says that lines are missing, and later what to do', () => {
    const { link } = renderLog();
    expect(screen.queryByTestId('log-cut-off')).toBeNull();
    act(() => link.set('down'));
    expect(screen.getByTestId('log-cut-off').textContent).toContain('Its lines appear when it is back.');
    expect(screen.getByTestId('log-cut-off').closest('[role="status"]')).toBeTruthy();
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
    expect(screen.getByTestId('log-detail').textContent).toContain('numbernot yet recorded');
    fireEvent.click(screen.getByTestId('log-detail-close'));

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
    await chooseFromMenu('log-export');
    await vi.waitFor(() => expect(names).toHaveLength(1));
    expect(names[0]).toMatch(/^earshot-log-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.jsonl$/);
    const lines = (await blobs[0]?.text())?.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([2, 3]);
  });

  test('in the plain level, sentences are shown, and the number of technical lines, which can be shown', async () => {
    const { emit, texts, services } = renderLog('plain');
    emit(MIXED);
    expect(texts()).toEqual(['A window was opened.', 'x']);
    expect(screen.queryByTestId('log-level')).toBeNull();
    expect(screen.getByTestId('log-hidden').textContent).toBe('2 technical lines are hidden.');
    await act(async () => fireEvent.click(screen.getByTestId('log-show-everything')));
    expect(texts()).toHaveLength(4);
    expect(services.settings.getState().settings.log_detail).toBe('everything');
    expect((screen.getByTestId('log-everything') as HTMLInputElement).checked).toBe(true);
  });

  test('a search in the plain level finds words of its sentences, and marks them', () => {
    const { emit, texts } = renderLog('plain');
    emit([record(1, { side: 'client', event: 'PRESS', fields: { doing: 'start' } }), MIXED[3] as LogRecord]);
    expect(texts()).toHaveLength(2);
    fireEvent.change(screen.getByTestId('log-search'), { target: { value: 'was pressed' } });
    expect(texts()).toEqual(['The mic was pressed to start.']);
    expect([...document.querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual(['was', 'pressed']);
  });

  test('the details have every field with a copy button, the line as text and as JSON', async () => {
    const copied = catchCopies();
    const { emit } = renderLog();
    emit([
      record(7, { event: 'WS_DISCONNECT', fields: { session: 'abcd1234', code: 1006, reason: 'x'.repeat(3_000) } }),
    ]);
    fireEvent.click(screen.getByTestId('log-row'));
    const detail = screen.getByTestId('log-detail');
    const names = [...detail.querySelectorAll('th')].map(({ textContent }) => textContent);
    expect(names).toEqual(['code', 'reason', 'session', 'time', 'side', 'level', 'number']);
    expect(detail.textContent).toContain('1006 (it broke without a goodbye)');
    expect(detail.textContent).toContain('x'.repeat(3_000));
    for (const name of ['Copy code', 'Copy as text', 'Copy as JSON'])
      fireEvent.click(screen.getByRole('button', { name }));
    await vi.waitFor(() => expect(copied).toHaveLength(3));
    expect(copied[0]).toBe('1006');
    expect(copied[1]).toContain('👋 WS_DISCONNECT | session=abcd1234 | code=1006');
    expect(JSON.parse(copied[2] ?? '')).toMatchObject({ seq: 7, fields: { session: 'abcd1234', code: 1006 } });
  });

  test('a session’s tag shows its lines only; Escape shows all again', () => {
    const { emit, texts } = renderLog();
    emit([
      record(1, { event: 'WS_CONNECT', fields: { session: 'abcd1234' } }),
      record(2, { event: 'WS_CONNECT', fields: { session: 'efgh5678' } }),
    ]);
    const tags = screen.getAllByTestId('log-session');
    expect(tags.map(({ textContent }) => textContent)).toEqual(['abcd', 'efgh']);
    // WCAG 2.2, 2.5.3: the name has the words that are seen.
    expect(tags.map((tag) => tag.getAttribute('aria-label'))).toEqual(['Show session abcd', 'Show session efgh']);
    fireEvent.click(tags[1] as HTMLElement);
    expect(texts()).toHaveLength(1);
    fireEvent.keyDown(list(), { key: 'Escape' });
    expect(texts()).toHaveLength(2);
    fireEvent.keyDown(list(), { key: 'Home' });
    fireEvent.keyDown(list(), { key: 's' });
    expect(texts()).toHaveLength(1);
  });

  test('a session is chosen from the list of all, the newest first', () => {
    const { emit, texts } = renderLog();
    emit([
      record(1, { event: 'WS_CONNECT', fields: { session: 'abcd1234' } }),
      record(2, { event: 'WS_CONNECT', fields: { session: 'efgh5678' } }),
      record(3, { event: 'WS_READY', fields: { session: 'abcd1234' } }),
    ]);
    const picker = screen.getByTestId('log-session-filter') as HTMLSelectElement;
    expect([...picker.options].map(({ value }) => value)).toEqual(['', 'efgh5678', 'abcd1234']);
    fireEvent.change(picker, { target: { value: 'abcd1234' } });
    expect(texts()).toHaveLength(2);
    expect(screen.getByTestId('session-view')).toBeTruthy();
    fireEvent.change(picker, { target: { value: '' } });
    expect(texts()).toHaveLength(3);
  });
});

describe('a log file', () => {
  const line = (seq: number, event: string) =>
    JSON.stringify({ seq, time: seq * 1000, side: 'app', level: 'info', event, fields: { n: seq } });
  const drop = (...files: File[]) => {
    const items = files.map((file) => ({ kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => null }));
    const event = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), {
      dataTransfer: { types: ['Files'], items },
    });
    act(() => void list().dispatchEvent(event));
  };

  test('that is dropped is shown instead of the live log, with its name and its unreadable lines', async () => {
    const { emit, texts } = renderLog();
    emit(MIXED);
    drop(new File([`${line(1, 'APP_STARTED')}\nnonsense\n${line(2, 'NEWER_EVENT')}\n`], 'other.jsonl'));
    await screen.findByTestId('log-file');
    expect(texts()).toEqual(['APP_STARTEDn 1', 'NEWER_EVENTn 2']);
    expect(screen.getByTestId('log-file').textContent).toContain(
      'File other.jsonl: 2 lines. 1 line could not be read (line 2).',
    );
    drop(new File([`${line(1, 'APP_STARTED')}\n`, 'nonsense\n'.repeat(2_000)], 'worse.jsonl'));
    await vi.waitFor(() =>
      expect(screen.getByTestId('log-file').textContent).toContain(
        '2,000 lines could not be read (lines 2, 3, 4, 5, 6, …).',
      ),
    );
    drop(new File([`${line(1, 'APP_STARTED')}\n${line(2, 'NEWER_EVENT')}\n`], 'other.jsonl'));
    await vi.waitFor(() => expect(texts()).toHaveLength(2));
    emit([record(5)]);
    expect(texts()).toHaveLength(2);
    fireEvent.click(screen.getByTestId('log-close-file'));
    expect(texts()).toHaveLength(5);
  });

  test('does not pause the live log when its lines are read', async () => {
    const { services } = renderLog();
    drop(new File([line(1, 'APP_STARTED')], 'other.jsonl'));
    await screen.findByTestId('log-file');
    fireEvent.click(screen.getByTestId('log-row'));
    fireEvent.keyDown(list(), { key: 'p' });
    fireEvent.click(screen.getByTestId('log-close-file'));
    expect(services.log.getState().following).toBe(true);
  });

  test('that is none is refused with a sentence, and nothing is lost', async () => {
    const { emit, texts } = renderLog();
    emit(MIXED);
    drop(new File(['a shopping list'], 'list.txt'));
    expect((await screen.findByTestId('log-file-problem')).textContent).toMatch(/^list\.txt: /);
    expect(texts()).toHaveLength(4);
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByTestId('log-file-problem')).toBeNull();
    drop(new File([''], 'a'), new File([''], 'b'));
    expect(screen.getByTestId('log-file-problem').textContent).toBe('Drop one log file at a time.');
  });

  test('a line whose fields can’t be read shows its text, and its details name its event', async () => {
    const { texts } = renderLog();
    const old = { seq: 3, time: 1, side: 'server', level: 'warn', event: 'HEALTH_WARNING', text: '🌡️ Slow today' };
    drop(new File([JSON.stringify(old)], 'old.log'));
    await screen.findByTestId('log-file');
    expect(texts()).toEqual(['Slow today']);
    fireEvent.click(screen.getByTestId('log-row'));
    fireEvent.keyDown(list(), { key: 'Enter' });
    expect(within(screen.getByTestId('log-detail')).getByRole('heading', { level: 3 }).textContent).toBe(
      'HEALTH_WARNING',
    );
  });

  test('that is chosen is read as well', async () => {
    const { texts } = renderLog();
    const field = screen.getByTestId('log-file-field');
    Object.defineProperty(field, 'files', { value: [new File([line(1, 'APP_STARTED')], 'chosen.jsonl')] });
    fireEvent.change(field);
    await screen.findByTestId('log-file');
    expect(texts()).toEqual(['APP_STARTEDn 1']);
  });
});

test('lines older than those that the window holds are said to be in the log file, which is shown', async () => {
  const shown = vi.fn(async () => ({ path: '/data/logs/earshot.log' }));
  const { emit } = renderLog('everything', { showLogFile: shown });
  expect(screen.queryByTestId('log-older')).toBeNull();
  emit([record(12_346)]);
  expect((await screen.findByTestId('log-older')).textContent).toContain(
    '12,345 older lines are not shown here. The log file has the newest of them.',
  );
  fireEvent.click(screen.getByRole('button', { name: 'Show it' }));
  await screen.findByText('The log file is /data/logs/earshot.log');
  expect(shown).toHaveBeenCalledOnce();
});

describe('keys of the log panel', () => {
  const selected = () =>
    [...document.querySelectorAll('[aria-selected="true"]')].map((row) => row.getAttribute('data-id'));
  const press = (key: string, more = {}) => fireEvent.keyDown(list(), { key, ...more });

  test('select, extend, copy and deselect', async () => {
    const copied = catchCopies();
    const { emit } = renderLog();
    emit(MIXED);
    expect(list().tabIndex).toBe(0);
    press('Home');
    expect(selected()).toEqual(['1']);
    expect(list().getAttribute('aria-activedescendant')).toBe('log-row-1');
    press('j');
    press('ArrowDown', { shiftKey: true });
    expect(selected()).toEqual(['2', '3']);
    press('c', { ctrlKey: true });
    await vi.waitFor(() => expect(copied[0]?.split('\n')).toHaveLength(2));
    press('a', { ctrlKey: true });
    expect(selected()).toHaveLength(4);
    press('Escape');
    expect(selected()).toEqual([]);
  });

  test('Enter opens the details, which follow the cursor; Escape closes them and returns the focus', () => {
    const { emit } = renderLog();
    emit(MIXED);
    press('End');
    expect(screen.queryByTestId('log-detail')).toBeNull();
    press('Enter');
    expect(screen.getByTestId('log-detail').textContent).toContain('ERROR');
    press('k');
    expect(screen.getByTestId('log-detail').textContent).toContain('WINDOW_OPENED');
    const close = screen.getByTestId('log-detail-close');
    close.focus();
    fireEvent.keyDown(close, { key: 'Escape' });
    expect(screen.queryByTestId('log-detail')).toBeNull();
    expect(document.activeElement).toBe(list());
    expect(selected()).toEqual(['3']);
  });

  test('/ goes to the search, n and N to its matches, Escape clears it', () => {
    const { emit } = renderLog();
    emit(records(1, 20));
    press('/');
    const field = screen.getByTestId('log-search');
    expect(document.activeElement).toBe(field);
    fireEvent.change(field, { target: { value: 'line=1' } });
    expect(screen.getByTestId('log-matches').textContent).toBe('11');
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(screen.getByTestId('log-matches').textContent).toMatch(/^\d+ of 11$/);
    const first = selected();
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(list());
    press('n');
    expect(selected()).not.toEqual(first);
    press('N');
    expect(selected()).toEqual(first);
    press('Escape');
    expect((field as HTMLInputElement).value).toBe('');
  });

  test('letters in the search field are text', () => {
    const { emit } = renderLog();
    emit(MIXED);
    const field = screen.getByTestId('log-search');
    for (const key of ['n', '?', '/', 'j']) fireEvent.keyDown(field, { key });
    expect(selected()).toEqual([]);
    expect(document.querySelector('dialog[open]')).toBeNull();
  });

  test('? shows all keys', () => {
    renderLog();
    press('?');
    const dialog = document.querySelector('dialog[open]');
    expect(dialog?.textContent).toContain('Next match');
    expect([...(dialog?.querySelectorAll('kbd') ?? [])].map(({ textContent }) => textContent)).toContain('Ctrl+C');
  });
});

describe('a filter as text', () => {
  const field = () => screen.getByTestId('log-search') as HTMLInputElement;
  const paste = (text: string) => fireEvent.paste(field(), { clipboardData: { getData: () => text } });

  test('is applied when it is pasted, and copied from the menu', async () => {
    const copied = catchCopies();
    const { emit, texts } = renderLog();
    emit(MIXED);
    paste('side:server level:error type');
    expect(texts()).toEqual(['ERRORtype x']);
    expect(field().value).toBe('type');
    await chooseFromMenu('log-copy-filter');
    await vi.waitFor(() => expect(copied).toEqual(['side:server level:error type']));
  });

  test('is applied by Enter when it is typed; until then all lines are shown', () => {
    const { emit, texts } = renderLog();
    emit(MIXED);
    fireEvent.change(field(), { target: { value: 'event:ws_open' } });
    expect(texts()).toHaveLength(4);
    expect(screen.getByTestId('log-search-note').textContent).toContain('Press Enter');
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(texts()).toEqual(['WebSocket connection opened']);
    expect(field().value).toBe('');
  });

  test('that is wrong is kept, and its wrong part is named', () => {
    const { emit, texts } = renderLog();
    emit(MIXED);
    paste('level:loud');
    expect(field().value).toBe('level:loud');
    expect(screen.getByTestId('log-search-note').textContent).toContain('“level:loud”');
    expect(texts()).toHaveLength(4);
  });
});
