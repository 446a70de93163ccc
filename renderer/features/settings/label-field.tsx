import { useId, useState } from 'react';
import { UserId } from '../../../shared/protocol.ts';
import { useServices, useSettings } from '../../state/services.ts';

/** The label that goes with every session and recording. Kept as soon as it is one that the server takes. */
export function LabelField() {
  const { settings } = useServices();
  const kept = useSettings((state) => state.settings.user_id);
  const [draft, setDraft] = useState(kept);
  const [seen, setSeen] = useState(kept);
  // Another window changed it: what is kept wins over what stands in the field.
  if (seen !== kept) {
    setSeen(kept);
    setDraft(kept);
  }
  const id = useId();
  const valid = UserId.safeParse(draft).success;

  const keep = () => {
    if (valid && draft !== kept) void settings.change({ user_id: draft });
  };

  return (
    <div className="field">
      <label htmlFor={id}>Your label</label>
      <input
        id={id}
        className="input"
        value={draft}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={!valid}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === 'Enter' && keep()}
      />
      <p id={`${id}-hint`} className={valid ? 'field-hint' : 'field-error'} aria-live="polite">
        {valid
          ? 'Goes with every session and recording.'
          : 'Use 1 to 64 letters, digits, hyphens or underscores; no spaces.'}
      </p>
    </div>
  );
}
