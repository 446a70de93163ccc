import type { Settings } from '../../../shared/settings.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];

/** The colours of all windows and, in the desktop app, of their frames and menus. */
export function ThemeField() {
  const { settings } = useServices();
  const theme = useSettings((state) => state.settings.theme);
  return (
    <fieldset className="field">
      <legend>{text.settings.theme.label}</legend>
      <div className="segments">
        {THEMES.map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              value={value}
              checked={theme === value}
              onChange={() => settings.change({ theme: value })}
            />
            <span>{text.settings.theme[value]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
