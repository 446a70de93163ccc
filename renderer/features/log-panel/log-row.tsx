import { memo } from 'react';
import type { LogRecord } from '../../../shared/log-event.ts';
import { useLanguage } from '../../state/services.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';
import { formatCount, formatLogTime, SHORT_ID_LENGTH } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { iconOf } from './event-icons.ts';
import { partsOf, plainText } from './line-parts.ts';
import { type AudioRow, audioSummary, type Row, sideOf } from './log-rows.ts';

/** Height of a row in CSS pixels, as in `log-list.css`. */
export const ROW_HEIGHT = 32;

interface LogRowProps {
  row: Row;
  /** Distance from the list's top in CSS pixels. */
  top: number;
  selected: boolean;
  onExpand: (id: number, expanded: boolean) => void;
}

/** A row: time, side, icon, text and short session ID. Its tooltip has the full text. */
export const LogRow = memo(DrawnRow, isSameRow);

/** Records never change, and an audio row only gets more of them. */
function isSameRow(before: LogRowProps, after: LogRowProps): boolean {
  return (
    before.top === after.top &&
    before.selected === after.selected &&
    before.onExpand === after.onExpand &&
    before.row.id === after.row.id &&
    before.row.records.length === after.row.records.length &&
    isUnrecordedRow(before.row) === isUnrecordedRow(after.row) &&
    isExpandedOrIndented(before.row) === isExpandedOrIndented(after.row)
  );
}

/** Whether the newest event of a row has not been recorded yet. */
function isUnrecordedRow({ records }: Row): boolean {
  const last = records.at(-1);
  return last !== undefined && isUnrecorded(last);
}

function isExpandedOrIndented(row: Row): boolean {
  return row.kind === 'audio' ? row.expanded : row.indented;
}

function DrawnRow({ row, top, selected, onExpand }: LogRowProps) {
  // Its texts are none of its properties.
  useLanguage();
  const [record] = row.records;
  const { seq, time, level, event } = record;
  const side = sideOf(row);
  const { session } = partsOf(record);
  return (
    <div
      className="log-row"
      data-testid="log-row"
      data-id={row.id}
      data-seq={seq}
      data-side={side}
      data-event={event}
      data-level={level}
      data-waiting={isUnrecordedRow(row) || undefined}
      data-indented={(row.kind === 'line' && row.indented) || undefined}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <time className="log-time">{formatLogTime(time)}</time>
      <span className="log-side">{side}</span>
      <span className="log-icon" title={level}>
        <Icon name={iconOf(event, level)} size={16} />
        <span className="visually-hidden">{level}</span>
      </span>
      {row.kind === 'audio' ? <AudioText row={row} onExpand={onExpand} /> : <LineText record={record} />}
      {isUnrecordedRow(row) && (
        <em className="log-waiting" data-testid="log-waiting">
          {text.log.notRecorded}
        </em>
      )}
      {session !== null && !isUnrecordedRow(row) && (
        <code className="log-session" title={text.log.session({ id: session })}>
          {session.slice(0, SHORT_ID_LENGTH)}
        </code>
      )}
    </div>
  );
}

/** The event, then its fields. */
function LineText({ record }: { record: LogRecord }) {
  const { title, fields } = partsOf(record);
  return (
    <span className="log-text" title={plainText(record)}>
      {title}
      {fields.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a record never change their order
        <span key={index}>
          {' '}
          <span className="log-field">{`${name}=`}</span>
          {value}
        </span>
      ))}
    </span>
  );
}

/** A summary of the row's lines, and a button that shows them. */
function AudioText({ row, onExpand }: Pick<LogRowProps, 'onExpand'> & { row: AudioRow }) {
  const { id, records, expanded } = row;
  const summary = audioSummary(records);
  if (records.length === 1) {
    return (
      <span className="log-text" title={plainText(records[0])}>
        {summary}
      </span>
    );
  }
  const lines = records.length;
  const name = expanded ? text.log.collapse({ lines }) : text.log.expand({ lines });
  return (
    <span className="log-text log-total" title={summary}>
      <span>{summary}</span>{' '}
      <Tooltip text={name}>
        <button
          type="button"
          className="log-expand"
          data-testid="log-expand"
          aria-expanded={expanded}
          aria-label={name}
          onClick={(event) => {
            event.stopPropagation();
            onExpand(id, !expanded);
          }}
        >
          {formatCount(lines)} <Icon name="chevron" size={14} />
        </button>
      </Tooltip>
    </span>
  );
}
