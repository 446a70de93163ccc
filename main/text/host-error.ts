import { EarshotError } from '../../shared/errors.ts';
import { en, type Text } from './en.ts';
import { text } from './text.ts';

/** Writes an error's sentence in the language of a catalogue. */
export type Sentence = (errors: Text['errors']) => string;

/**
 * An error whose sentence a user reads in the language of the window. Its `message` is English, as the log is: send
 * windows `sentenceOf` instead.
 */
export class HostError extends EarshotError {
  constructor(
    code: string,
    readonly sentence: Sentence,
    options?: { cause?: unknown },
  ) {
    super(code, sentence(en.errors), options);
  }
}

/** What happened and what to do, in the user's language. */
export function sentenceOf(error: EarshotError): string {
  return error instanceof HostError ? error.sentence(text.errors) : error.message;
}
