import { useRef } from 'react';
import { useServices, useVoice } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { MicButton } from '../mic-button/mic-button.tsx';
import { announcement, lossWords, statusWords } from './status-words.ts';
import './status.css';
import { useFocusAtStart } from './use-focus-at-start.ts';

const DETAIL_ID = 'status-detail';

/** The button, and under it the state in words: what it is, what to do, and a way to try again. */
export function Stage() {
  const { voice } = useServices();
  const state = useVoice((snapshot) => snapshot);
  const now = useNow(state.retryAt !== null, state.retryAt ?? 0);
  const mic = useRef<HTMLButtonElement>(null);
  useFocusAtStart(mic);

  const { title, detail } = statusWords(state, now);
  const loss = lossWords(state);
  const failed = state.view === 'error';
  const waiting = state.view === 'reconnecting' && state.retryAt !== null;
  // The pressed button goes away with its state: the focus moves to the mic, so that Space keeps working.
  const andFocusMic = (act: () => void) => () => {
    mic.current?.focus();
    act();
  };

  return (
    <div className="stage">
      <MicButton ref={mic} describedBy={DETAIL_ID} />
      <div className="status" data-testid="status" data-state={state.view}>
        <div {...(failed && { 'data-testid': 'problem', 'data-problem': state.problem })}>
          <p className="status-title">{title}</p>
          <p className="status-detail" id={DETAIL_ID}>
            {detail}
          </p>
        </div>
        {failed && (
          <Button kind="primary" data-testid="retry" onClick={andFocusMic(voice.press)}>
            Try again
          </Button>
        )}
        {waiting && (
          <Button data-testid="retry-now" onClick={andFocusMic(voice.retryNow)}>
            Try now
          </Button>
        )}
        {loss && (
          <p className="status-loss" data-testid="loss">
            {loss}
          </p>
        )}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {announcement(state)} {loss}
      </p>
    </div>
  );
}
