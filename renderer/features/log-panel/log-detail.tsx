import type { LogRecord } from '../../../shared/log-event.ts';
import { toTextLines } from '../../state/log-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';

/** The whole of one record, for texts that a row has no room for. */
export function LogDetail({ record, onClose }: { record: LogRecord; onClose: () => void }) {
  return (
    <aside className="log-detail" aria-label="Selected log line" data-testid="log-detail">
      <p className="log-detail-text">{record.text}</p>
      <p className="log-detail-facts">
        #{record.seq} · {record.side} · {record.level} · {record.event}
        {record.session_id !== undefined && ` · session ${record.session_id}`}
      </p>
      <div className="log-detail-tools">
        <CopyButton label="Copy this line" text={() => toTextLines([record])} />
        <IconButton label="Close the line" onClick={onClose}>
          <Icon name="close" size={16} />
        </IconButton>
      </div>
    </aside>
  );
}
