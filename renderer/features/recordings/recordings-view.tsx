import { type RefObject, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { ALL_RECORDINGS, isFiltered, queryRecordings, rowsByDay } from '../../state/recording-query.ts';
import { useFileTasks, useRecordingList, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icons.tsx';
import { noSelection, type Selection, selectedItems, selectOne } from '../../ui/list-selection.ts';
import { FileTasks } from './file-tasks.tsx';
import { Count, Incomplete, NoRows } from './list-state.tsx';
import { RecordingDetail } from './recording-detail.tsx';
import { RecordingList } from './recording-list.tsx';
import { RecordingNotices } from './recording-notices.tsx';
import { RecordingsToolbar } from './recordings-toolbar.tsx';
import './recordings-view.css';
import { useFileDrop } from '../../ui/use-file-drop.ts';
import { SelectionActions } from './selection-actions.tsx';
import { useDragOut } from './use-drag-out.ts';
import { isVisible, useKeepFocus } from './use-keep-focus.ts';
import { useUndoKey } from './use-undo-key.ts';

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
  const isUnknown = useRecordingList((state) => state.loaded === 'none' && state.error === null);
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
  const importFiles = (files: File[]) => void fileTasks.import(files);
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

  const remove = useCallback(
    async (ids: readonly string[]) => {
      if (ids.length === 0) return;
      await recordingList.remove(ids);
      setSelection((now) => nextSelection(found, now, new Set(ids)));
      focusList();
    },
    [recordingList, found, focusList],
  );
  const removeSelected = useCallback(() => void remove(selected.map(({ id }) => id)), [remove, selected]);

  const undo = useCallback(async () => {
    const restored = await recordingList.undo();
    // Something has the focus after this, whatever had it before: the button that was pressed is gone.
    focusList();
    const [first] = restored;
    if (first === undefined) return;
    // A search or a filter would hide them.
    if (queryRecordings(restored, applied).length < restored.length) setQuery({ ...ALL_RECORDINGS, sort });
    const ids = new Set(restored.map(({ id }) => id));
    flushSync(() => setSelection({ ids, anchor: first.id, cursor: first.id }));
    focusList();
  }, [recordingList, applied, sort, focusList]);
  useUndoKey(section, hidden, undo);

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
            <SelectionActions recordings={selected} onDelete={removeSelected} onClear={() => select(noSelection())} />
          </div>
        )}
      </header>
      {!isEmpty && (
        <RecordingsToolbar
          query={query}
          onChange={setQuery}
          onImport={importFiles}
          searchField={searchField}
          reserved={isUnknown}
        />
      )}
      <Incomplete />
      <div className="recordings-body" data-detail={only !== undefined} data-empty={isEmpty}>
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
            onDelete={(ids) => (ids ? void remove(ids) : removeSelected())}
          />
          {found.length === 0 && (
            <NoRows onShowAll={() => setQuery({ ...ALL_RECORDINGS, sort })} onImport={importFiles} />
          )}
          <RecordingNotices onUndo={undo} />
        </div>
        {only ? (
          <RecordingDetail
            key={only.id}
            ref={detail}
            recording={only}
            onClose={() => select(noSelection())}
            onDelete={removeSelected}
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
