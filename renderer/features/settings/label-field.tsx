import { useId, useState } from 'react';
import { UserId } from '../../../shared/protocol.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';

/** The label stored with every session and recording. A valid label is saved on blur and on Enter. */
export function LabelField() {
  const { settings } = useServices();
  const saved = useSettings((state) => state.settings.user_id);
  const [draft, setDraft] = useState(saved);
  const [seen, setSeen] = useState(saved);
  // When another window changes the label, it replaces the text in the field.
  if (seen !== saved) {
    setSeen(saved);
    setDraft(saved);
  }
  const id = useId();
  const valid = UserId.safeParse(draft).success;

  const save = () => {
    if (valid && draft !== saved) void settings.change({ user_id: draft });
  };

  return (
    <div className="field">
      <label htmlFor={id}>{text.settings.userLabel.label}</label>
      <input
        id={id}
        className="input"
        value={draft}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={!valid}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => event.key === 'Enter' && save()}
      />
      <p id={`${id}-hint`} className={valid ? 'field-hint' : 'field-error'} aria-live="polite">
        {valid ? text.settings.userLabel.hint : text.settings.userLabel.invalid}
      </p>
    </div>
  );
}
