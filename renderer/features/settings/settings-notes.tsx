import { useRef } from 'react';
import { useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import type { ResetNote } from './use-resets.ts';

/** At the foot of the dialog: what is not saved yet, what was not accepted, and the last reset with its undo. */
export function SettingsNotes({ note, onUndo }: { note: ResetNote | null; onUndo: () => void }) {
  const error = useSettings((state) => state.error);
  const unsaved = useSettings((state) => state.unsaved);
  const sentence = useRef<HTMLParagraphElement>(null);
  const undo = () => {
    onUndo();
    // The button is gone then.
    sentence.current?.focus();
  };
  // Always mounted, because screen readers announce changes only.
  return (
    <footer className="settings-notes">
      <div className="settings-reset-note" data-testid="reset-note">
        <p ref={sentence} role="status" tabIndex={-1}>
          {note?.sentence}
        </p>
        {note?.canUndo && <Button onClick={undo}>{text.settings.reset.undo}</Button>}
      </div>
      <p role="status" data-testid="settings-unsaved">
        {unsaved && text.settings.notSaved}
      </p>
      {error && (
        <p className="settings-error" role="alert">
          {error}
        </p>
      )}
    </footer>
  );
}
