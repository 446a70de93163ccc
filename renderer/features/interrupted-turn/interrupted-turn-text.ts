import type { AppInfo } from '../../../shared/bridge.ts';
import type { Interruption } from '../../state/interrupted-turn-store.ts';
import { formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';

/** Sentences about a turn that ended with its page: what happened, what was saved, and what was lost. */
export function interruptedTurnText({ by, phase, result }: Interruption, shell: AppInfo['shell']): string[] {
  const what = text.interruptedTurn[phase][by]({ shell });
  const lost = phase === 'waiting' ? [text.interruptedTurn.lost] : [];
  return [what, savedText(result), ...lost];
}

function savedText(result: Interruption['result']): string {
  if (result === 'pending') return text.interruptedTurn.saving;
  if (result === 'unknown') return text.interruptedTurn.unknown;
  const { state, recordings, failure } = result;
  if (state === 'saving') return withFailure(text.interruptedTurn.stillSaving, failure);
  const seconds = recordings.reduce((sum, recording) => sum + recording.duration_s, 0);
  if (seconds > 0) return withFailure(text.interruptedTurn.saved({ length: formatLength(seconds) }), failure);
  return failure === null ? text.interruptedTurn.nothingRecorded : text.interruptedTurn.nothingSaved({ failure });
}

function withFailure(saved: string, failure: string | null): string {
  return failure === null ? saved : text.interruptedTurn.restNotSaved({ saved, failure });
}
