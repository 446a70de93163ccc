import type { RefObject } from 'react';
import { useServices, useUnsavedAudio } from '../../state/services.ts';
import { MAX_OFFER_S } from '../../state/unsaved-audio-store.ts';
import { formatLength } from '../../text/format.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { usePassFocusOn } from '../../ui/use-pass-focus-on.ts';
import '../recordings/recordings.css';
import './unsaved-audio.css';
import { text } from '../../text/text.ts';

/**
 * Offers audio that is in no recording as a file, until it is dismissed.
 * @param mic gets the focus if a button has it when it disappears
 */
export function UnsavedAudio({ mic }: { mic: RefObject<HTMLElement | null> }) {
  const { unsavedAudio } = useServices();
  const { seconds, cutShort, savedAs } = useUnsavedAudio((state) => state);
  const passFocusOn = usePassFocusOn(mic);
  if (seconds === 0) return null;
  const length = formatLength(seconds);
  return (
    <article className="recording unsaved-audio" data-testid="unsaved-audio" data-saved={savedAs !== null}>
      <Icon name="alert" />
      <div role="alert">
        <h2 className="recording-title">
          {savedAs === null ? text.unsavedAudio.title({ length }) : text.unsavedAudio.savedTitle}
        </h2>
        <p className="unsaved-audio-message">
          {/* A page is not told whether a download finished or was cancelled. */}
          {savedAs === null ? text.unsavedAudio.inThisWindow : text.unsavedAudio.savedAs({ length, file: savedAs })}
          {cutShort && ` ${text.unsavedAudio.cutShort({ minutes: MAX_OFFER_S / 60 })}`}
        </p>
      </div>
      <div className="unsaved-audio-buttons">
        <Button
          ref={passFocusOn}
          data-testid="unsaved-audio-save"
          kind={savedAs === null ? 'primary' : 'plain'}
          onClick={unsavedAudio.save}
        >
          {savedAs === null ? text.unsavedAudio.save : text.unsavedAudio.saveAgain}
        </Button>
        <Button ref={passFocusOn} data-testid="unsaved-audio-dismiss" onClick={unsavedAudio.dismiss}>
          {savedAs === null ? text.unsavedAudio.discard : text.common.dismiss}
        </Button>
      </div>
    </article>
  );
}
