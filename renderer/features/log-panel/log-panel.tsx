import { useCallback, useMemo, useState } from 'react';
import type { LinkState } from '../../bridge/link.ts';
import { EVERYTHING } from '../../state/log-filter.ts';
import { toTextLines } from '../../state/log-text.ts';
import { useLink, useLog, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LogDetail } from './log-detail.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import './log-panel.css';
import { text } from '../../text/en.ts';
import { rowsOf, singleRows } from './log-rows.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { NO_SELECTION, type Selection, selectedOrAll, selectedRows } from './selection.ts';

/** The log of client, server and app. In a narrow window it is below the voice panel and folded. */
export function LogPanel() {
  const shown = useLog((state) => state.shown);
  const [selection, setSelection] = useState<Selection>(NO_SELECTION);
  const [unfolded, setUnfolded] = useState(false);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  // A search shows single lines instead of combined rows.
  const searching = useLog(({ filter }) => filter.search.trim() !== '' || filter.event !== null);
  const rows = useMemo(() => (searching ? singleRows(shown) : rowsOf(shown, expanded)), [shown, searching, expanded]);
  const selected = selectedRows(selection, rows);
  const toCopy = () => selectedOrAll(selection, rows, shown);
  const selectedRow = selected.length === 1 ? selected[0] : undefined;

  const expand = useCallback((id: number, open: boolean) => {
    setExpanded((before) => {
      const after = new Set(before);
      if (open) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);

  return (
    <section className="log" aria-labelledby="log-title" data-unfolded={unfolded}>
      <header className="log-header">
        <h2 id="log-title">{text.log.title}</h2>
        <LogToolbar toCopy={toCopy} anySelected={selected.length > 0} />
        <button
          type="button"
          className="log-fold"
          data-testid="log-fold"
          aria-expanded={unfolded}
          aria-controls="log-body"
          onClick={() => setUnfolded(!unfolded)}
        >
          {unfolded ? text.log.hide : text.log.show} <Icon name="chevron" size={16} />
        </button>
      </header>
      <div id="log-body" className="log-body">
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
        {selectedRow && <LogDetail row={selectedRow} onClose={() => setSelection(NO_SELECTION)} />}
      </div>
    </section>
  );
}

const DISCONNECTED: Record<Exclude<LinkState, 'up'>, string> = {
  ...text.link,
  restarted: text.host.restarted,
  too_many_cookies: text.host.tooManyCookies,
};

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
            {DISCONNECTED[link]}
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
        <Button onClick={() => log.setFilter(EVERYTHING)}>{text.log.showAll}</Button>
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
