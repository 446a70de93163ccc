import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { acceleratorText, readKeys } from './accelerator.ts';

interface Recording {
  /** The modifiers that are held, in the platform's words. */
  held: string;
  /** Why the keys that were pressed can't be taken. */
  problem: string | null;
}

const NOTHING_YET: Recording = { held: '', problem: null };

/** The keys that press the mic from any program. Pressed once, the field takes the keys that are pressed next. */
export function ShortcutField() {
  const { settings, commands } = useServices();
  const kept = useSettings((state) => state.settings.shortcut);
  const platform = useSettings((state) => state.info.platform);
  const refused = useDesktop((state) => state.desktop?.shortcut === 'refused') && kept !== '';
  const [recording, setRecording] = useState<Recording | null>(null);
  const field = useRef<HTMLButtonElement>(null);
  const id = useId();
  const isRecording = recording !== null;

  // The keys that are set reach no field: the system hands them to the mic.
  useEffect(() => {
    if (!isRecording) return;
    return commands.divertKeys(() => setRecording({ held: '', problem: SAME_KEYS }));
  }, [isRecording, commands]);

  const keep = (shortcut: string) => {
    setRecording(null);
    if (shortcut !== kept) void settings.change({ shortcut });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // A held Space that was just taken would press the field anew.
    if (recording === null) return event.repeat && event.preventDefault();
    const reading = readKeys(event.nativeEvent, platform);
    if (reading.kind === 'leave') return setRecording(null);
    // Neither the dialog's Escape nor the window's own shortcuts.
    event.preventDefault();
    event.stopPropagation();
    switch (reading.kind) {
      case 'held':
        return setRecording({ held: reading.words, problem: null });
      case 'cancel':
        return setRecording(null);
      case 'clear':
        return keep('');
      case 'accelerator':
        return keep(reading.accelerator);
      case 'unusable':
        return setRecording({ held: '', problem: reading.sentence });
    }
  };

  const onKeyUp = (event: KeyboardEvent) => {
    if (recording === null) return;
    const reading = readKeys(event.nativeEvent, platform);
    if (reading.kind === 'held') setRecording({ ...recording, held: reading.words });
  };

  const remove = () => {
    keep('');
    field.current?.focus();
  };

  const problem = recording?.problem ?? (recording === null && refused ? REFUSED : null);
  return (
    <div className="field" data-testid="shortcut">
      <p className="field-name" id={`${id}-name`}>
        Shortcut
      </p>
      <div className="shortcut">
        <button
          ref={field}
          type="button"
          className="input shortcut-keys"
          aria-labelledby={`${id}-name ${id}-keys`}
          aria-describedby={`${id}-hint`}
          aria-pressed={recording !== null}
          data-testid="shortcut-keys"
          onClick={() => setRecording(recording === null ? NOTHING_YET : null)}
          onKeyDown={onKeyDown}
          onKeyUp={onKeyUp}
          onBlur={() => setRecording(null)}
        >
          <span id={`${id}-keys`} data-empty={recording !== null || kept === ''}>
            {recording === null
              ? kept === ''
                ? 'Choose keys…'
                : acceleratorText(kept, platform)
              : recording.held || 'Press the keys…'}
          </span>
        </button>
        {kept !== '' && (
          <IconButton label="Remove the shortcut" onClick={remove}>
            <Icon name="close" size={16} />
          </IconButton>
        )}
      </div>
      <p id={`${id}-hint`} className={problem === null ? 'field-hint' : 'field-error'} aria-live="polite">
        {problem ?? (recording === null ? HINT : RECORDING_HINT)}
      </p>
    </div>
  );
}

const HINT = 'Presses the mic from any program.';
const RECORDING_HINT = 'Hold them together. Escape keeps what was, Backspace removes it.';
const SAME_KEYS = 'These keys are the shortcut already. Press others, or Escape to keep them.';
const REFUSED = 'Another program or the system holds these keys. Choose others.';
