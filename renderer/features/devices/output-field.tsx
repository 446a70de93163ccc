import { useId } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { useOutputOptions } from './use-device-options.ts';

const isSupported = () => 'setSinkId' in HTMLMediaElement.prototype;

/** The device that plays recordings. */
export function OutputField() {
  const { output } = useServices();
  const notice = useStore(output, (state) => state.notice);
  const { options, value, readable, read, foundByName, choose } = useOutputOptions();
  const id = useId();
  const supported = isSupported();
  const names = read && !readable ? text.devices.outputNamesHidden : text.devices.outputHint;
  const found = foundByName === '' ? '' : text.devices.foundByName({ name: foundByName });
  return (
    <div className="field">
      <label htmlFor={id}>{text.devices.output}</label>
      <select
        id={id}
        className="input select"
        data-testid="output-device"
        value={value}
        disabled={!supported}
        aria-describedby={`${id}-hint`}
        onChange={(event) => choose(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="field-hint">
        {supported ? [notice || names, found].filter(Boolean).join(' ') : text.devices.outputUnsupported}
      </p>
    </div>
  );
}
