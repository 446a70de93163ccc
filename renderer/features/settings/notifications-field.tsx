import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';

/** Whether the desktop app notifies of recordings while no window is visible. */
export function NotificationsField() {
  const { settings } = useServices();
  const enabled = useSettings((state) => state.settings.notifications);
  return (
    <Switch
      label={text.settings.notifications.label}
      hint={text.settings.notifications.hint}
      checked={enabled}
      onChange={(notifications) => settings.change({ notifications })}
    />
  );
}
