import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsubscribe } from '../../shared/bridge.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { NO_CHOICES } from './log-filter.ts';
import { addedRecords } from './log-list.ts';
import { type LogStore, MAX_RECORDS } from './log-store.ts';

import type { SessionIndex, SessionSummary } from './session-index.ts';
import { isOfServer } from './session-timeline.ts';
import { isUnrecorded } from './unrecorded.ts';

interface SessionState {
  /** Grows when records have changed their key, or there are new sessions. */
  revision: number;
  /** How often a session was to be shown: the window opens its log. */
  shows: number;
}

/** The sessions of the log that is shown, live or a file. */
export interface SessionStore extends StoreApi<SessionState> {
  /** The sessions and attempts whose records are held, newest first. */
  list(): SessionSummary[];
  /** The full key that begins with `start`, as a filter has it; of several the newest. Null: there is none. */
  resolve(start: string): string | null;
  /**
   * The records of a session, in order, and those of the voice server while it went on. The same array until one is
   * added.
   */
  recordsOf(key: string): readonly LogRecord[];
  /** When a session began (ms since the epoch); null: no record of it is held. @param start of its key */
  startOf(start: string): number | null;
  /** As `SessionIndex.keyOf`. */
  keyOf(record: LogRecord): string | undefined;
  /** Shows only the records of a session in the log, and opens the log. */
  show(key: string): void;
  /** The key of this window's last press; null: it was not pressed. */
  own(): string | null;
  dispose: Unsubscribe;
}

/** Records of a session that were found, so that only new ones have to be looked at. */
interface Found {
  key: string;
  revision: number;
  /** The first record of the list, and the last that the host has recorded. */
  first: LogRecord | undefined;
  through: number;
  recorded: LogRecord[];
  all: readonly LogRecord[];
}

/** How many records are dropped from the log before the index forgets their sessions. */
const FORGET_AFTER = MAX_RECORDS / 10;

/**
 * Keeps the index of sessions up to date with the log.
 * @param windowId names this page in the log
 */
export function followSessions(
  log: Pick<LogStore, 'getState' | 'subscribe' | 'refilter' | 'setFilter'>,
  index: SessionIndex,
  windowId: string,
): SessionStore {
  const store = createStore<SessionState>(() => ({ revision: 0, shows: 0 }));
  let { records, file } = log.getState();
  let forgottenBefore = records.at(0)?.seq ?? 0;
  let found: Found | null = null;
  let resolved: { start: string; revision: number; key: string | null } | null = null;

  function follow(): void {
    const state = log.getState();
    if (state.records === records && state.file === file) return;
    const isOther = state.file !== file;
    const added = isOther ? state.records.toArray() : addedRecords(records, state.records);
    ({ records, file } = state);
    if (isOther) index.clear();
    const changed = index.add(added);
    forget();
    if (!changed && !isOther) return;
    store.setState(({ revision }) => ({ revision: revision + 1 }));
    const { session } = state.filter;
    if (session === null) return;
    const key = index.currentKey(session);
    if (key === session) log.refilter();
    else log.setFilter({ session: key });
  }

  function forget(): void {
    const first = records.at(0);
    if (first === undefined || file !== null || first.seq - forgottenBefore < FORGET_AFTER) return;
    if (forgottenBefore > 0) index.forgetBefore(first.time);
    forgottenBefore = first.seq;
  }

  function list(): SessionSummary[] {
    const from = records.at(0)?.time ?? Number.POSITIVE_INFINITY;
    return file === null ? index.sessions().filter(({ lastAt }) => lastAt >= from) : index.sessions();
  }

  function resolve(start: string): string | null {
    const { revision } = store.getState();
    if (resolved?.start !== start || resolved.revision !== revision) {
      const all = list();
      const key = (all.find(({ key }) => key === start) ?? all.find(({ key }) => key.startsWith(start)))?.key ?? null;
      resolved = { start, revision, key };
    }
    return resolved.key;
  }

  function recordsOf(key: string): readonly LogRecord[] {
    const { revision } = store.getState();
    const first = records.at(0);
    const isKnown = found?.key === key && found.revision === revision && found.first === first;
    if (found === null || !isKnown) {
      const all = found?.key === key ? found.all : [];
      found = { key, revision, first, through: 0, recorded: [], all };
    }
    const isWanted = (record: LogRecord) => index.keyOf(record) === key || isOfServer(record);
    const unread = records.slice(records.countThrough(found.through));
    const recorded = unread.filter((record) => !isUnrecorded(record));
    const fresh = recorded.filter(isWanted);
    found.through = recorded.at(-1)?.seq ?? found.through;
    found.recorded = fresh.length === 0 ? found.recorded : [...found.recorded, ...fresh];
    const all = [...found.recorded, ...unread.filter((record) => isUnrecorded(record) && isWanted(record))];
    if (!isSame(all, found.all)) found.all = all;
    return found.all;
  }

  index.add(records.toArray());
  const unsubscribe = log.subscribe(follow);
  return {
    ...store,
    list,
    resolve,
    recordsOf,
    startOf(start) {
      const all = recordsOf(resolve(start) ?? start);
      return all.find((record) => !isOfServer(record))?.time ?? null;
    },
    keyOf: index.keyOf,
    show(key) {
      log.setFilter({ ...NO_CHOICES, session: key });
      store.setState(({ shows }) => ({ shows: shows + 1 }));
    },
    own: () => index.latestOf(windowId),
    dispose: unsubscribe,
  };
}

function isSame(a: readonly LogRecord[], b: readonly LogRecord[]): boolean {
  return a.length === b.length && a.every((record, at) => record === b[at]);
}
