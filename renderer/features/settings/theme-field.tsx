import type { Settings } from '../../../shared/settings.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Segments } from '../../ui/segments.tsx';

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];

/** The colours of all windows and, in the desktop app, of their frames and menus. */
export function ThemeField() {
  const { settings } = useServices();
  const theme = useSettings((state) => state.settings.theme);
  return (
    <fieldset className="field">
      <legend>{text.settings.theme.label}</legend>
      <Segments
        name="theme"
        values={THEMES}
        chosen={theme}
        texts={text.settings.theme}
        onChoose={(value) => void settings.change({ theme: value })}
      />
    </fieldset>
  );
}
