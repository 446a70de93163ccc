import { RESTARTED } from '../../bridge/socket-bridge.ts';
import { useLink } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import '../../ui/notice.css';
import './host-restarted.css';

/** What to do in a tab that found another launch of Earshot at its address. What the tab still holds stays in it. */
export function HostRestarted() {
  const link = useLink();
  if (link !== 'restarted') return null;
  return (
    <p className="notice notice-warn host-restarted" role="alert" data-testid="host-restarted">
      <Icon name="alert" size={16} /> <span>{RESTARTED}</span>
    </p>
  );
}
