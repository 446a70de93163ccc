import type { LogRecord } from '../../../shared/log-event.ts';
import type { Row } from './log-rows.ts';

/** The selected rows by ID. */
export interface Selection {
  ids: ReadonlySet<number>;
  /** The row where a range starts. */
  anchor: number | null;
  /** The row from which the arrow keys move. */
  cursor: number | null;
}

export const NO_SELECTION: Selection = { ids: new Set(), anchor: null, cursor: null };

/** Selects one row only. */
export function selectOne(id: number): Selection {
  return { ids: new Set([id]), anchor: id, cursor: id };
}

/** Adds a row to the selection, or removes it. */
export function toggleOne(before: Selection, id: number): Selection {
  const ids = new Set(before.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, cursor: id };
}

/** Selects the range from the anchor to a row. */
export function selectTo(before: Selection, rows: readonly Row[], id: number): Selection {
  const end = rows.findIndex((row) => row.id === id);
  const found = rows.findIndex((row) => row.id === before.anchor);
  const start = found === -1 ? end : found;
  const range = rows.slice(Math.min(start, end), Math.max(start, end) + 1);
  return { ids: new Set(range.map((row) => row.id)), anchor: rows[start]?.id ?? id, cursor: id };
}

export function selectAll(rows: readonly Row[]): Selection {
  return { ids: new Set(rows.map((row) => row.id)), anchor: rows[0]?.id ?? null, cursor: rows.at(-1)?.id ?? null };
}

export function selectedRows(selection: Selection, rows: readonly Row[]): readonly Row[] {
  return selection.ids.size === 0 ? [] : rows.filter((row) => selection.ids.has(row.id));
}

/** The records of the selected rows, without duplicates, in order; all of `shown` if no row is selected. */
export function selectedOrAll(
  selection: Selection,
  rows: readonly Row[],
  shown: readonly LogRecord[],
): readonly LogRecord[] {
  const selected = selectedRows(selection, rows);
  if (selected.length === 0) return shown;
  return [...new Set(selected.flatMap(({ records }) => records))].sort((a, b) => a.seq - b.seq);
}
