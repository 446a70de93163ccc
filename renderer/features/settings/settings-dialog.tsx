import { MIN_RECORDING_MS } from '../../../shared/recording.ts';
import type { Settings } from '../../../shared/settings.ts';
import { ariaKeys } from '../../state/accelerator.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ComputerSection } from './computer-section.tsx';
import { LabelField } from './label-field.tsx';
import { MicrophoneField } from './microphone-field.tsx';
import { RetentionField } from './retention-field.tsx';
import { ShortcutsSection } from './shortcuts-section.tsx';
import { TurnLimitField } from './turn-limit-field.tsx';
import './settings.css';
import { text } from '../../text/text.ts';

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];

/** All settings. Each change applies at once and in every window. */
export function SettingsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const error = useSettings((state) => state.error);
  const unsaved = useSettings((state) => state.unsaved);
  return (
    <Dialog title={text.settings.title} open={open} onClose={onClose}>
      <div className="settings">
        <ThemeField />
        <LabelField />
        <MicrophoneField />
        <ShortRecordingsField />
        <RetentionField />
        <TurnLimitField />
        <ShortcutsSection />
        <ComputerSection />
        <WindowsField onOpened={onClose} />
        {/* Always mounted, because screen readers announce changes only. */}
        <p className="settings-unsaved" role="status" data-testid="settings-unsaved">
          {unsaved && text.settings.notSaved}
        </p>
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
        <About />
      </div>
    </Dialog>
  );
}

function ThemeField() {
  const { settings } = useServices();
  const theme = useSettings((state) => state.settings.theme);
  return (
    <fieldset className="field">
      <legend>{text.settings.theme.label}</legend>
      <div className="segments">
        {THEMES.map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              value={value}
              checked={theme === value}
              onChange={() => settings.change({ theme: value })}
            />
            <span>{text.settings.theme[value]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ShortRecordingsField() {
  const { settings } = useServices();
  const keepsShort = useSettings((state) => state.settings.keep_short_recordings);
  return (
    <Switch
      label={text.settings.shortRecordings.label}
      hint={text.settings.shortRecordings.hint({ seconds: MIN_RECORDING_MS / 1000 })}
      checked={keepsShort}
      onChange={(keep_short_recordings) => settings.change({ keep_short_recordings })}
    />
  );
}

function WindowsField({ onOpened }: { onOpened: () => void }) {
  const { openWindow } = useServices();
  const keys = useSettings((state) => state.settings.key_new_window);
  const platform = useSettings((state) => state.info.platform);
  const open = () => {
    onOpened();
    void openWindow();
  };
  return (
    <div className="field settings-windows">
      <p className="field-name">{text.settings.windows.title}</p>
      <Button data-testid="new-window" aria-keyshortcuts={ariaKeys(keys, platform)} onClick={open}>
        <Icon name="newWindow" size={16} /> {text.settings.windows.open}
      </Button>
      <p className="field-hint">{text.settings.windows.hint}</p>
    </div>
  );
}

function About() {
  const info = useSettings((state) => state.info);
  return (
    <dl className="about">
      <dt>{text.settings.about.dataFolder}</dt>
      <dd>
        <code>{info.data_dir}</code>
      </dd>
      <dt>{text.settings.about.version}</dt>
      <dd>{text.settings.about[info.shell](info)}</dd>
    </dl>
  );
}
