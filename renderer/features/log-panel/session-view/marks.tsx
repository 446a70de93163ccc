import type { SessionTimeline } from '../../../state/session-timeline.ts';
import { formatMs } from '../../../text/format.ts';
import { text } from '../../../text/text.ts';
import { markText } from './session-sentences.ts';
import { timeText } from './time-axis.ts';

/** The events of a session as numbered sentences. */
export function Marks({ timeline: { marks, duration_ms: end } }: { timeline: SessionTimeline }) {
  const { sessionView } = text;
  return (
    <section className="session-part" aria-label={sessionView.marks.title}>
      <h3>{sessionView.marks.title}</h3>
      {marks.length === 0 ? (
        <p className="session-note">{sessionView.marks.none}</p>
      ) : (
        <ol className="session-marks" data-testid="session-marks">
          {marks.map((mark, i) => (
            // Two events may be equal, and their order does not change.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={i} data-level={mark.level} data-mark={mark.mark}>
              <span className="mark-number" data-level={mark.level}>
                {i + 1}
              </span>
              <span className="mark-time">{end < 1_000 ? formatMs(mark.at) : timeText(mark.at, end)}</span>
              <span>{markText(mark)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
