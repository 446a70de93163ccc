/**
 * The desktop entry that starts a program at login (Desktop Entry Specification 1.5, Desktop Application Autostart
 * Specification 0.5).
 * @param program absolute path
 * @throws {Error} when the path contains control characters
 */
export function autostartEntry(program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Earshot',
    'Comment=A desktop voice app',
    `Exec=${execValue(program)}`,
    'Terminal=false',
    '',
  ].join('\n');
}

/** Whether an entry is enabled: desktop tools disable an entry without deleting it. */
export function isEntryEnabled(entry: string): boolean {
  return !/^\s*(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(entry);
}

/** Characters that an entry can't contain: it is UTF-8 text, one key a line. */
const FORBIDDEN_IN_ENTRY = /[\p{Cc}\ufffd]/u;

/**
 * Whether every desktop reads this path correctly from an entry. Paths with escaped characters are not portable:
 * systemd's generator handles backslashes in its own way and keeps those before `"`, `$` and a backtick, GLib looks for
 * a program with a literal `%%` in its name, and dex and others undo no escapes.
 */
export function isPlainPath(path: string): boolean {
  return !/["$`\\%]/.test(path) && !FORBIDDEN_IN_ENTRY.test(path);
}

/**
 * A path as the value of Exec: quoted as an argument with its percent signs doubled, then escaped like any string
 * value.
 *
 * GLib (GNOME, Xfce, `gio launch`) looks for the program before it decodes `%%`, and drops an entry whose program it
 * does not find. It decodes arguments correctly, so a path with `%` becomes an argument of `nice -n 0`, which replaces
 * itself with the program. `env` would not do: it takes a path with `=` for a variable.
 * @throws {Error} for control characters
 */
function execValue(path: string): string {
  if (FORBIDDEN_IN_ENTRY.test(path))
    throw new Error(`a path with control characters can't be written to an entry: ${path}`);
  const argument = `"${path.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return `${path.includes('%') ? 'nice -n 0 ' : ''}${argument.replaceAll('\\', '\\\\')}`;
}
