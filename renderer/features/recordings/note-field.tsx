import { useId, useState } from 'react';
import { MAX_NOTE, type RecordingInfo } from '../../../shared/recording.ts';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';

/** The note of a recording. Saved when the field loses the focus. */
export function NoteField({ recording, disabled }: { recording: RecordingInfo; disabled: boolean }) {
  const { recordingList } = useServices();
  const { id: recordingId, note: saved = '' } = recording;
  const [draft, setDraft] = useState(saved);
  const [seen, setSeen] = useState(saved);
  // When another window changes the note, it replaces the text in the field.
  if (seen !== saved) {
    setSeen(saved);
    setDraft(saved);
  }
  const id = useId();
  return (
    <div className="note">
      <label htmlFor={id}>{text.recordings.note}</label>
      <textarea
        id={id}
        className="input note-field"
        data-testid="recording-note"
        placeholder={text.recordings.noteHint}
        rows={1}
        maxLength={MAX_NOTE}
        value={draft}
        disabled={disabled}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (draft !== saved) void recordingList.describe({ id: recordingId, note: draft });
        }}
      />
    </div>
  );
}
