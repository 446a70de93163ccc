import type { LogRecord } from '../../../shared/log-event.ts';
import { exportName, toJsonLines, toTextLines } from '../../state/log-text.ts';
import { useLog, useServices } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { saveFile } from '../../ui/save-file.ts';

interface LogToolbarProps {
  /** What Copy takes: the selected rows, or all shown. */
  toCopy: () => readonly LogRecord[];
  anySelected: boolean;
}

/** How much is shown, and what can be done with it. */
export function LogToolbar({ toCopy, anySelected }: LogToolbarProps) {
  const { log } = useServices();
  const shown = useLog((state) => state.shown);
  const total = useLog((state) => state.total);
  const following = useLog((state) => state.following);
  const empty = shown.length === 0;

  const exportShown = () => {
    saveFile(new Blob([toJsonLines(shown)], { type: 'application/jsonl' }), exportName(new Date()));
  };

  return (
    <div className="log-tools">
      <p className="log-count" data-testid="log-count">
        {formatCount(shown.length)} of {formatCount(total)}
      </p>
      <IconButton
        label={following ? 'Pause the list' : 'Follow the newest'}
        data-testid="log-follow"
        aria-pressed={!following}
        onClick={() => (following ? log.pause('button') : log.follow('button'))}
      >
        {following ? <Icon name="pause" size={16} /> : <Icon name="play" size={16} />}
      </IconButton>
      <CopyButton
        label={anySelected ? 'Copy the selected lines' : 'Copy all lines shown'}
        text={() => toTextLines(toCopy())}
        disabled={empty}
      />
      <IconButton
        label="Export the lines shown as JSONL"
        data-testid="log-export"
        disabled={empty}
        onClick={exportShown}
      >
        <Icon name="download" size={16} />
      </IconButton>
      <IconButton
        label="Clear this window’s view (the log file and other windows keep everything)"
        data-testid="log-clear"
        disabled={total === 0}
        onClick={log.clear}
      >
        <Icon name="clear" size={16} />
      </IconButton>
    </div>
  );
}
