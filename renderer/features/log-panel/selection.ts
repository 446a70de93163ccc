import type { LogRecord } from '../../../shared/log-event.ts';
import { type Selection, selectedItems } from '../../ui/list-selection.ts';
import type { Row } from './log-rows.ts';

/** The records of the selected rows, without duplicates, in order; all of `shown` if no row is selected. */
export function selectedOrAll(
  selection: Selection<number>,
  rows: readonly Row[],
  shown: readonly LogRecord[],
): readonly LogRecord[] {
  const selected = selectedItems(selection, rows);
  if (selected.length === 0) return shown;
  return [...new Set(selected.flatMap(({ records }) => records))].sort((a, b) => a.seq - b.seq);
}
