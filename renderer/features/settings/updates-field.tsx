import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';
import { UpdateStepButton } from '../updates/update-step.tsx';
import { useUpdateText } from '../updates/use-update-text.ts';

/** Whether Earshot checks for updates, and the update that it found. */
export function UpdatesField() {
  const { settings } = useServices();
  const desktop = useDesktop((state) => state.desktop);
  const checksForUpdates = useSettings((state) => state.settings.check_for_updates);
  if (desktop === null) return null;
  const whyNot = desktop.why_no_updates;
  if (whyNot !== null) {
    return (
      <div className="field" data-testid="no-updates">
        <p className="field-name">{text.settings.updates.label}</p>
        <p className="field-hint">{text.settings.updates[whyNot]}</p>
      </div>
    );
  }
  return (
    <>
      <Switch
        label={text.settings.updates.label}
        hint={text.settings.updates.hint}
        checked={checksForUpdates}
        onChange={(check_for_updates) => settings.change({ check_for_updates })}
      />
      <Update />
    </>
  );
}

function Update() {
  const stepError = useDesktop((state) => state.stepError);
  const update = useUpdateText();
  return (
    // Always mounted, because screen readers announce changes only.
    <div className="settings-update" data-testid="update">
      <p role="status">{stepError ?? update?.sentence}</p>
      {update && <UpdateStepButton {...update} />}
    </div>
  );
}
