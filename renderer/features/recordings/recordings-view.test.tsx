// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../../../shared/errors.ts';
import type { RecordingPage } from '../../../shared/recording-library.ts';
import { page, recording } from '../../testing/fakes.ts';
import { at, GAP, giveElementsSize, OLD, renderRecordings, TALK } from '../../testing/render-recordings.tsx';

beforeEach(giveElementsSize);

describe('the list of recordings', () => {
  test('is grouped by day, and each row has title, time, level, length and what is wrong', async () => {
    const { ids, row } = await renderRecordings();
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
    const { ids, click } = await renderRecordings();
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
    const { ids } = await renderRecordings();
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
    await renderRecordings([{ ...TALK, being_written: true, complete: false }, ...all], { getWaveform });
    await vi.waitFor(() => expect(getWaveform.mock.calls.length).toBeGreaterThan(5));
    await act(async () => undefined);
    const asked = (getWaveform.mock.calls as unknown as [{ id: string }][]).map(([{ id }]) => id);
    expect(asked.length).toBeLessThan(40);
    expect(asked).not.toContain('talk');
  });

  test('says what will be here while it is empty, and offers to import files, with nothing to search', async () => {
    const { emit } = await renderRecordings([]);
    const empty = screen.getByTestId('recordings-empty');
    expect(empty.textContent).toContain('Press the mic and speak.');
    expect(within(empty).getByRole('button').textContent?.trim()).toBe('Import audio files…');
    expect(screen.queryByTestId('recordings-search')).toBeNull();
    act(() => emit('onRecordingChanged', TALK));
    expect(screen.queryByTestId('recordings-empty')).toBeNull();
    expect(screen.getByTestId('recordings-search')).toBeTruthy();
    expect(screen.getByTestId('recordings-import').getAttribute('aria-label')).toBe('Import audio files…');
  });

  test('keeps the room of its search until it is known whether there is anything to search', async () => {
    let arrive: (all: RecordingPage) => void = () => {};
    const listRecordings = () => new Promise<RecordingPage>((resolve) => (arrive = resolve));
    await renderRecordings([], { listRecordings });
    const toolbar = () => screen.getByTestId('recordings-search').closest('search')?.dataset.reserved;
    expect(toolbar()).toBe('true');
    await act(async () => arrive(page([TALK])));
    expect(toolbar()).toBe('false');
  });

  test('says why it could not be loaded, with a button to try again', async () => {
    let broken = true;
    const listRecordings = async () => {
      if (broken) throw new EarshotError('disk', 'The folder can’t be read. Check it, then try again.');
      return page([TALK]);
    };
    const { ids, click } = await renderRecordings([], { listRecordings });
    expect(screen.getByRole('alert').textContent).toContain('The folder can’t be read.');
    broken = false;
    await click(screen.getByRole('button', { name: 'Try again' }));
    expect(ids()).toEqual(['talk']);
  });

  test('follows the host: new, changed and removed recordings', async () => {
    const { emit, ids, row } = await renderRecordings();
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
    const { press, selected, list } = await renderRecordings();
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
    const { press, selected } = await renderRecordings();
    await press(key);
    expect(selected()).toEqual([id]);
  });

  test('F2 edits the title in its row: Enter saves it, Escape does not', async () => {
    const describeRecording = vi.fn(async ({ id, title }: { id: string; title?: string | undefined }) =>
      recording({ ...GAP, id, ...(title ? { title } : {}) }),
    );
    const { press, row, list } = await renderRecordings(undefined, { describeRecording });
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
    const { press, row } = await renderRecordings(undefined, { describeRecording });
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
    const { press, ids, selected } = await renderRecordings(undefined, { restoreRecordings });
    await press('ArrowDown');
    await press('Delete');
    expect([ids(), selected()]).toEqual([['gap', 'old'], ['gap']]);
    expect(screen.getByTestId('recordings-deleted').textContent).toContain('Recording deleted.');
    await press('z', { ctrlKey: true });
    expect(restoreRecordings).toHaveBeenCalledWith({ ids: ['talk'] });
    expect([ids(), selected()]).toEqual([['talk', 'gap', 'old'], ['talk']]);
    expect(screen.queryByTestId('recordings-deleted')).toBeNull();
  });

  test('Ctrl+Z undoes the last deletion anywhere in the view, and typing in a text field', async () => {
    const { click, press, row, ids, selected, list } = await renderRecordings();
    await click(row('gap'));
    await click(row('old'), { shiftKey: true });
    await press('Delete');
    expect(ids()).toEqual(['talk']);
    const undo = (element: Element, keys: KeyboardEventInit = { ctrlKey: true }) =>
      act(async () => void fireEvent.keyDown(element, { key: 'z', ...keys }));
    await undo(screen.getByTestId('recordings-search'));
    await undo(screen.getByTestId('recording-note'));
    await undo(screen.getByTestId('recordings-sort'), { ctrlKey: true, shiftKey: true });
    await undo(screen.getByTestId('recordings-sort'), {});
    expect(ids()).toEqual(['talk']);
    await undo(screen.getByTestId('recordings-sort'), { metaKey: true });
    expect([ids(), selected()]).toEqual([
      ['talk', 'gap', 'old'],
      ['gap', 'old'],
    ]);
    expect(document.activeElement).toBe(list);
    await press('Delete');
    await undo(document.body);
    expect(selected()).toEqual(['gap', 'old']);
  });

  test('a search that would hide a restored recording ends, and another one stays', async () => {
    const { click, press, row, ids, selected } = await renderRecordings();
    const search = screen.getByTestId<HTMLInputElement>('recordings-search');
    const type = (value: string) => act(async () => void fireEvent.change(search, { target: { value } }));
    await click(row('talk'));
    await press('Delete');
    await type('ideas');
    await press('z', { ctrlKey: true });
    expect([search.value, ids(), selected()]).toEqual(['', ['talk', 'gap', 'old'], ['talk']]);
    await press('Delete');
    await type('interview');
    await press('z', { ctrlKey: true });
    expect([search.value, ids(), selected()]).toEqual(['interview', ['talk'], ['talk']]);
  });

  test('Enter plays the recording', async () => {
    const { press, services } = await renderRecordings();
    const toggle = vi.spyOn(services.player, 'toggle').mockResolvedValue();
    await press('Enter');
    await press('ArrowDown');
    await press('Enter');
    expect(toggle.mock.calls).toEqual([['talk']]);
  });
});

describe('by mouse', () => {
  test('Ctrl and Shift select several, which are deleted together with one undo', async () => {
    const { click, row, ids, selected, list } = await renderRecordings();
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
    const { click, row, services } = await renderRecordings();
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
    const { click, row, services } = await renderRecordings();
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
    const { click, row } = await renderRecordings(undefined, { describeRecording });
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
    const { click, row } = await renderRecordings(undefined, { describeRecording });
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
    const { click, row } = await renderRecordings(undefined, { describeRecording });
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
    const { click, row } = await renderRecordings([{ ...GAP, peak_dbfs: 0, microphone: [other] }]);
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
    const { click, row, ids } = await renderRecordings(undefined, { getWaveform });
    await click(row('talk'));
    expect((await screen.findByTestId('recording-damaged')).textContent).toBe(sentence);
    await click(screen.getByTestId('recording-delete'));
    expect(ids()).toEqual(['gap', 'old']);
  });

  test('a part is chosen with two sliders and saved as a new recording, which is then selected', async () => {
    const part = recording({ id: 'talk-2', started_at: at(1), duration_s: 20 });
    const trimRecording = vi.fn(async () => part);
    const { click, row, selected } = await renderRecordings(undefined, { trimRecording });
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
