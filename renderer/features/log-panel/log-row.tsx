import { memo } from 'react';
import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf } from '../../../shared/log-line.ts';
import { plainLine } from '../../state/plain-line.ts';
import { useLanguage } from '../../state/services.ts';
import { isUnrecorded } from '../../state/unrecorded.ts';
import { formatCount, formatLogTime, formatSecond } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { GridCell, GridRow } from '../../ui/grid.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { audioTotals } from './audio-totals.ts';
import type { Field } from './event-fields.ts';
import { iconOf } from './event-icons.ts';
import { fitFields } from './fit-fields.ts';
import { Highlighted } from './highlighted.tsx';
import { lineText, titleOf } from './line-title.ts';
import { type Row, sideOf } from './log-rows.ts';
import { formatSince } from './relative-time.ts';
import { SessionTag } from './session-tag.tsx';

/** Height of a row in CSS pixels, as in `log-list.css`. */
export const ROW_HEIGHT = 32;

/** The `id` of a row's element. */
export const rowId = (id: number) => `log-row-${id}`;

export interface LogRowProps {
  row: Row;
  selected: boolean;
  /** The arrow keys start here. */
  atCursor: boolean;
  /** Sentences instead of events with their fields. */
  plain: boolean;
  /** The words of the search, in lower case. */
  words: readonly string[];
  /** Whether this is the match that the search is at. */
  isMatch: boolean;
  /** Number of characters that fit between its icon and its session. */
  room: number;
  /** Times are relative to this one (ms since the epoch); null: they are times of the day. */
  since: number | null;
  onExpand: (id: number, expanded: boolean) => void;
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
        {plain ? <Plain {...props} /> : <Everything {...props} />}
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
              aria-label={text.log.showSession({ id: session })}
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

/** The event as a sentence. */
function Plain({ row, words, onExpand }: LogRowProps) {
  const [record] = row.records;
  const sentence = plainLine(record) ?? lineText(record);
  return (
    <>
      <span className="log-sentence">
        <Highlighted text={sentence} words={words} />
      </span>
      <Expand row={row} onExpand={onExpand} />
    </>
  );
}

/** The event and as many of its fields as fit, each of them whole. The details have all of them. */
function Everything({ row, words, room, onExpand }: LogRowProps) {
  const { title, isSentence, fields } = contentOf(row);
  const button = row.kind === 'audio' && row.records.length > 1 ? EXPAND_CHARACTERS : 0;
  const fitted = fitFields(title.length, fields, room - button);
  return (
    <>
      <span className={isSentence ? 'log-sentence' : 'log-event'}>
        <Highlighted text={title} words={words} />
      </span>
      {fitted.fields.map(({ name, value }) => (
        <span key={name} className="log-field">
          <span className="log-field-name">
            <Highlighted text={name} words={words} />
          </span>{' '}
          <Highlighted text={value} words={words} />
        </span>
      ))}
      {fitted.hidden > 0 && (
        <span className="log-field log-more" title={hiddenText(fields.slice(fitted.fields.length))}>
          {`+${fitted.hidden}`}
          <span className="visually-hidden"> {text.log.moreFields({ fields: fitted.hidden })}</span>
        </span>
      )}
      <Expand row={row} onExpand={onExpand} />
    </>
  );
}

/** Room of the button that shows the lines of an audio row, in characters. */
const EXPAND_CHARACTERS = 9;

const hiddenText = (fields: readonly Field[]) => fields.map(({ name, value }) => `${name}: ${value}`).join('\n');

function contentOf(row: Row): { title: string; isSentence: boolean; fields: readonly Field[] } {
  if (row.kind === 'audio') return { title: 'AUDIO', isSentence: false, fields: audioTotals(row.records) };
  return titleOf(row.records[0] as LogRecord);
}

/** Shows and hides the lines of an audio row. */
function Expand({ row, onExpand }: Pick<LogRowProps, 'row' | 'onExpand'>) {
  if (row.kind !== 'audio' || row.records.length === 1) return null;
  const { id, records, expanded } = row;
  const lines = records.length;
  const name = expanded ? text.log.collapse({ lines }) : text.log.expand({ lines });
  return (
    <Tooltip text={name}>
      <button
        type="button"
        className="log-expand"
        data-testid="log-expand"
        tabIndex={-1}
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
  );
}
