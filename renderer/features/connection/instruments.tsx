import { useVoice } from '../../state/services.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatClock, shortId } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import './instruments.css';
import { LevelMeter } from './level-meter.tsx';
import { LevelTrace } from './level-trace.tsx';

/** How long this turn has listened. */
function Elapsed() {
  const since = useVoice((state) => state.listeningSince);
  const now = useNow(since !== null, since ?? 0);
  return (
    <span className="elapsed" data-testid="elapsed" role="timer" aria-label="Elapsed time">
      {formatClock(since === null ? 0 : (now - since) / 1000)}
    </span>
  );
}

/** The session's short id, the whole of it on pointing, and a way to copy it. */
function SessionId() {
  const id = useVoice((state) => state.sessionId);
  return (
    <p className="session">
      <span>Session</span>
      {id === null ? (
        <span className="session-id">–</span>
      ) : (
        <>
          <code className="session-id" data-testid="session-id" title={id}>
            {shortId(id)}
          </code>
          <CopyButton label="Copy the session id" text={() => id} />
        </>
      )}
    </p>
  );
}

/** What runs while a turn runs: trace, clock, meter, session. */
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
