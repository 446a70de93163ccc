import { join } from 'node:path';
import { BrowserWindow, ipcMain, type Point, type Session, screen, type WebContents } from 'electron';
import { LevelReport, type MicCommand } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { OVERLAY_CHANNELS, OVERLAY_COMMANDS, type OverlayCommand, type OverlayTurn } from '../../shared/overlay.ts';
import { readOwnedFileSync, replaceFileSync } from '../files/owned-files.ts';
import { createCallBudget } from '../host/call-budget.ts';
import { language } from '../text/text.ts';
import { sendTo } from './ipc.ts';
import { OverlayPosition, overlayBounds } from './overlay-bounds.ts';
import { OVERLAY_URL, openOverlayWindow } from './overlay-window.ts';
import type { ReportedTalk, TalkReports } from './talk-reports.ts';
import { forEachAppWindow } from './windows.ts';

/** Limit for overlay.json, which has about 20 bytes. */
const MAX_BYTES = 4096;

export interface OverlayOptions {
  reports: TalkReports;
  isEnabled: () => boolean;
  session: Session;
  preload: string;
  devTools: boolean;
  /** The data folder, for the position of the overlay (`overlay.json`). */
  dataDir: string;
  log: Log;
  platform?: NodeJS.Platform;
  /** Monotonic clock (ms), the one of the reports. */
  now?: () => number;
}

export interface Overlay {
  /** Call when the setting has changed. */
  update(): void;
  /** Call with the arguments of `reportLevel` before they are parsed. */
  onLevel(contents: WebContents, args: unknown): void;
}

/** The open overlay and the page whose turn it shows. */
interface Shown {
  window: BrowserWindow;
  page: WebContents;
  /** Where it was opened. */
  initial: Point;
}

/**
 * Shows a small window with level, time, pause and stop while a page listens whose own window can't be seen: it is
 * minimised or hidden. The overlay exists only as long as it is shown.
 */
export function setupOverlay(options: OverlayOptions): Overlay {
  const { reports, isEnabled, dataDir, log, platform = process.platform } = options;
  const { now = () => performance.now() } = options;
  const file = join(dataDir, 'overlay.json');
  let shown: Shown | null = null;
  /** The page for whose turn the user has closed the overlay. */
  let dismissed: WebContents | null = null;

  function close(): void {
    if (!shown) return;
    const { window, page, initial } = shown;
    shown = null;
    if (!window.isDestroyed()) savePosition(window, initial);
    sendTo(page, 'onLevelsWanted', false);
    if (!window.isDestroyed()) window.destroy();
  }

  function open(page: WebContents): void {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const bounds = overlayBounds(readPosition(file), areas);
    const window = openOverlayWindow({ ...options, bounds, platform });
    const { webContents } = window;
    shown = { window, page, initial: bounds };
    const isShown = () => shown?.window === window;
    const end = () => {
      if (isShown()) close();
    };
    // The page subscribes while it loads.
    webContents.on('did-finish-load', () => {
      if (!isShown()) return;
      sendTurn();
      if (shown) sendTo(shown.page, 'onLevelsWanted', true);
    });
    webContents.on('did-navigate', (_event, url) => {
      if (url !== OVERLAY_URL) end();
    });
    webContents.on('render-process-gone', end);
    window.on('closed', () => {
      if (!isShown()) return;
      dismissed = page;
      close();
    });
    window.loadURL(OVERLAY_URL).catch((error: unknown) => {
      if (isShown()) log('WARNING', { type: 'overlay_failed', detail: describeError(error) });
      end();
    });
  }

  function sendTurn(): void {
    if (!shown || shown.window.isDestroyed()) return;
    const talk = reports.all().get(shown.page);
    if (talk) shown.window.webContents.send(OVERLAY_CHANNELS.turn, { ...turnAt(talk, now()), language });
  }

  function update(): void {
    const talks = reports.all();
    if (dismissed && !talks.has(dismissed)) dismissed = null;
    const page = isEnabled() ? hiddenPage(talks) : null;
    if (page === null || page === dismissed) return close();
    if (shown?.page === page) return sendTurn();
    close();
    open(page);
  }

  let failed = false;
  function savePosition(window: BrowserWindow, before: Point): void {
    const { x, y } = window.getBounds();
    if (x === before.x && y === before.y) return;
    try {
      replaceFileSync(file, `${JSON.stringify({ x, y })}\n`, 0o600);
    } catch (error) {
      if (!failed) log('WARNING', { type: 'overlay_position_not_saved', detail: describeError(error) });
      failed = true;
    }
  }

  const budget = createCallBudget(now);
  ipcMain.handle(OVERLAY_CHANNELS.command, (event, args: unknown) => {
    const own = shown?.window.webContents;
    // Electron's security checklist, item 17: only the main frame of the overlay that is shown.
    if (!shown || event.sender !== own || event.senderFrame !== own.mainFrame) {
      log('WARNING', { type: 'bridge_refused', call: 'overlay', from: '' });
      return;
    }
    const decision = budget.take('overlay', args);
    if (decision.action === 'end') return close();
    if (decision.action !== 'accept') return;
    decision.done();
    if (isCommand(args)) sendTo(shown.page, 'onMicCommand', args satisfies MicCommand);
  });

  forEachAppWindow((window) => {
    window.on('minimize', update);
    window.on('hide', update);
    window.on('restore', update);
    window.on('show', update);
  });
  reports.onChange(update);

  return {
    update,
    onLevel(contents, args) {
      const { data } = LevelReport.safeParse(args);
      if (data === undefined || shown?.page !== contents || shown.window.isDestroyed()) return;
      shown.window.webContents.send(OVERLAY_CHANNELS.level, data);
    },
  };
}

function isCommand(value: unknown): value is OverlayCommand {
  return (OVERLAY_COMMANDS as readonly unknown[]).includes(value);
}

/** The first page with a turn whose window can't be seen; null: there is none. */
function hiddenPage(talks: ReadonlyMap<WebContents, ReportedTalk>): WebContents | null {
  for (const page of talks.keys()) {
    const window = page.isDestroyed() ? null : BrowserWindow.fromWebContents(page);
    if (window && !window.isDestroyed() && (window.isMinimized() || !window.isVisible())) return page;
  }
  return null;
}

/** The turn as it is now: a report may be minutes old. */
function turnAt({ talk, seconds, at }: ReportedTalk, now: number): Omit<OverlayTurn, 'language'> {
  const runs = talk !== 'paused' && talk !== 'waiting';
  return { talk, seconds: seconds === null || !runs ? seconds : seconds + (now - at) / 1000 };
}

/** @returns null if the file is missing or invalid */
function readPosition(file: string): Point | null {
  try {
    return OverlayPosition.parse(JSON.parse(readOwnedFileSync(file, MAX_BYTES)));
  } catch {
    return null;
  }
}
