import { type RefObject, useEffect, useState } from 'react';

/** Width of a character of the face in which rows are set, as a share of its size. */
const CHARACTER = 0.6;
/** What a row has beside its text, in CSS pixels: padding, time, side, icon, session, and the gaps between them. */
const BESIDE = { wide: 270, medium: 222, narrow: 146 };
/** Widths of the list below which a row has less beside its text, as in `log-list.css`. */
const MEDIUM_BELOW = 540;
const NARROW_BELOW = 400;

/** The number of characters that a row has room for, with a size of its text and a width of the list in CSS pixels. */
function roomOf(width: number, size: number): number {
  const beside = width <= NARROW_BELOW ? BESIDE.narrow : width <= MEDIUM_BELOW ? BESIDE.medium : BESIDE.wide;
  return Math.max(0, Math.floor((width - beside) / (size * CHARACTER)));
}

/** As `roomOf`, for a list on the page. */
export function useRowRoom(list: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => setRoom(roomOf(element.clientWidth, Number.parseFloat(getComputedStyle(element).fontSize)));
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, [list]);
  return room;
}
