import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import type { PlainSentence } from '../text/plain-log.en.ts';
import { text } from '../text/text.ts';

/**
 * What a record means to a person, as a sentence in the user's language.
 * @returns null if the plain log does not show it: it is technical, or its other side tells the same
 */
export function plainLine({
  side,
  level,
  event,
  fields,
}: Pick<LogRecord, 'side' | 'level' | 'event' | 'fields'>): string | null {
  // Typed here, so that an event without an entry in the catalogue of sentences is an error of the compiler.
  const sentences: Record<LogEventName, PlainSentence | null> = text.plainLog.sentences;
  // A file may hold an event of another version, or one that was hidden at its level.
  if (level === 'debug' || !Object.hasOwn(sentences, event)) return null;
  return sentences[event]?.({ side, fields, problem: problemTitle }) ?? null;
}

/** What a WebSocket close code means, in the user's language: the end of a sentence. */
export function closeCodeMeaning(code: number): string {
  return text.plainLog.closeCodes[code] ?? text.plainLog.otherCloseCode({ code });
}

function problemTitle(type: string): string | null {
  const { problems } = text;
  return Object.hasOwn(problems, type) ? problems[type as keyof typeof problems].title : null;
}
