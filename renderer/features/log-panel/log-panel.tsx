import { useCallback, useEffect, useRef, useState } from 'react';
import { EVERYTHING, type LogFilter } from '../../state/log-filter.ts';
import { useLog, useServices, useSessions } from '../../state/services.ts';
import { useShortcutKeys } from '../../state/use-shortcut-keys.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { noSelection } from '../../ui/list-selection.ts';
import { KeyHelp } from './key-help.tsx';
import { LogDetail } from './log-detail.tsx';
import { Empty } from './log-empty.tsx';
import { LogFileNotice } from './log-file-notice.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogFoot } from './log-foot.tsx';
import { LogList, PAUSED_MARGIN } from './log-list.tsx';
import { ClearedNotice, Disconnected, NewLines } from './log-notices.tsx';
import './log-panel.css';
import { LogSearch } from './log-search.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import { SessionView } from './session-view/session-view.tsx';
import { useLogFile } from './use-log-file.ts';
import { useLogSelection } from './use-log-selection.ts';
import { usePanelKeys } from './use-panel-keys.ts';
import { useRows } from './use-rows.ts';
import { useSeenWarnings } from './use-seen-warnings.ts';

/**
 * The log of client, server and app. It is mounted while it is open.
 * @param onClose closes it; absent where something else does, such as a tab
 */
export function LogPanel({ onClose }: { onClose?: () => void }) {
  const { log } = useServices();
  const panel = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const fileField = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const { rows, expand } = useRows();
  const plain = useLog((state) => state.filter.plain);
  // Who reads sentences has no use for technical filters, unless one is on.
  const isFiltered = useLog(({ filter }) => isChosen(filter));
  const selection = useLogSelection(rows);
  const reader = useLogFile(panel);

  const { set: setSelection } = selection;
  const file = useLog((state) => state.file);
  // The lines of a file have numbers of their own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each file, and for the return to the live log
  useEffect(() => setSelection(noSelection()), [file, setSelection]);
  const session = useLog(({ filter }) => filter.session);
  const since = useSessions((sessions) => (session === null ? null : sessions.startOf(session)));

  const { setDetail } = selection;
  const showSession = useCallback(
    (session: string) => {
      log.setFilter({ session });
      // The picture of the session takes the room of the details.
      setDetail(false);
      log.follow('scroll');
    },
    [log, setDetail],
  );
  const leaveSession = () => {
    log.setFilter({ session: null });
    focusList();
  };
  const focusList = useCallback(() => list.current?.focus({ preventScroll: true }), []);
  const openDetail = () => {
    // The line stays where it is while it is read. A file does not grow.
    if (file === null) log.pause('scroll');
    selection.setDetail(true);
  };
  const closeDetail = () => {
    selection.setDetail(false);
    focusList();
    if (isAtEnd(list.current)) log.follow('scroll');
  };
  const find = (direction: 'next' | 'previous') => {
    const { cursor } = selection.selection;
    // From the selected line, unless the search is at a match already.
    const from = log.getState().search.current === null && cursor !== null ? [cursor] : [];
    const found = direction === 'next' ? log.findNext(...from) : log.findPrevious(...from);
    if (found !== null) selection.select(found);
  };
  const onKeyDown = usePanelKeys({
    rows,
    list,
    search,
    selection,
    openDetail,
    closeDetail,
    find,
    expand,
    showSession,
    showHelp: () => setHelpOpen(true),
  });

  useSeenWarnings();
  const { keys } = useShortcutKeys('key_log');

  return (
    <section ref={panel} className="log" aria-labelledby="log-title" id="log" onKeyDown={onKeyDown}>
      <LogToolbar
        recordsToCopy={selection.toCopy}
        anySelected={selection.selection.ids.size > 0}
        onOpenFile={() => fileField.current?.click()}
        onHelp={() => setHelpOpen(true)}
      >
        {onClose && (
          <IconButton label={text.log.close} keys={keys} data-testid="log-close" onClick={onClose}>
            <Icon name="close" size={16} />
          </IconButton>
        )}
      </LogToolbar>
      <div className="log-body">
        <LogSearch ref={search} onFind={find} onLeave={focusList} />
        {(!plain || isFiltered) && <LogFilters />}
        <LogFileNotice reader={reader} />
        <Disconnected />
        <ClearedNotice onUndone={focusList} />
        {session !== null && <SessionView sessionKey={session} onClose={leaveSession} />}
        <div className="log-stack">
          <LogList
            ref={list}
            rows={rows}
            selection={selection.selection}
            onSelect={selection.set}
            onOpen={openDetail}
            detailOpen={selection.detail !== null}
            onExpand={expand}
            onSession={showSession}
            plain={plain}
            since={since}
          />
          <Empty />
          <NewLines />
        </div>
        {selection.detail && <LogDetail row={selection.detail} onClose={closeDetail} onSession={showSession} />}
        <LogFoot />
      </div>
      <input
        ref={fileField}
        type="file"
        accept=".jsonl,.log,application/jsonl"
        hidden
        data-testid="log-file-field"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) reader.read(file);
          // The same file can be chosen again.
          target.value = '';
        }}
      />
      {reader.dragging && <p className="log-drop">{text.log.dropHere}</p>}
      <KeyHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </section>
  );
}

/** Whether lines are left out by side, level or event. */
function isChosen({ sides, minLevel, event }: LogFilter): boolean {
  return sides.size < EVERYTHING.sides.size || minLevel !== EVERYTHING.minLevel || event !== null;
}

/** Whether a paused list shows its last row. */
function isAtEnd(list: HTMLElement | null): boolean {
  return list !== null && list.scrollHeight - list.clientHeight - list.scrollTop <= PAUSED_MARGIN;
}
