import { useEffect, useId } from 'react';
import { chooseMicrophone, type InputDevice, type Microphones } from '../../capture/choose-microphone.ts';
import { useMicrophones, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';

/** Most channels in the list. Devices with more are mixers. */
const MAX_CHANNELS = 16;

/** A device’s number of channels. Chromium reports it once the user has allowed the microphone; until then it is 1. */
function channelsOf(device: InputDevice | undefined): number {
  if (device === undefined || !('getCapabilities' in device)) return 1;
  const { channelCount } = (device as InputDeviceInfo).getCapabilities();
  return Math.min(channelCount?.max ?? 1, MAX_CHANNELS);
}

function channelName(channel: number, of: number): string {
  if (of > 2) return text.settings.channel.numbered({ number: channel });
  return channel === 1 ? text.settings.channel.left : text.settings.channel.right;
}

/** The channel to record, for microphones with several. */
function ChannelField({ channels }: { channels: number }) {
  const { settings } = useServices();
  const chosen = useSettings((state) => state.settings.microphone_channel);
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{text.settings.channel.label}</label>
      <select
        id={id}
        className="input select"
        value={chosen <= channels ? chosen : 0}
        aria-describedby={`${id}-hint`}
        onChange={(event) => settings.change({ microphone_channel: Number(event.target.value) })}
      >
        <option value={0}>{text.settings.channel.automatic}</option>
        {Array.from({ length: channels }, (_, i) => i + 1).map((channel) => (
          <option key={channel} value={channel}>
            {channelName(channel, channels)}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="field-hint">
        {text.settings.channel.hint}
      </p>
    </div>
  );
}

/** Used until the list of devices has been read. */
const NOT_READ: Microphones = { devices: [], defaultLabel: '', defaultKey: '', readable: true, noDevices: true };

/** The microphone to record, and its channel. */
export function MicrophoneField() {
  const { settings, microphones } = useServices();
  // Not every system reports that a device was added or removed.
  useEffect(() => void microphones.refresh(), [microphones]);
  const chosen = useSettings((state) => state.settings.microphone_id);
  const chosenLabel = useSettings((state) => state.settings.microphone_label);
  const read = useMicrophones((state) => state.microphones);
  const deviceList = read ?? NOT_READ;
  const { devices } = deviceList;
  // As at the press: a device with a new ID is recognised by its name.
  const { deviceId, label, insteadOf } = chooseMicrophone({ id: chosen, label: chosenLabel }, deviceList);
  const missing = insteadOf !== '';
  const chosenName = chosenLabel || text.settings.microphone.chosenEarlier;
  const channels = channelsOf(
    deviceId === ''
      ? (devices.find((device) => device.label === label) ?? devices[0])
      : devices.find((device) => device.deviceId === deviceId),
  );
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{text.settings.microphone.label}</label>
        <select
          id={id}
          className="input select"
          value={missing ? chosen : deviceId}
          aria-describedby={`${id}-hint`}
          onChange={({ target: { value } }) => {
            const device = devices.find(({ deviceId }) => deviceId === value);
            void settings.change({ microphone_id: value, microphone_label: device?.label ?? '' });
          }}
        >
          <option value="">{text.settings.microphone.systemDefault}</option>
          {devices.map((device, i) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || text.settings.microphone.numbered({ number: i + 1 })}
            </option>
          ))}
          {missing && (
            <option value={chosen}>
              {read?.readable ? text.settings.microphone.notConnected({ name: chosenName }) : chosenName}
            </option>
          )}
        </select>
        <p id={`${id}-hint`} className="field-hint">
          {deviceList.readable ? text.settings.microphone.hint : text.settings.microphone.namesHidden}
        </p>
      </div>
      {channels > 1 && <ChannelField channels={channels} />}
    </>
  );
}
