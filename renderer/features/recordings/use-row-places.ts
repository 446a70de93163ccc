import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback } from 'react';
import type { ListRow } from '../../state/recording-query.ts';
import { DAY_HEIGHT } from './recording-row.tsx';

/** Space above and below the rows, in CSS pixels. */
const LIST_MARGIN = 8;

/** Where the rows of the virtualised list are, also those that are not rendered. */
export function useRowPlaces(
  list: RefObject<HTMLDivElement | null>,
  rows: readonly ListRow[],
  virtualizer: Virtualizer<HTMLDivElement, Element>,
) {
  /** Scrolls the list until a recording's row is visible. @returns whether it is listed */
  const reveal = useCallback(
    (id: string): boolean => {
      const index = rows.findIndex(({ key }) => key === id);
      const row = virtualizer.measurementsCache[index];
      const element = list.current;
      if (!row || !element) return false;
      // Not by `scrollToIndex`, which learns of the list's new height later. With the heading above the row.
      const top = rows[index - 1]?.kind === 'day' ? row.start - DAY_HEIGHT : row.start;
      const bottom = row.end + LIST_MARGIN - element.clientHeight;
      if (element.scrollTop > top) element.scrollTop = top;
      else if (element.scrollTop < bottom) element.scrollTop = bottom;
      return true;
    },
    [rows, virtualizer, list],
  );

  /** The rectangle of a recording's row in the window, in CSS pixels. */
  function placeOf(id: string): DOMRect {
    const row = virtualizer.measurementsCache[rows.findIndex(({ key }) => key === id)];
    const element = list.current;
    if (!row || !element) return new DOMRect();
    const { x, y, width } = element.getBoundingClientRect();
    return new DOMRect(x, y + LIST_MARGIN / 2 + row.start - element.scrollTop, width, row.size);
  }

  return { reveal, placeOf };
}
