import { chooseMicrophone, type InputDevice } from '../../capture/choose-microphone.ts';
import { useMicrophones, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { type DeviceOptions, deviceOptions, labelOf, NOT_READ } from './device-options.ts';

/** Most channels in a list. Devices with more are mixers. */
const MAX_CHANNELS = 16;

interface DeviceField extends DeviceOptions {
  /** Whether the browser shows the names of devices. */
  readable: boolean;
  /** Whether the list was read. */
  read: boolean;
  choose(value: string): void;
}

/** The list of microphones, and the choice among them. */
export function useMicrophoneOptions(): DeviceField & { channels: number } {
  const { settings } = useServices();
  const id = useSettings((state) => state.settings.microphone_id);
  const label = useSettings((state) => state.settings.microphone_label);
  const read = useMicrophones((state) => state.microphones);
  const list = read ?? NOT_READ;
  const names = { numbered: text.devices.numberedMicrophone, chosenEarlier: text.devices.chosenMicrophone };
  const target = chooseMicrophone({ id, label }, list);
  return {
    ...deviceOptions({ id, label }, list, names),
    readable: list.readable,
    read: read !== null,
    channels: channelsOf(
      target.deviceId === ''
        ? (list.devices.find((device) => device.label === target.label) ?? list.devices[0])
        : list.devices.find(({ deviceId }) => deviceId === target.deviceId),
    ),
    // The missing device keeps its label.
    choose: (value) =>
      void settings.change({
        microphone_id: value,
        microphone_label: labelOf(list.devices, value) || keep(value, id, label),
      }),
  };
}

/** The list of output devices, and the choice among them. */
export function useOutputOptions(): DeviceField {
  const { settings } = useServices();
  const id = useSettings((state) => state.settings.output_id);
  const label = useSettings((state) => state.settings.output_label);
  const read = useMicrophones((state) => state.outputs);
  const list = read ?? NOT_READ;
  return {
    ...deviceOptions({ id, label }, list, {
      numbered: text.devices.numberedOutput,
      chosenEarlier: text.devices.chosenOutput,
    }),
    readable: list.readable,
    read: read !== null,
    choose: (value) =>
      void settings.change({ output_id: value, output_label: labelOf(list.devices, value) || keep(value, id, label) }),
  };
}

const keep = (value: string, id: string, label: string) => (value === id ? label : '');

/** A device’s number of channels. Chromium reports it once the user has allowed the microphone; until then it is 1. */
function channelsOf(device: InputDevice | undefined): number {
  if (device === undefined || !('getCapabilities' in device)) return 1;
  const { channelCount } = (device as InputDeviceInfo).getCapabilities();
  return Math.min(channelCount?.max ?? 1, MAX_CHANNELS);
}
