import { useEffect, useRef } from 'react';
import { MAX_TITLE, type RecordingInfo } from '../../../shared/recording.ts';
import { shownText } from '../../state/description-drafts.ts';
import { useDraft, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { titleText } from './recording-text.ts';

/**
 * A field for the title of a recording, with the focus. Enter saves and Escape cancels; losing the focus saves too, and
 * so does the end of the field, as when its row is scrolled out of the list.
 * @param onDone called when the field should disappear, with whether a key ended it
 */
export function TitleField({ recording, onDone }: { recording: RecordingInfo; onDone: (byKey: boolean) => void }) {
  const { drafts, recordingList } = useServices();
  const { id } = recording;
  const draft = useDraft('title', id);
  /** Being saved, or over: the field loses the focus when it is removed, too. */
  const settled = useRef(false);

  useEffect(
    () => () =>
      void drafts.leave('title', id).then((failure) => {
        if (failure !== null) recordingList.showFailure(failure);
      }),
    [drafts, recordingList, id],
  );

  async function save(byKey: boolean): Promise<void> {
    if (settled.current) return;
    settled.current = true;
    recordingList.dismissFailure();
    const failure = await drafts.leave('title', id);
    if (failure === null) return onDone(byKey);
    recordingList.showFailure(failure);
    // The text stays in the field.
    settled.current = false;
  }

  function cancel(): void {
    settled.current = true;
    drafts.discard('title', id);
    onDone(true);
  }

  return (
    <input
      className="input title-field"
      dir="auto"
      data-testid="recording-title-field"
      aria-label={text.recordings.titleField}
      value={shownText('title', recording, draft)}
      maxLength={MAX_TITLE}
      autoComplete="off"
      // The name that it has without a title.
      placeholder={titleText({ ...recording, title: '' })}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to edit this text
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => drafts.change('title', id, event.target.value)}
      onBlur={() => void save(false)}
      // The field has the menu of the browser: the list's is not for text.
      onContextMenu={(event) => event.stopPropagation()}
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
