import type { WebContents } from 'electron';
import { TalkReport } from '../../shared/desktop.ts';

/** A turn that a page has reported. */
export interface ReportedTalk extends TalkReport {
  /** When the page reported it, in ms of a monotonic clock: `seconds` is the length at that time. */
  at: number;
}

/** What the turn of each page does, as its page reports it. */
export interface TalkReports {
  /** The pages with a turn, in the order in which their turns began. */
  all(): ReadonlyMap<WebContents, ReportedTalk>;
  onChange(listener: () => void): void;
  /** Call with the arguments of `reportTalk` before they are parsed. */
  onReport(contents: WebContents, args: unknown): void;
}

/** @param now monotonic clock (ms) */
export function createTalkReports(now: () => number = () => performance.now()): TalkReports {
  const talks = new Map<WebContents, ReportedTalk>();
  const tracked = new WeakSet<WebContents>();
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };

  function track(contents: WebContents): void {
    if (tracked.has(contents)) return;
    tracked.add(contents);
    // A page that reloads, crashes or closes has no turn any more.
    const forget = () => {
      if (talks.delete(contents)) notify();
    };
    contents.on('did-start-loading', forget);
    contents.on('render-process-gone', forget);
    contents.on('destroyed', forget);
  }

  return {
    all: () => talks,
    onChange: (listener) => void listeners.add(listener),
    onReport(contents, args) {
      const { data } = TalkReport.safeParse(args);
      if (data === undefined || contents.isDestroyed()) return;
      track(contents);
      if (data.talk === 'off') talks.delete(contents);
      else talks.set(contents, { ...data, at: now() });
      notify();
    },
  };
}
