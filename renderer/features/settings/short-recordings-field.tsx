import { MIN_RECORDING_MS } from '../../../shared/recording.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';

/** Whether recordings of accidental presses are kept. */
export function ShortRecordingsField() {
  const { settings } = useServices();
  const keepsShort = useSettings((state) => state.settings.keep_short_recordings);
  return (
    <Switch
      label={text.settings.shortRecordings.label}
      hint={text.settings.shortRecordings.hint({ seconds: MIN_RECORDING_MS / 1000 })}
      checked={keepsShort}
      onChange={(keep_short_recordings) => settings.change({ keep_short_recordings })}
    />
  );
}
