import { useHealth } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import './health-button.css';
import { text } from '../../text/text.ts';
import { warningShare } from './health-text.ts';

/**
 * Opens the connection health dialog. It is an icon while all is well and shows a label during a warning. Both are the
 * same element, so that the dialog can return the focus to it.
 */
export function HealthButton({ onClick }: { onClick: () => void }) {
  const warningFigures = useHealth(({ health }) => (health?.warning ? health.recent : null));
  const share = warningFigures && warningShare(warningFigures);
  return (
    <>
      <Tooltip text={share === null ? text.health.title : text.health.warningHint({ share })}>
        <button
          type="button"
          className={share === null ? 'icon-button' : 'health-warning-button'}
          data-testid="health"
          data-warning={share !== null}
          aria-haspopup="dialog"
          aria-label={share === null ? text.health.title : text.health.warningName({ share })}
          onClick={onClick}
        >
          {share === null ? <Icon name="pulse" /> : <Icon name="alert" size={16} />}
          {share !== null && (
            <span>
              {text.health.manyRetries}
              <span className="health-share">{share}</span>
            </span>
          )}
        </button>
      </Tooltip>
      {/* Without the percentage, which changes with every connection and would be read out each time. */}
      <p className="visually-hidden" role="status">
        {share !== null && text.health.warningAnnouncement}
      </p>
    </>
  );
}
