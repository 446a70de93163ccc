import type { AppInfo } from '../../../shared/bridge.ts';
import type { Interruption } from '../../state/interrupted-turn-store.ts';
import { formatLength } from '../../ui/format.ts';

/** What happened to a turn whose page went away, what was saved of it, and what was not: a sentence or two each. */
export function interruptedTurnText({ by, phase, result }: Interruption, shell: AppInfo['shell']): string[] {
  const window = shell === 'tab' ? 'tab' : 'window';
  const because = {
    reloaded: `the ${window} was reloaded`,
    left: 'the page was left',
    // Or hung, and was ended.
    crashed: `the ${window} stopped working`,
  }[by];
  const what = {
    listening: `Listening stopped because ${because}.`,
    stopping: `T${because.slice(1)} while your last words were being saved.`,
    // A turn that listened, or had been stopped.
    waiting: `T${because.slice(1)} while there was no connection.`,
  }[phase];
  const lost = phase === 'waiting' ? ['What you said without a connection is lost.'] : [];
  return [what, savedText(result), ...lost];
}

function savedText(result: Interruption['result']): string {
  if (result === 'pending') return 'Saving what you said…';
  if (result === 'unknown') return 'What was saved is under Recent recordings.';
  const { state, recordings, failure } = result;
  if (state === 'saving') return join('What you said is still being saved. Look under Recent recordings.', failure);
  const seconds = recordings.reduce((sum, recording) => sum + recording.duration_s, 0);
  if (seconds > 0) return join(`${formatLength(seconds)} was saved.`, failure);
  return failure === null ? 'Nothing was recorded.' : `Nothing was saved. ${failure}`;
}

function join(saved: string, failure: string | null): string {
  return failure === null ? saved : `${saved} The rest was not: ${failure}`;
}
