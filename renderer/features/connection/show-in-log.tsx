import { useServices, useSessions } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/**
 * Opens the log at this window's last connection. Nothing while the log has no events of it. It is an icon, because a
 * second line of buttons does not fit in a window of 320 × 480 px.
 */
export function ShowInLog() {
  const { sessions } = useServices();
  const key = useSessions((all) => all.own());
  if (key === null) return null;
  return (
    <IconButton label={text.sessionView.showInLog} data-testid="show-in-log" onClick={() => sessions.show(key)}>
      <Icon name="log" size={16} />
    </IconButton>
  );
}
