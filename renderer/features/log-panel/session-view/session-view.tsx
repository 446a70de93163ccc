import { useEffect, useMemo, useRef } from 'react';
import { useSessions } from '../../../state/services.ts';
import { sessionTimeline } from '../../../state/session-timeline.ts';
import { text } from '../../../text/text.ts';
import { Connections } from './connections.tsx';
import { Life } from './life.tsx';
import { Marks } from './marks.tsx';
import { SessionHeader } from './session-header.tsx';
import './session-view.css';

interface SessionViewProps {
  /** The key of a session or attempt, or its beginning. */
  sessionKey: string;
  onClose: () => void;
}

/** One session as a picture: how the connection was made, what happened over time, and how it ended. */
export function SessionView({ sessionKey, onClose }: SessionViewProps) {
  // Drawn again when records of the session arrive, or get another session.
  const records = useSessions((sessions) => sessions.recordsOf(sessions.resolve(sessionKey) ?? sessionKey));
  const timeline = useMemo(() => sessionTimeline(records), [records]);
  const view = useRef<HTMLElement>(null);
  // Another session begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each session
  useEffect(() => {
    // No return value: newer browsers return a promise here, which React would call as the effect's end.
    view.current?.scrollTo({ top: 0 });
  }, [sessionKey]);

  return (
    <section ref={view} className="session-view" aria-label={text.sessionView.label} data-testid="session-view">
      <SessionHeader timeline={timeline} onClose={onClose} />
      {timeline === null ? (
        <p className="session-missing">{text.sessionView.missing}</p>
      ) : (
        <>
          <Connections connections={timeline.connections} />
          <Life timeline={timeline} />
          <Marks timeline={timeline} />
        </>
      )}
    </section>
  );
}
