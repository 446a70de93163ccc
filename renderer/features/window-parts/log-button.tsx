import { useLink, useLog } from '../../state/services.ts';
import { useShortcutKeys } from '../../state/use-shortcut-keys.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import './window-parts.css';

/** What the badge of the closed log says; null: no badge. */
export function useLogBadge(): { sign: string; words: string } | null {
  const warnings = useLog((state) => state.unseenWarnings);
  const link = useLink();
  if (link !== 'up') return { sign: '!', words: text.app.notConnected };
  if (warnings === 0) return null;
  return { sign: warnings > 99 ? '99+' : String(warnings), words: text.app.warnings({ warnings }) };
}

/** Shows and hides the log. While it is closed, a badge counts the warnings that the user has not seen. */
export function LogButton({ open, onClick }: { open: boolean; onClick: () => void }) {
  const badge = useLogBadge();
  const label = open ? text.app.hideLog : text.app.showLog;
  const name = open || badge === null ? label : `${label}, ${badge.words}`;
  const { keys, ariaKeys } = useShortcutKeys('key_log');
  return (
    <Tooltip text={name} keys={keys}>
      <button
        type="button"
        className="labelled-button"
        data-testid="log-fold"
        aria-label={name}
        aria-keyshortcuts={ariaKeys}
        aria-expanded={open}
        aria-controls="log"
        onClick={onClick}
      >
        <Icon name="log" />
        <span>{text.app.log}</span>
        {!open && badge !== null && (
          // Drawn by CSS: the button's name says it in words.
          <span className="badge" data-testid="log-badge" data-sign={badge.sign} aria-hidden="true" />
        )}
      </button>
    </Tooltip>
  );
}
