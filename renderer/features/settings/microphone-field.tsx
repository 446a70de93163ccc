import { useEffect, useId } from 'react';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { AllowMicrophone } from '../devices/allow-microphone.tsx';
import { channelName } from '../devices/channel-name.ts';
import { useMicrophoneOptions } from '../devices/use-device-options.ts';

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

/** The microphone to record, and its channel. */
export function MicrophoneField() {
  const { microphones } = useServices();
  // Not every system reports that a device was added or removed.
  useEffect(() => void microphones.refresh(), [microphones]);
  const { options, value, readable, read, foundByName, channels, choose } = useMicrophoneOptions();
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{text.devices.microphone}</label>
        <select
          id={id}
          className="input select"
          value={value}
          aria-describedby={`${id}-hint`}
          onChange={(event) => choose(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <p id={`${id}-hint`} className="field-hint">
          {foundByName !== '' && `${text.devices.foundByName({ name: foundByName })} `}
          {text.devices.microphoneHint}
        </p>
        {read && !readable && <AllowMicrophone />}
      </div>
      {channels > 1 && <ChannelField channels={channels} />}
    </>
  );
}
