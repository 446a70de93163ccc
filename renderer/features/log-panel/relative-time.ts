/** A time since the start of a session in seconds: `+0.014`, `+83.250`, `−0.003` before it. @param ms since the start */
export function formatSince(ms: number): string {
  const rounded = Math.round(ms);
  return `${rounded < 0 ? '−' : '+'}${(Math.abs(rounded) / 1000).toFixed(3)}`;
}
