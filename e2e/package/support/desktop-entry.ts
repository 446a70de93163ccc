/**
 * The keys of a desktop entry's main group, without translations (Desktop Entry Specification 1.5).
 * @throws when it does not begin with that group
 */
export function parseDesktopEntry(text: string): Record<string, string> {
  const [title, ...lines] = text.trim().split('\n');
  if (title !== '[Desktop Entry]') throw new Error(`no desktop entry: ${title}`);
  const end = lines.findIndex((line) => line.startsWith('['));
  const own = (end === -1 ? lines : lines.slice(0, end)).filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(own.map((line) => line.split(/\s*=\s*(.*)/s).slice(0, 2)));
}

/**
 * The program and its arguments in the value of `Exec`, as a desktop starts it without a file: field codes are left out,
 * `%%` is a percent sign, and in double quotes a backslash stands before what it escapes.
 */
export function commandOf(exec: string): string[] {
  const words = exec.match(/"(?:\\.|[^"\\])*"|[^\s"]+/g) ?? [];
  return words
    .filter((word) => !/^%[a-zA-Z]$/.test(word))
    .map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word).replaceAll('%%', '%'));
}
