import { Fragment, type RefObject } from 'react';
import { useServices, useUnsavedAudio, useVoice } from '../../state/services.ts';
import { talkState } from '../../state/talk-state.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Warning } from '../../ui/notice.tsx';
import { useNow } from '../../ui/use-now.ts';
import { usePassFocusOn } from '../../ui/use-pass-focus-on.ts';
import { InterruptedTurn } from '../interrupted-turn/interrupted-turn.tsx';
import { MicButton } from '../mic-button/mic-button.tsx';
import { MicrophoneLine } from './microphone-line.tsx';
import { type RecoveryText, recoveryText } from './recovery-text.ts';
import { ShowInLog } from './show-in-log.tsx';
import { announcement, statusText } from './status-text.ts';
import './status.css';
import { text } from '../../text/text.ts';
import { useAllowMicrophone } from '../devices/use-allow-microphone.ts';
import { useAnnouncement } from './use-announcement.ts';
import { useFocusAtStart } from './use-focus-at-start.ts';

const DETAIL_ID = 'status-detail';

/** The mic button, and below it the state, what to do, and buttons to try again. */
export function Stage({ mic }: { mic: RefObject<HTMLButtonElement | null> }) {
  const { voice, talk } = useServices();
  const state = useVoice((snapshot) => snapshot);
  const until = state.retryAt ?? state.keptUntil ?? state.triesUntil;
  const now = useNow(until !== null, until ?? 0);
  useFocusAtStart(mic);

  const allowMicrophone = useAllowMicrophone(state.view === 'error' && state.problem === 'mic_denied');
  const { title, detail, kept } = statusText(state, now, allowMicrophone.where);
  const isOffered = useUnsavedAudio(({ seconds, savedAs }) => seconds > 0 || savedAs !== null);
  const recovery = recoveryText(state, isOffered);
  const announced = useAnnouncement(state.view, announcement(state, allowMicrophone.where));
  const failed = state.view === 'error';
  const waiting = state.view === 'reconnecting' && state.retryAt !== null;
  // When these buttons disappear, the focus moves to the mic button.
  const passFocusOn = usePassFocusOn(mic);

  return (
    <div className="stage">
      <MicButton ref={mic} describedBy={DETAIL_ID} />
      <div className="status-area">
        <div
          className="status"
          data-testid="status"
          data-state={state.view}
          data-breaker={state.breakerOpen}
          data-microphone={state.microphone?.status}
        >
          <div {...(failed && { 'data-testid': 'problem', 'data-problem': state.problem })}>
            <p className="status-title" data-mark={failed ? 'failed' : talkState(state)}>
              {title}
            </p>
            <p className="status-detail" id={DETAIL_ID}>
              {detail}
              {kept?.split(/(?<=\.) /).map((sentence) => (
                <Fragment key={sentence}>
                  {' '}
                  <span className="status-kept">{sentence}</span>
                </Fragment>
              ))}
            </p>
          </div>
          {failed && (
            <div className="status-buttons">
              {allowMicrophone.open && (
                <Button
                  ref={passFocusOn}
                  kind="primary"
                  data-testid="open-microphone-settings"
                  onClick={allowMicrophone.open}
                >
                  {text.status.openSystemSettings}
                </Button>
              )}
              <Button
                ref={passFocusOn}
                kind={allowMicrophone.open ? 'plain' : 'primary'}
                data-testid="retry"
                onClick={talk.press}
              >
                {text.common.tryAgain}
              </Button>
              <ShowInLog />
            </div>
          )}
          {waiting && (
            <div className="status-buttons">
              <Button ref={passFocusOn} data-testid="retry-now" onClick={voice.retryNow}>
                {text.status.tryNow}
              </Button>
              <ShowInLog />
            </div>
          )}
          {recovery && <Recovery {...recovery} />}
          <InterruptedTurn mic={mic} />
        </div>
        <MicrophoneLine />
      </div>
      <p className="visually-hidden" aria-live="polite">
        {announced} {recovery?.message}
      </p>
    </div>
  );
}

/** How the connection broke and came back: a plain line if nothing was lost, otherwise a warning. */
function Recovery({ tone, message }: RecoveryText) {
  if (tone === 'loss') return <Warning sentence={message} data-testid="loss" data-tone={tone} />;
  return (
    <p className="status-recovered" data-testid="loss" data-tone={tone}>
      <Icon name="check" size={16} /> <span>{message}</span>
    </p>
  );
}
