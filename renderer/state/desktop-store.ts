import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { DesktopState, UpdateStep } from '../../shared/desktop.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/en.ts';

export interface DesktopView {
  /** What the host told last; null in a tab, and until it told anything. */
  desktop: DesktopState | null;
  /** A sentence when the host could not be asked. */
  error: string | null;
  /** A sentence when the last step of an update was refused. */
  stepError: string | null;
  /** A person asked for a step of an update in this window: they want to hear how it ends. */
  stepped: boolean;
  /** The note of an update was put away, until Earshot starts again. */
  noteDismissed: boolean;
}

export interface DesktopStore extends StoreApi<DesktopView> {
  /** Asks the host anew. Never rejects: a failure becomes `error`. */
  load(): Promise<void>;
  /** The next step of an update. Never rejects: a failure becomes `stepError`. */
  stepUpdate(step: UpdateStep): Promise<void>;
  /** The system's own page on who may use the microphone. False: it did not open. Never rejects. */
  openMicrophoneSettings(): Promise<boolean>;
  dismissNote(): void;
  dispose: Unsubscribe;
}

type DesktopBridge = Pick<Bridge, 'getDesktop' | 'onDesktop' | 'stepUpdate' | 'openMicrophoneSettings'>;

/** Follows what only the desktop app has: asked for once, then told by the host. In a tab nothing is asked. */
export function createDesktopStore(bridge: DesktopBridge, shell: AppInfo['shell']): DesktopStore {
  const store = createStore<DesktopView>(() => ({
    desktop: null,
    error: null,
    stepError: null,
    stepped: false,
    noteDismissed: false,
  }));
  let told = 0;
  const dispose = bridge.onDesktop((desktop) => {
    told++;
    // What happened since makes a refusal old.
    store.setState({ desktop, error: null, stepError: null });
  });

  async function load(): Promise<void> {
    if (shell !== 'desktop') return;
    const before = told;
    try {
      const desktop = await bridge.getDesktop();
      // What was told meanwhile is newer than the answer.
      if (told === before) store.setState({ desktop, error: null });
    } catch {
      if (told === before) store.setState({ error: text.settings.computer.loadFailed });
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
        store.setState({ stepError: sentenceOf(error) });
      }
    },
    openMicrophoneSettings: () => bridge.openMicrophoneSettings().catch(() => false),
    dismissNote: () => store.setState({ noteDismissed: true }),
  };
}

/** The host's own sentence where it refused on purpose. */
function sentenceOf(error: unknown): string {
  const onPurpose = error instanceof EarshotError && (error.code === 'update_busy' || error.code === 'no_update');
  return onPurpose ? error.message : text.updates.stepFailed;
}
