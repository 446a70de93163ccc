import { useServices, useSessions } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Opens the log at this window's last connection. Nothing while the log has no events of it. */
export function ShowInLog({ compact = false }: { compact?: boolean }) {
  const { sessions } = useServices();
  const key = useSessions((all) => all.own());
  if (key === null) return null;
  const label = text.sessionView.showInLog;
  const show = () => sessions.show(key);
  if (compact)
    return (
      <IconButton label={label} data-testid="show-in-log" onClick={show}>
        <Icon name="log" size={16} />
      </IconButton>
    );
  return (
    <Button kind="quiet" data-testid="show-in-log" onClick={show}>
      {label}
    </Button>
  );
}
