import type { PhaseKind, SessionMark } from '../../../state/session-life.ts';
import type { SessionTimeline } from '../../../state/session-timeline.ts';
import { text } from '../../../text/text.ts';
import { outcomeOf } from './session-sentences.ts';
import './life.css';
import { clustersOf, percentOf, ticksOf, timeText } from './time-axis.ts';

/** Marks closer than this, in percent of the axis, share a number. */
const CLOSE = 5;
const MOST_TICKS = 5;
const PHASES: readonly PhaseKind[] = ['connecting', 'listening', 'paused', 'reconnecting', 'stopping'];

/** The whole session on one axis: what the window did, the sound that arrived, and numbered events. */
export function Life({ timeline }: { timeline: SessionTimeline }) {
  const { duration_ms: end, phases, audio, marks } = timeline;
  if (end <= 0 || (phases.length === 0 && audio.length === 0)) return null;
  const { life } = text.sessionView;
  return (
    <section className="session-part" data-testid="session-life" aria-label={life.title}>
      <h3>{life.title}</h3>
      <div className="life" role="img" aria-label={outcomeOf(timeline)}>
        <MarkNumbers marks={marks} end={end} />
        <p className="life-label">{life.window}</p>
        <svg className="life-lane" aria-hidden="true">
          <Patterns />
          <rect className="life-ground" width="100%" height="100%" rx="3" />
          {phases.map(({ phase, from, to }) => (
            <Span key={`${phase} ${from}`} className={`phase phase-${phase}`} from={from} to={to} end={end} />
          ))}
        </svg>
        <p className="life-label">{audio.length === 0 ? life.noAudio : life.audio}</p>
        {audio.length > 0 && (
          <svg className="life-lane life-audio" aria-hidden="true">
            <rect className="life-ground" width="100%" height="100%" rx="3" />
            {audio.map(({ from, to, missing }) => (
              <Span key={from} className={missing > 0 ? 'sound sound-gap' : 'sound'} from={from} to={to} end={end} />
            ))}
          </svg>
        )}
        <svg className="life-axis" aria-hidden="true">
          <line x1="0" x2="100%" y1="0.5" y2="0.5" />
          {ticksOf(end, MOST_TICKS).map(({ at, label }) => (
            <g key={at}>
              <line x1={`${percentOf(at, end)}%`} x2={`${percentOf(at, end)}%`} y1="0" y2="5" />
              <text x={`${percentOf(at, end)}%`} y="18" textAnchor={anchorOf(at, end)}>
                {label}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <ul className="visually-hidden">
        {phases.map(({ phase, from, to }) => (
          <li key={`${phase} ${from}`}>
            {life.phase({ phase: life.phases[phase], from: timeText(from, end), to: timeText(to, end) })}
          </li>
        ))}
      </ul>
      <Legend timeline={timeline} />
    </section>
  );
}

/** What the colours and patterns that occur mean. */
function Legend({ timeline: { phases, audio } }: { timeline: SessionTimeline }) {
  const { life } = text.sessionView;
  const shown = PHASES.filter((kind) => phases.some(({ phase }) => phase === kind));
  return (
    <ul className="life-legend" aria-label={life.legend}>
      {shown.map((phase) => (
        <li key={phase}>
          <Sample className={`phase phase-${phase}`} /> {life.phases[phase]}
        </li>
      ))}
      {audio.length > 0 && (
        <li>
          <Sample className="sound" /> {life.received}
        </li>
      )}
      {audio.some(({ missing }) => missing > 0) && (
        <li>
          <Sample className="sound sound-gap" /> {life.gap}
        </li>
      )}
    </ul>
  );
}

function Sample({ className }: { className: string }) {
  return (
    <svg className="life-sample" aria-hidden="true">
      <rect className={className} x="1" y="1" width="16" height="10" rx="2" />
    </svg>
  );
}

function Span({ className, from, to, end }: { className: string; from: number; to: number; end: number }) {
  const x = percentOf(from, end);
  return <rect className={className} x={`${x}%`} y="1" width={`${percentOf(to, end) - x}%`} height="18" rx="2" />;
}

/** Numbers of the events in the list below, above the lanes. */
function MarkNumbers({ marks, end }: { marks: readonly SessionMark[]; end: number }) {
  if (marks.length === 0) return null;
  return (
    <div className="life-marks" aria-hidden="true">
      {clustersOf(marks, end, CLOSE).map(({ at, first, items }) => (
        <span
          key={first}
          className="mark-number"
          data-level={levelOf(items)}
          style={{ insetInlineStart: `${percentOf(at, end)}%` }}
        >
          {items.length === 1 ? first : `${first}–${first + items.length - 1}`}
        </span>
      ))}
    </div>
  );
}

function levelOf(marks: readonly SessionMark[]): string {
  const has = (wanted: string) => marks.some(({ level }) => level === wanted);
  return has('error') ? 'error' : has('warn') ? 'warn' : 'info';
}

/** Stripes, so that an outage is seen without colours. */
function Patterns() {
  return (
    <defs>
      <pattern id="life-stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="stripe-ground" width="6" height="6" />
        <rect className="stripe" width="3" height="6" />
      </pattern>
    </defs>
  );
}

function anchorOf(at: number, end: number): 'start' | 'middle' | 'end' {
  const percent = percentOf(at, end);
  return percent < 3 ? 'start' : percent > 94 ? 'end' : 'middle';
}
