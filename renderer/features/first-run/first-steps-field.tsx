import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';

/** Shows the first steps again. */
export function FirstStepsField({ onShown }: { onShown: () => void }) {
  const { settings } = useServices();
  const show = () => {
    onShown();
    void settings.change({ first_steps_done: false });
  };
  return (
    <div className="field">
      <p className="field-name">{text.firstSteps.field}</p>
      <Button data-testid="show-first-steps" onClick={show}>
        {text.firstSteps.show}
      </Button>
    </div>
  );
}
