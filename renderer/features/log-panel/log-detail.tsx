import { toTextLines } from '../../state/log-text.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';
import { formatLogTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { partsOf, plainText } from './line-parts.ts';
import { audioSummary, type Row } from './log-rows.ts';

/** The full text of the selected row. */
export function LogDetail({ row, onClose }: { row: Row; onClose: () => void }) {
  const [first] = row.records;
  const last = row.records.at(-1) ?? first;
  const { session } = partsOf(first);
  const single = first === last;
  return (
    <aside className="log-detail" aria-label={text.log.selected} data-testid="log-detail">
      <p className="log-detail-text">{single ? plainText(first) : audioSummary(row.records)}</p>
      <p className="log-detail-facts">
        {single
          ? `${isUnrecorded(first) ? text.log.notRecorded : `#${first.seq}`} · ${first.side} · ${first.level} · ${first.event}`
          : text.log.selectedRange({
              lines: row.records.length,
              from: formatLogTime(first.time),
              to: formatLogTime(last.time),
            })}
        {session !== null && text.log.selectedSession({ id: session })}
      </p>
      <div className="log-detail-tools">
        <CopyButton label={single ? text.log.copyLine : text.log.copyLines} text={() => toTextLines(row.records)} />
        <IconButton label={text.log.closeLine} onClick={onClose}>
          <Icon name="close" size={16} />
        </IconButton>
      </div>
    </aside>
  );
}
