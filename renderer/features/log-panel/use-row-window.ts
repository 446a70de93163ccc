import { type RefObject, useEffect, useState } from 'react';

/** Rows that are rendered above and below the visible ones. */
const MARGIN = 10;

/** The positions of the rows that are rendered: from `first` to before `end`. */
export interface RowWindow {
  first: number;
  end: number;
}

/**
 * Which rows of a scrolled list are rendered. All have the same height, so that nothing is stored or measured per row,
 * also for 100,000 of them.
 * @param height of a row, in CSS pixels
 * @param above what is above the first row, in CSS pixels
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  height: number,
  above: number,
): RowWindow {
  const [visible, setVisible] = useState<RowWindow>({ first: 0, end: 0 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const first = Math.floor((element.scrollTop - above) / height);
      const end = Math.ceil((element.scrollTop - above + element.clientHeight) / height);
      setVisible((before) => (before.first === first && before.end === end ? before : { first, end }));
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, height, above]);
  // A list that became shorter is scrolled by the browser after it was rendered.
  const shift = Math.max(0, visible.end - count);
  return {
    first: Math.max(0, visible.first - shift - MARGIN),
    end: Math.min(count, visible.end - shift + MARGIN),
  };
}
