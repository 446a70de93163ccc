/**
 * The desktop entry that starts a program with the session (Desktop Entry Specification 1.5, Desktop Application Autostart
 * Specification 0.5).
 * @param program absolute path
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

/** A path as the value of Exec: quoted as an argument first, with no field code in it, then escaped as any string. */
function execValue(path: string): string {
  const argument = `"${path.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return argument.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
