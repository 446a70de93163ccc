import type { DesktopState } from '../../shared/desktop.ts';
import type { Health } from '../../shared/health.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import type { Settings } from '../../shared/settings.ts';

/** Newest lines of the log in a report: about the last minutes, and little enough to be pasted. */
export const DIAGNOSTIC_LINES = 200;

export interface Diagnostics {
  /** Names and versions, in the order they are shown in. */
  versions: Readonly<Record<string, string>>;
  packaged: boolean;
  settings: Settings;
  desktop: DesktopState;
  health: Health;
  /** Oldest first. */
  log: readonly LogRecord[];
}

/** What must not be in a report, wherever it may have come from. */
export interface Hidden {
  secrets: readonly string[];
  /** Absolute path of the person's home folder, which often holds their name. */
  home: string;
}

/** A report of the state of the app that can be passed on: no secret, no device, no name, no path of the person. Pure. */
export function diagnosticsText(facts: Diagnostics, hidden: Hidden): string {
  // A microphone's id tells one machine from another, and a label may be a name.
  const { microphone_id: _id, microphone_label: _microphone, user_id: _label, ...settings } = facts.settings;
  const lines = [
    ...versionLines(facts.versions),
    `Packaged: ${facts.packaged ? 'yes' : 'no'}`,
    `Settings: ${JSON.stringify(settings)}`,
    `Desktop: ${JSON.stringify(facts.desktop)}`,
    `Health: ${JSON.stringify(facts.health)}`,
    '',
    ...facts.log.slice(-DIAGNOSTIC_LINES).map(logLine),
  ];
  return `${hide(lines.join('\n'), hidden)}\n`;
}

export function versionLines(versions: Diagnostics['versions']): string[] {
  return Object.entries(versions).map(([name, version]) => `${name}: ${version}`);
}

function logLine({ time, side, level, text }: LogRecord): string {
  return `${new Date(time).toISOString()} ${side} ${level} ${withoutNames(text)}`;
}

/** Takes out the values that a line names as the microphone's name or the person's label. */
function withoutNames(text: string): string {
  return (
    text
      // Whoever names a microphone may write ` | ` too: its name goes on to the rate that ends the line, else to the end.
      .replace(/ \| label=.*?(?= \| rate=[\d.]+$|$)/, ' | label=[hidden]')
      .replace(/ \| user=.*?(?= \| |$)/g, ' | user=[hidden]')
      .replace(/\buser_id=[^\s&|]*/g, 'user_id=[hidden]')
  );
}

/** Secrets first: what stands for one can't be a part of a path. */
function hide(text: string, { secrets, home }: Hidden): string {
  const bare = secrets.filter(Boolean).reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
  const folder = home.replace(/[\\/]+$/, '');
  // A drive or the root alone names nobody, and is in every path.
  if (folder.length < 3) return bare;
  // As it is, as JSON writes it, and as a URL does; in any case, as Windows and macOS don't mind it.
  const spellings = [JSON.stringify(folder).slice(1, -1), folder, folder.replaceAll('\\', '/'), encodeURI(folder)];
  const pattern = [...new Set(spellings)].map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  return bare.replace(new RegExp(pattern, 'gi'), '~');
}
