/**
 * Parses the main group of a desktop entry, without translations (Desktop Entry Specification 1.5).
 * @throws if the text does not begin with that group
 */
export function parseDesktopEntry(text: string): Record<string, string> {
  const [title, ...lines] = text.trim().split('\n');
  if (title !== '[Desktop Entry]') throw new Error(`no desktop entry: ${title}`);
  const end = lines.findIndex((line) => line.startsWith('['));
  const own = (end === -1 ? lines : lines.slice(0, end)).filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(own.map((line) => line.split(/\s*=\s*(.*)/s).slice(0, 2)));
}

/**
 * Parses the value of `Exec` into a program and its arguments, as for a start without a file: field codes are dropped,
 * `%%` becomes `%`, and a backslash escapes characters within double quotes.
 */
export function commandOf(exec: string): string[] {
  const words = exec.match(/"(?:\\.|[^"\\])*"|[^\s"]+/g) ?? [];
  return words
    .filter((word) => !/^%[a-zA-Z]$/.test(word))
    .map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word).replaceAll('%%', '%'));
}
