/**
 * All values of the given headers, in the order received. Node's parsed headers hide a second `Host` or `Origin`.
 * @param rawHeaders name, value, name, value, …
 * @param names in lower case
 */
export function headerValues<Name extends string>(
  rawHeaders: readonly string[],
  names: readonly Name[],
): Record<Name, string[]> {
  const values = {} as Record<Name, string[]>;
  for (const name of names) values[name] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const raw = rawHeaders[i] ?? '';
    for (const name of names) {
      // Compare lengths first, which skips `toLowerCase` for most headers.
      if (raw.length === name.length && raw.toLowerCase() === name) values[name].push(rawHeaders[i + 1] ?? '');
    }
  }
  return values;
}
