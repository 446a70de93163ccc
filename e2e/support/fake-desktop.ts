import type { Page } from '@playwright/test';
import type { BridgeEventName, BridgePayload } from '../../shared/bridge.ts';
import type { DesktopState } from '../../shared/desktop.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';

/** What the stand-in says of itself. */
export interface FakeDesktopOptions {
  platform: 'darwin' | 'win32' | 'linux';
  desktop: DesktopState;
  settings?: Partial<Settings>;
}

/** A window whose host is a stand-in for the desktop app, behind what the preload would have put into the page. */
export interface FakeDesktop {
  /** The host tells the window something. */
  emit<Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): Promise<void>;
  /** What the window asked of the host by this name, oldest first. */
  calls(call: string): Promise<unknown[]>;
}

interface FakeBridge {
  emit(event: string, payload: unknown): void;
  calls: Array<{ call: string; args: unknown }>;
}

/**
 * Loads the window of a page anew, as the desktop app would show it. The stand-in keeps settings, opens no system page, and
 * has no voice server.
 */
export async function installFakeDesktop(page: Page, options: FakeDesktopOptions): Promise<FakeDesktop> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  await page.addInitScript(installBridge, { ...options, settings });
  await page.reload();
  return {
    emit: (event, payload) =>
      page.evaluate(
        ({ event, payload }) => (window as unknown as { standIn: FakeBridge }).standIn.emit(event, payload),
        {
          event,
          payload,
        },
      ),
    calls: (call) =>
      page.evaluate(
        (call) =>
          (window as unknown as { standIn: FakeBridge }).standIn.calls
            .filter((calls) => calls.call === call)
            .map(({ args }) => args),
        call,
      ),
  };
}

/** Runs in the page before its own scripts, and so stands alone: nothing of this file is there. */
function installBridge({ platform, desktop, settings }: FakeDesktopOptions): void {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const calls: FakeBridge['calls'] = [];
  const emit = (event: string, payload: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(payload);
  };
  let current = settings;
  const answers: Record<string, (args: unknown) => unknown> = {
    getAppInfo: () => ({ version: '1.2.3', shell: 'desktop', platform, data_dir: '/home/ada/Earshot/data' }),
    getSettings: () => current,
    changeSettings: (patch) => {
      current = { ...current, ...(patch as Partial<typeof current>) };
      return current;
    },
    getVoiceAddress: () => ({ url: null, token: '', accepting: true }),
    getDesktop: () => desktop,
    getLogHistory: () => [],
    listRecordings: () => [],
    appendLog: () => undefined,
    openMicrophoneSettings: () => false,
    stepUpdate: () => undefined,
  };
  const bridge = new Proxy(
    {},
    {
      get: (_target, name) => {
        const call = String(name);
        if (/^on[A-Z]/.test(call)) {
          return (listener: (payload: unknown) => void) => {
            const callbacks = listeners.get(call) ?? new Set();
            listeners.set(call, callbacks.add(listener));
            return () => callbacks.delete(listener);
          };
        }
        return async (args: unknown) => {
          calls.push({ call, args });
          const answer = answers[call];
          if (!answer) return { ok: false, error: { code: 'no_answer', message: 'The stand-in has no answer.' } };
          return { ok: true, value: answer(args) };
        };
      },
    },
  );
  Object.assign(window, { earshot: bridge, standIn: { emit, calls } });
}
