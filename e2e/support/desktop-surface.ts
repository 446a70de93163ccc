import type { Page } from '@playwright/test';
import type { BridgeEventName, BridgePayload } from '../../shared/bridge.ts';
import type { DesktopState } from '../../shared/desktop.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';

/** What the stand-in says of itself. */
export interface DesktopOptions {
  platform: 'darwin' | 'win32' | 'linux';
  desktop: DesktopState;
  settings?: Partial<Settings>;
}

/** A window whose host is a stand-in for the desktop app, behind what the preload would have put into the page. */
export interface DesktopWindow {
  /** The host tells the window something. */
  tell<Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): Promise<void>;
  /** What the window asked of the host by this name, oldest first. */
  asked(call: string): Promise<unknown[]>;
}

interface StandIn {
  tell(event: string, payload: unknown): void;
  asked: Array<{ call: string; args: unknown }>;
}

/**
 * Loads the window of a page anew, as the desktop app would show it. The stand-in keeps settings, opens no system page, and
 * has no voice server.
 */
export async function becomeDesktop(page: Page, options: DesktopOptions): Promise<DesktopWindow> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  await page.addInitScript(putSurface, { ...options, settings });
  await page.reload();
  return {
    tell: (event, payload) =>
      page.evaluate(({ event, payload }) => (window as unknown as { standIn: StandIn }).standIn.tell(event, payload), {
        event,
        payload,
      }),
    asked: (call) =>
      page.evaluate(
        (call) =>
          (window as unknown as { standIn: StandIn }).standIn.asked
            .filter((asked) => asked.call === call)
            .map(({ args }) => args),
        call,
      ),
  };
}

/** Runs in the page before its own scripts, and so stands alone: nothing of this file is there. */
function putSurface({ platform, desktop, settings }: DesktopOptions): void {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const asked: StandIn['asked'] = [];
  const tell = (event: string, payload: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(payload);
  };
  let kept = settings;
  const answers: Record<string, (args: unknown) => unknown> = {
    getAppInfo: () => ({ version: '1.2.3', shell: 'desktop', platform, data_dir: '/home/ada/Earshot/data' }),
    getSettings: () => kept,
    changeSettings: (patch) => {
      kept = { ...kept, ...(patch as Partial<typeof kept>) };
      return kept;
    },
    getVoiceAddress: () => ({ url: null, token: '', accepting: true }),
    getDesktop: () => desktop,
    getLogHistory: () => [],
    listRecordings: () => [],
    appendLog: () => undefined,
    openMicrophoneSettings: () => false,
    stepUpdate: () => undefined,
  };
  const surface = new Proxy(
    {},
    {
      get: (_target, name) => {
        const call = String(name);
        if (/^on[A-Z]/.test(call)) {
          return (listener: (payload: unknown) => void) => {
            const heard = listeners.get(call) ?? new Set();
            listeners.set(call, heard.add(listener));
            return () => heard.delete(listener);
          };
        }
        return async (args: unknown) => {
          asked.push({ call, args });
          const answer = answers[call];
          if (!answer) return { ok: false, error: { code: 'no_answer', message: 'The stand-in has no answer.' } };
          return { ok: true, value: answer(args) };
        };
      },
    },
  );
  Object.assign(window, { earshot: surface, standIn: { tell, asked } });
}
