import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';

/** Whether the desktop app shows a small window while a window records that can't be seen. */
export function OverlayField() {
  const { settings } = useServices();
  const enabled = useSettings((state) => state.settings.overlay);
  return (
    <Switch
      label={text.settings.overlay.label}
      hint={text.settings.overlay.hint}
      checked={enabled}
      onChange={(overlay) => settings.change({ overlay })}
    />
  );
}
