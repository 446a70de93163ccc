import type { DesktopState } from '../../shared/desktop.ts';
import type { Health } from '../../shared/health.ts';
import type { LogFields } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { textOf } from '../../shared/log-line.ts';
import type { Settings } from '../../shared/settings.ts';

/** Number of log lines in a report, newest ones: covers some minutes and is small enough to paste. */
export const DIAGNOSTIC_LINES = 200;

export interface Diagnostics {
  /** Names and versions, in display order. */
  versions: Readonly<Record<string, string>>;
  packaged: boolean;
  settings: Settings;
  desktop: DesktopState;
  health: Health;
  /** Oldest first. */
  log: readonly LogRecord[];
}

/** Texts to remove from a report. */
export interface Redactions {
  secrets: readonly string[];
  /** Absolute path of the home folder, which often contains the user's name. */
  home: string;
}

/** A report on the state of the app that is safe to share: no secrets, device ids, names or home folder. Pure. */
export function diagnosticsText(facts: Diagnostics, redactions: Redactions): string {
  // Device ids identify a machine, and labels may contain names.
  const {
    microphone_id: _microphoneId,
    microphone_label: _microphone,
    output_id: _outputId,
    output_label: _output,
    user_id: _label,
    ...settings
  } = facts.settings;
  const lines = [
    ...versionLines(facts.versions),
    `Packaged: ${facts.packaged ? 'yes' : 'no'}`,
    `Settings: ${JSON.stringify(settings)}`,
    `Desktop: ${JSON.stringify(facts.desktop)}`,
    `Health: ${JSON.stringify(facts.health)}`,
    '',
    ...facts.log.slice(-DIAGNOSTIC_LINES).map(logLine),
  ];
  return `${redact(lines.join('\n'), redactions)}\n`;
}

export function versionLines(versions: Diagnostics['versions']): string[] {
  return Object.entries(versions).map(([name, version]) => `${name}: ${version}`);
}

function logLine({ time, side, level, event, fields }: LogRecord): string {
  const text = textOf({ event, fields: hideNames(fields) }).replace(/\buser_id=[^\s&|]*/g, 'user_id=[hidden]');
  return `${new Date(time).toISOString()} ${side} ${level} ${text}`;
}

/** Fields that hold the name of a microphone or the user's label. */
const NAMES: readonly string[] = ['label', 'instead_of', 'user'];

function hideNames(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, NAMES.includes(key) ? '[hidden]' : value]),
  );
}

/** Removes secrets first: their placeholder can't be part of a path. */
function redact(text: string, { secrets, home }: Redactions): string {
  const withoutSecrets = secrets.filter(Boolean).reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
  const folder = home.replace(/[\\/]+$/, '');
  // A drive or the root does not identify a user, and is part of every path.
  if (folder.length < 3) return withoutSecrets;
  // As written in JSON, plain, with slashes, and in a URL. Case-insensitive, like paths on Windows and macOS.
  const spellings = [JSON.stringify(folder).slice(1, -1), folder, folder.replaceAll('\\', '/'), encodeURI(folder)];
  const pattern = [...new Set(spellings)].map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  return withoutSecrets.replace(new RegExp(pattern, 'gi'), '~');
}
