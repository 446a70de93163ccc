/** What of a `MediaDeviceInfo` says which microphone it is. */
export type InputDevice = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label' | 'groupId'>;

/** Which microphone a person chose in the settings. */
export interface MicrophoneChoice {
  /** The browser's id of the device, which it may renew; empty: the system's default. */
  id: string;
  /** What it was called then; empty: not known. */
  label: string;
}

/** What the page can see of the machine's microphones. */
export interface Microphones {
  /** The devices themselves, without the entries that stand for one of them. */
  devices: readonly InputDevice[];
  /** The label of the system's default; empty: not known. */
  defaultLabel: string;
  /** Changes whenever another microphone becomes the default, as far as the page can see. */
  defaultKey: string;
  /** False while the browser hides ids and names, since the page was not yet allowed to listen. */
  readable: boolean;
  /** The system reports no sound device at all, neither a microphone nor a loudspeaker. */
  nothing: boolean;
}

/** Which device to open. */
export interface Chosen {
  /** Empty: the system's default. */
  deviceId: string;
  /** What it is called; empty: not known. */
  label: string;
  /** The label of the chosen one, which is not there; empty when the chosen one is opened. */
  insteadOf: string;
}

/** What stands for the chosen one where its name was never seen. */
const UNNAMED_CHOICE = 'The chosen microphone';

/** Chromium lists these beside the devices that they stand for; a label "Default - Yeti" names it, in the browser's language. */
const STAND_INS: ReadonlySet<string> = new Set(['default', 'communications']);

/**
 * Reads the browser's list.
 * @param list from `enumerateDevices`
 * @param hostDefault the default's label as the host knows it; empty: it does not. Chromium on Linux does not name its default.
 */
export function readMicrophones(list: readonly InputDevice[], hostDefault = ''): Microphones {
  const inputs = list.filter(({ kind }) => kind === 'audioinput');
  const devices = inputs.filter(({ deviceId }) => deviceId !== '' && !STAND_INS.has(deviceId));
  const standIn = inputs.find(({ deviceId }) => deviceId === 'default');
  const readable = inputs.every(({ deviceId, label }) => deviceId !== '' && label !== '');
  const named = devices.some(({ label }) => label !== '' && label === hostDefault) ? hostDefault : '';
  const defaultLabel = standIn ? named || nameOfStandIn(standIn, devices) : (devices[0]?.label ?? '');
  return {
    devices,
    defaultLabel,
    // Without a stand-in the first device is the default (W3C Media Capture and Streams, section 9.2).
    defaultKey: standIn ? `${standIn.groupId}|${standIn.label}|${named}` : (devices[0]?.deviceId ?? ''),
    readable,
    nothing: !list.some(({ kind }) => kind === 'audioinput' || kind === 'audiooutput'),
  };
}

/** The device that a stand-in stands for: its label ends with the device's, and mostly they are of one group. */
function nameOfStandIn(standIn: InputDevice, devices: readonly InputDevice[]): string {
  const candidates = devices
    .filter(({ label }) => label !== '' && (standIn.label === label || standIn.label.endsWith(` ${label}`)))
    .sort((one, other) => rank(other, standIn) - rank(one, standIn));
  return candidates[0]?.label ?? '';
}

/** The same group counts for more than any length; of two labels that fit the longer one is meant. */
function rank({ groupId, label }: InputDevice, standIn: InputDevice): number {
  return (groupId !== '' && groupId === standIn.groupId ? 10_000 : 0) + label.length;
}

/**
 * Which device to open for a choice. A device that has got a new id is known by its label, unless two have the same one: then
 * neither is taken for it.
 */
export function chooseMicrophone(choice: MicrophoneChoice, { devices, defaultLabel }: Microphones): Chosen {
  const byDefault = { deviceId: '', label: defaultLabel, insteadOf: '' };
  if (choice.id === '') return byDefault;
  const byId = devices.find(({ deviceId }) => deviceId === choice.id);
  if (byId) return { deviceId: byId.deviceId, label: byId.label, insteadOf: '' };
  const byLabel = choice.label === '' ? [] : devices.filter(({ label }) => label === choice.label);
  const [only] = byLabel;
  if (only && byLabel.length === 1) return { deviceId: only.deviceId, label: only.label, insteadOf: '' };
  return { ...byDefault, insteadOf: choice.label || UNNAMED_CHOICE };
}

/** The choice as it is to be kept from now on; null: as it is. Its id is renewed, and a name that was not known is noted. */
export function renewedChoice(choice: MicrophoneChoice, heard: Chosen): MicrophoneChoice | null {
  if (choice.id === '' || heard.insteadOf !== '' || heard.deviceId === '' || heard.label === '') return null;
  if (heard.deviceId === choice.id && heard.label === choice.label) return null;
  return { id: heard.deviceId, label: heard.label };
}
