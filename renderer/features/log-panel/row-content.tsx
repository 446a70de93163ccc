import type { LogRecord } from '../../../shared/log-event.ts';
import { plainLine } from '../../state/plain-line.ts';
import { formatCount } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { audioTotals } from './audio-totals.ts';
import type { Field } from './event-fields.ts';
import { fitFields } from './fit-fields.ts';
import { Highlighted } from './highlighted.tsx';
import { lineText, titleOf } from './line-title.ts';
import type { Row } from './row-list.ts';

export interface RowContentProps {
  row: Row;
  /** The words of the search, in lower case. */
  words: readonly string[];
  /** Number of characters that fit between its icon and its session. */
  room: number;
  onExpand: (id: number, expanded: boolean) => void;
}

/** The event as a sentence. */
export function PlainContent({ row, words, onExpand }: RowContentProps) {
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
export function FullContent({ row, words, room, onExpand }: RowContentProps) {
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
function Expand({ row, onExpand }: Pick<RowContentProps, 'row' | 'onExpand'>) {
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
