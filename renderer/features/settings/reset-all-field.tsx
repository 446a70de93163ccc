import { useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { useDialogActions } from './dialog-actions.ts';

/** Gives all settings of the dialog their defaults. What is recorded stays. */
export function ResetAllField() {
  const { resetAll, isAnyChanged } = useDialogActions();
  const changed = useSettings(isAnyChanged);
  return (
    <div className="field">
      <p className="field-name">{text.settings.resetAll.label}</p>
      <Button data-testid="reset-all" disabled={!changed} onClick={resetAll}>
        {text.settings.resetAll.action}
      </Button>
      <p className="field-hint">{changed ? text.settings.resetAll.hint : text.settings.resetAll.nothing}</p>
    </div>
  );
}
