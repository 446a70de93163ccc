import { createContext, useContext } from 'react';
import { EarshotError } from '../../../shared/errors.ts';
import type { SettingsState } from '../../state/settings-store.ts';
import type { FieldKeys } from './settings-reset.ts';

/** What the fields can do with the settings dialog. */
export interface DialogActions {
  /**
   * Gives the settings of these fields their defaults. The dialog then shows the sentence, and offers to undo it.
   * @param sentence what has happened
   */
  reset(fields: readonly FieldKeys[], sentence: string): void;
  /** The same with all fields of the dialog. */
  resetAll(): void;
  /** Whether a field of the dialog differs from its default. */
  isAnyChanged(state: Pick<SettingsState, 'settings'>): boolean;
  close(): void;
}

export const DialogActionsContext = createContext<DialogActions | null>(null);

/** @throws {EarshotError} `no_settings_dialog` outside of the settings dialog */
export function useDialogActions(): DialogActions {
  const actions = useContext(DialogActionsContext);
  if (actions === null) throw new EarshotError('no_settings_dialog', 'This belongs in the settings dialog.');
  return actions;
}
