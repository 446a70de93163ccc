// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '../../../shared/bridge.ts';
import { EarshotError } from '../../../shared/errors.ts';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { page, recording } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { RecordingsView } from './recordings-view.tsx';

// happy-dom has no layout, so the list gets a height of 600 pixels.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(400);
});

const NOON = new Date(2026, 10, 25, 12).getTime();
const at = (minutesBefore: number) => new Date(NOON - minutesBefore * 60_000).toISOString();
const TALK = recording({ id: 'talk', title: 'Interview', started_at: at(0), duration_s: 60 });
const GAP = recording({ id: 'gap', started_at: at(10), gaps: [{ at_s: 1, seconds: 0.4 }] });
const OLD = recording({ id: 'old', title: 'Ideas', note: 'for the talk', started_at: at(3 * 24 * 60), peak_dbfs: -40 });

async function renderView(all: RecordingInfo[] = [TALK, GAP, OLD], calls: Partial<Bridge> = {}) {
  const rendered = renderWindow(<RecordingsView hidden={false} />, { listRecordings: async () => page(all), ...calls });
  await act(async () => undefined);
  const rows = () => screen.queryAllByTestId('recording-row');
  const ids = () => rows().map((row) => row.dataset.recordingId);
  const selected = () =>
    rows().flatMap((row) => (row.getAttribute('aria-selected') === 'true' ? [row.dataset.recordingId] : []));
  const row = (id: string) => rows().find((found) => found.dataset.recordingId === id) as HTMLElement;
  const list = screen.getByTestId('recording-list');
  const press = (key: string, more: KeyboardEventInit = {}) =>
    act(async () => void fireEvent.keyDown(list, { key, ...more }));
  const click = (element: HTMLElement, more: MouseEventInit = {}) =>
    act(async () => void fireEvent.click(element, more));
  return { ...rendered, rows, ids, row, selected, list, press, click };
}

describe('the list of recordings', () => {
  test('is grouped by day, and each row has title, time, level, length and what is wrong', async () => {
    const { ids, row } = await renderView();
    expect(screen.getAllByTestId('recording-day').map((day) => day.firstChild?.textContent)).toEqual([
      'Wednesday, November 25',
      'Sunday, November 22',
    ]);
    expect(ids()).toEqual(['talk', 'gap', 'old']);
    const plain = (id: string) => row(id).textContent?.replaceAll(/[\u202f\u00a0]/g, ' ');
    expect(plain('talk')).toBe('Interview12:00 PMgood level1:00');
    expect(plain('gap')).toBe('Recording at 11:50 AM11:50 AM0.4 s missinggood level0:12');
    expect(plain('old')).toContain('quiet');
  });

  test('is searched in title, note and date, and filtered; an empty result offers all recordings', async () => {
    const { ids, click } = await renderView();
    const search = screen.getByTestId('recordings-search');
    const type = (value: string) => act(async () => void fireEvent.change(search, { target: { value } }));
    await type('talk');
    expect(ids()).toEqual(['old']);
    expect(screen.getByTestId('recordings-count').textContent).toBe('1 of 3');
    await type('november 25');
    expect(ids()).toEqual(['talk', 'gap']);
    await click(screen.getByTestId('recordings-filter-gaps'));
    expect(ids()).toEqual(['gap']);
    await type('nothing');
    expect(ids()).toEqual([]);
    await click(screen.getByRole('button', { name: 'Show all recordings' }));
    expect(ids()).toEqual(['talk', 'gap', 'old']);
    expect(screen.getByTestId('recordings-count').textContent).toBe('3 recordings');
  });

  test('is sorted as chosen, without days if not by time', async () => {
    const { ids } = await renderView();
    const sort = (value: string) =>
      act(async () => void fireEvent.change(screen.getByTestId('recordings-sort'), { target: { value } }));
    await sort('oldest');
    expect(ids()).toEqual(['old', 'gap', 'talk']);
    await sort('title');
    expect(ids()).toEqual(['old', 'talk', 'gap']);
    expect(screen.queryByTestId('recording-day')).toBeNull();
  });

  test('requests waveforms of visible rows only, and none of a recording in progress', async () => {
    const all = Array.from({ length: 500 }, (_, i) => recording({ id: `r${i}`, started_at: at(i) }));
    const getWaveform = vi.fn(async () => ({ peaks: [1] }));
    await renderView([{ ...TALK, being_written: true, complete: false }, ...all], { getWaveform });
    await vi.waitFor(() => expect(getWaveform.mock.calls.length).toBeGreaterThan(5));
    await act(async () => undefined);
    const asked = (getWaveform.mock.calls as unknown as [{ id: string }][]).map(([{ id }]) => id);
    expect(asked.length).toBeLessThan(40);
    expect(asked).not.toContain('talk');
  });

  test('says what will be here while it is empty', async () => {
    await renderView([]);
    expect(screen.getByTestId('recordings-empty').textContent).toContain('Press the mic and speak.');
  });

  test('says why it could not be loaded, with a button to try again', async () => {
    let broken = true;
    const listRecordings = async () => {
      if (broken) throw new EarshotError('disk', 'The folder can’t be read. Check it, then try again.');
      return page([TALK]);
    };
    const { ids, click } = await renderView([], { listRecordings });
    expect(screen.getByRole('alert').textContent).toContain('The folder can’t be read.');
    broken = false;
    await click(screen.getByRole('button', { name: 'Try again' }));
    expect(ids()).toEqual(['talk']);
  });

  test('follows the host: new, changed and removed recordings', async () => {
    const { emit, ids, row } = await renderView();
    act(() => emit('onRecordingChanged', { ...GAP, title: 'Named elsewhere' }));
    expect(row('gap').textContent).toContain('Named elsewhere');
    await vi.waitFor(() => {
      act(() => emit('onRecordingsRemoved', { ids: ['talk'], why: 'missing' }));
      expect(ids()).toEqual(['gap', 'old']);
    });
  });
});

describe('by keyboard', () => {
  test('the arrow keys move, Shift extends, Ctrl+A selects all, Escape nothing', async () => {
    const { press, selected, list } = await renderView();
    await press('ArrowDown');
    expect(selected()).toEqual(['talk']);
    expect(list.getAttribute('aria-activedescendant')).toBe('recording-talk');
    await press('ArrowDown', { shiftKey: true });
    expect(selected()).toEqual(['talk', 'gap']);
    await press('End');
    expect(selected()).toEqual(['old']);
    await press('a', { ctrlKey: true });
    expect(selected()).toEqual(['talk', 'gap', 'old']);
    await press('Escape');
    expect(selected()).toEqual([]);
  });

  test.each([
    ['Home', 'talk'],
    ['End', 'old'],
    ['ArrowUp', 'old'],
    ['PageDown', 'talk'],
  ])('%s selects %s when nothing is selected', async (key, id) => {
    const { press, selected } = await renderView();
    await press(key);
    expect(selected()).toEqual([id]);
  });

  test('F2 edits the title in its row: Enter saves it, Escape does not', async () => {
    const describeRecording = vi.fn(async ({ id, title }: { id: string; title?: string | undefined }) =>
      recording({ ...GAP, id, ...(title ? { title } : {}) }),
    );
    const { press, row, list } = await renderView(undefined, { describeRecording });
    await press('ArrowDown');
    await press('ArrowDown');
    await press('F2');
    const field = () => within(row('gap')).getByTestId('recording-title-field');
    const key = (name: string) => act(async () => void fireEvent.keyDown(field(), { key: name }));
    expect(row('gap').querySelector('input')?.placeholder).toMatch(/^Recording at /);
    fireEvent.change(field(), { target: { value: 'Not this' } });
    await key('Escape');
    expect(describeRecording).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(list);
    await press('F2');
    fireEvent.change(field(), { target: { value: '  A walk / in the rain 🌧  ' } });
    await key('Enter');
    expect(describeRecording).toHaveBeenCalledWith({ id: 'gap', title: 'A walk / in the rain 🌧' });
    expect(row('gap').textContent).toContain('A walk / in the rain 🌧');
    expect(document.activeElement).toBe(list);
  });

  test('a title that could not be saved stays in the field, and a sentence says why', async () => {
    const describeRecording = () => Promise.reject(new EarshotError('disk_full', 'The disk is full.'));
    const { press, row } = await renderView(undefined, { describeRecording });
    await press('ArrowDown');
    await press('F2');
    const field = within(row('talk')).getByTestId<HTMLInputElement>('recording-title-field');
    fireEvent.change(field, { target: { value: 'Kept' } });
    await act(async () => void fireEvent.keyDown(field, { key: 'Enter' }));
    expect(field.value).toBe('Kept');
    expect(screen.getByTestId('recordings-failure').textContent).toContain('The disk is full.');
  });

  test('Delete deletes the selection, selects the next one, and Ctrl+Z restores it', async () => {
    const restoreRecordings = vi.fn(async ({ ids }: { ids: string[] }) => ({ done: ids, failed: [] }));
    const { press, ids, selected } = await renderView(undefined, { restoreRecordings });
    await press('ArrowDown');
    await press('Delete');
    expect([ids(), selected()]).toEqual([['gap', 'old'], ['gap']]);
    expect(screen.getByTestId('recordings-deleted').textContent).toContain('Recording deleted.');
    await press('z', { ctrlKey: true });
    expect(restoreRecordings).toHaveBeenCalledWith({ ids: ['talk'] });
    expect(screen.queryByTestId('recordings-deleted')).toBeNull();
  });

  test('Enter plays the recording', async () => {
    const { press, services } = await renderView();
    const toggle = vi.spyOn(services.player, 'toggle').mockResolvedValue();
    await press('Enter');
    await press('ArrowDown');
    await press('Enter');
    expect(toggle.mock.calls).toEqual([['talk']]);
  });
});

describe('by mouse', () => {
  test('Ctrl and Shift select several, which are deleted together with one undo', async () => {
    const { click, row, ids, selected, list } = await renderView();
    await click(row('talk'));
    await click(row('old'), { ctrlKey: true });
    expect(selected()).toEqual(['talk', 'old']);
    expect(screen.getByTestId('recordings-selected').textContent).toBe('2 selected');
    expect(screen.queryByTestId('recording-detail')).toBeNull();
    await click(row('gap'));
    await click(row('old'), { shiftKey: true });
    expect(selected()).toEqual(['gap', 'old']);
    await click(screen.getByTestId('recordings-delete'));
    expect(ids()).toEqual(['talk']);
    expect(document.activeElement, 'the button has disappeared').toBe(list);
    expect(screen.getByTestId('recordings-deleted').textContent).toContain('2 recordings deleted.');
    await click(screen.getByTestId('recordings-undo'));
    expect(screen.queryByTestId('recordings-deleted')).toBeNull();
  });
});

describe('the details of a recording', () => {
  test('a slider moves by 5 s with the arrow keys, and its value is said in words', async () => {
    const { click, row, services } = await renderView();
    const seek = vi.spyOn(services.player, 'seek').mockResolvedValue();
    vi.spyOn(services.player, 'position').mockReturnValue(20);
    await click(row('talk'));
    const slider = screen.getByRole('slider', { name: 'Position in the recording' });
    expect(slider.getAttribute('aria-valuetext')).toBe('0:20 of 1:00');
    for (const key of ['ArrowRight', 'ArrowLeft', 'PageUp', 'PageDown', 'Home', 'End'])
      fireEvent.keyDown(slider, { key });
    fireEvent.click(screen.getByRole('button', { name: 'Forward 5 seconds' }));
    expect(seek.mock.calls.map(([, seconds]) => seconds)).toEqual([25, 15, 30, 10, 0, 60, 25]);
  });

  test('speed and repetition are chosen', async () => {
    const { click, row, services } = await renderView();
    await click(row('talk'));
    fireEvent.change(screen.getByTestId('recording-speed'), { target: { value: '1.5' } });
    fireEvent.click(screen.getByTestId('recording-loop'));
    expect(services.player.getState()).toMatchObject({ speed: 1.5, loop: true });
    expect(screen.getByTestId('recording-loop').getAttribute('aria-pressed')).toBe('true');
  });

  test('the note is saved when the field loses the focus, if it has changed', async () => {
    const describeRecording = vi.fn(async ({ note }: { note?: string | undefined }) =>
      recording({ ...OLD, ...(note ? { note } : {}) }),
    );
    const { click, row } = await renderView(undefined, { describeRecording });
    await click(row('old'));
    const note = screen.getByTestId<HTMLTextAreaElement>('recording-note');
    expect(note.value).toBe('for the talk');
    await act(async () => void fireEvent.blur(note));
    expect(describeRecording).not.toHaveBeenCalled();
    fireEvent.change(note, { target: { value: 'two\nlines' } });
    await act(async () => void fireEvent.blur(note));
    expect(describeRecording).toHaveBeenCalledWith({ id: 'old', note: 'two\nlines' });
  });

  test('a note that is being typed is saved when another recording is selected', async () => {
    const describeRecording = vi.fn(async ({ note }: { note?: string | undefined }) =>
      recording({ ...OLD, ...(note ? { note } : {}) }),
    );
    const { click, row } = await renderView(undefined, { describeRecording });
    await click(row('old'));
    fireEvent.change(screen.getByTestId('recording-note'), { target: { value: 'Typed' } });
    // Without a blur: the field is removed.
    await click(row('gap'));
    expect(describeRecording.mock.calls).toEqual([[{ id: 'old', note: 'Typed' }]]);
  });

  test('a note that could not be saved stays, also while another recording is selected, and is tried again', async () => {
    let failure: EarshotError | null = new EarshotError('disk_full', 'The disk is full.');
    const describeRecording = async ({ id, note }: { id: string; note?: string | undefined }) => {
      if (failure) throw failure;
      return recording({ ...OLD, id, ...(note ? { note } : {}) });
    };
    const { click, row } = await renderView(undefined, { describeRecording });
    await click(row('old'));
    const note = () => screen.getByTestId<HTMLTextAreaElement>('recording-note');
    fireEvent.change(note(), { target: { value: 'Typed' } });
    expect(screen.getByTestId('recording-note-state').textContent).toBe('Not saved yet');
    await act(async () => void fireEvent.blur(note()));
    expect(screen.getByTestId('recording-note-failure').textContent).toContain('The disk is full.');
    await click(row('gap'));
    await click(row('old'));
    expect(note().value).toBe('Typed');
    failure = null;
    await click(within(screen.getByTestId('recording-note-failure')).getByRole('button'));
    expect(screen.getByTestId('recording-note-state').textContent).toBe('Saved');
    expect(screen.queryByTestId('recording-note-failure')).toBeNull();
  });

  test('what is wrong is said in sentences', async () => {
    const other = { at_s: 0, status: 'ok' as const, label: 'Built-in', instead_of: 'Headset' };
    const { click, row } = await renderView([{ ...GAP, peak_dbfs: 0, microphone: [other] }]);
    await click(row('gap'));
    const items = within(screen.getByTestId('recording-detail-flaws')).getAllByRole('listitem');
    expect(items.map((item) => item.textContent?.trim())).toEqual([
      '0.4\u00a0s missing at 0:01; it is silent there.',
      'The recording was too loud in places and is distorted there. Turn the microphone down.',
      'Recorded with Built-in, because Headset was not connected.',
    ]);
  });

  test('a damaged recording says so, and can still be renamed and deleted', async () => {
    const sentence = 'The WAV file of this recording is damaged.';
    const getWaveform = () => Promise.reject(new EarshotError('bad_wav', sentence));
    const { click, row, ids } = await renderView(undefined, { getWaveform });
    await click(row('talk'));
    expect((await screen.findByTestId('recording-damaged')).textContent).toBe(sentence);
    await click(screen.getByTestId('recording-delete'));
    expect(ids()).toEqual(['gap', 'old']);
  });

  test('a part is chosen with two sliders and saved as a new recording, which is then selected', async () => {
    const part = recording({ id: 'talk-2', started_at: at(1), duration_s: 20 });
    const trimRecording = vi.fn(async () => part);
    const { click, row, selected } = await renderView(undefined, { trimRecording });
    await click(row('talk'));
    await click(screen.getByTestId('recording-trim'));
    const save = screen.getByTestId<HTMLButtonElement>('trim-save');
    expect(save.disabled, 'the whole recording is no part').toBe(true);
    await act(async () => void fireEvent.change(screen.getByTestId('trim-start'), { target: { value: '10' } }));
    await act(async () => void fireEvent.change(screen.getByTestId('trim-end'), { target: { value: '30' } }));
    await act(async () => void fireEvent.keyDown(screen.getByTestId('trim-end'), { key: 'PageUp' }));
    expect(screen.getByTestId('trim-end').getAttribute('aria-valuetext')).toBe('0:31.0 of 1:00');
    await act(async () => void fireEvent.keyDown(screen.getByTestId('trim-end'), { key: 'PageDown' }));
    await act(async () => void fireEvent.keyDown(screen.getByTestId('trim-end'), { key: 'ArrowLeft' }));
    expect(screen.getByTestId('trim-range').textContent).toBe('0:10.020\u00a0s selected0:29.9');
    // The end stays behind the start.
    await act(async () => void fireEvent.change(screen.getByTestId('trim-start'), { target: { value: '50' } }));
    expect(screen.getByTestId('trim-range').textContent).toContain('0:29.8');
    await act(async () => void fireEvent.change(screen.getByTestId('trim-start'), { target: { value: '10' } }));
    await click(save);
    expect(trimRecording).toHaveBeenCalledWith({ id: 'talk', start_s: 10, end_s: 29.9 });
    expect(selected()).toEqual(['talk-2']);
  });
});
