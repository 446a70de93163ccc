import { useId } from 'react';
import './switch.css';

interface SwitchProps {
  label: string;
  /** A sentence below the label. */
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A switch that takes effect at once: a native checkbox with the role `switch`. */
export function Switch({ label, hint, checked, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="switch">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: `checked` is its state; ARIA in HTML allows no aria-checked beside it.
        role="switch"
        checked={checked}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
    </div>
  );
}
