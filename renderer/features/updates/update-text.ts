import type { UpdateState, UpdateStep } from '../../../shared/desktop.ts';
import type { VoiceView } from '../../voice/voice-client.ts';

export interface UpdateText {
  /** What there is, in a sentence. */
  sentence: string;
  /** Of a download, 0 to 100; null: none is under way. */
  percent: number | null;
  button: string;
  /** What the button does; null: nothing now. */
  step: UpdateStep | null;
  /** Why the button does nothing though there is something to do. */
  reason: string | null;
}

const BETWEEN_TURNS: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/** Whether a turn is open in this window, or its last words are still on their way. */
export function isInTurn(view: VoiceView): boolean {
  return !BETWEEN_TURNS.has(view);
}

/**
 * An update in plain words; null: there is none to speak of. Pure.
 * @param inTurn a turn is open in this window: no update goes on until it is over
 */
export function updateText(update: UpdateState, inTurn: boolean): UpdateText | null {
  const waits = inTurn ? { step: null, reason: 'Stop the mic first.' } : { reason: null };
  switch (update.state) {
    case 'none':
      return null;
    case 'available': {
      const sentence = `Earshot ${update.version} is available.`;
      return { sentence, percent: null, button: 'Download', step: 'download', ...waits };
    }
    case 'downloading': {
      const percent = Math.floor(update.percent);
      const sentence = `Earshot ${update.version} is on its way.`;
      // Not gone while it has nothing to do: the focus stays where it is until the next step.
      return { sentence, percent, button: `${percent}\u00a0%`, step: null, reason: null };
    }
    case 'ready': {
      const held = ' It was not installed, because Earshot was listening.';
      const sentence = `Earshot ${update.version} is ready.${update.held ? held : ''}`;
      return { sentence, percent: null, button: 'Restart and install', step: 'install', ...waits };
    }
    case 'installing': {
      const sentence = `Earshot ${update.version} is about to be installed. Earshot restarts by itself, but not while it listens.`;
      return { sentence, percent: null, button: 'Installing…', step: null, reason: null };
    }
    case 'failed':
      // To the host, a download after a failure is another try of what failed.
      return { sentence: update.message, percent: null, button: 'Try again', step: 'download', ...waits };
  }
}
