import type { Language, LanguageChoice } from '../../shared/language.ts';
import { en } from './en.ts';

/** Every text of the main process; each language has the same entries. */
export type Text = typeof en;

const CATALOGUES: Record<Language, Text> = { en, de: en };

/**
 * The texts in the user's language; English until `setLanguage` was called. Read them when they are shown: a constant
 * of a module would keep the language in which it was made.
 */
export let text: Text = en;

/** Sets the language of all texts that are made from now on. */
export function setLanguage({ language }: Pick<LanguageChoice, 'language'>): void {
  text = CATALOGUES[language];
}
