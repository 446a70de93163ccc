import type { RefObject } from 'react';
import { useInterruptedTurn, useServices, useSettings } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import '../../ui/notice.css';
import { useHandsFocusOn } from '../../ui/use-hands-focus-on.ts';
import { RecordingCard } from '../recordings/turn-recordings.tsx';
import './interrupted-turn.css';
import { interruptedTurnText } from './interrupted-turn-text.ts';

/**
 * That listening stopped because the page was reloaded, left or crashed, and what was saved; until the next press.
 * @param mic gets the focus when the notice goes away with it
 */
export function InterruptedTurn({ mic }: { mic: RefObject<HTMLElement | null> }) {
  const { interrupted } = useServices();
  const interruption = useInterruptedTurn((state) => state.interruption);
  const shell = useSettings((state) => state.info.shell);
  const handsFocusOn = useHandsFocusOn(mic);
  const text = interruption && interruptedTurnText(interruption, shell);
  const result = interruption?.result ?? 'pending';
  const recordings = typeof result === 'string' ? [] : result.recordings;

  return (
    <>
      {text && (
        <div className="notice notice-warn interrupted-turn" data-testid="interrupted-turn">
          <Icon name="alert" size={16} />
          <p>{text}</p>
          <IconButton ref={handsFocusOn} label="Dismiss" onClick={interrupted.dismiss}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      )}
      {recordings.map((recording) => (
        <RecordingCard key={recording.id} recording={recording} />
      ))}
      {/* Always there, so that it is read out; once, when all of it is known. */}
      <p className="visually-hidden" role="status">
        {result !== 'pending' && text}
      </p>
    </>
  );
}
