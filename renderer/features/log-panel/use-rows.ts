import { useCallback, useMemo, useState } from 'react';
import { useLog } from '../../state/services.ts';
import { createRowBuilder } from './log-rows.ts';
import type { Rows } from './row-list.ts';

/** The rows of the lines that are shown, and which of the combined ones show their lines. */
export function useRows(): { rows: Rows; expand: (id: number, open: boolean) => void } {
  const shown = useLog((state) => state.shown);
  const filter = useLog((state) => state.filter);
  const file = useLog((state) => state.file);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  // A search shows single lines instead of combined rows.
  const combined = filter.search.trim() === '' && filter.event === null;
  const choice = useMemo(() => ({ filter, file }), [filter, file]);
  const [rowsOf] = useState(createRowBuilder);
  const rows = useMemo(
    () => rowsOf(shown, { choice, combined, expanded }),
    [rowsOf, shown, choice, combined, expanded],
  );

  const expand = useCallback((id: number, open: boolean) => {
    setExpanded((before) => {
      const after = new Set(before);
      if (open) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  return { rows, expand };
}
