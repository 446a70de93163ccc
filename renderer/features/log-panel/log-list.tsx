import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { countThrough } from '../../state/log-window.ts';
import { useLog, useServices } from '../../state/services.ts';
import './log-list.css';
import { LogRow, ROW_HEIGHT } from './log-row.tsx';
import { NOTHING, type Selection, selectAll, selectOne, selectTo, toggleOne } from './selection.ts';

interface LogListProps {
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onCopy: () => void;
}

/** Only the rows in sight exist; 10,000 records cost as much as 40. Follows the newest until someone scrolls up. */
export function LogList({ selection, onSelect, onCopy }: LogListProps) {
  const { log } = useServices();
  const shown = useLog((state) => state.shown);
  const following = useLog((state) => state.following);
  const scroller = useRef<HTMLDivElement>(null);
  /** Where the list stood when it was last looked at, in CSS pixels. */
  const seen = useRef({ top: 0, height: 0 });

  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => shown[index]?.seq ?? index,
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
  }, [following, shown, showEnd]);

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
    const row = (event.target as Element).closest('[data-seq]');
    const seq = Number(row?.getAttribute('data-seq'));
    if (!row || Number.isNaN(seq)) return;
    if (event.shiftKey) onSelect(selectTo(selection, shown, seq));
    else if (event.ctrlKey || event.metaKey) onSelect(toggleOne(selection, seq));
    else if (selection.seqs.size === 1 && selection.seqs.has(seq)) onSelect(NOTHING);
    else onSelect(selectOne(seq));
  }

  function moveCursor(step: 1 | -1, extend: boolean): void {
    const sight = virtualizer.range;
    const from =
      selection.cursor === null
        ? step === 1
          ? (sight?.startIndex ?? 0) - 1
          : (sight?.endIndex ?? shown.length) + 1
        : countThrough(shown, selection.cursor) - 1;
    const index = Math.min(shown.length - 1, Math.max(0, from + step));
    const record = shown[index];
    if (!record) return;
    onSelect(extend ? selectTo(selection, shown, record.seq) : selectOne(record.seq));
    virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'a') onSelect(selectAll(shown));
    else if (command && event.key === 'c' && selection.seqs.size > 0) onCopy();
    else if (event.key === 'Escape') onSelect(NOTHING);
    else if (event.key === 'ArrowDown') moveCursor(1, event.shiftKey);
    else if (event.key === 'ArrowUp') moveCursor(-1, event.shiftKey);
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
          const record = shown[item.index];
          return (
            record && (
              <LogRow key={item.key} record={record} top={item.start} selected={selection.seqs.has(record.seq)} />
            )
          );
        })}
      </div>
    </div>
  );
}
