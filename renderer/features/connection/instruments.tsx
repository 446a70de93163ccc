import { useEffect, useRef } from 'react';
import { useVoice } from '../../state/services.ts';
import { talkState } from '../../state/talk-state.ts';
import { formatClock, shortId } from '../../text/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import './instruments.css';
import { text } from '../../text/text.ts';
import { LevelMeter } from './level-meter.tsx';
import { LevelTrace } from './level-trace.tsx';
import { ShowInLog } from './show-in-log.tsx';
import { TurnControls } from './turn-controls.tsx';

/** How much this turn has recorded; it stands still during a pause, and while the turn is being finished. */
function Elapsed() {
  const since = useVoice((state) => state.listeningSince);
  const pausedAt = useVoice((state) => state.pausedAt);
  const now = useNow(since !== null && pausedAt === null, since ?? 0);
  const stopping = useVoice((state) => state.view === 'stopping');
  const last = useRef(0);
  const seconds = since === null ? (stopping ? last.current : 0) : Math.max((pausedAt ?? now) - since, 0) / 1000;
  useEffect(() => {
    last.current = seconds;
  }, [seconds]);
  return (
    <span className="elapsed" data-testid="elapsed" role="timer" aria-label={text.instruments.elapsed}>
      {formatClock(seconds)}
    </span>
  );
}

/** The short session ID, with the full one as a tooltip and a copy button. */
function SessionId() {
  const id = useVoice((state) => state.sessionId);
  return (
    <p className="session">
      <span>{text.instruments.session}</span>
      {id === null ? (
        <span className="session-id">{text.common.none}</span>
      ) : (
        <>
          <code className="session-id" data-testid="session-id" title={id}>
            {shortId(id)}
          </code>
          <CopyButton label={text.instruments.copySessionId} text={() => id} />
          <ShowInLog />
        </>
      )}
    </p>
  );
}

/** Shown during a turn: level trace, elapsed time, level meter, pause and mute; beside an open log the session ID. */
export function Instruments() {
  const talk = useVoice(talkState);
  return (
    <div className="instruments" data-talk={talk}>
      <LevelTrace />
      <Elapsed />
      <LevelMeter />
      <TurnControls />
      <SessionId />
    </div>
  );
}
