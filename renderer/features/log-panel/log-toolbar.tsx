import type { ReactNode } from 'react';
import type { LogRecord } from '../../../shared/log-event.ts';
import { formatFilter } from '../../state/filter-text.ts';
import { copiedText, exportName, jsonLinesFile } from '../../state/log-text.ts';
import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { DetailSwitch } from './detail-switch.tsx';

interface LogToolbarProps {
  /** The records to copy: the selected ones, or all that are shown. */
  recordsToCopy: () => Iterable<LogRecord>;
  anySelected: boolean;
  onOpenFile: () => void;
  onHelp: () => void;
  /** A button at the end. */
  children: ReactNode;
}

/** Level of detail, and buttons to pause, copy and clear. The rest is in a menu. */
export function LogToolbar({ recordsToCopy, anySelected, onOpenFile, onHelp, children }: LogToolbarProps) {
  const { log } = useServices();
  const shown = useLog((state) => state.shown);
  const total = useLog((state) => state.total);
  const following = useLog((state) => state.following);
  const isFile = useLog((state) => state.file !== null);
  const empty = shown.length === 0;

  const exportShown = async () => saveFile(await jsonLinesFile(shown), exportName(new Date()));
  const copyFilter = () => {
    void navigator.clipboard.writeText(formatFilter(log.getState().filter)).catch(() => undefined);
  };

  return (
    <header className="log-header">
      <h2 id="log-title">{text.log.title}</h2>
      <DetailSwitch />
      <div className="log-tools">
        <IconButton
          label={following ? text.log.pause : text.log.follow}
          hint={following ? text.log.pauseHint : text.log.followHint}
          data-testid="log-follow"
          disabled={isFile}
          onClick={() => (following ? log.pause('button') : log.follow('button'))}
        >
          {following ? <Icon name="pause" size={16} /> : <Icon name="play" size={16} />}
        </IconButton>
        <CopyButton
          label={anySelected ? text.log.copySelected : text.log.copyShown}
          text={() => copiedText(recordsToCopy())}
          disabled={empty}
        />
        <IconButton label={text.log.clear} data-testid="log-clear" disabled={isFile || total === 0} onClick={log.clear}>
          <Icon name="clear" size={16} />
        </IconButton>
        <MenuButton
          align="end"
          button={
            <IconButton label={text.log.more} data-testid="log-more">
              <Icon name="more" size={16} />
            </IconButton>
          }
          entries={[
            {
              label: text.log.export,
              hint: text.log.exportHint,
              icon: 'exportFile',
              testId: 'log-export',
              disabled: empty,
              onSelect: () => void exportShown(),
            },
            {
              label: text.log.openFile,
              hint: text.log.openFileHint,
              icon: 'importFile',
              testId: 'log-open-file',
              onSelect: onOpenFile,
            },
            {
              label: text.log.copyFilter,
              hint: text.log.copyFilterHint,
              icon: 'copy',
              testId: 'log-copy-filter',
              onSelect: copyFilter,
            },
            { label: text.log.keys, icon: 'keyboard', testId: 'log-keys', onSelect: onHelp },
          ]}
        />
        {children}
      </div>
    </header>
  );
}
