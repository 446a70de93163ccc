import { useRef, useState } from 'react';
import { MAX_TITLE, type RecordingInfo } from '../../../shared/recording.ts';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { titleText } from './recording-text.ts';

/**
 * A field for the title of a recording, with the focus. Enter saves and Escape cancels; losing the focus saves too.
 * @param onDone called when the field should disappear, with whether a key ended it
 */
export function TitleField({ recording, onDone }: { recording: RecordingInfo; onDone: (byKey: boolean) => void }) {
  const { recordingList } = useServices();
  const { id, title = '' } = recording;
  const [draft, setDraft] = useState(title);
  /** Being saved, or over: the field loses the focus when it is removed, too. */
  const settled = useRef(false);

  async function save(byKey: boolean): Promise<void> {
    if (settled.current) return;
    settled.current = true;
    const next = draft.trim();
    if (next === title || (await recordingList.describe({ id, title: next }))) return onDone(byKey);
    // The text stays in the field, and a notice says why.
    settled.current = false;
  }

  function cancel(): void {
    settled.current = true;
    onDone(true);
  }

  return (
    <input
      className="input title-field"
      data-testid="recording-title-field"
      aria-label={text.recordings.titleField}
      value={draft}
      maxLength={MAX_TITLE}
      autoComplete="off"
      // The name that it has without a title.
      placeholder={titleText({ ...recording, title: '' })}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to edit this text
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => void save(false)}
      onKeyDown={(event) => {
        // The list has keys of its own.
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') void save(true);
        else if (event.key === 'Escape') cancel();
      }}
    />
  );
}
