import { useState } from 'react';
import type { LogRecord } from '../../../shared/log-event.ts';
import { useLog } from '../../state/services.ts';
import { noSelection, type Selection, selectedItems, selectOne } from '../../ui/list-selection.ts';
import type { Row, Rows } from './row-list.ts';

/** The selected rows, and the one whose details are shown. */
export interface LogSelection {
  selection: Selection<number>;
  set: (selection: Selection<number>) => void;
  select: (id: number) => void;
  /** The row whose details are shown, or null. They follow the selection while they are open. */
  detail: Row | null;
  setDetail: (open: boolean) => void;
  /** The records of the selected rows, without duplicates, in order; all lines that are shown if no row is selected. */
  toCopy: () => Iterable<LogRecord>;
}

export function useLogSelection(rows: Rows): LogSelection {
  const shown = useLog((state) => state.shown);
  const [selection, set] = useState<Selection<number>>(noSelection);
  const [detailOpen, setDetail] = useState(false);
  const [only] = selection.ids.size === 1 ? selection.ids : [];
  const index = detailOpen && only !== undefined ? rows.indexOf(only) : -1;
  return {
    selection,
    set,
    select: (id) => set(selectOne(id)),
    detail: index === -1 ? null : (rows.at(index) ?? null),
    setDetail,
    toCopy: () => selectedRecords(selection, rows) ?? shown,
  };
}

/** The records of the selected rows, in order; null: no row is selected. */
function selectedRecords(selection: Selection<number>, rows: Rows): readonly LogRecord[] | null {
  const selected = selection.ids.size === 0 ? [] : selectedItems(selection, rows.toArray());
  if (selected.length === 0) return null;
  return [...new Set(selected.flatMap(({ records }) => records))].sort((a, b) => a.seq - b.seq);
}
