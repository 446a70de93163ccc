import { type MouseEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Grid } from '../../ui/grid.tsx';
import { type Selection, selectOne, selectTo, toggleOne } from '../../ui/list-selection.ts';
import './log-list.css';
import { LogRow, ROW_HEIGHT, rowId } from './log-row.tsx';
import { OlderLines } from './older-lines.tsx';
import type { Rows } from './row-list.ts';
import { useRowRoom } from './use-row-room.ts';
import { useRowWindow } from './use-row-window.ts';

interface LogListProps {
  ref: RefObject<HTMLDivElement | null>;
  rows: Rows;
  selection: Selection<number>;
  onSelect: (selection: Selection<number>) => void;
  /** Shows a row's details: it was clicked. */
  onOpen: () => void;
  /** Whether the details of a row are shown below the list. */
  detailOpen: boolean;
  /** Shows or hides the lines of a combined row. */
  onExpand: (id: number, expanded: boolean) => void;
  /** Shows the lines of one session only. */
  onSession: (id: string) => void;
  plain: boolean;
  /** Times are relative to this one (ms since the epoch); null: they are times of the day. */
  since: number | null;
}

/** Space above and below the rows, in CSS pixels, as in `log-list.css`. */
const LIST_MARGIN = 4;
/** Space below the rows for the button over a paused list, in CSS pixels, as in `log-list.css`. */
export const PAUSED_MARGIN = 52;

/**
 * The list of lines, as a grid of rows: only visible ones are rendered. It follows the newest line until the user
 * scrolls up. The panel handles its keys.
 */
export function LogList(props: LogListProps) {
  const { ref, rows, selection, onSelect, onOpen, detailOpen, onExpand, onSession, plain, since } = props;
  const { log } = useServices();
  const following = useLog((state) => state.following);
  const words = useLog((state) => state.search.words);
  const match = useLog((state) => state.search.current);
  /** Scroll position and height at the last check, in CSS pixels. */
  const last = useRef({ top: 0, height: 0 });
  const block = useRef<HTMLDivElement>(null);
  const room = useRowRoom(ref);
  const hasOlder = useLog((state) => state.olderInFile > 0 && state.file === null);
  /** What is above the first row, in CSS pixels. */
  const above = hasOlder ? ROW_HEIGHT : 0;
  const { first, end } = useRowWindow(ref, rows.length, ROW_HEIGHT, above);

  const showEnd = useCallback(() => {
    const element = ref.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    last.current = { top: element.scrollTop, height: element.clientHeight };
  }, [ref]);

  const file = useLog((state) => state.file);
  const paused = !following && file === null;
  // Another file begins at its first line.
  useLayoutEffect(() => {
    if (file !== null && ref.current) ref.current.scrollTop = 0;
  }, [ref, file]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new list must be scrolled to its end
  useLayoutEffect(() => {
    if (following) showEnd();
  }, [following, rows, showEnd]);

  // Unfolding the log or opening the details changes the list's height.
  useEffect(() => {
    const element = ref.current;
    if (!element || !following) return;
    const resized = new ResizeObserver(showEnd);
    resized.observe(element);
    return () => resized.disconnect();
  }, [ref, following, showEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the cursor and the details move the list
  useLayoutEffect(() => {
    const element = ref.current;
    const index = selection.cursor === null ? -1 : rows.indexOf(selection.cursor);
    if (!element || index === -1) return;
    const top = above + index * ROW_HEIGHT;
    const bottom = top + ROW_HEIGHT + LIST_MARGIN + (paused ? PAUSED_MARGIN : LIST_MARGIN) - element.clientHeight;
    if (element.scrollTop > top) element.scrollTop = top;
    else if (element.scrollTop < bottom) element.scrollTop = bottom;
  }, [ref, selection.cursor, detailOpen]);

  // Rows do not know their place. It changes for all of them with each older match that a search finds, and with each
  // line that a full log loses, and they would all be drawn again.
  useLayoutEffect(() => {
    for (const [at, row] of Array.from(block.current?.children ?? []).entries())
      row.setAttribute('aria-rowindex', String(first + at + 1));
  });

  function onScroll(): void {
    const element = ref.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: height, scrollHeight } = element;
    const scrolledUp = top < last.current.top;
    const resized = height !== last.current.height;
    last.current = { top, height };
    // Hiding or resizing the list also fires scroll events.
    if (resized || height === 0) return;
    const distanceToEnd = scrollHeight - height - top;
    // A list that became shorter also moves up, but is then at its end.
    if (following && scrolledUp && distanceToEnd > ROW_HEIGHT) log.pause('scroll');
    else if (!following && !scrolledUp && distanceToEnd < 1) log.follow('scroll');
  }

  function onClick(event: MouseEvent): void {
    const row = (event.target as Element).closest('[data-id]');
    const id = Number(row?.getAttribute('data-id'));
    if (!row || Number.isNaN(id)) return;
    if (event.shiftKey) onSelect(selectTo(selection, rows.toArray(), id));
    else if (event.ctrlKey || event.metaKey) onSelect(toggleOne(selection, id));
    else {
      onSelect(selectOne(id));
      onOpen();
    }
  }

  const rendered = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
  const cursorIsRendered = rendered.some((index) => rows.at(index)?.id === selection.cursor);

  return (
    // Not announced: up to 20 lines arrive a second, and the status element announces state changes.
    <Grid
      ref={ref}
      className="log-list"
      data-paused={paused || undefined}
      data-testid="log-list"
      data-plain={plain || undefined}
      aria-label={text.log.lines}
      aria-multiselectable="true"
      aria-rowcount={rows.length}
      {...(selection.cursor !== null && cursorIsRendered && { 'aria-activedescendant': rowId(selection.cursor) })}
      tabIndex={0}
      onScroll={onScroll}
      onClick={onClick}
    >
      {hasOlder && <OlderLines />}
      <div className="log-rows" role="presentation" style={{ height: rows.length * ROW_HEIGHT }}>
        <div
          ref={block}
          className="log-rendered"
          role="presentation"
          style={{ transform: `translateY(${first * ROW_HEIGHT}px)` }}
        >
          {rendered.map((index) => {
            const row = rows.at(index);
            return (
              row && (
                <LogRow
                  key={row.id}
                  row={row}
                  selected={selection.ids.has(row.id)}
                  atCursor={selection.cursor === row.id}
                  plain={plain}
                  words={words}
                  isMatch={match === row.id}
                  room={room}
                  since={since}
                  onExpand={onExpand}
                  onSession={onSession}
                />
              )
            );
          })}
        </div>
      </div>
    </Grid>
  );
}
