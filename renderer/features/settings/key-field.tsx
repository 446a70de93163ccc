import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { acceleratorText, normalAccelerator, readKeys } from '../../state/accelerator.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { conflictsOf, type ShortcutName } from '../../state/shortcuts.ts';
import { text } from '../../text/text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

interface Recording {
  /** The held modifiers, as the platform writes them. */
  held: string;
  /** Why the pressed keys can't be used. */
  problem: string | null;
}

const NOTHING_YET: Recording = { held: '', problem: null };

interface KeyFieldProps {
  name: ShortcutName;
  /** What is wrong with the saved keys, apart from conflicts; null: nothing. */
  refused?: string | null;
  /** Accelerators that are accepted in this field alone. */
  allowed?: readonly string[];
  testId?: string;
}

/** One shortcut. When clicked, the field records the next keys. Keys that another shortcut has are not saved. */
export function KeyField({ name, refused = null, allowed = [], testId = name }: KeyFieldProps) {
  const { settings, commands } = useServices();
  const all = useSettings((state) => state.settings);
  const platform = useSettings((state) => state.info.platform);
  const [recording, setRecording] = useState<Recording | null>(null);
  const field = useRef<HTMLButtonElement>(null);
  const id = useId();
  const isRecording = recording !== null;
  const saved = all[name];
  const { label, hint } = text.settings.shortcuts.names[name];

  // The page gets no key events for the current global shortcut: the system sends it to the mic.
  useEffect(() => {
    if (!isRecording) return;
    const problem = name === 'shortcut' ? text.settings.shortcut.sameKeys : inUse(['shortcut']);
    return commands.divertKeys(() => setRecording({ held: '', problem }));
  }, [isRecording, commands, name]);

  const save = (keys: string) => {
    setRecording(null);
    if (keys !== saved) void settings.change({ [name]: keys });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // A held Space that was just recorded would press the field again.
    if (recording === null) return event.repeat && event.preventDefault();
    const reading = readKeys(event.nativeEvent, platform, allowed);
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
      case 'accelerator': {
        const others = conflictsOf(name, reading.accelerator, all, platform);
        if (others.length === 0) return save(reading.accelerator);
        return setRecording({ held: acceleratorText(reading.accelerator, platform), problem: inUse(others) });
      }
      case 'unusable':
        return setRecording({ held: '', problem: reading.sentence });
    }
  };

  const onKeyUp = (event: KeyboardEvent) => {
    if (recording === null || recording.problem !== null) return;
    const reading = readKeys(event.nativeEvent, platform, allowed);
    if (reading.kind === 'held') setRecording({ ...recording, held: reading.label });
  };

  const remove = () => {
    save('');
    field.current?.focus();
  };

  // Another window or a settings file may have given two of them the same keys.
  const others = conflictsOf(name, normalAccelerator(saved, platform), all, platform);
  const problem =
    recording === null ? (others.length > 0 ? alsoUsed(others) : saved === '' ? null : refused) : recording.problem;
  return (
    <div className="field key-field" data-testid={testId}>
      <p className="field-name" id={`${id}-name`}>
        {label}
      </p>
      <div className="shortcut">
        <button
          ref={field}
          type="button"
          className="input shortcut-keys"
          aria-labelledby={`${id}-name ${id}-keys`}
          aria-describedby={`${id}-hint`}
          aria-pressed={recording !== null}
          data-testid={`${testId}-keys`}
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
          <IconButton
            label={
              name === 'shortcut' ? text.settings.shortcut.remove : text.settings.shortcuts.remove({ name: label })
            }
            onClick={remove}
          >
            <Icon name="close" size={16} />
          </IconButton>
        )}
      </div>
      <p id={`${id}-hint`} className={problem === null ? 'field-hint' : 'field-error'} aria-live="polite">
        {problem ?? (recording === null ? hint : text.settings.shortcut.recordingHint)}
      </p>
    </div>
  );
}

function namesOf(others: readonly ShortcutName[]): string[] {
  return others.map((name) => text.settings.shortcuts.names[name].label);
}

function inUse(others: readonly ShortcutName[]): string {
  return text.settings.shortcuts.inUse({ names: namesOf(others) });
}

function alsoUsed(others: readonly ShortcutName[]): string {
  return text.settings.shortcuts.alsoUsed({ names: namesOf(others) });
}
