import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Unsubscribe } from '../../shared/bridge.ts';
import { chooseMicrophone, renewedChoice, type TargetDevice } from '../capture/choose-microphone.ts';
import { text } from '../text/text.ts';
import type { MicrophonesStore } from './microphones-store.ts';
import type { SettingsStore } from './settings-store.ts';

/** The part of an audio element that selects its output device. Firefox before 116 and Safari have no `setSinkId`. */
interface OutputElement {
  setSinkId?(id: string): Promise<void>;
}

interface OutputState {
  /** Says that recordings do not play on the chosen device, and why; empty: they do. */
  notice: string;
}

export interface OutputStore extends StoreApi<OutputState> {
  /** Sends an element's sound to the chosen device, from now on until another element follows. Never rejects. */
  use(element: OutputElement): Promise<void>;
  /** Id of the device to play on; empty: the system's default. */
  sinkId(): string;
  dispose: Unsubscribe;
}

/**
 * The output device for recordings: the chosen one, or the system's default while it is not connected. A change of the
 * choice or of the devices applies at once, also to a recording that plays.
 */
export function createOutputStore(
  settings: Pick<SettingsStore, 'getState' | 'subscribe' | 'change'>,
  devices: Pick<MicrophonesStore, 'getState' | 'subscribe'>,
): OutputStore {
  const store = createStore<OutputState>(() => ({ notice: '' }));
  let current: { element: OutputElement; sinkId: string } | null = null;
  /** The device that could not be used. */
  let failed: TargetDevice | null = null;

  function target(): TargetDevice {
    const { output_id: id, output_label: label } = settings.getState().settings;
    const { outputs } = devices.getState();
    // A list without names proves nothing about the chosen device.
    if (!outputs?.readable) return { deviceId: id, label, insteadOf: '' };
    return chooseMicrophone({ id, label }, outputs);
  }

  async function apply(): Promise<void> {
    const device = target();
    if (failed?.deviceId !== device.deviceId) failed = null;
    show(device);
    const own = current;
    const { deviceId } = failed ? { deviceId: '' } : device;
    if (!own?.element.setSinkId || own.sinkId === deviceId) return;
    own.sinkId = deviceId;
    try {
      await own.element.setSinkId(deviceId);
      const { output_id: id, output_label: label } = settings.getState().settings;
      const renewed = renewedChoice({ id, label }, device);
      if (renewed) void settings.change({ output_id: renewed.id, output_label: renewed.label });
    } catch {
      // The default always works, or there is none: then the element plays silently.
      if (deviceId === '' || own !== current) return;
      failed = device;
      await apply();
    }
  }

  function show(device: TargetDevice): void {
    const name = device.insteadOf || failed?.label || '';
    const notice =
      device.insteadOf !== ''
        ? text.devices.outputMissing({ name })
        : failed
          ? text.devices.outputFailed({ name: name || text.devices.chosenOutput })
          : '';
    if (notice !== store.getState().notice) store.setState({ notice });
  }

  const unsubscribe = [settings.subscribe(() => void apply()), devices.subscribe(() => void apply())];
  return {
    ...store,
    use(element) {
      current = { element, sinkId: '' };
      failed = null;
      return apply();
    },
    sinkId: () => target().deviceId,
    dispose() {
      for (const stop of unsubscribe) stop();
      current = null;
    },
  };
}
