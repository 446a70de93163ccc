import type { ComponentType } from 'react';
import type { AppInfo } from '../../../shared/bridge.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { acceleratorText } from '../../state/accelerator.ts';
import { SHORTCUTS, type ShortcutName } from '../../state/shortcuts.ts';
import { text } from '../../text/text.ts';
import { MicTest } from '../devices/mic-test.tsx';
import { OutputField } from '../devices/output-field.tsx';
import { ProcessingFields } from '../devices/processing-fields.tsx';
import { AboutField } from './about-field.tsx';
import { FirstStepsSetting } from './first-steps-setting.tsx';
import { LabelField } from './label-field.tsx';
import { LanguageField } from './language-field.tsx';
import { LoginField } from './login-field.tsx';
import { MicrophoneField } from './microphone-field.tsx';
import { NotificationsField } from './notifications-field.tsx';
import { OverlayField } from './overlay-field.tsx';
import { RecordingsFolderField } from './recordings-folder-field.tsx';
import { ResetAllField } from './reset-all-field.tsx';
import { RetentionField } from './retention-field.tsx';
import type { SectionId } from './sections.ts';
import { ShortRecordingsField } from './short-recordings-field.tsx';
import { ResetShortcutsField, ShortcutField } from './shortcut-field.tsx';
import { SoundsField } from './sounds-field.tsx';
import { ThemeField } from './theme-field.tsx';
import { TurnLimitField } from './turn-limit-field.tsx';
import { UpdatesField } from './updates-field.tsx';
import { WindowsField } from './windows-field.tsx';

/** One entry of the settings dialog. */
export interface SettingsField {
  id: string;
  section: SectionId;
  Component: ComponentType;
  /** The field's texts. `label` names it; the search finds it by all of them that are plain strings. */
  texts: () => { label: string };
  /** Settings that the field changes. It offers a reset while one of them differs from its default. */
  keys?: readonly (keyof Settings)[];
  /** Settings that are reset together with `keys`, but do not offer a reset by themselves. */
  alsoResets?: readonly (keyof Settings)[];
  /** The default in words. A switch does not need it. */
  defaultText?: (platform: string) => string;
  /** Not shown in a browser tab. */
  desktopOnly?: boolean;
}

/**
 * All fields, in the order of the dialog. A field is put in by one entry here. Its texts are functions, because the
 * language may change.
 */
const SETTINGS_FIELDS: readonly SettingsField[] = [
  {
    id: 'theme',
    section: 'general',
    Component: ThemeField,
    texts: () => text.settings.theme,
    keys: ['theme'],
    defaultText: () => text.settings.theme.system,
  },
  {
    id: 'language',
    section: 'general',
    Component: LanguageField,
    texts: () => text.settings.language,
    keys: ['language'],
    defaultText: () => text.settings.theme.system,
  },
  {
    id: 'microphone',
    section: 'microphone',
    Component: MicrophoneField,
    texts: () => text.settings.microphone,
    keys: ['microphone_id', 'microphone_channel'],
    alsoResets: ['microphone_label'],
    defaultText: () => text.settings.microphone.systemDefault,
  },
  { id: 'mic-test', section: 'microphone', Component: MicTest, texts: () => text.micTest },
  {
    id: 'processing',
    section: 'microphone',
    Component: ProcessingFields,
    texts: () => text.processing,
    keys: ['echo_cancellation', 'noise_suppression', 'automatic_gain'],
  },
  {
    id: 'output',
    section: 'recordings',
    Component: OutputField,
    texts: () => ({ label: text.devices.output, searchWords: text.devices.outputSearchWords }),
    keys: ['output_id'],
    alsoResets: ['output_label'],
    defaultText: () => text.settings.microphone.systemDefault,
  },
  {
    id: 'sounds',
    section: 'recordings',
    Component: SoundsField,
    texts: () => text.settings.sounds,
    keys: ['sounds'],
  },
  {
    id: 'recordings-folder',
    section: 'recordings',
    Component: RecordingsFolderField,
    texts: () => text.settings.recordingsFolder,
  },
  {
    id: 'retention',
    section: 'recordings',
    Component: RetentionField,
    texts: () => text.settings.retention,
    keys: ['retention'],
    alsoResets: ['retention_days', 'retention_number', 'retention_mb'],
    defaultText: () => text.settings.retention.policy.all,
  },
  {
    id: 'turn-limit',
    section: 'recordings',
    Component: TurnLimitField,
    texts: () => text.settings.turnLimit,
    keys: ['turn_limit_minutes'],
    defaultText: () => text.settings.turnLimit.off,
  },
  {
    id: 'short-recordings',
    section: 'recordings',
    Component: ShortRecordingsField,
    texts: () => text.settings.shortRecordings,
    keys: ['keep_short_recordings'],
  },
  {
    id: 'label',
    section: 'recordings',
    Component: LabelField,
    texts: () => text.settings.userLabel,
    keys: ['user_id'],
    defaultText: () => DEFAULT_SETTINGS.user_id,
  },
  ...SHORTCUTS.map(shortcutField),
  {
    id: 'reset-shortcuts',
    section: 'shortcuts',
    Component: ResetShortcutsField,
    texts: () => ({ label: text.settings.shortcuts.reset }),
  },
  {
    id: 'login',
    section: 'computer',
    Component: LoginField,
    texts: () => text.settings.login,
    keys: ['start_at_login'],
    desktopOnly: true,
  },
  {
    id: 'notifications',
    section: 'computer',
    Component: NotificationsField,
    texts: () => text.settings.notifications,
    keys: ['notifications'],
    desktopOnly: true,
  },
  {
    id: 'overlay',
    section: 'computer',
    Component: OverlayField,
    texts: () => text.settings.overlay,
    keys: ['overlay'],
    desktopOnly: true,
  },
  {
    id: 'updates',
    section: 'updates',
    Component: UpdatesField,
    texts: () => text.settings.updates,
    keys: ['check_for_updates'],
    desktopOnly: true,
  },
  {
    id: 'first-steps',
    section: 'general',
    Component: FirstStepsSetting,
    texts: () => ({ label: text.firstSteps.field, title: text.firstSteps.title }),
  },
  { id: 'windows', section: 'advanced', Component: WindowsField, texts: () => text.settings.windows },
  { id: 'about', section: 'advanced', Component: AboutField, texts: () => text.settings.about },
  { id: 'reset-all', section: 'advanced', Component: ResetAllField, texts: () => text.settings.resetAll },
];

function shortcutField(name: ShortcutName): SettingsField {
  return {
    id: name,
    section: 'shortcuts',
    Component: () => <ShortcutField name={name} />,
    texts: () => ({ ...text.settings.shortcuts.names[name], searchWords: text.settings.shortcuts.searchWords }),
    keys: [name],
    defaultText: (platform) => acceleratorText(DEFAULT_SETTINGS[name], platform) || text.settings.off,
    desktopOnly: name === 'shortcut',
  };
}

/** The fields that this shell has. */
export function fieldsOf(shell: AppInfo['shell']): readonly SettingsField[] {
  return SETTINGS_FIELDS.filter(({ desktopOnly }) => !desktopOnly || shell === 'desktop');
}
