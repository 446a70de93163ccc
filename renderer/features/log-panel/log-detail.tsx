import { toTextLines } from '../../state/log-text.ts';
import { isUnrecorded, NOT_YET_RECORDED } from '../../state/unrecorded.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatLogTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { partsOf, plainText } from './line-parts.ts';
import { audioSummary, type Row } from './log-rows.ts';

/** The whole of one row, for texts that it has no room for. */
export function LogDetail({ row, onClose }: { row: Row; onClose: () => void }) {
  const [first] = row.records;
  const last = row.records.at(-1) ?? first;
  const { session } = partsOf(first);
  const single = first === last;
  return (
    <aside className="log-detail" aria-label="Selected log line" data-testid="log-detail">
      <p className="log-detail-text">{single ? plainText(first) : audioSummary(row.records)}</p>
      <p className="log-detail-facts">
        {single
          ? `${isUnrecorded(first) ? NOT_YET_RECORDED : `#${first.seq}`} · ${first.side} · ${first.level} · ${first.event}`
          : `${row.records.length} lines from ${formatLogTime(first.time)} to ${formatLogTime(last.time)}`}
        {session !== null && ` · session ${session}`}
      </p>
      <div className="log-detail-tools">
        <CopyButton label={single ? 'Copy this line' : 'Copy these lines'} text={() => toTextLines(row.records)} />
        <IconButton label="Close the line" onClick={onClose}>
          <Icon name="close" size={16} />
        </IconButton>
      </div>
    </aside>
  );
}
