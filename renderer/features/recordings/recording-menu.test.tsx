// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../../shared/errors.ts';
import { APP_INFO } from '../../testing/fakes.ts';
import { GAP, giveElementsSize, OLD, renderRecordings, TALK } from '../../testing/render-recordings.tsx';

beforeEach(giveElementsSize);

const DESKTOP = { ...APP_INFO, shell: 'desktop' as const };
const RIGHT = { button: 2 };
const menu = () => screen.queryAllByRole('menu')[0];
const entries = () =>
  within(menu() as HTMLElement)
    .getAllByRole('menuitem')
    .map((item) => item.querySelector('.menu-label')?.textContent);

async function renderMenu(...args: Parameters<typeof renderRecordings>) {
  const rendered = await renderRecordings(...args);
  const open = (element: HTMLElement, more: MouseEventInit = RIGHT) =>
    act(async () => void fireEvent.contextMenu(element, more));
  const choose = (testId: string) => rendered.click(screen.getByTestId(testId));
  const pressEscape = () => act(async () => void fireEvent.keyDown(menu() as HTMLElement, { key: 'Escape' }));
  return { ...rendered, open, choose, pressEscape };
}

test('a right click opens the menu of one recording, without selecting it', async () => {
  const { open, row, selected, click, pressEscape } = await renderMenu(undefined, {}, DESKTOP);
  await click(row('talk'));
  await open(row('old'));
  expect(menu()?.getAttribute('aria-label')).toBe('Ideas');
  expect(entries()).toEqual(['Play the recording', 'Rename', 'Save a copy', 'Export', 'Show in folder', 'Delete']);
  expect(row('old').dataset.menu).toBe('true');
  expect(row('talk').dataset.menu).toBeUndefined();
  expect(selected()).toEqual(['talk']);
  await pressEscape();
  await vi.waitFor(() => expect(row('old').dataset.menu).toBeUndefined());
});

test('on one of several selected recordings it is for all of them', async () => {
  const { open, row, click, choose, ids } = await renderMenu();
  await click(row('talk'));
  await click(row('gap'), { shiftKey: true });
  await open(row('gap'));
  expect(menu()?.getAttribute('aria-label')).toBe('2 selected');
  expect(entries()).toEqual(['Save copies of 2 recordings', 'Export 2 recordings', 'Delete 2 recordings']);
  await choose('menu-delete');
  expect(ids()).toEqual(['old']);
});

test('the menu key opens it for the row at the cursor, and not without one', async () => {
  const { open, press, list } = await renderMenu();
  const byKey = { button: 0 };
  await open(list, byKey);
  expect(menu()).toBeUndefined();
  await press('End');
  await open(list, byKey);
  expect(menu()?.getAttribute('aria-label')).toBe('Ideas');
});

test('between the rows it does not open', async () => {
  const { open, press, list } = await renderMenu();
  await press('End');
  await open(list);
  await open(screen.getAllByTestId('recording-day')[0] as HTMLElement);
  expect(menu()).toBeUndefined();
});

test('“Rename” gives the focus to the title in the row, whose own menu is the browser’s', async () => {
  const { open, row, choose } = await renderMenu();
  await open(row('gap'));
  await choose('menu-rename');
  await vi.waitFor(() => expect(menu()).toBeUndefined());
  const field = within(row('gap')).getByTestId('recording-title-field');
  expect(document.activeElement).toBe(field);
  expect(fireEvent.contextMenu(field, RIGHT), 'not prevented').toBe(true);
  expect(menu()).toBeUndefined();
});

test('a deletion by the menu leaves the selection, and its undo selects the recording', async () => {
  const { open, row, click, choose, ids, selected, press } = await renderMenu();
  await click(row('talk'));
  await open(row('gap'));
  await choose('menu-delete');
  expect([ids(), selected()]).toEqual([['talk', 'old'], ['talk']]);
  await press('z', { ctrlKey: true });
  expect([ids(), selected()]).toEqual([['talk', 'gap', 'old'], ['gap']]);
});

test('it plays and pauses, saves a copy and exports', async () => {
  const { open, row, choose, services, click } = await renderMenu();
  const toggle = vi.spyOn(services.player, 'toggle').mockResolvedValue();
  const save = vi.spyOn(services.fileTasks, 'save').mockResolvedValue();
  await open(row('talk'));
  await choose('menu-play');
  await open(row('talk'));
  await choose('menu-save-copy');
  await open(row('talk'));
  await choose('menu-export');
  await click(screen.getByTestId('export-flac'));
  expect(toggle.mock.calls).toEqual([['talk']]);
  expect(save.mock.calls.map(([files, format]) => [files.map(({ id }) => id), format])).toEqual([
    [['talk'], 'wav'],
    [['talk'], 'flac'],
  ]);
});

test('of a recording in progress nothing can be changed', async () => {
  const { open, row } = await renderMenu([{ ...TALK, being_written: true, complete: false }, GAP, OLD], {}, DESKTOP);
  await open(row('talk'));
  const disabled = within(menu() as HTMLElement)
    .getAllByRole('menuitem')
    .filter((item) => item.getAttribute('aria-disabled') === 'true');
  expect(disabled.map((item) => item.textContent)).toEqual([
    'Rename',
    'Save a copy',
    'Export',
    'Show in folder',
    'Delete',
  ]);
});

test('in a tab it copies the path, and says so; a failure is said too', async () => {
  let broken = false;
  const showRecording = async () => {
    if (broken) throw new EarshotError('no_such_recording', 'This recording does not exist any more.');
    return { path: '/home/me/talk.wav' };
  };
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const { open, row, choose } = await renderMenu(undefined, { showRecording });
  await open(row('talk'));
  expect(entries()).toContain('Copy the path of the file');
  await choose('menu-show');
  expect(writeText).toHaveBeenCalledWith('/home/me/talk.wav');
  expect(screen.getByTestId('recordings-notice').textContent).toContain('Copied: /home/me/talk.wav');
  broken = true;
  await open(row('talk'));
  await choose('menu-show');
  expect(screen.getByTestId('recordings-failure').textContent).toContain('This recording does not exist any more.');
});
