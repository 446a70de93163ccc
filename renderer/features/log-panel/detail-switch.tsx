import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import './detail-switch.css';

const LEVELS = ['plain', 'everything'] as const;

/** Sentences for everybody, or every event with its fields. */
export function DetailSwitch() {
  const { settings } = useServices();
  const chosen = useSettings((state) => state.settings.log_detail);
  return (
    <fieldset className="detail-switch">
      <legend className="visually-hidden">{text.log.detail}</legend>
      {LEVELS.map((level) => (
        <label key={level}>
          <input
            type="radio"
            name="log-detail"
            data-testid={`log-${level}`}
            checked={chosen === level}
            onChange={() => void settings.change({ log_detail: level })}
          />
          <span>{text.log[level]}</span>
        </label>
      ))}
    </fieldset>
  );
}
