/** The parts of a search: words between spaces or `|`, and everything between two quotation marks as one. */
export function splitWords(search: string): Array<{ word: string; quoted: boolean }> {
  return [...search.matchAll(/"([^"]*)"?|[^\s|"]+/g)]
    .map(([word, quoted]) => ({ word: quoted ?? word, quoted: quoted !== undefined }))
    .filter(({ word }) => word.trim() !== '');
}

/** The words of a search (`splitWords`) in lower case, each once. */
export function searchWords(search: string): string[] {
  return [...new Set(splitWords(search).map(({ word }) => lowerCase(word)))];
}

/**
 * Where words occur in a text, for highlighting: ranges of characters from `from` to before `to`, in order and without
 * overlap.
 * @param words in lower case, as `searchWords` gives them
 */
export function matchRanges(text: string, words: readonly string[]): Array<{ from: number; to: number }> {
  const lower = lowerCase(text);
  const found: Array<{ from: number; to: number }> = [];
  for (const word of words) {
    if (word === '') continue;
    for (let from = lower.indexOf(word); from !== -1; from = lower.indexOf(word, from + 1))
      found.push({ from, to: from + word.length });
  }
  found.sort((a, b) => a.from - b.from);
  const ranges: Array<{ from: number; to: number }> = [];
  for (const range of found) {
    const last = ranges.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else ranges.push(range);
  }
  return ranges;
}

/** In lower case with the same length, so that positions stay the same: `İ` would become two characters. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (char) => {
    const small = char.toLowerCase();
    return small.length === char.length ? small : char;
  }).join('');
}
