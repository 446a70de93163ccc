import type { SessionTimeline } from '../../../state/session-timeline.ts';
import { dates } from '../../../text/dates.ts';
import { text } from '../../../text/text.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icons.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { SessionTag } from '../session-tag.tsx';
import { outcomeOf } from './session-sentences.ts';

/** Which session it is, when it was, and what happened, in sentences. */
export function SessionHeader({ timeline, onClose }: { timeline: SessionTimeline | null; onClose: () => void }) {
  const { sessionView } = text;
  return (
    <header className="session-header">
      <div className="session-facts">
        <p className="session-title">
          {timeline === null ? sessionView.session : titleOf(timeline)}
          {timeline?.session && <SessionTag id={timeline.session} />}
        </p>
        {timeline !== null && (
          <time className="session-when" dateTime={timeline.started_at}>
            {whenOf(timeline)}
          </time>
        )}
      </div>
      <div className="session-tools">
        {timeline !== null && (
          <Button
            kind="quiet"
            title={sessionView.saveHint}
            data-testid="session-save"
            onClick={() => void save(timeline)}
          >
            <Icon name="download" size={16} /> {sessionView.save}
          </Button>
        )}
        <Button title={sessionView.allLinesHint} data-testid="session-close" onClick={onClose}>
          <Icon name="list" size={16} /> {sessionView.allLines}
        </Button>
      </div>
      {timeline !== null && (
        <p className="session-outcome" data-testid="session-outcome" data-ending={timeline.summary.ending}>
          {outcomeOf(timeline)}
        </p>
      )}
    </header>
  );
}

function titleOf({ session, connections }: SessionTimeline): string {
  const { sessionView } = text;
  if (session !== null) return sessionView.session;
  const isStranger = connections.every(({ steps }) => steps.every(({ side }) => side === 'server'));
  return isStranger ? sessionView.refused : sessionView.press;
}

function whenOf({ started_at }: SessionTimeline): string {
  const date = new Date(started_at);
  return dates.short(date, new Date());
}

function save(timeline: SessionTimeline): string {
  const when = timeline.started_at.slice(0, 19).replaceAll(':', '-');
  const content = `${JSON.stringify(timeline, null, 2)}\n`;
  return saveFile(new Blob([content], { type: 'application/json' }), `earshot-session-${when}.json`);
}
