import type { Language, LanguageChoice } from '../../shared/language.ts';
import { de } from './de.ts';
import { en, type Text } from './en.ts';

const CATALOGUES: Record<Language, Text> = { en, de };

/**
 * The texts in the user's language; English until `setLanguage` was called. Read them when they are shown: a constant
 * of a module would keep the language in which it was made.
 */
export let text: Text = en;
/** The language of `text`. */
export let language: Language = 'en';

/** Sets the language of all texts that are made from now on. */
export function setLanguage(choice: Pick<LanguageChoice, 'language'>): void {
  language = choice.language;
  text = CATALOGUES[language];
}
