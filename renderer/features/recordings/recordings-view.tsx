import { type RefObject, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { ALL_RECORDINGS, isFiltered, queryRecordings, rowsByDay } from '../../state/recording-query.ts';
import { useFileTasks, useRecordingList, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { noSelection, type Selection, selectedItems, selectOne } from '../../ui/list-selection.ts';
import { FileTasks } from './file-tasks.tsx';
import { ListFailure } from './list-failure.tsx';
import { RecordingDetail } from './recording-detail.tsx';
import { RecordingList } from './recording-list.tsx';
import { RecordingNotices } from './recording-notices.tsx';
import { RecordingsToolbar } from './recordings-toolbar.tsx';
import './recordings-view.css';
import { SelectionActions } from './selection-actions.tsx';
import { useDragOut } from './use-drag-out.ts';
import { useFileDrop } from './use-file-drop.ts';
import { isVisible, useKeepFocus } from './use-keep-focus.ts';

interface RecordingsViewProps {
  hidden: boolean;
  /** Receives the search field, so that a shortcut can focus it. */
  searchField?: RefObject<HTMLInputElement | null>;
}

/**
 * All recordings: a list that is searched, filtered and sorted, and the details of the selected one.
 * @param hidden another part of the window is shown in its place
 */
export function RecordingsView({ hidden, searchField }: RecordingsViewProps) {
  const { recordingList, fileTasks } = useServices();
  const recordings = useRecordingList((state) => state.recordings);
  const isEmpty = useRecordingList((state) => state.loaded === 'all' && state.recordings.length === 0);
  const [query, setQuery] = useState(ALL_RECORDINGS);
  const [selection, setSelection] = useState<Selection<string>>(noSelection);
  const list = useRef<HTMLDivElement>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  useEffect(() => {
    if (!hidden) void recordingList.load();
  }, [recordingList, hidden]);

  // Typing stays fluid while a long list is searched.
  const search = useDeferredValue(query.search);
  const { marks, sort } = query;
  const applied = useMemo(() => ({ search, marks, sort }), [search, marks, sort]);
  const found = useMemo(() => queryRecordings(recordings, applied), [recordings, applied]);
  const rows = useMemo(() => rowsByDay(found, sort), [found, sort]);
  const selected = useMemo(() => selectedItems(selection, found), [selection, found]);
  const only = selected.length === 1 ? selected[0] : undefined;

  const section = useRef<HTMLElement>(null);
  const detail = useRef<HTMLElement>(null);
  /** For when the element with the focus disappears. Where there is no room for both, the details cover the list. */
  const focusList = useCallback(() => {
    const target = list.current && isVisible(list.current) ? list : detail;
    target.current?.focus({ preventScroll: true });
  }, []);
  useKeepFocus(section, focusList);
  const dragOut = useDragOut(found, selected);
  const dropping = useFileDrop(section, ({ files, folders }) => void fileTasks.import(files, folders));

  const imported = useFileTasks((state) => state.imported);
  useEffect(() => {
    const [first] = imported;
    if (first === undefined) return;
    // A search or a filter would hide them.
    setQuery(({ sort }) => ({ ...ALL_RECORDINGS, sort }));
    setSelection({ ids: new Set(imported), anchor: first, cursor: first });
  }, [imported]);

  function select(next: Selection<string>): void {
    // The list may be covered by the details until then.
    flushSync(() => setSelection(next));
    focusList();
  }

  const remove = useCallback(async () => {
    const ids = selected.map(({ id }) => id);
    if (ids.length === 0) return;
    await recordingList.remove(ids);
    setSelection((now) => nextSelection(found, now, new Set(ids)));
    focusList();
  }, [recordingList, selected, found, focusList]);

  return (
    <section
      ref={section}
      className="recordings"
      id="recordings"
      aria-labelledby="recordings-title"
      hidden={hidden}
      onPointerDown={dragOut.onPointerDown}
      onDragStart={dragOut.onDragStart}
    >
      <header className="recordings-header">
        <h2 id="recordings-title">{text.recordings.title}</h2>
        <Count shown={found.length} filtered={isFiltered(query)} />
        {/* Always mounted, because screen readers announce changes only. */}
        <p className="visually-hidden" role="status">
          {selected.length > 1 && text.recordings.selected({ recordings: selected.length })}
        </p>
        {selected.length > 1 && (
          <div className="recordings-selected" data-testid="recordings-selected">
            <span>{text.recordings.selected({ recordings: selected.length })}</span>
            <SelectionActions recordings={selected} onDelete={remove} onClear={() => select(noSelection())} />
          </div>
        )}
      </header>
      <RecordingsToolbar
        query={query}
        empty={isEmpty}
        onChange={setQuery}
        onImport={(files) => void fileTasks.import(files)}
        searchField={searchField}
      />
      <Incomplete />
      <div className="recordings-body" data-detail={only !== undefined}>
        <div className="recordings-stack">
          <RecordingList
            ref={list}
            query={applied}
            rows={rows}
            recordings={found}
            selection={selection}
            onSelect={setSelection}
            renaming={renaming}
            onRename={setRenaming}
            onDelete={remove}
          />
          {found.length === 0 && <NoRows onShowAll={() => setQuery({ ...ALL_RECORDINGS, sort })} />}
          <RecordingNotices onUndone={focusList} />
        </div>
        {only ? (
          <RecordingDetail
            key={only.id}
            ref={detail}
            recording={only}
            onClose={() => select(noSelection())}
            onDelete={remove}
            onTrimmed={(part) => select(selectOne(part.id))}
          />
        ) : (
          <p className="recordings-none">
            {selected.length > 1
              ? text.recordings.selected({ recordings: selected.length })
              : text.recordings.selectOne}
          </p>
        )}
      </div>
      <FileTasks />
      {dropping && (
        <div className="drop-target" data-testid="drop-target">
          <Icon name="importFile" size={32} />
          <p>{text.recordingFiles.dropHere}</p>
          <p className="drop-target-kinds">{text.recordingFiles.dropKinds}</p>
        </div>
      )}
    </section>
  );
}

/** After a deletion the recording that took the place of the first deleted one is selected. */
function nextSelection(
  before: readonly RecordingInfo[],
  now: Selection<string>,
  gone: ReadonlySet<string>,
): Selection<string> {
  // The user has selected something else meanwhile.
  if (![...now.ids].some((id) => gone.has(id))) return now;
  const first = before.findIndex(({ id }) => gone.has(id));
  const stays = ({ id }: RecordingInfo) => !gone.has(id);
  const next = before.slice(first).find(stays) ?? before.slice(0, Math.max(0, first)).findLast(stays);
  return next ? selectOne(next.id) : noSelection();
}

/** How many recordings there are, or match. */
function Count({ shown, filtered }: { shown: number; filtered: boolean }) {
  const loaded = useRecordingList((state) => state.loaded);
  const known = useRecordingList((state) => state.recordings.length);
  const total = useRecordingList((state) => state.total);
  // Until all pages have arrived, the host knows better how many there are.
  const all = loaded === 'all' ? known : Math.max(known, total);
  const found = text.recordings.shownOf({ shown, total: all });
  return (
    <>
      <p className="recordings-count" data-testid="recordings-count">
        {loaded !== 'none' && (filtered ? found : all > 0 && text.recordings.count({ recordings: all }))}
      </p>
      {/* Only what was searched for: a recording that was saved or deleted is announced elsewhere. */}
      <p className="visually-hidden" role="status">
        {loaded !== 'none' && filtered && found}
      </p>
    </>
  );
}

/** Says that a part of the list could not be loaded. */
function Incomplete() {
  const error = useRecordingList((state) => (state.recordings.length > 0 ? state.error : null));
  if (error === null) return null;
  return (
    <div className="recordings-incomplete">
      <ListFailure error={error} />
    </div>
  );
}

/** Says why the list is empty. */
function NoRows({ onShowAll }: { onShowAll: () => void }) {
  const loaded = useRecordingList((state) => state.loaded);
  const error = useRecordingList((state) => state.error);
  const known = useRecordingList((state) => state.recordings.length);
  if (error !== null) {
    return (
      <div className="recordings-empty">
        <ListFailure error={error} />
      </div>
    );
  }
  if (known > 0) {
    return (
      <div className="recordings-empty">
        <p>{text.recordings.noMatch}</p>
        <Button onClick={onShowAll}>{text.recordings.showAll}</Button>
      </div>
    );
  }
  if (loaded !== 'all') return <p className="recordings-empty">{text.common.loading}</p>;
  return (
    <div className="recordings-empty" data-testid="recordings-empty">
      <Icon name="list" size={40} />
      <p className="recordings-empty-title">{text.recordings.empty}</p>
      <p>{text.recordings.emptyHint}</p>
    </div>
  );
}
