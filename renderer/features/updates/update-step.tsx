import { type Ref, useId } from 'react';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import './update-step.css';
import type { UpdateText } from './update-text.ts';

interface UpdateStepProps extends Pick<UpdateText, 'button' | 'step' | 'reason' | 'percent'> {
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** The button that takes an update one step on, and how far the step under way has come. */
export function UpdateStepButton({ button, step, reason, percent, ref }: UpdateStepProps) {
  const { desktop } = useServices();
  const id = useId();
  return (
    <div className="update-step">
      {/* aria-disabled: it keeps the focus, and a screen reader still finds it and hears why. */}
      <Button
        ref={ref}
        aria-disabled={step === null}
        aria-describedby={reason === null ? undefined : id}
        data-testid="update-step"
        onClick={() => step && desktop.stepUpdate(step)}
      >
        {button}
      </Button>
      {percent !== null && <progress max={100} value={percent} aria-label="Download" />}
      {reason !== null && (
        <p id={id} className="update-reason">
          {reason}
        </p>
      )}
    </div>
  );
}
