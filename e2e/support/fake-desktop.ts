import type { Page } from '@playwright/test';
import type { BridgeEventName, BridgePayload } from '../../shared/bridge.ts';
import type { DesktopState } from '../../shared/desktop.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';

/** What the fake reports over the bridge. */
export interface FakeDesktopOptions {
  platform: 'darwin' | 'win32' | 'linux';
  desktop: DesktopState;
  settings?: Partial<Settings>;
}

/** Controls a fake of the desktop app's bridge in the page of a browser. */
export interface FakeDesktop {
  /** Sends an event to the window. */
  emit<Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): Promise<void>;
  /** The arguments of each call of this name, oldest first. */
  calls(call: string): Promise<unknown[]>;
}

interface FakeBridge {
  emit(event: string, payload: unknown): void;
  calls: Array<{ call: string; args: unknown }>;
}

/**
 * Reloads a page with a fake of the desktop app's bridge. The fake stores settings, but opens no system pages and has
 * no voice server.
 */
export async function installFakeDesktop(page: Page, options: FakeDesktopOptions): Promise<FakeDesktop> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  await page.addInitScript(installBridge, { ...options, settings });
  await page.reload();
  return {
    emit: (event, payload) =>
      page.evaluate(
        ({ event, payload }) => (window as unknown as { fakeBridge: FakeBridge }).fakeBridge.emit(event, payload),
        {
          event,
          payload,
        },
      ),
    calls: (call) =>
      page.evaluate(
        (call) =>
          (window as unknown as { fakeBridge: FakeBridge }).fakeBridge.calls
            .filter((calls) => calls.call === call)
            .map(({ args }) => args),
        call,
      ),
  };
}

/** An init script: it can use nothing from this file. */
function installBridge({ platform, desktop, settings }: FakeDesktopOptions): void {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const calls: FakeBridge['calls'] = [];
  const emit = (event: string, payload: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(payload);
  };
  let current = settings;
  const answers: Record<string, (args: unknown) => unknown> = {
    getAppInfo: () => ({
      version: '1.2.3',
      shell: 'desktop',
      platform,
      data_dir: '/home/ada/Earshot/data',
      system: null,
    }),
    getSettings: () => current,
    changeSettings: (patch) => {
      current = { ...current, ...(patch as Partial<typeof current>) };
      return current;
    },
    takeSettingsProblem: () => ({ problem: null }),
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
          if (!answer)
            return { ok: false, error: { code: 'no_answer', message: 'The fake does not implement this call.' } };
          return { ok: true, value: answer(args) };
        };
      },
    },
  );
  Object.assign(window, { earshot: bridge, fakeBridge: { emit, calls } });
}
