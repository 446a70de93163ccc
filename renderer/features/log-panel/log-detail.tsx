import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf } from '../../../shared/log-line.ts';
import { copiedText, toTextLines } from '../../state/log-text.ts';
import { plainLine } from '../../state/plain-line.ts';
import { useServices } from '../../state/services.ts';
import { formatLogTime } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { audioTotals } from './audio-totals.ts';
import { factsOf } from './detail-facts.ts';
import type { Field } from './event-fields.ts';
import './log-detail.css';
import { eventName, lineText } from './line-title.ts';
import type { Row } from './row-list.ts';
import { SessionTag } from './session-tag.tsx';

interface LogDetailProps {
  row: Row;
  onClose: () => void;
  onSession: (id: string) => void;
}

/** Everything about the selected row: each field, the line as text and as JSON. Nothing is cut. */
export function LogDetail({ row, onClose, onSession }: LogDetailProps) {
  const [first] = row.records;
  const { sessions } = useServices();
  const session = sessions.keyOf(first);
  const id = sessionOf(first);
  const isSingle = row.records.length === 1;
  const sentence = isSingle ? plainLine(first) : null;
  return (
    <aside className="log-detail" aria-label={text.log.selected} data-testid="log-detail">
      <header className="log-detail-header">
        <h3>{eventName(first)}</h3>
        {session !== undefined && (
          <Button kind="quiet" data-testid="log-detail-session" onClick={() => onSession(session)}>
            {id !== undefined && <SessionTag id={id} />} {text.log.showThisSession}
          </Button>
        )}
        <IconButton label={text.log.closeLine} data-testid="log-detail-close" onClick={onClose}>
          <Icon name="close" size={16} />
        </IconButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="log-detail-body" aria-label={text.log.fields} tabIndex={0}>
        {sentence !== null && <p className="log-detail-sentence">{sentence}</p>}
        {isSingle ? <Line record={first} /> : <Run records={row.records} />}
      </section>
    </aside>
  );
}

function Line({ record }: { record: LogRecord }) {
  return (
    <>
      <Fields fields={factsOf(record)} />
      {/* Without its emoji, which only files and copies have. */}
      <Block
        label={text.log.asText}
        copy={text.log.copyText}
        content={lineText(record)}
        copied={toTextLines([record])}
      />
      <Block label={text.log.asJson} copy={text.log.copyJson} content={JSON.stringify(record, null, 2)} />
    </>
  );
}

/** The totals of a row of AUDIO lines. Its lines have details of their own. */
function Run({ records }: { records: Row['records'] }) {
  const [first] = records;
  const last = records.at(-1) ?? first;
  const lines = records.length;
  return (
    <>
      <p className="log-detail-sentence">
        {text.log.selectedRange({ lines, from: formatLogTime(first.time), to: formatLogTime(last.time) })}
      </p>
      <Fields fields={audioTotals(records)} />
      <div className="log-detail-copies">
        <span>{text.log.copyLines}</span>
        <CopyButton label={text.log.copyLines} text={() => copiedText(records)} />
      </div>
    </>
  );
}

function Fields({ fields }: { fields: readonly Field[] }) {
  return (
    <table className="log-detail-fields">
      <tbody>
        {fields.map(({ name, value, raw }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              {value}
              {raw !== null && <code className="log-detail-raw">{raw}</code>}
            </td>
            <td>
              <CopyButton label={text.log.copyField({ name })} text={() => raw ?? value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface BlockProps {
  label: string;
  /** What the button does. */
  copy: string;
  content: string;
  /** What is copied. Default: the content. */
  copied?: string;
}

/** A text with a button that copies it. */
function Block({ label, copy, content, copied = content }: BlockProps) {
  return (
    <section className="log-detail-block">
      <header>
        <h4>{label}</h4>
        <CopyButton label={copy} text={() => copied} />
      </header>
      <pre>{content}</pre>
    </section>
  );
}
