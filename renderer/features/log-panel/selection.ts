import type { LogRecord } from '../../../shared/log-event.ts';

/** The selected rows by seq, and the row from which a range is drawn. */
export interface Selection {
  seqs: ReadonlySet<number>;
  anchor: number | null;
  /** The row that arrow keys move from. */
  cursor: number | null;
}

export const NOTHING: Selection = { seqs: new Set(), anchor: null, cursor: null };

/** A row alone. */
export function selectOne(seq: number): Selection {
  return { seqs: new Set([seq]), anchor: seq, cursor: seq };
}

/** A row more, or one less when it was selected. */
export function toggleOne(before: Selection, seq: number): Selection {
  const seqs = new Set(before.seqs);
  if (!seqs.delete(seq)) seqs.add(seq);
  return { seqs, anchor: seq, cursor: seq };
}

/** From the anchor to a row, as far as both are shown. */
export function selectTo(before: Selection, shown: readonly LogRecord[], seq: number): Selection {
  const anchor = before.anchor ?? seq;
  const [from, to] = anchor <= seq ? [anchor, seq] : [seq, anchor];
  const seqs = new Set(shown.filter((r) => r.seq >= from && r.seq <= to).map((r) => r.seq));
  return { seqs, anchor, cursor: seq };
}

export function selectAll(shown: readonly LogRecord[]): Selection {
  return { seqs: new Set(shown.map((r) => r.seq)), anchor: shown[0]?.seq ?? null, cursor: shown.at(-1)?.seq ?? null };
}

/** The selected records that are shown, in their order; all that are shown when none is selected. */
export function selectedOrAll(selection: Selection, shown: readonly LogRecord[]): readonly LogRecord[] {
  const selected = selectedOf(selection, shown);
  return selected.length > 0 ? selected : shown;
}

export function selectedOf(selection: Selection, shown: readonly LogRecord[]): readonly LogRecord[] {
  return selection.seqs.size === 0 ? [] : shown.filter((record) => selection.seqs.has(record.seq));
}
