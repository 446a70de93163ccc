import { acceleratorText, ariaKeys } from './accelerator.ts';
import { useSettings } from './services.ts';
import type { ShortcutName } from './shortcuts.ts';

/** The keys of a shortcut as the platform writes them, and as `aria-keyshortcuts`; both undefined: it has none. */
export function useShortcutKeys(name: ShortcutName): { keys: string | undefined; ariaKeys: string | undefined } {
  const accelerator = useSettings((state) => state.settings[name]);
  const platform = useSettings((state) => state.info.platform);
  return {
    keys: accelerator === '' ? undefined : acceleratorText(accelerator, platform),
    ariaKeys: ariaKeys(accelerator, platform),
  };
}
