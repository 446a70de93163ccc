import { formatLength, formatSeconds } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import type { TurnLosses, VoiceSnapshot } from '../../voice/voice-client.ts';

export interface RecoveryText {
  /** `good`: the connection broke and nothing was lost. `loss`: audio is missing from the recording. */
  tone: 'good' | 'loss';
  message: string;
}

type TurnReport = TurnLosses & Pick<VoiceSnapshot, 'view' | 'resumes' | 'newSessions'>;

/**
 * What happened to the connection and the microphone since the last press, and what was lost.
 * @param isOffered audio that could not be delivered is offered as a file or was saved as one, so it is not lost
 * @returns null if nothing happened
 */
export function recoveryText(turn: TurnReport, isOffered: boolean): RecoveryText | null {
  const undeliveredMs = isOffered ? turn.undeliveredMs : 0;
  const report = { ...turn, undeliveredMs, lostMs: turn.lostMs - undeliveredMs };
  const sentences = [connectionText(report), ...captureTexts(report), sleepText(report)].filter(
    (sentence) => sentence !== null,
  );
  if (sentences.length === 0) return null;
  return { tone: report.lostMs + report.uncapturedMs > 0 ? 'loss' : 'good', message: sentences.join(' ') };
}

function connectionText(report: TurnReport): string | null {
  const { view, resumes, newSessions, lostMs, undeliveredMs, uncapturedMs } = report;
  // `lostMs` includes what was not captured.
  const lostInTransitMs = Math.max(lostMs - uncapturedMs, 0);
  const lost = formatSeconds(lostInTransitMs / 1000);
  // Earlier recoveries are not mentioned while the connection is broken again or after an error.
  const isConnected = view !== 'reconnecting' && view !== 'error';
  if (isConnected && resumes + newSessions > 0) {
    const count = { resumes, newSessions };
    if (lostInTransitMs > 0) return text.recovery.brokeWithLoss({ ...count, lost });
    // Another sentence, or the offer to save a file, says what is missing.
    return uncapturedMs + undeliveredMs > 0 ? text.recovery.broke(count) : text.recovery.brokeWithoutLoss(count);
  }
  if (lostInTransitMs === 0) return null;
  return view === 'reconnecting' ? text.recovery.lostSoFar({ lost }) : text.recovery.lost({ lost });
}

function captureTexts({ uncapturedMs, stalledMs, changedMs }: TurnReport): (string | null)[] {
  const { microphoneStalled, microphoneChanged, audioDelayed } = text.recovery;
  const sentence = (ms: number, format: (values: { length: string }) => string) =>
    ms > 0 ? format({ length: formatSeconds(ms / 1000) }) : null;
  return [
    sentence(stalledMs, microphoneStalled),
    sentence(changedMs, microphoneChanged),
    sentence(uncapturedMs - stalledMs - changedMs, audioDelayed),
  ];
}

function sleepText({ sleptMs }: TurnReport): string | null {
  return sleptMs === 0 ? null : text.recovery.slept({ length: formatLength(sleptMs / 1000) });
}
