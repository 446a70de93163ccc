import { BrowserWindow, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import {
  BRIDGE_CALLS,
  type BridgeAnswer,
  type BridgeCallName,
  type BridgeEventName,
  type BridgeHandlers,
  type BridgeNotify,
  type BridgePayload,
} from '../../shared/bridge.ts';
import { busy } from '../../shared/call-limiter.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { answerBridgeCall } from '../host/bridge-handlers.ts';
import { type CallBudget, createCallBudget } from '../host/call-budget.ts';
import { isOwnUrl, originOf } from './origin.ts';
import { appWindows, isAppWindow } from './windows.ts';

// Electron's security checklist, item 17: the sender of every message is validated. Item 20: no Electron API is exposed
// to the page, only these calls, one channel each.

const REFUSED: BridgeAnswer = {
  ok: false,
  error: { code: 'bridge_refused', message: "This call did not come from one of Earshot's own windows." },
};

/** The channel of a call or an event. The preload uses the same rule. */
const channelOf = (name: string): string => `earshot:${name}`;

/**
 * Answers the bridge calls over Electron's IPC. Failures are returned as values, because Electron adds text to
 * rejections. A page that calls far more often than Earshot's own page does has its process ended; recovery.ts reloads
 * the page.
 * @param onCall called for each accepted call, with the calling page and the arguments before they are parsed
 * @param ofWindow the handlers that depend on the calling window, in place of `handlers`
 */
export function setupIpc(
  handlers: BridgeHandlers,
  log: Log,
  onCall: (name: BridgeCallName, contents: WebContents, args: unknown) => void = () => {},
  ofWindow: (contents: WebContents) => Partial<BridgeHandlers> = () => ({}),
  now: () => number = () => performance.now(),
): void {
  const budgets = new WeakMap<WebContents, CallBudget>();
  /** Pages whose process is being ended; calls that they had already sent still arrive. */
  const ending = new WeakSet<WebContents>();
  function budgetOf(contents: WebContents): CallBudget {
    const existing = budgets.get(contents);
    if (existing) return existing;
    const budget = createCallBudget(now);
    budgets.set(contents, budget);
    contents.on('did-navigate', () => budget.onNewPage());
    return budget;
  }
  function endPage(contents: WebContents, call: string, why: string): void {
    if (contents.isDestroyed() || contents.isCrashed() || ending.has(contents)) return;
    ending.add(contents);
    contents.once('render-process-gone', () => ending.delete(contents));
    log('WARNING', { type: 'window_ended', call, why });
    contents.forcefullyCrashRenderer();
  }
  const onUnexpectedError = (call: string, error: unknown) =>
    log('ERROR', { type: 'bridge_call_failed', call, detail: describeError(error) });
  for (const name of Object.keys(BRIDGE_CALLS) as BridgeCallName[]) {
    ipcMain.handle(channelOf(name), (event, args: unknown) => {
      const frame = senderOf(event);
      if (frame?.isOwn) {
        const { sender } = event;
        const decision = budgetOf(sender).take(name, args);
        if (decision.action === 'end') endPage(sender, name, decision.why);
        if (decision.action !== 'accept') return busy();
        onCall(name, sender, args);
        return answerBridgeCall({ ...handlers, ...ofWindow(sender) }, name, args, onUnexpectedError).finally(
          decision.done,
        );
      }
      log('WARNING', { type: 'bridge_refused', call: name, from: frame === null ? '' : originOf(frame.url) });
      return REFUSED;
    });
  }
}

/**
 * The URL of the calling frame, and whether it is the main frame of one of Earshot's windows and shows Earshot's page.
 * @returns null for a frame that no longer exists: Electron then gives no object, or one that throws on every access
 */
function senderOf({ sender, senderFrame }: IpcMainInvokeEvent): { url: string; isOwn: boolean } | null {
  if (senderFrame === null) return null;
  try {
    const { url, parent } = senderFrame;
    return { url, isOwn: parent === null && isOwnUrl(url) && isOwnWindow(sender) };
  } catch {
    return null;
  }
}

/** Whether the page is that of a window of Earshot; the overlay's calls are its own (`overlay.ts`). */
function isOwnWindow(contents: WebContents): boolean {
  const window = BrowserWindow.fromWebContents(contents);
  return window !== null && isAppWindow(window);
}

/** Sends a bridge event to one page, unless it is destroyed or crashed. */
export function sendTo<Name extends BridgeEventName>(
  contents: WebContents,
  event: Name,
  payload: BridgePayload<Name>,
): void {
  if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channelOf(event), payload);
}

/** Sends a bridge event to every window. */
export const notifyWindows: BridgeNotify = (event, payload) => {
  for (const { webContents } of appWindows()) sendTo(webContents, event, payload);
};
