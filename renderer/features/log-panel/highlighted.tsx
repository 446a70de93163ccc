import type { ReactNode } from 'react';
import { matchRanges } from '../../state/log-words.ts';

/** A text with the parts marked that match the search. @param words in lower case */
export function Highlighted({ text, words }: { text: string; words: readonly string[] }): ReactNode {
  const ranges = words.length === 0 ? [] : matchRanges(text, words);
  if (ranges.length === 0) return text;
  const parts: ReactNode[] = [];
  let end = 0;
  for (const { from, to } of ranges) {
    if (from > end) parts.push(text.slice(end, from));
    parts.push(<mark key={from}>{text.slice(from, to)}</mark>);
    end = to;
  }
  parts.push(text.slice(end));
  return parts;
}
