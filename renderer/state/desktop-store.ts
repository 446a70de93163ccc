import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { DesktopState, UpdateStep } from '../../shared/desktop.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';

export interface DesktopView {
  /** The host's latest state; null in a tab, and until the host has sent one. */
  desktop: DesktopState | null;
  /** A sentence if the request failed. */
  error: string | null;
  /** A sentence if the last update step failed. */
  stepError: string | null;
  /** The user started an update step in this window, so its failure is shown here. */
  stepped: boolean;
  /** The update note was dismissed. It stays hidden until Earshot is restarted. */
  noteDismissed: boolean;
}

export interface DesktopStore extends StoreApi<DesktopView> {
  /** Loads the state from the host. Never rejects: a failure becomes `error`. */
  load(): Promise<void>;
  /** Starts the next update step. Never rejects: a failure becomes `stepError`. */
  stepUpdate(step: UpdateStep): Promise<void>;
  /** Opens the system's settings for microphone access. Resolves to false if they did not open. Never rejects. */
  openMicrophoneSettings(): Promise<boolean>;
  dismissNote(): void;
  dispose: Unsubscribe;
}

type DesktopBridge = Pick<Bridge, 'getDesktop' | 'onDesktop' | 'stepUpdate' | 'openMicrophoneSettings'>;

/** The state of the desktop app: loaded once, then pushed by the host. A tab sends no request. */
export function createDesktopStore(bridge: DesktopBridge, shell: AppInfo['shell']): DesktopStore {
  const store = createStore<DesktopView>(() => ({
    desktop: null,
    error: null,
    stepError: null,
    stepped: false,
    noteDismissed: false,
  }));
  let pushes = 0;
  const dispose = bridge.onDesktop((desktop) => {
    pushes++;
    // A new state makes an earlier failure obsolete.
    store.setState({ desktop, error: null, stepError: null });
  });

  async function load(): Promise<void> {
    if (shell !== 'desktop') return;
    const pushesBefore = pushes;
    try {
      const desktop = await bridge.getDesktop();
      // A push that arrived meanwhile is newer than the response.
      if (pushes === pushesBefore) store.setState({ desktop, error: null });
    } catch {
      if (pushes === pushesBefore) store.setState({ error: text.settings.computer.loadFailed });
    }
  }

  void load();
  return {
    ...store,
    load,
    dispose,
    async stepUpdate(step) {
      store.setState({ stepError: null, stepped: true });
      try {
        await bridge.stepUpdate(step);
      } catch (error) {
        store.setState({ stepError: stepErrorText(error) });
      }
    },
    openMicrophoneSettings: () => bridge.openMicrophoneSettings().catch(() => false),
    dismissNote: () => store.setState({ noteDismissed: true }),
  };
}

/** The host's sentence if it rejected the step, otherwise a general one. */
function stepErrorText(error: unknown): string {
  const isRejection = error instanceof EarshotError && (error.code === 'update_busy' || error.code === 'no_update');
  return isRejection ? error.message : text.updates.stepFailed;
}
