import { type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { dates } from '../../text/dates.ts';
import { formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { NoteField } from './note-field.tsx';
import { OutputNotice } from './output-notice.tsx';
import { PlayerFailure } from './player-failure.tsx';
import './recording-detail.css';
import { RecordingActions } from './recording-actions.tsx';
import { RecordingPlayer } from './recording-player.tsx';
import { LevelWord } from './recording-row.tsx';
import { actionsText, flawsOf, levelText, titleText } from './recording-text.ts';
import { TitleField } from './title-field.tsx';
import { TrimEditor } from './trim-editor.tsx';

interface RecordingDetailProps {
  ref: RefObject<HTMLElement | null>;
  recording: RecordingInfo;
  onClose: () => void;
  onDelete: () => void;
  /** A part was saved as a new recording. */
  onTrimmed: (part: RecordingInfo) => void;
}

/** The selected recording: player, note, what is wrong with it, and what can be done with it. */
export function RecordingDetail({ ref, recording, onClose, onDelete, onTrimmed }: RecordingDetailProps) {
  const [editing, setEditing] = useState<'title' | 'trim' | null>(null);
  const rename = useRef<HTMLButtonElement>(null);
  const trim = useRef<HTMLButtonElement>(null);
  const { id, started_at, duration_s, being_written } = recording;
  const flaws = flawsOf(recording);
  const actions = actionsText(recording);
  const busy = being_written === true;

  function endTrim(): void {
    setEditing(null);
    trim.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      if (editing === 'trim') endTrim();
      else onClose();
    } else if (event.key === 'Delete' && !busy && !(event.target as Element).matches('input, textarea, select'))
      onDelete();
    else return;
    event.preventDefault();
  }

  return (
    <section
      ref={ref}
      className="detail"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      aria-label={text.recordings.details}
      data-testid="recording-detail"
      data-recording-id={id}
    >
      <header className="detail-header">
        {editing === 'title' ? (
          <TitleField
            recording={recording}
            onDone={(byKey) => {
              setEditing(null);
              // The button is disabled only while the recording is being written.
              if (byKey) requestAnimationFrame(() => rename.current?.focus());
            }}
          />
        ) : (
          <h3
            className="detail-title"
            dir="auto"
            title={busy ? titleText(recording) : `${titleText(recording)}\n${text.recordingFiles.dragHint}`}
            draggable={!busy}
          >
            {titleText(recording)}
          </h3>
        )}
        <IconButton
          ref={rename}
          label={text.recordings.rename}
          data-testid="recording-rename"
          disabled={busy}
          onClick={() => setEditing('title')}
        >
          <Icon name="pencil" size={16} />
        </IconButton>
        <IconButton label={text.recordings.closeDetails} data-testid="recording-close" onClick={onClose}>
          <Icon name="close" size={16} />
        </IconButton>
      </header>
      <p className="detail-facts">
        <time dateTime={started_at}>{dates.long(new Date(started_at))}</time>
        <span>{formatLength(duration_s)}</span>
        {busy ? (
          <span className="recording-now">{text.recordings.inProgress}</span>
        ) : (
          <span title={levelText(recording)}>
            <LevelWord recording={recording} />
          </span>
        )}
      </p>
      {editing === 'trim' ? (
        <TrimEditor recording={recording} onClose={endTrim} onTrimmed={onTrimmed} />
      ) : (
        <RecordingPlayer recording={recording} />
      )}
      <PlayerFailure id={id} />
      <OutputNotice id={id} />
      {flaws.length > 0 && (
        <ul className="detail-flaws" data-testid="recording-detail-flaws">
          {flaws.map(({ mark, sentence }) => (
            <li key={mark}>
              <Icon name="alert" size={14} /> <span>{sentence.replace(/[^.]$/, '$&.')}</span>
            </li>
          ))}
        </ul>
      )}
      {recording.imported_from !== undefined && (
        <p className="detail-actions-text">{text.recordingFiles.importedFrom({ name: recording.imported_from })}</p>
      )}
      {actions !== null && (
        <p className="detail-actions-text" data-testid="recording-detail-actions">
          {actions}
        </p>
      )}
      <NoteField recording={recording} disabled={busy} />
      <RecordingActions
        recording={recording}
        trimming={editing === 'trim'}
        trimButton={trim}
        onTrim={() => (editing === 'trim' ? endTrim() : setEditing('trim'))}
        onDelete={onDelete}
      />
    </section>
  );
}
