import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { useLog, useServices } from '../../state/services.ts';
import { noSelection, type Selection, selectAll, selectOne, selectTo, toggleOne } from '../../ui/list-selection.ts';
import './log-list.css';
import { text } from '../../text/text.ts';
import { LogRow, ROW_HEIGHT } from './log-row.tsx';
import type { Row } from './log-rows.ts';

interface LogListProps {
  rows: readonly Row[];
  selection: Selection<number>;
  onSelect: (selection: Selection<number>) => void;
  /** Shows or hides the lines of a combined row. */
  onExpand: (id: number, expanded: boolean) => void;
  onCopy: () => void;
}

/** The virtualised list: only visible rows are rendered. Follows the newest line until the user scrolls up. */
export function LogList({ rows, selection, onSelect, onExpand, onCopy }: LogListProps) {
  const { log } = useServices();
  const following = useLog((state) => state.following);
  const scroller = useRef<HTMLDivElement>(null);
  /** Scroll position and height at the last check, in CSS pixels. */
  const last = useRef({ top: 0, height: 0 });

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
    last.current = { top: element.scrollTop, height: element.clientHeight };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new list must be scrolled to its end
  useLayoutEffect(() => {
    if (following) showEnd();
  }, [following, rows, showEnd]);

  // Unfolding the log or opening the detail changes the list's height.
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
    if (event.shiftKey) onSelect(selectTo(selection, rows, id));
    else if (event.ctrlKey || event.metaKey) onSelect(toggleOne(selection, id));
    else if (selection.ids.size === 1 && selection.ids.has(id)) onSelect(noSelection());
    else onSelect(selectOne(id));
  }

  function moveCursor(step: 1 | -1, extend: boolean): void {
    const visible = virtualizer.range;
    const at = rows.findIndex((row) => row.id === selection.cursor);
    const from = at !== -1 ? at : step === 1 ? (visible?.startIndex ?? 0) - 1 : (visible?.endIndex ?? rows.length) + 1;
    const index = Math.min(rows.length - 1, Math.max(0, from + step));
    const row = rows[index];
    if (!row) return;
    onSelect(extend ? selectTo(selection, rows, row.id) : selectOne(row.id));
    virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  /** Arrow Right shows the lines of a combined row, Arrow Left hides them, as in a tree. */
  function expandCursor(expanded: boolean): void {
    const row = rows.find(({ id }) => id === selection.cursor);
    if (row?.kind === 'audio') onExpand(row.id, expanded);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'a') onSelect(selectAll(rows));
    else if (command && event.key === 'c' && selection.ids.size > 0) onCopy();
    else if (event.key === 'Escape') onSelect(noSelection());
    else if (event.key === 'ArrowDown') moveCursor(1, event.shiftKey);
    else if (event.key === 'ArrowUp') moveCursor(-1, event.shiftKey);
    else if (event.key === 'ArrowRight') expandCursor(true);
    else if (event.key === 'ArrowLeft') expandCursor(false);
    else return;
    event.preventDefault();
  }

  return (
    // Role `log`, but not announced: up to 20 lines arrive a second, and the status element announces state changes.
    <div
      ref={scroller}
      className="log-list"
      role="log"
      aria-live="off"
      aria-label={text.log.lines}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be reachable by keyboard (WCAG 2.1.1)
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
