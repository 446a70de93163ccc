import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../ui/icons.tsx';
import './picker.css';

interface PickerProps {
  label: string;
  icon?: IconName;
  /** What is shown as chosen: shorter than the option, or the device that is in use instead. */
  shown: string;
  title: string;
  value: string | number;
  testId: string;
  onChange: (value: string) => void;
  /** Called when the user is about to open the list. */
  onApproach?: () => void;
  /** The options. */
  children: ReactNode;
}

/** A small list to choose from: a native select, drawn as one line of text with an arrow. */
export function Picker({ label, icon, shown, title, value, testId, onChange, onApproach, children }: PickerProps) {
  return (
    <span className="picker" title={title}>
      {icon && <Icon name={icon} size={14} />}
      <span className="picker-shown" data-testid={testId} aria-hidden="true">
        {shown}
      </span>
      <Icon name="chevron" size={14} />
      {/* Lies over the text, invisible: the text can be shorter than the longest option. */}
      <select
        className="picker-select"
        aria-label={label}
        data-testid={`${testId}-picker`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onPointerEnter={onApproach}
        onFocus={onApproach}
      >
        {children}
      </select>
    </span>
  );
}
