import { act, fireEvent, screen } from '@testing-library/react';
import { vi } from 'vitest';
import type { AppInfo, Bridge } from '../../shared/bridge.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { RecordingsView } from '../features/recordings/recordings-view.tsx';
import { page, recording } from './fakes.ts';
import { renderWindow } from './render-window.tsx';

const NOON = new Date(2026, 10, 25, 12).getTime();
/** A time before noon of a Wednesday. */
export const at = (minutesBefore: number) => new Date(NOON - minutesBefore * 60_000).toISOString();
export const TALK = recording({ id: 'talk', title: 'Interview', started_at: at(0), duration_s: 60 });
export const GAP = recording({ id: 'gap', started_at: at(10), gaps: [{ at_s: 1, seconds: 0.4 }] });
export const OLD = recording({
  id: 'old',
  title: 'Ideas',
  note: 'for the talk',
  started_at: at(3 * 24 * 60),
  peak_dbfs: -40,
});

/** Gives elements a size, which happy-dom has none of: the list is then 600 pixels high. */
export function giveElementsSize(): void {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(400);
}

/** Renders the view of all recordings over a fake host that has these, and waits until they are listed. */
export async function renderRecordings(
  all: RecordingInfo[] = [TALK, GAP, OLD],
  calls: Partial<Bridge> = {},
  info?: AppInfo,
) {
  const rendered = renderWindow(
    <RecordingsView hidden={false} />,
    { listRecordings: async () => page(all), ...calls },
    info,
  );
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
