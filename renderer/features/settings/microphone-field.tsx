import { useEffect, useId, useState } from 'react';
import { useServices, useSettings } from '../../state/services.ts';

interface Microphone {
  id: string;
  name: string;
}

/** Microphones with more channels than this are mixers: a list of all of theirs would not be read. */
const MAX_CHANNELS = 16;

/** The machine's microphones, renewed as they come and go. Without permission the browser hides ids and names. */
function useMicrophones(): {
  microphones: readonly Microphone[];
  hidden: boolean;
  /** Of the microphone with this id; empty: of the system's default. */
  channelsOf(id: string): number;
} {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Absent where the page is not a secure context.
    const source: MediaDevices | undefined = navigator.mediaDevices;
    if (!source) return;
    let wanted = true;
    const read = async () => {
      const all = await source.enumerateDevices().catch(() => []);
      if (wanted) setDevices(all.filter((device) => device.kind === 'audioinput'));
    };
    void read();
    source.addEventListener('devicechange', read);
    return () => {
      wanted = false;
      source.removeEventListener('devicechange', read);
    };
  }, []);
  const named = devices.filter((device) => device.deviceId !== '' && device.deviceId !== 'default');
  return {
    microphones: named.map((device, i) => ({ id: device.deviceId, name: device.label || `Microphone ${i + 1}` })),
    hidden: devices.length > 0 && devices.every((device) => device.label === ''),
    channelsOf: (id) => {
      const device = devices.find(({ deviceId }) => deviceId === (id || 'default')) ?? devices[0];
      return device === undefined ? 1 : channelsOf(device);
    },
  };
}

/** How many channels a device has, as far as the browser tells it (Chromium does, once the microphone was allowed). */
function channelsOf(device: MediaDeviceInfo): number {
  if (!('getCapabilities' in device)) return 1;
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

export function MicrophoneField() {
  const { settings } = useServices();
  const chosen = useSettings((state) => state.settings.microphone_id);
  const chosenLabel = useSettings((state) => state.settings.microphone_label);
  const { microphones, hidden, channelsOf: count } = useMicrophones();
  const channels = count(chosen);
  const id = useId();
  const missing = chosen !== '' && !microphones.some((microphone) => microphone.id === chosen);
  return (
    <>
      <div className="field">
        <label htmlFor={id}>Microphone</label>
        <select
          id={id}
          className="input select"
          value={chosen}
          aria-describedby={`${id}-hint`}
          onChange={({ target: { value } }) => {
            const label = microphones.find((microphone) => microphone.id === value)?.name ?? '';
            void settings.change({ microphone_id: value, microphone_label: label });
          }}
        >
          <option value="">System default</option>
          {microphones.map((microphone) => (
            <option key={microphone.id} value={microphone.id}>
              {microphone.name}
            </option>
          ))}
          {missing && (
            <option value={chosen}>
              {chosenLabel ? `${chosenLabel} (not connected)` : 'Chosen earlier, not connected'}
            </option>
          )}
        </select>
        <p id={`${id}-hint`} className="field-hint">
          {hidden
            ? 'Names appear here once you have allowed the microphone: press the mic button.'
            : 'A change counts from the next press.'}
        </p>
      </div>
      {channels > 1 && <ChannelField channels={channels} />}
    </>
  );
}
