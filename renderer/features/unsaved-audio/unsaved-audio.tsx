import type { RefObject } from 'react';
import { useServices, useUnsavedAudio } from '../../state/services.ts';
import { MAX_OFFER_S } from '../../state/unsaved-audio-store.ts';
import { Button } from '../../ui/button.tsx';
import { formatLength } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { useHandsFocusOn } from '../../ui/use-hands-focus-on.ts';
import '../recordings/recordings.css';
import './unsaved-audio.css';

/**
 * What was said and is in no recording: to be saved as a file, until it is dismissed.
 * @param mic gets the focus when the buttons go away with it
 */
export function UnsavedAudio({ mic }: { mic: RefObject<HTMLElement | null> }) {
  const { unsavedAudio } = useServices();
  const { seconds, cutShort, savedAs } = useUnsavedAudio((state) => state);
  const handsFocusOn = useHandsFocusOn(mic);
  if (seconds === 0) return null;
  const length = formatLength(seconds);
  return (
    <article className="recording unsaved-audio" data-testid="unsaved-audio" data-saved={savedAs !== null}>
      <Icon name="alert" />
      <div role="alert">
        <h2 className="recording-title">{savedAs === null ? `${length} is not saved` : 'Do you have the file?'}</h2>
        <p className="unsaved-audio-message">
          {/* Whether a download came to its end, or was cancelled, no page is told. */}
          {savedAs === null ? 'It is only in this window.' : `${length} as ${savedAs}`}
          {cutShort && ` Only the last ${MAX_OFFER_S / 60} minutes were kept.`}
        </p>
      </div>
      <div className="unsaved-audio-buttons">
        <Button
          ref={handsFocusOn}
          data-testid="unsaved-audio-save"
          kind={savedAs === null ? 'primary' : 'plain'}
          onClick={unsavedAudio.save}
        >
          {savedAs === null ? 'Save as a file' : 'Save again'}
        </Button>
        <Button ref={handsFocusOn} data-testid="unsaved-audio-dismiss" onClick={unsavedAudio.dismiss}>
          {savedAs === null ? 'Discard' : 'Dismiss'}
        </Button>
      </div>
    </article>
  );
}
