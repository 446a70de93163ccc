/** Whether an environment switch is on, by npm's rules: set, and not empty, 0 or false. */
export function isSwitchedOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}
