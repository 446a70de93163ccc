import type { DesktopState } from '../../../shared/desktop.ts';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { Switch } from '../../ui/switch.tsx';
import { UpdateStepButton } from '../updates/update-step.tsx';
import { useUpdateText } from '../updates/use-update-text.ts';

type Reason = NonNullable<DesktopState['why_no_updates']>;

const WHY_NOT: Record<Reason, string> = {
  not_packaged: 'This Earshot runs from its source, which is updated where it came from.',
  not_signed: 'This build is not signed, so it could not tell a real update from a forged one. Get newer ones by hand.',
  unsupported: 'This kind of package is not updated by Earshot. Get newer ones where this one came from.',
};

/** Whether newer versions are looked for, and the one that was found. */
export function UpdatesField({ whyNot }: { whyNot: Reason | null }) {
  const { settings } = useServices();
  const looks = useSettings((state) => state.settings.check_for_updates);
  if (whyNot !== null) {
    return (
      <div className="field" data-testid="no-updates">
        <p className="field-name">Updates</p>
        <p className="field-hint">{WHY_NOT[whyNot]}</p>
      </div>
    );
  }
  return (
    <>
      <Switch
        label="Look for updates"
        hint="At the start and once a day. Nothing is downloaded until you say so."
        checked={looks}
        onChange={(check_for_updates) => settings.change({ check_for_updates })}
      />
      <Update />
    </>
  );
}

function Update() {
  const stepError = useDesktop((state) => state.stepError);
  const words = useUpdateText();
  return (
    // Always there: what a screen reader finds together with its words it may not read out.
    <div className="settings-update" data-testid="update">
      <p role="status">{stepError ?? words?.sentence}</p>
      {words && <UpdateStepButton {...words} />}
    </div>
  );
}
