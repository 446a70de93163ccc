import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { channelName } from './channel-name.ts';
import { Picker } from './picker.tsx';
import { useMicrophoneOptions } from './use-device-options.ts';

/**
 * The microphone as one line of text that opens the list of microphones. A choice during a turn applies at once.
 * @param name the microphone that is in use, or will be
 */
export function MicrophonePicker({ name }: { name: string }) {
  const { microphones } = useServices();
  const { options, value, foundByName, choose } = useMicrophoneOptions();
  return (
    <Picker
      label={text.devices.microphone}
      icon="mic"
      shown={name}
      title={foundByName === '' ? name : text.devices.foundByName({ name: foundByName })}
      value={value}
      testId="microphone-name"
      onChange={choose}
      onApproach={() => void microphones.refresh()}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Picker>
  );
}

/**
 * The channel to record, where the user has something to decide: for a device with more than two, and if one was chosen.
 * Of the usual two, the one with sound is recorded; the settings have the choice.
 */
export function ChannelPicker() {
  const { settings } = useServices();
  const { channels } = useMicrophoneOptions();
  const saved = useSettings((state) => state.settings.microphone_channel);
  const channel = saved <= channels ? saved : 0;
  if (channels < 2 || (channels === 2 && channel === 0)) return null;
  return (
    <Picker
      label={text.devices.channelShort}
      shown={channelName(channel, channels)}
      title={text.settings.channel.hint}
      value={channel}
      testId="channel-name"
      onChange={(value) => void settings.change({ microphone_channel: Number(value) })}
    >
      {Array.from({ length: channels + 1 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the channel's number
        <option key={i} value={i}>
          {i === 0 ? text.settings.channel.automatic : channelName(i, channels)}
        </option>
      ))}
    </Picker>
  );
}
