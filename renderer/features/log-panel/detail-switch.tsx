import type { Settings } from '../../../shared/settings.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Segments } from '../../ui/segments.tsx';

const LEVELS: readonly Settings['log_detail'][] = ['plain', 'everything'];

/** Sentences for everybody, or every event with its fields. */
export function DetailSwitch() {
  const { settings } = useServices();
  const chosen = useSettings((state) => state.settings.log_detail);
  return (
    <fieldset>
      <legend className="visually-hidden">{text.log.detail}</legend>
      <Segments
        name="log"
        values={LEVELS}
        chosen={chosen}
        texts={text.log}
        onChoose={(level) => void settings.change({ log_detail: level })}
      />
    </fieldset>
  );
}
