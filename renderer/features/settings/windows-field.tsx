import { ariaKeys } from '../../state/accelerator.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useDialogActions } from './dialog-actions.ts';

/** Opens another window. A tab has no menu that could offer it. */
export function WindowsField() {
  const { openWindow } = useServices();
  const keys = useSettings((state) => state.settings.key_new_window);
  const platform = useSettings((state) => state.info.platform);
  const { close } = useDialogActions();
  const open = () => {
    close();
    void openWindow();
  };
  return (
    <div className="field settings-windows">
      <p className="field-name">{text.settings.windows.label}</p>
      <Button data-testid="new-window" aria-keyshortcuts={ariaKeys(keys, platform)} onClick={open}>
        <Icon name="newWindow" size={16} /> {text.settings.windows.open}
      </Button>
      <p className="field-hint">{text.settings.windows.hint}</p>
    </div>
  );
}
