/** The part of a `MediaDeviceInfo` that identifies a device. */
export type InputDevice = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label' | 'groupId'>;

/** The microphone chosen in the settings. */
export interface MicrophoneChoice {
  /** The browser's device id, which may change; empty: the system's default. */
  id: string;
  /** Its label when it was chosen; empty: not known. */
  label: string;
}

/** The machine's microphones as the page sees them. */
export interface Microphones {
  /** The actual devices, without the aliases `default` and `communications`. */
  devices: readonly InputDevice[];
  /** The label of the system's default; empty: not known. */
  defaultLabel: string;
  /** Changes when another microphone becomes the default, as far as the page can tell. */
  defaultKey: string;
  /** False while the browser hides ids and labels, because the page has no permission yet. */
  readable: boolean;
  /** The system reports no audio device at all, neither input nor output. */
  noDevices: boolean;
}

/** The device to open. */
export interface TargetDevice {
  /** Empty: the system's default. */
  deviceId: string;
  /** Its label; empty: not known. */
  label: string;
  /** The label of the chosen microphone if it is missing; empty if the chosen one is opened. */
  insteadOf: string;
}

/** Label of a chosen microphone whose name is not known. */
const UNNAMED_CHOICE = 'The chosen microphone';

/**
 * Chromium's aliases, listed beside the real devices. Their labels contain the device's: "Default - Yeti", localised.
 */
const ALIASES: ReadonlySet<string> = new Set(['default', 'communications']);

/**
 * Evaluates the browser's device list.
 * @param list from `enumerateDevices`
 * @param hostDefault label of the default microphone according to the host; empty: not known. Chromium on Linux does
 *   not name its default.
 */
export function readMicrophones(list: readonly InputDevice[], hostDefault = ''): Microphones {
  const inputs = list.filter(({ kind }) => kind === 'audioinput');
  const devices = inputs.filter(({ deviceId }) => deviceId !== '' && !ALIASES.has(deviceId));
  const alias = inputs.find(({ deviceId }) => deviceId === 'default');
  const readable = inputs.every(({ deviceId, label }) => deviceId !== '' && label !== '');
  const defaultName = devices.some(({ label }) => label !== '' && label === hostDefault) ? hostDefault : '';
  const defaultLabel = alias ? defaultName || labelOfAlias(alias, devices) : (devices[0]?.label ?? '');
  return {
    devices,
    defaultLabel,
    // Without an alias the first device is the default (W3C Media Capture and Streams, section 9.2).
    defaultKey: alias ? `${alias.groupId}|${alias.label}|${defaultName}` : (devices[0]?.deviceId ?? ''),
    readable,
    noDevices: !list.some(({ kind }) => kind === 'audioinput' || kind === 'audiooutput'),
  };
}

/** The machine's loudspeakers and headphones as the page sees them. */
export type Outputs = Pick<Microphones, 'devices' | 'defaultLabel' | 'readable'>;

/**
 * Evaluates the browser's device list for output devices.
 * @returns no devices for a browser that lists none, such as Firefox
 */
export function readOutputs(list: readonly InputDevice[]): Outputs {
  const outputs = list.filter(({ kind }) => kind === 'audiooutput');
  const devices = outputs.filter(({ deviceId }) => deviceId !== '' && !ALIASES.has(deviceId));
  const alias = outputs.find(({ deviceId }) => deviceId === 'default');
  return {
    devices,
    defaultLabel: alias ? labelOfAlias(alias, devices) : '',
    readable: outputs.every(({ deviceId, label }) => deviceId !== '' && label !== ''),
  };
}

/** The label of an alias's device: the alias's label ends with it, and the two usually share a group. */
function labelOfAlias(alias: InputDevice, devices: readonly InputDevice[]): string {
  const candidates = devices
    .filter(({ label }) => label !== '' && (alias.label === label || alias.label.endsWith(` ${label}`)))
    .sort((one, other) => rank(other, alias) - rank(one, alias));
  return candidates[0]?.label ?? '';
}

/** A shared group outranks any label length; among matching labels the longer one wins. */
function rank({ groupId, label }: InputDevice, alias: InputDevice): number {
  return (groupId !== '' && groupId === alias.groupId ? 10_000 : 0) + label.length;
}

/**
 * Selects the device to open for a choice. A device with a new id is found by its label, unless two devices share the
 * label.
 */
export function chooseMicrophone(
  choice: MicrophoneChoice,
  { devices, defaultLabel }: Pick<Microphones, 'devices' | 'defaultLabel'>,
): TargetDevice {
  const byDefault = { deviceId: '', label: defaultLabel, insteadOf: '' };
  if (choice.id === '') return byDefault;
  const byId = devices.find(({ deviceId }) => deviceId === choice.id);
  if (byId) return { deviceId: byId.deviceId, label: byId.label, insteadOf: '' };
  const byLabel = choice.label === '' ? [] : devices.filter(({ label }) => label === choice.label);
  const [only] = byLabel;
  if (only && byLabel.length === 1) return { deviceId: only.deviceId, label: only.label, insteadOf: '' };
  return { ...byDefault, insteadOf: choice.label || UNNAMED_CHOICE };
}

/**
 * Names the opened device. The browser's label of the default device may be an alias, which names no device.
 * @param openedLabel label of the opened track
 */
export function withActualLabel(target: TargetDevice, openedLabel: string, list: Microphones): TargetDevice {
  if (target.deviceId !== '') return { ...target, label: openedLabel || target.label };
  const isDevice = list.devices.some(({ label }) => label === openedLabel);
  return { ...target, label: isDevice ? openedLabel : list.defaultLabel };
}

/** @returns the choice with its current id and label, to be saved; null if nothing changed */
export function renewedChoice(choice: MicrophoneChoice, used: TargetDevice): MicrophoneChoice | null {
  if (choice.id === '' || used.insteadOf !== '' || used.deviceId === '' || used.label === '') return null;
  if (used.deviceId === choice.id && used.label === choice.label) return null;
  return { id: used.deviceId, label: used.label };
}
