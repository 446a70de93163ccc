import { useHealth } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './health-button.css';
import { warningLabel } from './health-text.ts';

const LABEL = 'Connection health';

/**
 * Opens the health of the connections. It is quiet while they are well and grows words when they are not; the element
 * stays the same, so that a dialog that it opened gives the focus back to it.
 */
export function HealthButton({ onClick }: { onClick: () => void }) {
  const warned = useHealth(({ health }) => (health?.warning ? health.recent : null));
  const label = warned && warningLabel(warned);
  return (
    <>
      <button
        type="button"
        className={label === null ? 'icon-button' : 'health-warning-button'}
        data-testid="health"
        data-warning={label !== null}
        aria-haspopup="dialog"
        aria-label={label === null ? LABEL : `${label.words}${label.share}: ${LABEL.toLowerCase()}`}
        title={label === null ? LABEL : `${LABEL}: ${label.words.toLowerCase()}${label.share}`}
        onClick={onClick}
      >
        {label === null ? <Icon name="pulse" /> : <Icon name="alert" size={16} />}
        {label !== null && (
          <span>
            {label.words}
            <span className="health-share">{label.share}</span>
          </span>
        )}
      </button>
      {/* Without the share, which changes with every connection: told once, and gone when it has passed. */}
      <p className="visually-hidden" role="status">
        {label !== null && 'Many connections need more than one try. Connection health tells more.'}
      </p>
    </>
  );
}
