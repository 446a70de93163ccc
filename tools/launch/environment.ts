/** As npm's environment switches are read: set, and not to 0, false or nothing. */
export function isSwitchedOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}
