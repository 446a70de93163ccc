/**
 * The values of some headers as they came, each with all of them: a second `Host` or `Origin` must not hide behind the
 * first, as it does in parsed headers.
 * @param rawHeaders name, value, name, value, …
 * @param names in lower case
 */
export function headerValues<Name extends string>(
  rawHeaders: readonly string[],
  names: readonly Name[],
): Record<Name, string[]> {
  const found = {} as Record<Name, string[]>;
  for (const name of names) found[name] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const raw = rawHeaders[i] ?? '';
    for (const name of names) {
      // Lengths first: of ten headers one or two are looked at twice.
      if (raw.length === name.length && raw.toLowerCase() === name) found[name].push(rawHeaders[i + 1] ?? '');
    }
  }
  return found;
}
