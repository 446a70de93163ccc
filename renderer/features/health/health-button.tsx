import { useHealth } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './health-button.css';
import { warningLabel } from './health-words.ts';

const LABEL = 'Connection health';

/**
 * Opens the health of the connections. It is quiet while they are well and grows words when they are not; the element
 * stays the same, so that a dialog that it opened gives the focus back to it.
 */
export function HealthButton({ onClick }: { onClick: () => void }) {
  const words = useHealth(({ health }) => (health?.warning ? warningLabel(health.recent) : null));
  return (
    <>
      <button
        type="button"
        className={words === null ? 'icon-button' : 'health-warning-button'}
        data-testid="health"
        data-warning={words !== null}
        aria-haspopup="dialog"
        aria-label={words === null ? LABEL : `${words}: ${LABEL.toLowerCase()}`}
        title={LABEL}
        onClick={onClick}
      >
        {words === null ? <Icon name="pulse" /> : <Icon name="alert" size={16} />}
        {words !== null && <span>{words}</span>}
      </button>
      {/* Without the share, which changes with every connection: told once, and gone when it has passed. */}
      <p className="visually-hidden" role="status">
        {words !== null && 'Many connections need more than one try. Connection health tells more.'}
      </p>
    </>
  );
}
