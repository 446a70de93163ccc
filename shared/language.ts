/** Languages with a catalogue, as BCP 47 tags. The first one is used when the user has none of them. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
/** The setting: one of the languages, or the system's. */
export type LanguageSetting = Language | 'system';

/** Characters of a header that are read. */
const MAX_HEADER = 1_000;

/** The region whose formats a language uses when the system names none. */
const DEFAULT_REGION: Record<Language, string> = { en: 'US', de: 'DE' };

/** What a system says about its user. */
export interface SystemLanguages {
  /** BCP 47 tags, the preferred one first: `de-AT`, `en-GB`. */
  languages: readonly string[];
  /** The locale of dates and numbers, if the system has one of its own. */
  locale?: string | null;
}

/** How texts, dates and numbers are written. */
export interface LanguageChoice {
  language: Language;
  /** The BCP 47 tag for `Intl`: `language` with the formats of the user's region. */
  locale: string;
}

/**
 * The first preferred language that has a catalogue, otherwise English. Dates and numbers contain words, so their locale
 * is the same language, as it is written in the user's region: English on an Austrian system has `en-AT`.
 */
export function chooseLanguage(system: SystemLanguages, chosen: LanguageSetting = 'system'): LanguageChoice {
  const tags = system.languages.flatMap((tag) => parseTag(tag) ?? []);
  const preferred = tags.map((tag) => tag.language).find(isLanguage) ?? LANGUAGES[0];
  const language = chosen === 'system' ? preferred : chosen;
  const locale = parseTag(system.locale ?? '');
  const region =
    locale?.region ??
    tags.find((tag) => tag.language === language && tag.region)?.region ??
    tags.find((tag) => tag.region)?.region ??
    DEFAULT_REGION[language];
  return { language, locale: `${language}-${region}` };
}

/**
 * The languages of a process by its environment, as POSIX systems name them (`LC_ALL=de_AT.UTF-8`), most preferred first.
 * Empty for `C`, `POSIX`, or where nothing is set.
 */
export function environmentLanguages(env: Readonly<Record<string, string | undefined>>): string[] {
  const name = env.LC_ALL || env.LC_MESSAGES || env.LANG;
  const tag = name?.replace(/[.@].*$/, '').replaceAll('_', '-') ?? '';
  return parseTag(tag) === null || /^(c|posix)$/i.test(tag) ? [] : [tag];
}

/** The languages of a browser by its `Accept-Language` header (RFC 9110, 12.5.4), which browsers sort by preference. */
export function browserLanguages(header = ''): string[] {
  const tags = header.slice(0, MAX_HEADER).split(',');
  return tags.map((tag) => tag.replace(/;.*$/, '').trim()).filter((tag) => parseTag(tag) !== null);
}

function isLanguage(language: string): language is Language {
  return (LANGUAGES as readonly string[]).includes(language);
}

/** Language and region of a BCP 47 tag; null if it is none. */
function parseTag(tag: string): { language: string; region: string | undefined } | null {
  try {
    const { language, region } = new Intl.Locale(tag);
    return { language, region };
  } catch {
    return null;
  }
}
