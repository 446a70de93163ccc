import type { RefObject } from 'react';
import { useDesktop, useServices, useVoice } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useHandsFocusOn } from '../../ui/use-hands-focus-on.ts';
import './update-note.css';
import { UpdateStepButton } from './update-step.tsx';
import { isInTurn } from './update-text.ts';
import { useUpdateText } from './use-update-text.ts';

/**
 * Tells of an update at the foot of the voice's side, below all that it could push away, and never during a turn, when
 * there is nothing to be done about it. Put away once, it stays away until Earshot starts again; the settings go on
 * telling.
 * @param mic gets the focus when the note goes away with it
 */
export function UpdateNote({ mic }: { mic: RefObject<HTMLElement | null> }) {
  const { desktop } = useServices();
  const { stepError, stepped, noteDismissed } = useDesktop((state) => state);
  const failed = useDesktop((state) => state.desktop?.update.state === 'failed');
  const words = useUpdateText();
  const handsFocusOn = useHandsFocusOn(mic);
  const inTurn = useVoice(({ view }) => isInTurn(view));
  const told = words !== null && !noteDismissed && (!failed || stepped) ? words : null;
  const sentence = stepError ?? told?.sentence;

  return (
    <>
      {told && !inTurn && (
        <aside className="update-note" aria-label="Update" data-testid="update-note">
          <p>{sentence}</p>
          <UpdateStepButton {...told} ref={handsFocusOn} />
          <IconButton ref={handsFocusOn} label="Not now" onClick={desktop.dismissNote}>
            <Icon name="close" size={16} />
          </IconButton>
        </aside>
      )}
      {/* Always there, during a turn too: read out when it is news, and not again after each turn. */}
      <p className="visually-hidden" role="status">
        {told && sentence}
      </p>
    </>
  );
}
