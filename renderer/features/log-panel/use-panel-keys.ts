import type { KeyboardEvent, RefObject } from 'react';
import { copiedText } from '../../state/log-text.ts';
import { useServices } from '../../state/services.ts';
import { noSelection, selectAll, selectTo } from '../../ui/list-selection.ts';
import { ROW_HEIGHT } from './log-row.tsx';
import { commandOf, hasOwnKeys, type PanelCommand } from './panel-keys.ts';
import type { Rows } from './row-list.ts';
import type { LogSelection } from './use-log-selection.ts';

interface PanelParts {
  rows: Rows;
  list: RefObject<HTMLDivElement | null>;
  search: RefObject<HTMLInputElement | null>;
  selection: LogSelection;
  openDetail: () => void;
  closeDetail: () => void;
  find: (direction: 'next' | 'previous') => void;
  expand: (id: number, expanded: boolean) => void;
  showSession: (id: string) => void;
  showHelp: () => void;
}

/** The keys of the panel (`PANEL_KEYS`). @returns its `onKeyDown` */
export function usePanelKeys(parts: PanelParts): (event: KeyboardEvent) => void {
  const { log, sessions, settings } = useServices();
  const { rows, list, search, selection } = parts;

  function moveTo(index: number, extend: boolean): void {
    const row = rows.at(Math.min(rows.length - 1, Math.max(0, index)));
    if (!row) return;
    if (extend) selection.set(selectTo(selection.selection, rows.toArray(), row.id));
    else selection.select(row.id);
  }

  /** @param step number of rows, negative: up. Without a cursor, it begins at the visible ones. */
  function moveBy(step: number, extend: boolean): void {
    const { cursor } = selection.selection;
    const at = cursor === null ? -1 : rows.indexOf(cursor);
    if (at !== -1) return moveTo(at + step, extend);
    const { scrollTop = 0, clientHeight = 0 } = list.current ?? {};
    moveTo(
      step > 0 ? Math.ceil(scrollTop / ROW_HEIGHT) : Math.floor((scrollTop + clientHeight) / ROW_HEIGHT) - 1,
      extend,
    );
  }

  const pageRows = () => Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);

  function rowAtCursor() {
    const { cursor } = selection.selection;
    return cursor === null ? undefined : rows.at(rows.indexOf(cursor));
  }

  function close(): void {
    const { filter } = log.getState();
    if (selection.detail !== null) parts.closeDetail();
    else if (filter.search !== '') log.setFilter({ search: '' });
    else if (filter.session !== null) log.setFilter({ session: null });
    else selection.set(noSelection());
  }

  function run(command: PanelCommand, extend: boolean): void {
    const row = rowAtCursor();
    const act: Record<PanelCommand, () => void> = {
      down: () => moveBy(1, extend),
      up: () => moveBy(-1, extend),
      pageDown: () => moveBy(pageRows(), extend),
      pageUp: () => moveBy(-pageRows(), extend),
      first: () => moveTo(0, extend),
      last: () => moveTo(rows.length - 1, extend),
      open: () => row && parts.openDetail(),
      close,
      expand: () => row?.kind === 'audio' && parts.expand(row.id, true),
      collapse: () => row?.kind === 'audio' && parts.expand(row.id, false),
      search: () => {
        search.current?.focus();
        search.current?.select();
      },
      nextMatch: () => parts.find('next'),
      previousMatch: () => parts.find('previous'),
      session: () => {
        const session = row && sessions.keyOf(row.records[0]);
        if (session !== undefined) parts.showSession(session);
      },
      detail: () => {
        const { log_detail } = settings.getState().settings;
        void settings.change({ log_detail: log_detail === 'plain' ? 'everything' : 'plain' });
      },
      pause: () => {
        const { file, following } = log.getState();
        if (file === null) following ? log.pause('button') : log.follow('button');
      },
      selectAll: () => selection.set(selectAll(rows.toArray())),
      copy: () => {
        // Without a selection, what is copied is the text that is marked on the page.
        if (selection.selection.ids.size > 0)
          void copiedText(selection.toCopy())
            .then((lines) => navigator.clipboard.writeText(lines))
            .catch(() => undefined);
      },
      undoClear: () => log.undoClear(),
      help: parts.showHelp,
    };
    act[command]();
  }

  return (event) => {
    if (event.defaultPrevented || hasOwnKeys(event.target)) return;
    const command = commandOf(event, event.target === list.current);
    if (command === null) return;
    event.preventDefault();
    run(command, event.shiftKey);
  };
}
