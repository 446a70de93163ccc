import type { SessionConnection, SessionStep } from '../../../state/session-steps.ts';
import { formatMs } from '../../../text/format.ts';
import { text } from '../../../text/text.ts';
import './handshake.css';
import { longestStep, stepText } from './session-sentences.ts';
import { percentOf } from './time-axis.ts';

/** Positions of the two lanes, in px. */
const LANES = { client: 10, server: 38 } as const;

/** The steps of a connection in two lanes, with a bar for the time that each took. As a table it reads as it looks. */
export function Handshake({ connection }: { connection: SessionConnection }) {
  const { handshake } = text.sessionView;
  const { steps, from } = connection;
  const end = Math.max(...steps.map(({ at }) => at));
  const longest = longestStep(connection);
  return (
    <table className="handshake">
      <thead>
        <tr>
          <th scope="col" className="handshake-lanes">
            <span>{handshake.window}</span> <span>{handshake.server}</span>
          </th>
          <th scope="col">{handshake.step}</th>
          <th scope="col" className="handshake-when">
            {handshake.bar}
          </th>
          <th scope="col" className="handshake-ms">
            {handshake.took}
          </th>
          <th scope="col" className="handshake-ms handshake-at">
            {handshake.at}
          </th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step, i) => (
          <tr
            // A step occurs once for each attempt.
            key={`${step.step} ${step.attempt ?? 0}`}
            data-side={step.side}
            data-step={step.step}
            data-bad={isBad(step) || undefined}
            data-longest={step === longest || undefined}
          >
            <td className="handshake-lanes">
              <Lanes step={step} before={steps[i - 1]} after={steps[i + 1]} />
              <span className="visually-hidden">{step.side === 'client' ? handshake.window : handshake.server}</span>
            </td>
            <th scope="row">{stepText(step)}</th>
            <td className="handshake-when">
              <Bar step={step} from={from} end={end} />
            </td>
            <td className="handshake-ms">{i > 0 && formatMs(step.ms)}</td>
            <td className="handshake-ms handshake-at">{formatMs(step.at - from)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface LanesProps {
  step: SessionStep;
  before: SessionStep | undefined;
  after: SessionStep | undefined;
}

/**
 * The two lanes at one step: a dot on the side where it happened, and half of the way from the step before and to the
 * next. The halves meet at the border of the rows, whatever their heights are.
 */
function Lanes({ step, before, after }: LanesProps) {
  const x = LANES[step.side];
  const halfway = (other: SessionStep) => (x + LANES[other.side]) / 2;
  return (
    <svg className="lanes" aria-hidden="true">
      {Object.values(LANES).map((lane) => (
        <line key={lane} className="lane" x1={lane} x2={lane} y1={before ? '0' : '50%'} y2={after ? '100%' : '50%'} />
      ))}
      {before && <line className="lane-way" x1={halfway(before)} x2={x} y1="0" y2="50%" />}
      {after && <line className="lane-way" x1={x} x2={halfway(after)} y1="50%" y2="100%" />}
      {step.side === 'client' ? (
        <circle className="lane-dot" cx={x} cy="50%" r="4.5" />
      ) : (
        <svg x={x - 4.5} y="50%" className="lane-square" aria-hidden="true">
          <rect className="lane-dot" y="-4.5" width="9" height="9" rx="1.5" />
        </svg>
      )}
    </svg>
  );
}

/** When the step was waited for. */
function Bar({ step, from, end }: { step: SessionStep; from: number; end: number }) {
  const start = percentOf(step.from - from, end - from);
  const width = percentOf(step.at - from, end - from) - start;
  return (
    <svg className="handshake-bar" aria-hidden="true">
      <rect className="bar-ground" y="7" width="100%" height="2" />
      <rect className="bar-time" x={`${start}%`} y="3" width={`${width}%`} height="10" rx="2" />
      {/* A bar without length is still seen. */}
      <rect className="bar-end" x={`${start + width}%`} y="3" width="2" height="10" transform="translate(-2)" />
    </svg>
  );
}

const isBad = ({ step, attempt = 1 }: SessionStep) =>
  step === 'refused' || step === 'closed' || step === 'given_up' || (step === 'welcome_sent' && attempt > 1);
