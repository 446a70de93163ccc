/**
 * The desktop entry that starts a program with the session (Desktop Entry Specification 1.5, Desktop Application Autostart
 * Specification 0.5).
 * @param program absolute path
 * @throws {Error} where its path can't stand in an entry
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

/** Whether the session starts what this entry names: tools of desktops switch an entry off and leave it where it is. */
export function isSwitchedOn(entry: string): boolean {
  return !/^\s*(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(entry);
}

/** What no entry can carry: it is lines of UTF-8. */
const NOT_IN_AN_ENTRY = /[\p{Cc}\ufffd]/u;

/**
 * Whether every desktop reads this path out of an entry as the specification has it written. systemd's generator takes a backslash for
 * an escape of its own and leaves those before `"`, `$` and a backtick where they are; GLib looks for a program whose name has `%%` in
 * it; dex and others undo no escape at all.
 */
export function isPlainPath(path: string): boolean {
  return !/["$`\\%]/.test(path) && !NOT_IN_AN_ENTRY.test(path);
}

/**
 * A path as the value of Exec: quoted as an argument first, with no field code in it, then escaped as any string.
 *
 * GLib looks for the program before it reads a doubled percent sign as one, and drops an entry whose program it does not find (GNOME,
 * Xfce, `gio launch`). Behind another program the path is an argument, which it reads well; `nice -n 0` changes nothing and runs it
 * in its own place, and of the programs that do, `env` would take a path with `=` in it for a variable.
 * @throws {Error} for control characters
 */
function execValue(path: string): string {
  if (NOT_IN_AN_ENTRY.test(path)) throw new Error(`a path with control characters can't stand in an entry: ${path}`);
  const argument = `"${path.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return `${path.includes('%') ? 'nice -n 0 ' : ''}${argument.replaceAll('\\', '\\\\')}`;
}
