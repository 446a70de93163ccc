import type { RecordingInfo } from '../../../shared/recording.ts';
import { ofThisTurn } from '../../state/recordings-store.ts';
import { useRecordings, useServices, useVoice } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { OutputNotice } from './output-notice.tsx';
import { PlayButton } from './play-button.tsx';
import { PlayProgress } from './play-progress.tsx';
import { PlayerFailure, SaveFailure } from './player-failure.tsx';
import { LevelWord } from './recording-row.tsx';
import { discardedText, gapText, levelText, microphoneFlaws, savedAs, savedText } from './recording-text.ts';
import './recordings.css';
import { text } from '../../text/text.ts';

/** The recordings of the last turn: several if the connection came back as a new session. */
export function TurnRecordings() {
  const { recordings, tooShort } = useTurnRecordings();
  return (
    <>
      {recordings.map((recording) => (
        <RecordingCard key={recording.id} recording={recording} />
      ))}
      {tooShort !== null && (
        <p className="recording-discarded" data-testid="recording-discarded">
          {tooShort}
        </p>
      )}
    </>
  );
}

/** Says to screen readers what became of the last turn. Always mounted, because they announce changes only. */
export function TurnRecordingsAnnouncement() {
  const { recordings, tooShort } = useTurnRecordings();
  return (
    <p className="visually-hidden" role="status">
      {[...recordings.map(announcementOf), tooShort].filter(Boolean).join(' ')}
    </p>
  );
}

function useTurnRecordings() {
  const own = useRecordings((state) => state.own);
  const discarded = useRecordings((state) => state.discarded);
  const turnSessions = useVoice((state) => state.turnSessions);
  const isOfThisTurn = discarded !== null && turnSessions.includes(discarded.session_id);
  return {
    recordings: ofThisTurn(own, turnSessions),
    tooShort: isOfThisTurn ? discardedText(discarded.duration_s) : null,
  };
}

function announcementOf(recording: RecordingInfo): string {
  const sentences = [
    text.status.sentence({ title: savedText(recording) }),
    gapText(recording),
    microphoneFlaws(recording),
  ];
  return sentences.filter(Boolean).join(' ');
}

/** One recording: its length, levels and flaws, with buttons to play it and save a copy. */
export function RecordingCard({ recording }: { recording: RecordingInfo }) {
  const { fileTasks } = useServices();
  const { id, duration_s } = recording;
  const gaps = gapText(recording);
  const flaws = microphoneFlaws(recording);
  return (
    <article
      className="recording"
      data-testid="recording"
      data-recording-id={id}
      data-session-id={recording.session_id}
    >
      <div className="recording-top">
        <PlayButton id={id} started={null} place="turn" />
        <div className="recording-main">
          <h2 className="recording-title">{savedText(recording)}</h2>
          <p className="recording-levels" title={levelText(recording)}>
            <LevelWord recording={recording} />
          </p>
        </div>
        <IconButton
          label={text.recordingFiles.saveCopy}
          data-testid="recording-save"
          onClick={() => fileTasks.save([savedAs(recording)], 'wav')}
        >
          <Icon name="download" />
        </IconButton>
      </div>
      <PlayProgress id={id} durationS={duration_s} />
      {gaps && <p className="recording-gaps">{gaps}</p>}
      {flaws && (
        <p className="recording-gaps" data-testid="recording-microphone">
          {flaws}
        </p>
      )}
      <PlayerFailure id={id} />
      <OutputNotice id={id} />
      <SaveFailure id={id} />
    </article>
  );
}
