import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useDesktop, useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/en.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { acceleratorText, readKeys } from './accelerator.ts';

interface Recording {
  /** The held modifiers, as the platform writes them. */
  held: string;
  /** Why the pressed keys can't be used. */
  problem: string | null;
}

const NOTHING_YET: Recording = { held: '', problem: null };

/** The global shortcut that presses the mic. When clicked, the field records the next keys. */
export function ShortcutField() {
  const { settings, commands } = useServices();
  const saved = useSettings((state) => state.settings.shortcut);
  const platform = useSettings((state) => state.info.platform);
  const refused = useDesktop((state) => state.desktop?.shortcut === 'refused') && saved !== '';
  const [recording, setRecording] = useState<Recording | null>(null);
  const field = useRef<HTMLButtonElement>(null);
  const id = useId();
  const isRecording = recording !== null;

  // The page gets no key events for the current shortcut: the system sends it to the mic.
  useEffect(() => {
    if (!isRecording) return;
    return commands.divertKeys(() => setRecording({ held: '', problem: text.settings.shortcut.sameKeys }));
  }, [isRecording, commands]);

  const save = (shortcut: string) => {
    setRecording(null);
    if (shortcut !== saved) void settings.change({ shortcut });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // A held Space that was just recorded would press the field again.
    if (recording === null) return event.repeat && event.preventDefault();
    const reading = readKeys(event.nativeEvent, platform);
    if (reading.kind === 'leave') return setRecording(null);
    // Keeps Escape from closing the dialog, and the window's shortcuts from running.
    event.preventDefault();
    event.stopPropagation();
    switch (reading.kind) {
      case 'held':
        return setRecording({ held: reading.label, problem: null });
      case 'cancel':
        return setRecording(null);
      case 'clear':
        return save('');
      case 'accelerator':
        return save(reading.accelerator);
      case 'unusable':
        return setRecording({ held: '', problem: reading.sentence });
    }
  };

  const onKeyUp = (event: KeyboardEvent) => {
    if (recording === null) return;
    const reading = readKeys(event.nativeEvent, platform);
    if (reading.kind === 'held') setRecording({ ...recording, held: reading.label });
  };

  const remove = () => {
    save('');
    field.current?.focus();
  };

  const problem = recording?.problem ?? (recording === null && refused ? text.settings.shortcut.refused : null);
  return (
    <div className="field" data-testid="shortcut">
      <p className="field-name" id={`${id}-name`}>
        {text.settings.shortcut.label}
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
          <span id={`${id}-keys`} data-empty={recording !== null || saved === ''}>
            {recording === null
              ? saved === ''
                ? text.settings.shortcut.choose
                : acceleratorText(saved, platform)
              : recording.held || text.settings.shortcut.press}
          </span>
        </button>
        {saved !== '' && (
          <IconButton label={text.settings.shortcut.remove} onClick={remove}>
            <Icon name="close" size={16} />
          </IconButton>
        )}
      </div>
      <p id={`${id}-hint`} className={problem === null ? 'field-hint' : 'field-error'} aria-live="polite">
        {problem ?? (recording === null ? text.settings.shortcut.hint : text.settings.shortcut.recordingHint)}
      </p>
    </div>
  );
}
