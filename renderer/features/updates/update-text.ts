import type { UpdateState, UpdateStep } from '../../../shared/desktop.ts';
import { text } from '../../text/text.ts';
import type { VoiceView } from '../../voice/voice-client.ts';

export interface UpdateText {
  /** Describes the update. */
  sentence: string;
  /** Progress of a download, 0 to 100; null if none is running. */
  percent: number | null;
  button: string;
  /** What the button does; null if it does nothing now. */
  step: UpdateStep | null;
  /** Why the button is disabled; null if it is not, or if no step is left. */
  reason: string | null;
}

const BETWEEN_TURNS: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/** Whether a turn is open in this window or is still being finished. */
export function isInTurn(view: VoiceView): boolean {
  return !BETWEEN_TURNS.has(view);
}

/**
 * Describes an update. Pure.
 * @param inTurn a turn is open in this window, so the next step has to wait
 * @returns null if there is no update
 */
export function updateText(update: UpdateState, inTurn: boolean): UpdateText | null {
  const disabledInTurn = inTurn ? { step: null, reason: text.updates.stopFirst } : { reason: null };
  switch (update.state) {
    case 'none':
      return null;
    case 'available': {
      const sentence = text.updates.available(update);
      return { sentence, percent: null, button: text.updates.download, step: 'download', ...disabledInTurn };
    }
    case 'downloading': {
      const percent = Math.floor(update.percent);
      const sentence = text.updates.downloading(update);
      // The button stays, so that it keeps the focus until the next step.
      return { sentence, percent, button: text.updates.percent({ percent }), step: null, reason: null };
    }
    case 'ready': {
      const sentence = update.held ? text.updates.postponed(update) : text.updates.ready(update);
      return { sentence, percent: null, button: text.updates.install, step: 'install', ...disabledInTurn };
    }
    case 'installing': {
      const sentence = text.updates.installing(update);
      return { sentence, percent: null, button: text.updates.installingButton, step: null, reason: null };
    }
    case 'failed':
      // After a failure, the host takes `download` as a retry of the failed step.
      return {
        sentence: update.message,
        percent: null,
        button: text.common.tryAgain,
        step: 'download',
        ...disabledInTurn,
      };
  }
}
