import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { useLog, useServices } from '../../state/services.ts';
import './log-list.css';
import { LogRow, ROW_HEIGHT } from './log-row.tsx';
import type { Row } from './log-rows.ts';
import { NOTHING, type Selection, selectAll, selectOne, selectTo, toggleOne } from './selection.ts';

interface LogListProps {
  rows: readonly Row[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** Shows or hides the single lines of a row. */
  onExpand: (id: number, expanded: boolean) => void;
  onCopy: () => void;
}

/** Only the rows in sight exist; 10,000 records cost as much as 40. Follows the newest until someone scrolls up. */
export function LogList({ rows, selection, onSelect, onExpand, onCopy }: LogListProps) {
  const { log } = useServices();
  const following = useLog((state) => state.following);
  const scroller = useRef<HTMLDivElement>(null);
  /** Where the list stood when it was last looked at, in CSS pixels. */
  const seen = useRef({ top: 0, height: 0 });

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  });

  const showEnd = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    seen.current = { top: element.scrollTop, height: element.clientHeight };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new list must be followed to its end
  useLayoutEffect(() => {
    if (following) showEnd();
  }, [following, rows, showEnd]);

  // Unfolded, or with a detail opened below it, the list has another height and its end another place.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !following) return;
    const resized = new ResizeObserver(showEnd);
    resized.observe(element);
    return () => resized.disconnect();
  }, [following, showEnd]);

  function onScroll(): void {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: height, scrollHeight } = element;
    const up = top < seen.current.top;
    const resized = height !== seen.current.height;
    seen.current = { top, height };
    // A hidden or resized list scrolls without anyone scrolling it.
    if (resized || height === 0) return;
    const fromEnd = scrollHeight - height - top;
    // A list that shrank under the scroll position also moves up, but then it stands at its end.
    if (following && up && fromEnd > ROW_HEIGHT) log.pause('scroll');
    else if (!following && !up && fromEnd < 1) log.follow('scroll');
  }

  function onClick(event: MouseEvent): void {
    const row = (event.target as Element).closest('[data-id]');
    const id = Number(row?.getAttribute('data-id'));
    if (!row || Number.isNaN(id)) return;
    if (event.shiftKey) onSelect(selectTo(selection, rows, id));
    else if (event.ctrlKey || event.metaKey) onSelect(toggleOne(selection, id));
    else if (selection.ids.size === 1 && selection.ids.has(id)) onSelect(NOTHING);
    else onSelect(selectOne(id));
  }

  function moveCursor(step: 1 | -1, extend: boolean): void {
    const sight = virtualizer.range;
    const at = rows.findIndex((row) => row.id === selection.cursor);
    const from = at !== -1 ? at : step === 1 ? (sight?.startIndex ?? 0) - 1 : (sight?.endIndex ?? rows.length) + 1;
    const index = Math.min(rows.length - 1, Math.max(0, from + step));
    const row = rows[index];
    if (!row) return;
    onSelect(extend ? selectTo(selection, rows, row.id) : selectOne(row.id));
    virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  /** Right shows the single lines of the row with the cursor, Left hides them, as in a tree. */
  function expandCursor(expanded: boolean): void {
    const row = rows.find(({ id }) => id === selection.cursor);
    if (row?.kind === 'audio') onExpand(row.id, expanded);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'a') onSelect(selectAll(rows));
    else if (command && event.key === 'c' && selection.ids.size > 0) onCopy();
    else if (event.key === 'Escape') onSelect(NOTHING);
    else if (event.key === 'ArrowDown') moveCursor(1, event.shiftKey);
    else if (event.key === 'ArrowUp') moveCursor(-1, event.shiftKey);
    else if (event.key === 'ArrowRight') expandCursor(true);
    else if (event.key === 'ArrowLeft') expandCursor(false);
    else return;
    event.preventDefault();
  }

  return (
    // A log by role, but not read out: 20 lines a second are for the eye, and each view's change is announced elsewhere.
    <div
      ref={scroller}
      className="log-list"
      role="log"
      aria-live="off"
      aria-label="Log lines"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      onScroll={onScroll}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <div className="log-rows" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <LogRow
                key={item.key}
                row={row}
                top={item.start}
                selected={selection.ids.has(row.id)}
                onExpand={onExpand}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
