import { plainLine } from '../../../state/plain-line.ts';
import type { SessionMark } from '../../../state/session-life.ts';
import type { SessionConnection, SessionStep } from '../../../state/session-steps.ts';
import type { SessionTimeline } from '../../../state/session-timeline.ts';
import { formatMs, formatSeconds } from '../../../text/format.ts';
import { text } from '../../../text/text.ts';

/** A step that takes more than this share of its connection stands out. */
const LONG_SHARE = 0.25;

/** What happened in a session and how it ended, in a few sentences. */
export function outcomeOf({ summary, phases, connections }: SessionTimeline): string {
  const { outcome } = text.sessionView;
  const { connected_ms: connected, ending, refusal } = summary;
  const isStranger = connections.every(({ steps }) => steps.every(({ side }) => side === 'server'));
  if (ending === 'refused') {
    const why = refusalText(refusal ?? '');
    if (isStranger) return `${outcome.refusedStranger({ why })} ${outcome.nothingSent}`;
    return `${outcome.refusedWindow({ why })} ${outcome.endings.refused}`;
  }
  const sentences = [
    connected !== null && outcome.connected({ time: formatMs(connected) }),
    connected === null && ending === 'live' && outcome.connecting,
    (summary.welcomes ?? 0) > 1 && outcome.repeatedWelcome({ welcomes: summary.welcomes ?? 0 }),
    summary.failed_attempts > 0 && outcome.failedFirst({ attempts: summary.failed_attempts }),
    phases.some(({ phase }) => phase === 'listening') &&
      outcome.listened({ time: formatSeconds(summary.listened_ms / 1000) }),
    ...lossesOf(summary),
    ending === 'problem' ? problemText(summary.problem ?? '') : outcome.endings[ending],
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}

function lossesOf({ lost, resumed, lost_ms, missing_s }: SessionTimeline['summary']): (string | false)[] {
  const { outcome } = text.sessionView;
  return [
    lost > 0 && resumed > 0 && outcome.lostAndResumed({ times: lost, time: formatMs(lost_ms) }),
    lost > 0 && resumed === 0 && outcome.lostNow,
    missing_s > 0 && outcome.missing({ time: formatSeconds(missing_s) }),
    missing_s === 0 && resumed > 0 && outcome.nothingMissing,
  ];
}

/** The name of a step. */
export function stepText(step: SessionStep): string {
  const { steps } = text.sessionView.handshake;
  const { attempt = 1 } = step;
  switch (step.step) {
    case 'welcome_sent':
      return attempt === 1 ? steps.welcome_sent : steps.welcome_again({ attempt });
    case 'welcome_received':
      return attempt === 1 ? steps.welcome_received : steps.welcome_received_nth({ attempt });
    case 'refused':
      return steps.refused({
        why: refusalText(step.why ?? ''),
        code: step.code === undefined ? '' : ` (${step.code})`,
      });
    case 'closed':
      return steps.closed({ why: closeText(step.code ?? 1006) });
    default:
      return steps[step.step];
  }
}

/** The step that took most of the time of a connection; undefined: none stands out, or the server refused at once. */
export function longestStep({ steps, result, from }: SessionConnection): SessionStep | undefined {
  if (result === 'refused') return undefined;
  const total = Math.max(...steps.map(({ at }) => at)) - from;
  const longest = steps.reduce<SessionStep | undefined>(
    (max, step) => (step.ms > (max?.ms ?? 0) ? step : max),
    undefined,
  );
  return longest !== undefined && longest.ms > total * LONG_SHARE ? longest : undefined;
}

/** How an attempt to connect went, and where most of its time went. */
export function connectionText(connection: SessionConnection): string {
  const { results, running, longest } = text.sessionView.handshake;
  const { result, connected_at, from } = connection;
  const longestOne = longestStep(connection);
  const how =
    result === 'refused' || result === 'failed'
      ? results[result]()
      : connected_at === null
        ? running
        : results[result]({ time: formatMs(connected_at - from) });
  return longestOne === undefined
    ? how
    : `${how}. ${longest({ step: stepName(longestOne), time: formatMs(longestOne.ms) })}`;
}

/** A step without the reason for it. */
function stepName(step: SessionStep): string {
  return step.step === 'closed' ? text.sessionView.handshake.steps.ended : stepText(step);
}

/** What a mark says, in a sentence. */
export function markText({ mark, side, level, event, fields }: SessionMark): string {
  const { marks } = text.sessionView;
  if (mark === 'lost') return marks.lost;
  if (mark === 'resumed') return marks.resumed({ time: formatMs(Number(fields.ms) || 0) });
  if (mark === 'server_stopped') return marks.server_stopped;
  if (mark === 'server_started') return marks.server_started;
  if (mark === 'welcome_repeated') return marks.welcomeRepeated({ attempt: Number(fields.attempt) || 1 });
  // An event of which the plain log says nothing keeps its name.
  return plainLine({ side, level, event, fields }) ?? event;
}

function refusalText(why: string): string {
  const { refusals } = text.plainLog;
  return (Object.hasOwn(refusals, why) ? refusals[why] : undefined) ?? why;
}

function closeText(code: number): string {
  const { closeCodes, otherCloseCode } = text.plainLog;
  return closeCodes[code] ?? otherCloseCode({ code });
}

function problemText(type: string): string {
  const { problems } = text;
  return Object.hasOwn(problems, type) ? `${problems[type as keyof typeof problems].title}.` : type;
}
