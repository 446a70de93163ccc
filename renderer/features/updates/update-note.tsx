import type { RefObject } from 'react';
import { useDesktop, useServices, useVoice } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { usePassFocusOn } from '../../ui/use-pass-focus-on.ts';
import './update-note.css';
import { text } from '../../text/text.ts';
import { UpdateStepButton } from './update-step.tsx';
import { isInTurn } from './update-text.ts';
import { useUpdateText } from './use-update-text.ts';

/**
 * Announces an update at the bottom of the left side, so that nothing moves. Hidden during a turn, when it cannot be
 * installed. Once dismissed, it stays hidden until Earshot is restarted; the settings still show the update.
 * @param mic gets the focus if the note has it when it disappears
 */
export function UpdateNote({ mic }: { mic: RefObject<HTMLElement | null> }) {
  const { desktop } = useServices();
  const { stepError, stepped, noteDismissed } = useDesktop((state) => state);
  const failed = useDesktop((state) => state.desktop?.update.state === 'failed');
  const update = useUpdateText();
  const passFocusOn = usePassFocusOn(mic);
  const inTurn = useVoice(({ view }) => isInTurn(view));
  const shown = update !== null && !noteDismissed && (!failed || stepped) ? update : null;
  const sentence = stepError ?? shown?.sentence;

  return (
    <>
      {shown && !inTurn && (
        <aside className="update-note" aria-label={text.updates.note} data-testid="update-note">
          <p>{sentence}</p>
          <UpdateStepButton {...shown} ref={passFocusOn} />
          <IconButton ref={passFocusOn} label={text.updates.notNow} onClick={desktop.dismissNote}>
            <Icon name="close" size={16} />
          </IconButton>
        </aside>
      )}
      {/* Mounted during turns too, so that the update is not announced again after each turn. */}
      <p className="visually-hidden" role="status">
        {shown && sentence}
      </p>
    </>
  );
}
