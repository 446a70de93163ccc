import { FirstStepsField } from '../first-run/first-steps-field.tsx';
import { useDialogActions } from './dialog-actions.ts';

/** Shows the first steps again, and closes the dialog, which would cover them. */
export function FirstStepsSetting() {
  const { close } = useDialogActions();
  return <FirstStepsField onShown={close} />;
}
