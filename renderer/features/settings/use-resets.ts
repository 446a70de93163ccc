import { useMemo, useState } from 'react';
import type { Settings, SettingsPatch } from '../../../shared/settings.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import type { DialogActions } from './dialog-actions.ts';
import { type FieldKeys, isChanged, resetPatch, undoPatch } from './settings-reset.ts';

/** What the dialog says about the last reset. */
export interface ResetNote {
  sentence: string;
  canUndo: boolean;
}

interface LastReset {
  sentence: string;
  /** Null: it was undone. */
  patch: SettingsPatch | null;
  before: Settings;
}

/** Resets fields, and remembers what the last reset has changed. */
export function useResets(fields: readonly FieldKeys[], close: () => void) {
  const { settings } = useServices();
  const [last, setLast] = useState<LastReset | null>(null);

  const actions = useMemo((): DialogActions => {
    function reset(some: readonly FieldKeys[], sentence: string): void {
      const before = settings.getState().settings;
      const patch = resetPatch(some, before);
      setLast({ sentence, patch, before });
      void settings.change(patch);
    }
    return {
      reset,
      resetAll() {
        const now = settings.getState().settings;
        const changed = fields.filter((field) => isChanged(field, now)).length;
        reset(fields, text.settings.resetAll.done({ settings: changed }));
      },
      isAnyChanged: (state) => fields.some((field) => isChanged(field, state.settings)),
      close,
    };
  }, [settings, fields, close]);

  function undo(): void {
    if (last === null || last.patch === null) return;
    void settings.change(undoPatch(last.patch, last.before, settings.getState().settings));
    setLast({ ...last, sentence: text.settings.reset.undone, patch: null });
  }
  // A setting that was changed again makes the sentence wrong.
  const isTrue = useSettings(
    (state) => !last?.patch || Object.keys(undoPatch(last.patch, last.before, state.settings)).length > 0,
  );
  const note: ResetNote | null = last && isTrue ? { sentence: last.sentence, canUndo: last.patch !== null } : null;
  return { actions, note, undo };
}
