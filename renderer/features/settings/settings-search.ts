/**
 * Whether a field is found: each word of the query is part of one of the field's texts. Case and accents do not count.
 * Pure.
 * @param query as the user typed it; empty: everything is found
 * @param texts the field's texts, in any nesting; functions are left out, because their values are not known
 */
export function matchesSearch(query: string, texts: unknown): boolean {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const searched = plain(stringsOf(texts).join('\n'));
  return words.every((word) => searched.includes(word));
}

/** Without case, accents and quotation marks. */
function plain(words: string): string {
  return words
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[“”„"'’]/g, '')
    .toLocaleLowerCase();
}

function stringsOf(texts: unknown): string[] {
  if (typeof texts === 'string') return [texts];
  if (typeof texts !== 'object' || texts === null) return [];
  return Object.values(texts).flatMap(stringsOf);
}
