import { type AudioProcessing, PROCESSING_SETTINGS } from '../../capture/audio-processing.ts';
import { useMicrophones, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Switch } from '../../ui/switch.tsx';
import { processingNote } from './processing-note.ts';
import './processing.css';

const KINDS = Object.keys(PROCESSING_SETTINGS) as (keyof AudioProcessing)[];

/** Switches for what the browser does to the microphone's sound. */
export function ProcessingFields() {
  const { settings } = useServices();
  const saved = useSettings((state) => state.settings);
  const opened = useMicrophones((state) => state.opened);
  const supported = globalThis.navigator?.mediaDevices?.getSupportedConstraints?.();
  return (
    <fieldset className="field processing">
      <legend>{text.processing.label}</legend>
      <p className="field-hint">{text.processing.hint}</p>
      {KINDS.map((kind) => {
        const name = PROCESSING_SETTINGS[kind];
        const on = saved[name];
        const note =
          supported && supported[kind] !== true ? text.processing.unsupported : processingNote(kind, on, opened);
        return (
          <Switch
            key={kind}
            label={text.processing[kind].label}
            hint={[text.processing[kind].hint, note].filter(Boolean).join(' ')}
            checked={on}
            onChange={(checked) => void settings.change({ [name]: checked })}
          />
        );
      })}
    </fieldset>
  );
}
