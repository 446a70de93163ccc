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
import { busy } from '../../shared/call-gate.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { answerBridgeCall } from '../host/bridge-handlers.ts';
import { type CallBudget, createCallBudget } from '../host/call-budget.ts';
import { isOwnUrl, originOf } from './origin.ts';

// Electron's security checklist, item 17: the sender of every message is validated. Item 20: no Electron API reaches the
// page, only these calls, one channel each.

const REFUSED: BridgeAnswer = {
  ok: false,
  error: { code: 'bridge_refused', message: "This call did not come from one of Earshot's own windows." },
};

/** The channel of a call or an event. The preload knows the same rule. */
const channelOf = (name: string): string => `earshot:${name}`;

/**
 * Answers every call of the bridge over Electron's IPC, each as a value: a failure crosses without added words. A page that asks
 * more than one of ours ever does has its process ended, and recovery.ts brings ours back.
 * @param onCall told of each call that is answered, whose page made it, and its arguments as they came
 */
export function setupIpc(
  handlers: BridgeHandlers,
  log: Log,
  onCall: (name: BridgeCallName, contents: WebContents, args: unknown) => void = () => {},
  now: () => number = () => performance.now(),
): void {
  const budgets = new WeakMap<WebContents, CallBudget>();
  /** Told to end, and not gone yet: what they had sent before comes in all the same. */
  const ending = new WeakSet<WebContents>();
  function budgetOf(contents: WebContents): CallBudget {
    const known = budgets.get(contents);
    if (known) return known;
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
  const onMistake = (call: string, error: unknown) =>
    log('ERROR', { type: 'bridge_call_failed', call, detail: describeError(error) });
  for (const name of Object.keys(BRIDGE_CALLS) as BridgeCallName[]) {
    ipcMain.handle(channelOf(name), (event, args: unknown) => {
      const frame = lookAt(event);
      if (frame?.isOurs) {
        const { sender } = event;
        const verdict = budgetOf(sender).take(name, args);
        if (verdict.verdict === 'end') endPage(sender, name, verdict.why);
        if (verdict.verdict !== 'go') return busy();
        onCall(name, sender, args);
        return answerBridgeCall(handlers, name, args, onMistake).finally(verdict.done);
      }
      log('WARNING', { type: 'bridge_refused', call: name, from: frame === null ? '' : originOf(frame.url) });
      return REFUSED;
    });
  }
}

/**
 * What the calling frame shows. Ours is only the main frame of one of our windows, showing our own page.
 * @returns null for a frame that is gone: Electron has no object for it, or one that throws at every question
 */
function lookAt({ sender, senderFrame }: IpcMainInvokeEvent): { url: string; isOurs: boolean } | null {
  if (senderFrame === null) return null;
  try {
    const { url, parent } = senderFrame;
    return { url, isOurs: parent === null && isOwnUrl(url) && BrowserWindow.fromWebContents(sender) !== null };
  } catch {
    return null;
  }
}

/** Sends a bridge event to one page, if it can hear it. */
export function sendTo<Name extends BridgeEventName>(
  contents: WebContents,
  event: Name,
  payload: BridgePayload<Name>,
): void {
  if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channelOf(event), payload);
}

/** Sends a bridge event to every window that can hear it. */
export const notifyWindows: BridgeNotify = (event, payload) => {
  for (const { webContents } of BrowserWindow.getAllWindows()) sendTo(webContents, event, payload);
};
