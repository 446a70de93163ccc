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
import { LoginField } from './login-field.tsx';
import { MicrophoneField } from './microphone-field.tsx';
import { NotificationsField } from './notifications-field.tsx';
import { OverlayField } from './overlay-field.tsx';
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
  texts: { label: string };
  /** Settings that the field changes. It offers a reset while one of them differs from its default. */
  keys?: readonly (keyof Settings)[];
  /** Settings that are reset together with `keys`, but do not offer a reset by themselves. */
  alsoResets?: readonly (keyof Settings)[];
  /** The default in words. A switch does not need it. */
  defaultText?: string | ((platform: string) => string);
  /** Not shown in a browser tab. */
  desktopOnly?: boolean;
}

const { settings: texts } = text;

/** All fields, in the order of the dialog. A field is put in by one line here; its texts are in `text.settings`. */
const SETTINGS_FIELDS: readonly SettingsField[] = [
  {
    id: 'theme',
    section: 'general',
    Component: ThemeField,
    texts: texts.theme,
    keys: ['theme'],
    defaultText: texts.theme.system,
  },
  {
    id: 'microphone',
    section: 'microphone',
    Component: MicrophoneField,
    texts: texts.microphone,
    keys: ['microphone_id', 'microphone_channel'],
    alsoResets: ['microphone_label'],
    defaultText: texts.microphone.systemDefault,
  },
  { id: 'mic-test', section: 'microphone', Component: MicTest, texts: text.micTest },
  {
    id: 'processing',
    section: 'microphone',
    Component: ProcessingFields,
    texts: text.processing,
    keys: ['echo_cancellation', 'noise_suppression', 'automatic_gain'],
  },
  {
    id: 'output',
    section: 'recordings',
    Component: OutputField,
    texts: { label: text.devices.output },
    keys: ['output_id'],
    alsoResets: ['output_label'],
    defaultText: texts.microphone.systemDefault,
  },
  {
    id: 'sounds',
    section: 'recordings',
    Component: SoundsField,
    texts: texts.sounds,
    keys: ['sounds'],
  },
  {
    id: 'retention',
    section: 'recordings',
    Component: RetentionField,
    texts: texts.retention,
    keys: ['retention'],
    alsoResets: ['retention_days', 'retention_number', 'retention_mb'],
    defaultText: texts.retention.policy.all,
  },
  {
    id: 'turn-limit',
    section: 'recordings',
    Component: TurnLimitField,
    texts: texts.turnLimit,
    keys: ['turn_limit_minutes'],
    defaultText: texts.turnLimit.off,
  },
  {
    id: 'short-recordings',
    section: 'recordings',
    Component: ShortRecordingsField,
    texts: texts.shortRecordings,
    keys: ['keep_short_recordings'],
  },
  {
    id: 'label',
    section: 'recordings',
    Component: LabelField,
    texts: texts.userLabel,
    keys: ['user_id'],
    defaultText: DEFAULT_SETTINGS.user_id,
  },
  ...SHORTCUTS.map(shortcutField),
  {
    id: 'reset-shortcuts',
    section: 'shortcuts',
    Component: ResetShortcutsField,
    texts: { label: texts.shortcuts.reset },
  },
  {
    id: 'login',
    section: 'computer',
    Component: LoginField,
    texts: texts.login,
    keys: ['start_at_login'],
    desktopOnly: true,
  },
  {
    id: 'notifications',
    section: 'computer',
    Component: NotificationsField,
    texts: texts.notifications,
    keys: ['notifications'],
    desktopOnly: true,
  },
  {
    id: 'overlay',
    section: 'computer',
    Component: OverlayField,
    texts: texts.overlay,
    keys: ['overlay'],
    desktopOnly: true,
  },
  {
    id: 'updates',
    section: 'updates',
    Component: UpdatesField,
    texts: texts.updates,
    keys: ['check_for_updates'],
    desktopOnly: true,
  },
  {
    id: 'first-steps',
    section: 'general',
    Component: FirstStepsSetting,
    texts: { label: text.firstSteps.field },
  },
  { id: 'windows', section: 'advanced', Component: WindowsField, texts: texts.windows },
  { id: 'about', section: 'advanced', Component: AboutField, texts: texts.about },
  { id: 'reset-all', section: 'advanced', Component: ResetAllField, texts: texts.resetAll },
];

function shortcutField(name: ShortcutName): SettingsField {
  return {
    id: name,
    section: 'shortcuts',
    Component: () => <ShortcutField name={name} />,
    texts: texts.shortcuts.names[name],
    keys: [name],
    defaultText: (platform) => acceleratorText(DEFAULT_SETTINGS[name], platform) || texts.off,
    desktopOnly: name === 'shortcut',
  };
}

/** The fields that this shell has. */
export function fieldsOf(shell: AppInfo['shell']): readonly SettingsField[] {
  return SETTINGS_FIELDS.filter(({ desktopOnly }) => !desktopOnly || shell === 'desktop');
}
