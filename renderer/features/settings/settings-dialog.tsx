import { useMemo } from 'react';
import { useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './settings.css';
import { DialogActionsContext } from './dialog-actions.ts';
import type { SectionId } from './sections.ts';
import { SettingsContent } from './settings-content.tsx';
import { fieldsOf } from './settings-fields.tsx';
import { SettingsNotes } from './settings-notes.tsx';
import { useResets } from './use-resets.ts';

interface SettingsDialogProps {
  open: boolean;
  /** The section that is shown first. */
  section?: SectionId;
  onClose: () => void;
}

/** All settings. Each change applies at once and in every window. The last reset can be undone until the app ends. */
export function SettingsDialog({ open, section = 'general', onClose }: SettingsDialogProps) {
  const shell = useSettings((state) => state.info.shell);
  const fields = useMemo(() => fieldsOf(shell), [shell]);
  const { actions, note, undo } = useResets(fields, onClose);
  return (
    <Dialog title={text.settings.title} open={open} onClose={onClose} className="settings-dialog">
      <DialogActionsContext value={actions}>
        <SettingsContent fields={fields} firstSection={section} />
        <SettingsNotes note={note} onUndo={undo} />
      </DialogActionsContext>
    </Dialog>
  );
}
