import type { Bridge } from '../../shared/bridge.ts';
import type { Log } from '../../shared/log-event.ts';
import { chosenProcessing } from '../capture/audio-processing.ts';
import type { CreateCapture } from '../capture/capture.ts';
import type { MicrophoneChoice } from '../capture/choose-microphone.ts';
import { type DeviceOptions, type Microphone, openMicrophone } from '../capture/microphone.ts';
import { followMicrophone } from '../capture/microphone-follower.ts';
import type { OpenedMicrophone } from './microphones-store.ts';
import type { SettingsStore } from './settings-store.ts';

export interface MicrophoneOpenerOptions {
  bridge: Pick<Bridge, 'getDefaultMicrophone' | 'restartAudio'>;
  settings: Pick<SettingsStore, 'getState' | 'subscribe' | 'change'>;
  createCapture: CreateCapture;
  log: Log;
  /** A device delivers sound. */
  onOpened: (opened: OpenedMicrophone) => void;
}

/** Opens a microphone. Calls `getUserMedia` synchronously, within the caller's user gesture. */
export type OpenMicrophone = (device: Pick<DeviceOptions, 'channel' | 'events'>) => Microphone;

/**
 * Opens the microphone that the settings name. It follows devices, and a change of the choice at once; the processing
 * stays as it was when the microphone was opened.
 */
export function createMicrophoneOpener(options: MicrophoneOpenerOptions): OpenMicrophone {
  const { bridge, settings, createCapture, log, onOpened } = options;
  const choice = (): MicrophoneChoice => {
    const { microphone_id: id, microphone_label: label } = settings.getState().settings;
    return { id, label };
  };
  return ({ channel, events }) => {
    const asked = chosenProcessing(settings.getState().settings);
    return followMicrophone({
      choice: choice(),
      watchChoice: (listener) => settings.subscribe(() => listener(choice())),
      ...(channel === undefined ? {} : { channel }),
      processing: asked,
      log,
      events,
      openDevice: (device) => openMicrophone({ ...device, createCapture }),
      hostDefault: async () => (await bridge.getDefaultMicrophone()).label,
      restartAudio: () => bridge.restartAudio().catch(() => false),
      onOpened: ({ label, processing }) => onOpened({ label, asked, effective: processing }),
      onRenewed: ({ id, label }) => void settings.change({ microphone_id: id, microphone_label: label }),
    });
  };
}
