import { useId } from 'react';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';

/** The limits that are offered, in minutes; 0: none. A settings file may contain another one. */
const CHOICES = [0, 1, 2, 5, 10, 15, 30, 60, 120, 240];

/** After how long a turn ends by itself. */
export function TurnLimitField() {
  const { settings } = useServices();
  const minutes = useSettings((state) => state.settings.turn_limit_minutes);
  const id = useId();
  const choices = CHOICES.includes(minutes) ? CHOICES : [...CHOICES, minutes].sort((a, b) => a - b);
  return (
    <div className="field">
      <label htmlFor={id}>{text.settings.turnLimit.label}</label>
      <select
        id={id}
        className="input select"
        data-testid="turn-limit"
        aria-describedby={`${id}-hint`}
        value={minutes}
        onChange={(event) => void settings.change({ turn_limit_minutes: Number(event.target.value) })}
      >
        {choices.map((value) => (
          <option key={value} value={value}>
            {value === 0 ? text.settings.turnLimit.off : text.settings.turnLimit.minutes({ minutes: value })}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="field-hint">
        {minutes === 0 ? text.settings.turnLimit.offHint : text.settings.turnLimit.hint}
      </p>
    </div>
  );
}
