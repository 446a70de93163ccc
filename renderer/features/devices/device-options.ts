import {
  chooseMicrophone,
  type InputDevice,
  type MicrophoneChoice,
  type Outputs,
} from '../../capture/choose-microphone.ts';
import { text } from '../../text/text.ts';

interface DeviceOption {
  /** The device's id; empty: the system's default. */
  value: string;
  label: string;
}

/** What a list of devices shows. */
export interface DeviceOptions {
  options: DeviceOption[];
  /** The selected option. */
  value: string;
  /** The label of the selected device if it has a new id and was found by its label; otherwise empty. */
  foundByName: string;
  /** The label of the chosen device if it is missing; otherwise empty. */
  missing: string;
}

export interface DeviceNames {
  numbered: (value: { number: number }) => string;
  /** The chosen device, if its label is not known. */
  chosenEarlier: string;
}

/** Used until the browser's list has been read. */
export const NOT_READ: Outputs = { devices: [], defaultLabel: '', readable: false };

/**
 * The options of a list of devices: the system's default by its name, the devices, and the chosen one if it is missing.
 * A device with a new id is recognised by its label, as when it is opened.
 */
export function deviceOptions(choice: MicrophoneChoice, list: Outputs, names: DeviceNames): DeviceOptions {
  const { devices, defaultLabel, readable } = list;
  const { deviceId, label, insteadOf } = chooseMicrophone(choice, list);
  const missing = insteadOf === '' ? '' : choice.label || names.chosenEarlier;
  const options = [
    { value: '', label: text.devices.systemDefault({ name: readable ? defaultLabel : '' }) },
    // Without a permission, browsers list one device without id.
    ...devices.map((device, i) => ({
      value: device.deviceId,
      label: device.label || names.numbered({ number: i + 1 }),
    })),
    // A list without names proves nothing about the chosen device.
    ...(missing === ''
      ? []
      : [{ value: choice.id, label: readable ? text.devices.notConnected({ name: missing }) : missing }]),
  ];
  return {
    options,
    value: missing === '' ? deviceId : choice.id,
    foundByName: deviceId !== '' && deviceId !== choice.id ? label : '',
    missing: readable ? missing : '',
  };
}

/** @returns the label of an option's device, to be saved with its id; empty for the default and for a missing device */
export function labelOf(devices: readonly InputDevice[], value: string): string {
  return devices.find(({ deviceId }) => deviceId === value)?.label ?? '';
}
