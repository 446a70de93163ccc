import type { WebContents } from 'electron';
import { WindowReport } from '../../shared/desktop.ts';
import type { WindowStatus } from './command-messages.ts';
import { sendTo } from './ipc.ts';
import { appWindows, type WindowTracker } from './windows.ts';

/** How long (ms) the windows have to answer. One that hangs must not delay the others' answers for long. */
export const STATUS_LIMIT_MS = 1_000;

export interface WindowStatuses {
  /** Asks every window what it does. Resolves within `STATUS_LIMIT_MS`. */
  ask(): Promise<WindowStatus[]>;
  /** Call with the arguments of `reportStatus` before they are parsed. */
  onReport(contents: WebContents, args: unknown): void;
}

type Report = Omit<WindowReport, 'request'>;

export function createWindowStatuses({ windows }: { windows: Pick<WindowTracker, 'current'> }): WindowStatuses {
  let lastRequest = 0;
  const pending = new Map<number, (contents: WebContents, report: Report) => void>();

  /** The reports of those pages that answer in time. */
  function reportsOf(pages: readonly WebContents[]): Promise<Map<WebContents, Report>> {
    const request = ++lastRequest;
    const reports = new Map<WebContents, Report>();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        pending.delete(request);
        resolve(reports);
      };
      const timer = setTimeout(end, STATUS_LIMIT_MS);
      pending.set(request, (contents, report) => {
        if (pages.includes(contents)) reports.set(contents, report);
        if (reports.size === pages.length) end();
      });
      for (const contents of pages) sendTo(contents, 'onStatusRequest', request);
      if (pages.length === 0) end();
    });
  }

  return {
    async ask() {
      const open = appWindows().sort((a, b) => a.id - b.id);
      const current = windows.current();
      const pages = open.map(({ webContents }) => webContents);
      const reports = await reportsOf(pages.filter((page) => !page.isDestroyed() && !page.isCrashed()));
      return open.map((window, at) => ({
        window: window.id,
        current: window === current,
        ...(reports.get(pages[at] as WebContents) ?? NO_ANSWER),
      }));
    },
    onReport(contents, args) {
      const { data } = WindowReport.safeParse(args);
      if (data === undefined) return;
      const { request, ...report } = data;
      pending.get(request)?.(contents, report);
    },
  };
}

const NO_ANSWER = { state: 'no_answer', seconds: null, session: null, level_dbfs: null } as const;
