import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, type RefObject, useCallback, useLayoutEffect, useRef } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { SKIP_S } from '../../state/player-store.ts';
import type { ListRow, RecordingQuery } from '../../state/recording-query.ts';
import { useServices } from '../../state/services.ts';
import { dates } from '../../text/dates.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { Grid, GridCell, GridRow, GridRowHeader } from '../../ui/grid.tsx';
import { noSelection, type Selection, selectAll, selectOne, selectTo, toggleOne } from '../../ui/list-selection.ts';
import { RecordingMenu } from './recording-menu.tsx';
import { DAY_HEIGHT, RecordingRow, ROW_HEIGHT, rowId } from './recording-row.tsx';
import './recording-list.css';
import { useListMenu } from './use-list-menu.ts';
import { useRowPlaces } from './use-row-places.ts';

interface RecordingListProps {
  /** What is listed. The list begins at its top when this changes. */
  query: RecordingQuery;
  ref: RefObject<HTMLDivElement | null>;
  rows: readonly ListRow[];
  /** The recordings of the rows, in their order. */
  recordings: readonly RecordingInfo[];
  selection: Selection<string>;
  onSelect: (selection: Selection<string>) => void;
  /** The recording whose title is being edited in its row. */
  renaming: string | null;
  onRename: (id: string | null) => void;
  /** Deletes recordings; without IDs, the selected ones. */
  onDelete: (ids?: readonly string[]) => void;
}

const idOf = ({ target }: { target: EventTarget | null }) =>
  (target as Element).closest('[data-recording-id]')?.getAttribute('data-recording-id') ?? null;

/** Rows that Page Up and Page Down move. */
const PAGE_ROWS = 8;

/**
 * The virtualised list of recordings, as a grid of rows: only visible ones are rendered. Arrow keys move, Shift and
 * Ctrl extend the selection, Enter plays, F2 renames, Delete deletes, and the menu key opens a menu with all actions.
 */
export function RecordingList(props: RecordingListProps) {
  const { query, ref: scroller, rows, recordings, selection, onSelect, renaming, onRename, onDelete } = props;
  const { player } = useServices();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback((index: number) => (rows[index]?.kind === 'day' ? DAY_HEIGHT : ROW_HEIGHT), [rows]),
    // Not a new function for each render: the virtualiser then measures all rows again.
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another query moves the list
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [scroller, query]);

  const items = virtualizer.getVirtualItems();
  const { reveal, placeOf } = useRowPlaces(scroller, rows, virtualizer);
  // The details of a single recording take height from the list.
  const single = selection.ids.size === 1;
  const place = `${single} ${selection.cursor}`;
  /** For which cursor and details the list has been moved. The row of an imported recording may be listed later. */
  const moved = useRef('');
  useLayoutEffect(() => {
    if (moved.current !== place && (selection.cursor === null || reveal(selection.cursor))) moved.current = place;
  }, [selection.cursor, place, reveal]);

  const cursorIsRendered = items.some(({ key }) => key === selection.cursor);

  const onRenamed = useCallback(
    (byKey: boolean) => {
      onRename(null);
      if (byKey) scroller.current?.focus({ preventScroll: true });
    },
    [onRename, scroller],
  );

  const menu = useListMenu(scroller, recordings, selection, idOf, (id) => {
    reveal(id);
    return placeOf(id);
  });

  function onClick(event: MouseEvent): void {
    const id = idOf(event);
    if (id === null || id === renaming) return;
    if (event.shiftKey) onSelect(selectTo(selection, recordings, id));
    else if (event.ctrlKey || event.metaKey) onSelect(toggleOne(selection, id));
    else onSelect(selectOne(id));
  }

  /** Moves the cursor to a recording by its index, or to the nearest one. */
  function moveTo(index: number, extend: boolean): void {
    const recording = recordings[Math.min(recordings.length - 1, Math.max(0, index))];
    if (!recording) return;
    onSelect(extend ? selectTo(selection, recordings, recording.id) : selectOne(recording.id));
  }

  /** @param step number of recordings, negative: up. Without a cursor, down begins at the first one, up at the last. */
  function moveBy(step: number, extend: boolean): void {
    const at = recordings.findIndex(({ id }) => id === selection.cursor);
    if (at === -1) moveTo(step > 0 ? 0 : recordings.length - 1, extend);
    else moveTo(at + step, extend);
  }

  function skip(seconds: number): void {
    if (selection.cursor === null || player.getState().id !== selection.cursor) return;
    void player.seek(selection.cursor, Math.max(0, player.position(selection.cursor) + seconds));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    const { cursor } = selection;
    const act = {
      ArrowDown: () => moveBy(1, event.shiftKey),
      ArrowUp: () => moveBy(-1, event.shiftKey),
      PageDown: () => moveBy(PAGE_ROWS, event.shiftKey),
      PageUp: () => moveBy(-PAGE_ROWS, event.shiftKey),
      End: () => moveTo(recordings.length - 1, event.shiftKey),
      Home: () => moveTo(0, event.shiftKey),
      ArrowRight: () => skip(SKIP_S),
      ArrowLeft: () => skip(-SKIP_S),
      Enter: () => cursor !== null && !event.repeat && void player.toggle(cursor),
      F2: () => cursor !== null && onRename(cursor),
      Delete: () => onDelete(),
      Escape: () => onSelect(noSelection()),
    }[event.key];
    if (command && event.key === 'a') onSelect(selectAll(recordings));
    else if (act && !command && !event.altKey) act();
    else return;
    event.preventDefault();
  }

  return (
    <ContextMenu
      onOpen={menu.onOpen}
      onClosed={menu.onClosed}
      focusAfter={menu.focusAfter}
      entries={
        <RecordingMenu
          recordings={menu.recordings}
          onRename={(id) => menu.afterClosing(() => onRename(id))}
          onDelete={onDelete}
        />
      }
    >
      <Grid
        ref={scroller}
        className="recording-list"
        data-testid="recording-list"
        aria-label={text.recordings.title}
        aria-multiselectable="true"
        aria-rowcount={rows.length}
        {...(selection.cursor !== null && cursorIsRendered && { 'aria-activedescendant': rowId(selection.cursor) })}
        tabIndex={0}
        onClick={onClick}
        onDoubleClick={(event) => {
          if ((event.target as Element).closest('.recording-row-title')) onRename(idOf(event));
        }}
        onKeyDown={onKeyDown}
      >
        <div className="recording-rows" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            if (row.kind === 'day') return <Day key={item.key} row={row} top={item.start} index={item.index + 1} />;
            const { id } = row.recording;
            return (
              <RecordingRow
                key={item.key}
                recording={row.recording}
                top={item.start}
                index={item.index + 1}
                selected={selection.ids.has(id)}
                atCursor={selection.cursor === id}
                hasMenu={menu.recordings.some((recording) => recording.id === id)}
                renaming={renaming === id}
                onRenamed={onRenamed}
              />
            );
          })}
        </div>
      </Grid>
    </ContextMenu>
  );
}

/** The heading of a day, with its number of recordings. */
function Day({ row, top, index }: { row: Extract<ListRow, { kind: 'day' }>; top: number; index: number }) {
  return (
    <GridRow
      className="recording-day"
      data-testid="recording-day"
      aria-rowindex={index}
      style={{ transform: `translateY(${top}px)` }}
    >
      <GridRowHeader>{dates.day(row.date, new Date())}</GridRowHeader>
      <GridCell className="recording-day-count" aria-label={text.recordings.count({ recordings: row.count })}>
        {formatCount(row.count)}
      </GridCell>
    </GridRow>
  );
}
