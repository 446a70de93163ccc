/** The sections, in their order. Their names are in `text.settings.sections`. */
export const SECTIONS = [
  'general',
  'microphone',
  'recordings',
  'shortcuts',
  'computer',
  'updates',
  'advanced',
] as const;
export type SectionId = (typeof SECTIONS)[number];
