import { Fragment, type RefObject } from 'react';
import { useInterruptedTurn, useServices, useSettings } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import '../../ui/notice.css';
import { usePassFocusOn } from '../../ui/use-pass-focus-on.ts';
import { RecordingCard } from '../recordings/turn-recordings.tsx';
import './interrupted-turn.css';
import { text } from '../../text/text.ts';
import { interruptedTurnText } from './interrupted-turn-text.ts';

/**
 * Says that the page was reloaded, left or crashed during a turn, and what was saved. Shown until the next press.
 * @param mic gets the focus if the notice has it when it disappears
 */
export function InterruptedTurn({ mic }: { mic: RefObject<HTMLElement | null> }) {
  const { interrupted } = useServices();
  const interruption = useInterruptedTurn((state) => state.interruption);
  const shell = useSettings((state) => state.info.shell);
  const passFocusOn = usePassFocusOn(mic);
  const sentences = interruption ? interruptedTurnText(interruption, shell) : [];

  return (
    <>
      {interruption && (
        <div className="notice notice-warn interrupted-turn" data-testid="interrupted-turn">
          <Icon name="alert" size={16} />
          <p>
            {sentences.map((sentence, i) => (
              <Fragment key={sentence}>
                {i > 0 && ' '}
                <span className="interrupted-turn-sentence">{sentence}</span>
              </Fragment>
            ))}
          </p>
          <IconButton ref={passFocusOn} label={text.common.dismiss} onClick={interrupted.dismiss}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      )}
      {/* Always mounted, because screen readers announce changes only. Filled once the result is known. */}
      <p className="visually-hidden" role="status">
        {interruption?.result !== 'pending' && sentences.join(' ')}
      </p>
    </>
  );
}

/** The recordings of the interrupted turn. */
export function InterruptedRecordings() {
  const result = useInterruptedTurn((state) => state.interruption?.result);
  if (result === undefined || typeof result === 'string') return null;
  return result.recordings.map((recording) => <RecordingCard key={recording.id} recording={recording} />);
}
