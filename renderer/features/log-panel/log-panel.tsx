import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LinkState } from '../../bridge/link.ts';
import { NO_CHOICES } from '../../state/log-filter.ts';
import { toTextLines } from '../../state/log-text.ts';
import { useLink, useLog, useServices } from '../../state/services.ts';
import { useShortcutKeys } from '../../state/use-shortcut-keys.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { noSelection, type Selection, selectedItems } from '../../ui/list-selection.ts';
import { LogDetail } from './log-detail.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import './log-panel.css';
import { text } from '../../text/text.ts';
import { rowsOf, singleRows } from './log-rows.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { selectedOrAll } from './selection.ts';

/**
 * The log of client, server and app. It is mounted while it is open.
 * @param onClose closes it; absent where something else does, such as a tab
 */
export function LogPanel({ onClose }: { onClose?: () => void }) {
  const { log } = useServices();
  const shown = useLog((state) => state.shown);
  const [selection, setSelection] = useState<Selection<number>>(noSelection);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  // A search shows single lines instead of combined rows.
  const searching = useLog(({ filter }) => filter.search.trim() !== '' || filter.event !== null);
  const records = useMemo(() => shown.toArray(), [shown]);
  const rows = useMemo(
    () => (searching ? singleRows(records) : rowsOf(records, expanded)),
    [records, searching, expanded],
  );
  const selected = selectedItems(selection, rows);
  const toCopy = () => selectedOrAll(selection, rows, records);
  const selectedRow = selected.length === 1 ? selected[0] : undefined;

  const unseen = useLog((state) => state.unseenWarnings);
  useEffect(() => {
    if (unseen > 0) log.seeWarnings();
  }, [log, unseen]);
  // A list that was paused by scrolling begins at its end when it is opened again.
  useEffect(() => () => log.follow('scroll'), [log]);

  const expand = useCallback((id: number, open: boolean) => {
    setExpanded((before) => {
      const after = new Set(before);
      if (open) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);

  const { keys } = useShortcutKeys('key_log');

  return (
    <section className="log" aria-labelledby="log-title" id="log">
      <header className="log-header">
        <h2 id="log-title">{text.log.title}</h2>
        <LogToolbar toCopy={toCopy} anySelected={selected.length > 0} />
        {onClose && (
          <IconButton label={text.log.close} keys={keys} data-testid="log-close" onClick={onClose}>
            <Icon name="close" size={16} />
          </IconButton>
        )}
      </header>
      <div className="log-body">
        <LogFilters />
        <Disconnected />
        <div className="log-stack">
          <LogList
            rows={rows}
            selection={selection}
            onExpand={expand}
            onSelect={setSelection}
            onCopy={() => void navigator.clipboard.writeText(toTextLines(toCopy())).catch(() => undefined)}
          />
          {shown.length === 0 && <Empty />}
          <NewLines />
        </div>
        {selectedRow && <LogDetail row={selectedRow} onClose={() => setSelection(noSelection())} />}
      </div>
    </section>
  );
}

function disconnectedText(link: Exclude<LinkState, 'up'>): string {
  if (link === 'restarted') return text.host.restarted;
  return link === 'too_many_cookies' ? text.host.tooManyCookies : text.link[link];
}

/** Says why no new lines arrive while the host is away. */
function Disconnected() {
  const link = useLink();
  const { count, dropped } = useLog((state) => state.unrecorded);
  // Always mounted, because screen readers announce changes only.
  return (
    <div role="status">
      {link !== 'up' && (
        <p className="log-cut-off" data-testid="log-cut-off">
          <Icon name="alert" size={14} />
          <span>
            {disconnectedText(link)}
            {/* Not announced, because the number changes often. */}
            <span aria-live="off"> {unrecordedText(count, dropped)}</span>
          </span>
        </p>
      )}
    </div>
  );
}

/** How many lines of this window are not yet recorded, and how many were dropped. */
function unrecordedText(lines: number, dropped: number): string {
  if (lines === 0) return '';
  return dropped === 0 ? text.log.unrecorded({ lines }) : text.log.unrecordedAndDropped({ lines, dropped });
}

/** Says why the list is empty. */
function Empty() {
  const { log } = useServices();
  const total = useLog((state) => state.total);
  const cleared = useLog((state) => state.cleared);
  if (total > 0) {
    return (
      <div className="log-empty">
        <p>{text.log.noMatch}</p>
        <Button onClick={() => log.setFilter(NO_CHOICES)}>{text.log.showAll}</Button>
      </div>
    );
  }
  return (
    <div className="log-empty">
      <p>{cleared ? text.log.cleared : text.log.empty}</p>
    </div>
  );
}

/** While the list is paused: a button with the number of new lines, which follows them again. */
function NewLines() {
  const { log } = useServices();
  const following = useLog((state) => state.following);
  const newCount = useLog((state) => state.newCount);
  if (following) return null;
  return (
    <button type="button" className="log-new" data-testid="log-new" onClick={() => log.follow('button')}>
      <Icon name="arrowDown" size={14} /> {newCount > 0 ? text.log.newLines({ count: newCount }) : text.log.paused}
    </button>
  );
}
