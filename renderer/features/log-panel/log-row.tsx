import { memo } from 'react';
import { sessionOf } from '../../../shared/log-line.ts';
import { useLanguage } from '../../state/services.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';
import { formatLogTime, formatSecond } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { GridCell, GridRow } from '../../ui/grid.tsx';
import { Icon } from '../../ui/icons.tsx';
import { iconOf } from './event-icons.ts';
import { lineText } from './line-title.ts';
import { formatSince } from './relative-time.ts';
import { FullContent, PlainContent, type RowContentProps } from './row-content.tsx';
import { type Row, sideOf } from './row-list.ts';
import { tagOf } from './session-hue.ts';
import { SessionTag } from './session-tag.tsx';

/** Height of a row in CSS pixels, as in `log-list.css`. */
export const ROW_HEIGHT = 32;

/** The `id` of a row's element. */
export const rowId = (id: number) => `log-row-${id}`;

interface LogRowProps extends RowContentProps {
  selected: boolean;
  /** The arrow keys start here. */
  atCursor: boolean;
  /** Sentences instead of events with their fields. */
  plain: boolean;
  /** Whether this is the match that the search is at. */
  isMatch: boolean;
  /** Times are relative to this one (ms since the epoch); null: they are times of the day. */
  since: number | null;
  /** Shows the lines of one session only. */
  onSession: (id: string) => void;
}

/** A row: time, side, icon, what happened, and its session. */
export const LogRow = memo(DrawnRow, isSameRow);

/** Records never change, and an audio row only gets more of them. */
function isSameRow(before: LogRowProps, after: LogRowProps): boolean {
  const names = Object.keys(after) as (keyof LogRowProps)[];
  return names.every((name) => name === 'row' || before[name] === after[name]) && isSameContent(before.row, after.row);
}

function isSameContent(before: Row, after: Row): boolean {
  return (
    before.id === after.id &&
    before.records.length === after.records.length &&
    before.records[0] === after.records[0] &&
    isUnrecordedRow(before) === isUnrecordedRow(after) &&
    isExpandedOrIndented(before) === isExpandedOrIndented(after)
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

function DrawnRow(props: LogRowProps) {
  const { row, selected, atCursor, plain, isMatch, since, onSession } = props;
  // Its texts are none of its properties.
  useLanguage();
  const [record] = row.records;
  const { seq, time, level, event } = record;
  const side = sideOf(row);
  const session = sessionOf(record);
  return (
    <GridRow
      id={rowId(row.id)}
      className="log-row"
      data-testid="log-row"
      data-id={row.id}
      data-seq={seq}
      data-side={side}
      data-event={event}
      data-level={level}
      data-waiting={isUnrecordedRow(row) || undefined}
      data-indented={(row.kind === 'line' && row.indented) || undefined}
      data-cursor={atCursor || undefined}
      data-match={isMatch || undefined}
      aria-selected={selected}
    >
      <GridCell className="log-time">
        {since !== null ? formatSince(time - since) : plain ? formatSecond(time) : formatLogTime(time)}
      </GridCell>
      <GridCell className="log-side">{text.log.side[side]}</GridCell>
      <GridCell className="log-icon" title={text.log.levelName[level]}>
        <Icon name={iconOf(event, level)} size={16} />
        <span className="visually-hidden">{text.log.levelName[level]}</span>
      </GridCell>
      <GridCell className="log-text" title={lineText(record)}>
        {plain ? <PlainContent {...props} /> : <FullContent {...props} />}
      </GridCell>
      <GridCell className="log-mark">
        {isUnrecordedRow(row) ? (
          <em className="log-waiting" data-testid="log-waiting">
            {text.log.notRecorded}
          </em>
        ) : (
          session !== undefined &&
          !plain && (
            <button
              type="button"
              className="log-session"
              data-testid="log-session"
              tabIndex={-1}
              aria-label={text.log.showSession({ id: tagOf(session) })}
              onClick={(event) => {
                event.stopPropagation();
                onSession(session);
              }}
            >
              <SessionTag id={session} />
            </button>
          )
        )}
      </GridCell>
    </GridRow>
  );
}
