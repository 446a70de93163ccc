import type { Language, LanguageChoice } from '../../shared/language.ts';
import { setDateLocale } from './dates.ts';
import { de } from './de.ts';
import { en, type Text } from './en.ts';
import { setNumberLocale } from './format.ts';

const CATALOGUES: Record<Language, Text> = { en, de };

/**
 * The texts in the user's language; English until `setLanguage` was called. Read them when they are shown: a constant
 * of a module would keep the language in which it was made.
 */
export let text: Text = en;

/** Sets the language of all texts, dates and numbers that are made from now on. */
export function setLanguage({ language, locale }: LanguageChoice): void {
  text = CATALOGUES[language];
  setDateLocale(locale);
  setNumberLocale(locale);
}

/** The parts of a document that this changes. */
export type Page = { documentElement: { lang: string } };

/** Sets the language of texts, dates and numbers, and of the page for screen readers and hyphenation. */
export function applyLanguage(choice: LanguageChoice, page: Page): void {
  setLanguage(choice);
  page.documentElement.lang = choice.language;
}
