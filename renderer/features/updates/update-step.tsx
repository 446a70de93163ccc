import { type Ref, useId } from 'react';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import './update-step.css';
import { text } from '../../text/text.ts';
import type { UpdateText } from './update-text.ts';

interface UpdateStepProps extends Pick<UpdateText, 'button' | 'step' | 'reason' | 'percent'> {
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** The button for the next step of an update, with the progress of a download. */
export function UpdateStepButton({ button, step, reason, percent, ref }: UpdateStepProps) {
  const { desktop } = useServices();
  const id = useId();
  return (
    <div className="update-step">
      {/* aria-disabled keeps the focus, and screen readers can read the reason. */}
      <Button
        ref={ref}
        aria-disabled={step === null}
        aria-describedby={reason === null ? undefined : id}
        data-testid="update-step"
        onClick={() => step && desktop.stepUpdate(step)}
      >
        {button}
      </Button>
      {percent !== null && <progress max={100} value={percent} aria-label={text.updates.progress} />}
      {reason !== null && (
        <p id={id} className="update-reason">
          {reason}
        </p>
      )}
    </div>
  );
}
