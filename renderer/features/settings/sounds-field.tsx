import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';

/** Whether a short sound is played at start, stop and loss. */
export function SoundsField() {
  const { settings } = useServices();
  const enabled = useSettings((state) => state.settings.sounds);
  return (
    <Switch
      label={text.settings.sounds.label}
      hint={text.settings.sounds.hint}
      checked={enabled}
      onChange={(sounds) => settings.change({ sounds })}
    />
  );
}
