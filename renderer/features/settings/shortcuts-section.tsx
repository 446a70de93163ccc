import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { SHORTCUTS } from '../../state/shortcuts.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { KeyField } from './key-field.tsx';

/** All shortcuts in one list. The first one works in every program, which only the desktop app can offer. */
export function ShortcutsSection() {
  const { settings } = useServices();
  const isDesktop = useSettings((state) => state.info.shell === 'desktop');
  const refused = useDesktop((state) => state.desktop?.shortcut === 'refused');
  const changed = useSettings((state) => SHORTCUTS.some((name) => state.settings[name] !== DEFAULT_SETTINGS[name]));
  const reset = () => void settings.change(Object.fromEntries(SHORTCUTS.map((name) => [name, DEFAULT_SETTINGS[name]])));
  return (
    <section className="settings-section" aria-labelledby="shortcuts" data-testid="shortcuts">
      <h3 id="shortcuts">{text.settings.shortcuts.title}</h3>
      {isDesktop && <KeyField name="shortcut" refused={refused ? text.settings.shortcut.refused : null} />}
      {SHORTCUTS.map(
        (name) =>
          name !== 'shortcut' && (
            // Its own default is accepted, also if other programs need these keys.
            <KeyField key={name} name={name} allowed={name === 'key_talk' ? ['Space'] : [DEFAULT_SETTINGS[name]]} />
          ),
      )}
      <Button data-testid="reset-shortcuts" disabled={!changed} onClick={reset}>
        {text.settings.shortcuts.reset}
      </Button>
    </section>
  );
}
