import { useCallback, useMemo, useState } from 'react';
import type { LinkState } from '../../bridge/link.ts';
import { RESTARTED, TOO_MANY_COOKIES } from '../../bridge/socket-bridge.ts';
import { EVERYTHING } from '../../state/log-filter.ts';
import { toTextLines } from '../../state/log-text.ts';
import { useLink, useLog, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { LogDetail } from './log-detail.tsx';
import { LogFilters } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import './log-panel.css';
import { rowsOf, singleRows } from './log-rows.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { NOTHING, type Selection, selectedOrAll, selectedRows } from './selection.ts';

/** What both sides did, so that nobody has to guess. Beside the voice where there is room, else below it and folded. */
export function LogPanel() {
  const shown = useLog((state) => state.shown);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [unfolded, setUnfolded] = useState(false);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  // Who looks for lines wants to see each of them.
  const searching = useLog(({ filter }) => filter.search.trim() !== '' || filter.event !== null);
  const rows = useMemo(() => (searching ? singleRows(shown) : rowsOf(shown, expanded)), [shown, searching, expanded]);
  const selected = selectedRows(selection, rows);
  const toCopy = () => selectedOrAll(selection, rows, shown);
  const only = selected.length === 1 ? selected[0] : undefined;

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
        <h2 id="log-title">Log</h2>
        <LogToolbar toCopy={toCopy} anySelected={selected.length > 0} />
        <button
          type="button"
          className="log-fold"
          data-testid="log-fold"
          aria-expanded={unfolded}
          aria-controls="log-body"
          onClick={() => setUnfolded(!unfolded)}
        >
          {unfolded ? 'Hide' : 'Show'} <Icon name="chevron" size={16} />
        </button>
      </header>
      <div id="log-body" className="log-body">
        <LogFilters />
        <CutOff />
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
        {only && <LogDetail row={only} onClose={() => setSelection(NOTHING)} />}
      </div>
    </section>
  );
}

const CUT_OFF: Record<Exclude<LinkState, 'up'>, string> = {
  down: 'Not connected with Earshot’s host. Its lines appear when it is back.',
  unreachable: 'Earshot’s host can’t be reached. If you started it again, open the link it prints.',
  restarted: RESTARTED,
  too_many_cookies: TOO_MANY_COOKIES,
  unproven: 'Another program answers in Earshot’s place. Start Earshot again and open the link it prints.',
};

/** Without a host the list stands still: said, so that silence is not taken for peace. */
function CutOff() {
  const link = useLink();
  const { waiting, dropped } = useLog((state) => state.unrecorded);
  // The place stays, so that a screen reader hears what comes into it.
  return (
    <div role="status">
      {link !== 'up' && (
        <p className="log-cut-off" data-testid="log-cut-off">
          <Icon name="alert" size={14} />
          <span>
            {CUT_OFF[link]}
            {/* Not read out each time that the number grows. */}
            <span aria-live="off"> {waitingText(waiting, dropped)}</span>
          </span>
        </p>
      )}
    </div>
  );
}

/** How many of this window's own lines wait to be recorded. */
function waitingText(waiting: number, dropped: number): string {
  if (waiting === 0) return '';
  const lines = waiting === 1 ? '1 line of this window is' : `${formatCount(waiting)} lines of this window are`;
  const gone = dropped === 0 ? '' : `, and ${formatCount(dropped)} older ones were dropped`;
  return `${lines} not yet recorded${gone}.`;
}

/** Says why the list is empty, and the way out. */
function Empty() {
  const { log } = useServices();
  const total = useLog((state) => state.total);
  const cleared = useLog((state) => state.cleared);
  if (total > 0) {
    return (
      <div className="log-empty">
        <p>No line passes these filters.</p>
        <Button onClick={() => log.setFilter(EVERYTHING)}>Show all lines</Button>
      </div>
    );
  }
  return (
    <div className="log-empty">
      <p>
        {cleared
          ? 'Cleared. New lines will appear here.'
          : 'Nothing has happened yet. Press the mic, and both sides will tell.'}
      </p>
    </div>
  );
}

/** While the list stands still: how much waits below, and the way there. */
function NewLines() {
  const { log } = useServices();
  const following = useLog((state) => state.following);
  const newCount = useLog((state) => state.newCount);
  if (following) return null;
  return (
    <button type="button" className="log-new" data-testid="log-new" onClick={() => log.follow('button')}>
      <Icon name="arrowDown" size={14} /> {newCount > 0 ? `${formatCount(newCount)} new` : 'Paused'}
    </button>
  );
}
