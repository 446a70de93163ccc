import { useEffect, useId } from 'react';
import { chooseMicrophone, type InputDevice, type Microphones } from '../../capture/choose-microphone.ts';
import { useMicrophones, useServices, useSettings } from '../../state/services.ts';

/** Microphones with more channels than this are mixers: a list of all of theirs would not be read. */
const MAX_CHANNELS = 16;

/** How many channels a device has, as far as the browser tells it (Chromium does, once the microphone was allowed). */
function channelsOf(device: InputDevice | undefined): number {
  if (device === undefined || !('getCapabilities' in device)) return 1;
  const { channelCount } = (device as InputDeviceInfo).getCapabilities();
  return Math.min(channelCount?.max ?? 1, MAX_CHANNELS);
}

function channelName(channel: number, of: number): string {
  if (of > 2) return `Channel ${channel}`;
  return channel === 1 ? 'Left' : 'Right';
}

/** Which channel is heard, where the microphone has several. */
function ChannelField({ channels }: { channels: number }) {
  const { settings } = useServices();
  const chosen = useSettings((state) => state.settings.microphone_channel);
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Channel</label>
      <select
        id={id}
        className="input select"
        value={chosen <= channels ? chosen : 0}
        aria-describedby={`${id}-hint`}
        onChange={(event) => settings.change({ microphone_channel: Number(event.target.value) })}
      >
        <option value={0}>The one that carries the sound</option>
        {Array.from({ length: channels }, (_, i) => i + 1).map((channel) => (
          <option key={channel} value={channel}>
            {channelName(channel, channels)}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="field-hint">
        A recording has one channel. A change counts from the next press.
      </p>
    </div>
  );
}

/** Until the list of devices was read. */
const NOT_READ: Microphones = { devices: [], defaultLabel: '', defaultKey: '', readable: true, nothing: true };

export function MicrophoneField() {
  const { settings, microphones } = useServices();
  // Not every system tells that a device came or went.
  useEffect(() => void microphones.refresh(), [microphones]);
  const chosen = useSettings((state) => state.settings.microphone_id);
  const chosenLabel = useSettings((state) => state.settings.microphone_label);
  const read = useMicrophones((state) => state.microphones);
  const seen = read ?? NOT_READ;
  const { devices } = seen;
  // As at the press: one that has got a new id is known by its name.
  const { deviceId, label, insteadOf } = chooseMicrophone({ id: chosen, label: chosenLabel }, seen);
  const missing = insteadOf !== '';
  const channels = channelsOf(
    deviceId === ''
      ? (devices.find((device) => device.label === label) ?? devices[0])
      : devices.find((device) => device.deviceId === deviceId),
  );
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={id}>Microphone</label>
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
          <option value="">System default</option>
          {devices.map((device, i) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || `Microphone ${i + 1}`}
            </option>
          ))}
          {missing && (
            <option value={chosen}>
              {chosenLabel || 'Chosen earlier'}
              {read?.readable && ' (not connected)'}
            </option>
          )}
        </select>
        <p id={`${id}-hint`} className="field-hint">
          {!seen.readable
            ? 'Names appear here once you have allowed the microphone: press the mic button.'
            : 'A change counts from the next press.'}
        </p>
      </div>
      {channels > 1 && <ChannelField channels={channels} />}
    </>
  );
}
