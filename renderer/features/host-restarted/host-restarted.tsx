import { useLink } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icons.tsx';
import '../../ui/notice.css';
import './host-restarted.css';

/**
 * Says what to do when Earshot was restarted and this tab is from the earlier launch. Unsaved audio stays in the tab.
 */
export function HostRestarted() {
  const link = useLink();
  if (link !== 'restarted') return null;
  return (
    <p className="notice notice-warn host-restarted" role="alert" data-testid="host-restarted">
      <Icon name="alert" size={16} /> <span>{text.host.restarted}</span>
    </p>
  );
}
