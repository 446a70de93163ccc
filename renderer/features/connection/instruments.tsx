import { useVoice } from '../../state/services.ts';
import { formatClock, shortId } from '../../text/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import './instruments.css';
import { text } from '../../text/en.ts';
import { LevelMeter } from './level-meter.tsx';
import { LevelTrace } from './level-trace.tsx';

/** How long this turn has been listening. */
function Elapsed() {
  const since = useVoice((state) => state.listeningSince);
  const now = useNow(since !== null, since ?? 0);
  return (
    <span className="elapsed" data-testid="elapsed" role="timer" aria-label={text.instruments.elapsed}>
      {formatClock(since === null ? 0 : (now - since) / 1000)}
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
        </>
      )}
    </p>
  );
}

/** Shown during a turn: level trace, elapsed time, level meter, session ID. */
export function Instruments() {
  return (
    <div className="instruments">
      <LevelTrace />
      <Elapsed />
      <LevelMeter />
      <SessionId />
    </div>
  );
}
