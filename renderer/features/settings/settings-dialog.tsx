import { MIN_RECORDING_MS } from '../../../shared/recording.ts';
import type { Settings } from '../../../shared/settings.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ComputerSection } from './computer-section.tsx';
import { LabelField } from './label-field.tsx';
import { MicrophoneField } from './microphone-field.tsx';
import './settings.css';

const THEMES: readonly { value: Settings['theme']; words: string }[] = [
  { value: 'system', words: 'System' },
  { value: 'light', words: 'Light' },
  { value: 'dark', words: 'Dark' },
];

/** What a person can choose. Each change counts at once and reaches every window; there is nothing to confirm. */
export function SettingsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const error = useSettings((state) => state.error);
  const unsaved = useSettings((state) => state.unsaved);
  return (
    <Dialog title="Settings" open={open} onClose={onClose}>
      <div className="settings">
        <ThemeField />
        <LabelField />
        <MicrophoneField />
        <ShortRecordingsField />
        <ComputerSection />
        {/* Always there: what a screen reader finds together with its words it may not read out. */}
        <p className="settings-unsaved" role="status" data-testid="settings-unsaved">
          {unsaved &&
            'Earshot’s host can’t be reached, so this is not saved yet. It holds in this window, and is saved when the host is back.'}
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
      <legend>Theme</legend>
      <div className="segments">
        {THEMES.map(({ value, words }) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              value={value}
              checked={theme === value}
              onChange={() => settings.change({ theme: value })}
            />
            <span>{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ShortRecordingsField() {
  const { settings } = useServices();
  const kept = useSettings((state) => state.settings.keep_short_recordings);
  return (
    <Switch
      label="Keep very short recordings"
      hint={`Those under ${MIN_RECORDING_MS / 1000}\u00a0s too, as from a mic that was pressed twice by mistake.`}
      checked={kept}
      onChange={(keep_short_recordings) => settings.change({ keep_short_recordings })}
    />
  );
}

function About() {
  const info = useSettings((state) => state.info);
  return (
    <dl className="about">
      <dt>Data folder</dt>
      <dd>
        <code>{info.data_dir}</code>
      </dd>
      <dt>Version</dt>
      <dd>
        Earshot {info.version} {info.shell === 'tab' ? '(browser tab)' : '(desktop)'}
      </dd>
    </dl>
  );
}
