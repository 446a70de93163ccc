import type { LogRecord } from '../../../shared/log-event.ts';
import { exportName, toJsonLines, toTextLines } from '../../state/log-text.ts';
import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { saveFile } from '../../ui/save-file.ts';

interface LogToolbarProps {
  /** The records to copy: the selected ones, or all that are shown. */
  toCopy: () => readonly LogRecord[];
  anySelected: boolean;
}

/** The number of lines shown, and buttons to pause, copy, export and clear. */
export function LogToolbar({ toCopy, anySelected }: LogToolbarProps) {
  const { log } = useServices();
  const shown = useLog((state) => state.shown);
  const total = useLog((state) => state.total);
  const following = useLog((state) => state.following);
  const empty = shown.length === 0;

  const exportShown = () => {
    saveFile(new Blob([toJsonLines(shown.toArray())], { type: 'application/jsonl' }), exportName(new Date()));
  };

  return (
    <div className="log-tools">
      <p className="log-count" data-testid="log-count">
        {text.log.shownOf({ shown: shown.length, total })}
      </p>
      <IconButton
        label={following ? text.log.pause : text.log.follow}
        data-testid="log-follow"
        aria-pressed={!following}
        onClick={() => (following ? log.pause('button') : log.follow('button'))}
      >
        {following ? <Icon name="pause" size={16} /> : <Icon name="play" size={16} />}
      </IconButton>
      <CopyButton
        label={anySelected ? text.log.copySelected : text.log.copyShown}
        text={() => toTextLines(toCopy())}
        disabled={empty}
      />
      <IconButton label={text.log.export} data-testid="log-export" disabled={empty} onClick={exportShown}>
        <Icon name="download" size={16} />
      </IconButton>
      <IconButton label={text.log.clear} data-testid="log-clear" disabled={total === 0} onClick={log.clear}>
        <Icon name="clear" size={16} />
      </IconButton>
    </div>
  );
}
