import { useEffect, useId } from 'react';
import { MAX_NOTE, type RecordingInfo } from '../../../shared/recording.ts';
import { type Draft, shownText } from '../../state/description-drafts.ts';
import { useDraft, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';

/** The note of a recording. Saved after a pause in typing, and when the field is left or disappears. */
export function NoteField({ recording, disabled }: { recording: RecordingInfo; disabled: boolean }) {
  const { drafts } = useServices();
  const { id: recordingId } = recording;
  const draft = useDraft('note', recordingId);
  useEffect(() => () => void drafts.leave('note', recordingId), [drafts, recordingId]);
  const id = useId();
  return (
    <div className="note">
      <div className="note-head">
        <label htmlFor={id}>{text.recordings.note}</label>
        {draft !== undefined && <NoteState draft={draft} />}
      </div>
      <textarea
        id={id}
        className="input note-field"
        dir="auto"
        data-testid="recording-note"
        placeholder={text.recordings.noteHint}
        rows={2}
        maxLength={MAX_NOTE}
        value={shownText('note', recording, draft)}
        disabled={disabled}
        onChange={(event) => drafts.change('note', recordingId, event.target.value)}
        onBlur={() => void drafts.save('note', recordingId)}
      />
      {draft !== undefined && draft.failure !== null && (
        <div className="note-failure" role="alert" data-testid="recording-note-failure">
          <p>{draft.failure}</p>
          <Button onClick={() => void drafts.save('note', recordingId)}>{text.common.tryAgain}</Button>
        </div>
      )}
    </div>
  );
}

/** Not announced: it changes with every pause in typing. */
function NoteState({ draft: { state } }: { draft: Draft }) {
  return (
    <span className="note-state" data-testid="recording-note-state" data-state={state}>
      {text.recordings.noteState[state]}
    </span>
  );
}
