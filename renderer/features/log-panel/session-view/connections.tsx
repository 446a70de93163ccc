import { useState } from 'react';
import type { SessionConnection } from '../../../state/session-steps.ts';
import { text } from '../../../text/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Handshake } from './handshake.tsx';
import { connectionText } from './session-sentences.ts';

/** Attempts to connect that are shown at first: the first one and the last ones. */
const FIRST_SHOWN = 1;
const LAST_SHOWN = 2;

/** Each attempt to connect, with its steps. Of many, those in between are shown on request. */
export function Connections({ connections }: { connections: readonly SessionConnection[] }) {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(connections.length - FIRST_SHOWN - LAST_SHOWN, 0);
  // One that is hidden alone would take as much room as its button.
  const skipped = hidden > 1 ? hidden : 0;
  return (
    <>
      {connections.map((connection, i) => {
        if (i >= FIRST_SHOWN && i < FIRST_SHOWN + skipped)
          return (
            i === FIRST_SHOWN && (
              <Button key="hidden" className="session-more" kind="quiet" onClick={() => setAll(true)}>
                {text.sessionView.handshake.hidden({ connections: skipped })}
              </Button>
            )
          );
        return <Connection key={connection.number} connection={connection} />;
      })}
    </>
  );
}

function Connection({ connection }: { connection: SessionConnection }) {
  const { handshake } = text.sessionView;
  const { number, resume, result, connected_at } = connection;
  const title =
    number === 1 && connected_at !== null
      ? handshake.first
      : resume
        ? handshake.resume({ number })
        : handshake.again({ number });
  return (
    <section className="session-part" data-testid="session-connection" data-result={result} aria-label={title}>
      <h3>
        {title}
        <span className="session-result">{connectionText(connection)}</span>
      </h3>
      <Handshake connection={connection} />
    </section>
  );
}
