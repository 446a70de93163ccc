/** Characters of a session's ID that its tag shows. */
const TAG_LENGTH = 4;

/** The colours of tags, each in the light and the dark theme. Text has a contrast of 5.6:1 or more on its tint. */
export const HUES: ReadonlyArray<{ tint: readonly [string, string]; ink: readonly [string, string] }> = [
  { tint: ['#d7eaff', '#182e4b'], ink: ['#135298', '#99ceff'] },
  { tint: ['#d6f0da', '#14361d'], ink: ['#006527', '#95dfa4'] },
  { tint: ['#f8dff5', '#3e223c'], ink: ['#783274', '#f4b0ed'] },
  { tint: ['#fde2ce', '#43260a'], ink: ['#843b00', '#ffb980'] },
  { tint: ['#caf1f2', '#00363a'], ink: ['#00656f', '#65e0e7'] },
  { tint: ['#ece2ff', '#332647'], ink: ['#5f3d8e', '#d5baff'] },
  { tint: ['#e9ebcc', '#303006'], ink: ['#585700', '#cfd17a'] },
  { tint: ['#ffdedd', '#472021'], ink: ['#8c2c33', '#ffadad'] },
];

/** The colour of a session's tag, as a position in `HUES`: the same for an ID at every time. */
export function hueOf(id: string): number {
  let sum = 0;
  for (let at = 0; at < id.length; at++) sum = (Math.imul(sum, 31) + id.charCodeAt(at)) | 0;
  // The low bits of such a sum depend on the last characters only.
  return ((sum ^ (sum >>> 15)) >>> 0) % HUES.length;
}

/** The characters of an ID that its tag shows. */
export const tagOf = (id: string): string => id.slice(0, TAG_LENGTH);
