import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { useDesktop, useSettings } from '../../state/services.ts';
import { SHORTCUTS, type ShortcutName } from '../../state/shortcuts.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { useDialogActions } from './dialog-actions.ts';
import { KeyField } from './key-field.tsx';

/** One shortcut. Its own default is accepted, also if other programs need these keys. */
export function ShortcutField({ name }: { name: ShortcutName }) {
  const refused = useDesktop((state) => state.desktop?.shortcut === 'refused');
  if (name === 'shortcut') return <KeyField name={name} refused={refused ? text.settings.shortcut.refused : null} />;
  return <KeyField name={name} allowed={name === 'key_talk' ? ['Space'] : [DEFAULT_SETTINGS[name]]} />;
}

/** Gives all shortcuts their defaults. */
export function ResetShortcutsField() {
  const { reset } = useDialogActions();
  const changed = useSettings((state) => SHORTCUTS.some((name) => state.settings[name] !== DEFAULT_SETTINGS[name]));
  return (
    <Button
      data-testid="reset-shortcuts"
      disabled={!changed}
      onClick={() => reset([{ keys: SHORTCUTS }], text.settings.shortcuts.resetDone)}
    >
      {text.settings.shortcuts.reset}
    </Button>
  );
}
