import { useId, useState } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { usePlayer, useRecordings, useServices } from '../../state/services.ts';
import { formatLength } from '../../text/format.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Failure } from '../../ui/notice.tsx';
import { PlayButton } from './play-button.tsx';
import { PlayProgress } from './play-progress.tsx';
import { PlayerFailure } from './player-failure.tsx';
import { endText, gapText, microphoneFlaws, missingText, startedText } from './recording-text.ts';
import './recordings.css';
import { text } from '../../text/en.ts';

/** The newest recordings on disk, from all windows. Loaded each time the list is opened. */
export function RecentRecordings() {
  const { recordings } = useServices();
  const [open, setOpen] = useState(false);
  const id = useId();
  const toggle = () => {
    if (!open) recordings.loadRecent();
    setOpen(!open);
  };
  return (
    <section className="recent" data-open={open}>
      <button type="button" className="recent-toggle" aria-expanded={open} aria-controls={id} onClick={toggle}>
        <Icon name="chevron" size={16} /> {text.recordings.recent}
      </button>
      <div id={id} className="recent-scroll" hidden={!open}>
        <RecentList />
      </div>
    </section>
  );
}

function RecentList() {
  const { recordings } = useServices();
  const { recent, error } = useRecordings((state) => state);
  if (error !== null) {
    return <Failure sentence={error} onRetry={recordings.loadRecent} />;
  }
  if (recent === null) return <p className="recent-empty">{text.common.loading}</p>;
  if (recent.length === 0) return <p className="recent-empty">{text.recordings.empty}</p>;
  return (
    <ul className="recent-list">
      {recent.map((recording) => (
        <RecentRow key={recording.id} recording={recording} end={endText(recording)} />
      ))}
    </ul>
  );
}

function RecentRow({ recording, end }: { recording: RecordingInfo; end: ReturnType<typeof endText> }) {
  const { player } = useServices();
  const { id, duration_s, session_id } = recording;
  const inPlayer = usePlayer((state) => state.id === id);
  const started = startedText(recording);
  return (
    <li data-testid="recent-recording">
      <div className="recent-row">
        <PlayButton id={id} started={started} />
        <div className="recent-main">
          <p title={text.recordings.session({ id: session_id })}>{started}</p>
          <Flaws recording={recording} end={end} />
        </div>
        <span className="recent-length">{formatLength(duration_s)}</span>
        <IconButton label={text.recordings.saveCopy({ started })} onClick={() => player.saveCopy(id)}>
          <Icon name="download" size={16} />
        </IconButton>
      </div>
      {inPlayer && <PlayProgress id={id} durationS={duration_s} />}
      <PlayerFailure id={id} />
    </li>
  );
}

/** What is wrong with a recording: missing audio, a silent microphone, an early end. */
function Flaws({ recording, end }: { recording: RecordingInfo; end: ReturnType<typeof endText> }) {
  const missing = missingText(recording);
  const microphone = microphoneFlaws(recording);
  const marks = [
    missing === null ? null : { mark: missing, sentence: gapText(recording) ?? missing },
    microphone === null ? null : { mark: text.recordings.microphoneMark, sentence: microphone },
    end,
  ].filter((flaw) => flaw !== null);
  if (marks.length === 0) return null;
  return (
    <p className="recent-flaws" data-testid="recording-flaws">
      {marks.map(({ mark, sentence }, i) => (
        <span key={mark}>
          {i > 0 && ', '}
          <span title={sentence}>{mark}</span>
        </span>
      ))}
    </p>
  );
}
